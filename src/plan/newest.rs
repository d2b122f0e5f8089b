//! The survey for the as-of date: the newest date of each column that tells of things that happened.

use super::model::{Grouping, Leaf, Plan, Scan};
use crate::catalog::{Catalog, Dataset, Occurred};
use crate::domain::Id;
use crate::rel::{Aggregate, ColumnPath, ExprId, Node, Op};

/// One scan for each fed dataset that has such columns; each leaf is one of them.
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
    for column in &dataset.columns {
        let mask: Option<ExprId> = match column.occurred {
            Occurred::No => continue,
            Occurred::Always => None,
            Occurred::When(condition) => Some(condition),
        };
        let path = ColumnPath { dataset: dataset.id.clone(), steps: vec![column.id.clone()] };
        let (op, args) = (Op::Column(path), Vec::new());
        let arg = plan.arena.add(Node { op, args, ty: column.ty, nullable: true });
        scan.leaves.push(Leaf { function: Aggregate::Max, arg: Some(arg), mask });
    }
    let roots = scan.leaves.iter().flat_map(|leaf| leaf.arg.into_iter().chain(leaf.mask));
    let paths = roots.flat_map(|root| plan.arena.columns(root));
    let mut columns: Vec<Id> = paths.map(|path| path.base().clone()).collect();
    columns.sort();
    columns.dedup();
    scan.columns = columns;
    let leaves = (0..scan.leaves.len()).collect();
    let (time, until, from) = (None, None, None);
    let (breaks, dims, scopes) = (Vec::new(), Vec::new(), Vec::new());
    scan.groupings.push(Grouping { time, breaks, until, dims, leaves, scopes, from });
    (!scan.leaves.is_empty()).then_some(scan)
}
