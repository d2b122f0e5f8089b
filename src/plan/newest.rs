//! The survey for the as-of date: by year, the newest date of each column that tells of things that happened, and how
//! many rows have one.

use super::model::{Grouping, Leaf, Plan, Scan};
use crate::catalog::{Catalog, Dataset, Occurred};
use crate::domain::{Day, Id};
use crate::rel::{Aggregate, ColumnPath, ExprId, Node, Op, When};

/// Years in which things happen; what is before them or behind is one interval each.
const YEARS: std::ops::RangeInclusive<i16> = 1980..=2200;

/// One scan for each fed dataset that has such columns, with a grouping for each of them.
pub fn newest(catalog: &Catalog) -> Plan {
    let mut plan = Plan { arena: catalog.arena.clone(), ..Plan::default() };
    for dataset in catalog.datasets.values().filter(|d| !d.config) {
        if catalog.feeds.iter().any(|feed| feed.dataset == dataset.id) {
            let scan = scan(dataset, &mut plan);
            plan.scans.extend(scan);
        }
    }
    plan
}

fn scan(dataset: &Dataset, plan: &mut Plan) -> Option<Scan> {
    let mut scan = Scan { dataset: dataset.id.clone(), ..Scan::default() };
    let breaks: Vec<Day> = YEARS.map(|year| Day::of(jiff::civil::date(year, 1, 1))).collect();
    for column in &dataset.columns {
        let mask: Option<ExprId> = match column.occurred {
            Occurred::No => continue,
            Occurred::Always => None,
            Occurred::When(condition) => Some(condition),
        };
        let path = ColumnPath { dataset: dataset.id.clone(), steps: vec![column.id.clone()] };
        let (op, args) = (Op::Column(path), Vec::new());
        let arg = plan.arena.add(Node { op, args, ty: column.ty, nullable: true });
        let leaves = vec![scan.leaves.len(), scan.leaves.len() + 1];
        for function in [Aggregate::Max, Aggregate::Count] {
            scan.leaves.push(Leaf { function, arg: Some(arg), mask, beside: Vec::new() });
        }
        let (until, from, dims, scopes) = (None, None, Vec::new(), Vec::new());
        let (time, breaks) = (Some(When::At(arg)), breaks.clone());
        scan.groupings.push(Grouping { time, breaks, until, dims, leaves, scopes, from });
    }
    let roots = scan.leaves.iter().flat_map(|leaf| leaf.arg.into_iter().chain(leaf.mask));
    let paths = roots.flat_map(|root| plan.arena.columns(root));
    let mut columns: Vec<Id> = paths.map(|path| path.base().clone()).collect();
    columns.sort();
    columns.dedup();
    scan.columns = columns;
    (!scan.leaves.is_empty()).then_some(scan)
}
