//! The first rows that keep a check's share from being whole: in its denominator, not in its numerator.
//!
//! Looked for while rows are counted, so they cost no scan of their own; the first by place, whichever worker meets them.

use std::collections::BTreeMap;

use super::cut::Cut;
use super::dictionaries::Dictionaries;
use super::eval::Evaluator;
use super::groups::Groups;
use super::worker::{LeafRows, PlaceOf};
use crate::domain::{Id, Period, Value};
use crate::plan::{Plan, Rule, Scan, ValuePlan};
use crate::rel::{Aggregate, ExprId, Op};
use crate::text::Place;

/// How many rows of each check are kept.
pub(super) const KEPT: usize = 3;

/// A row that falls short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortRow {
    pub place: Place,
    /// The dataset's key, if it has one.
    pub key: Value,
    /// The cells that the check reads, by path.
    pub cells: Vec<(String, Value)>,
}

/// What one worker looks for in a scan.
#[derive(Clone)]
pub(super) struct Short<'a> {
    plan: &'a Plan,
    asks: Vec<Ask<'a>>,
    key: Option<Id>,
}

#[derive(Clone)]
struct Ask<'a> {
    check: Id,
    value: &'a ValuePlan,
    /// Where its rows are counted.
    grouping: usize,
    cut: Cut,
    /// Leaves of the scan.
    top: usize,
    bottom: usize,
    rows: Vec<ShortRow>,
}

impl<'a> Short<'a> {
    /// All checks of a scan whose value is one count over another.
    pub(super) fn new(plan: &'a Plan, scan: &'a Scan, at: usize, key: Option<Id>) -> Self {
        let checks = plan.values.iter().filter(|value| value.scan == at);
        let ask = |value: &'a ValuePlan| {
            let Rule::Check(check) = &value.rule else { return None };
            let (top, bottom) = (count(plan, scan, value, value.numerator?)?, value.denominator?);
            let bottom = count(plan, scan, value, bottom)?;
            let cells = value.cells.iter().find(|cells| cells.by.is_empty())?;
            let period: &Period = cells.periods.first()?;
            let own = scan.groupings.get(cells.grouping)?;
            let grouping = own.from.unwrap_or(cells.grouping);
            let cut = Cut::new(scan.groupings.get(grouping)?, period);
            Some(Ask { check: check.clone(), value, grouping, cut, top, bottom, rows: Vec::new() })
        };
        Self { plan, asks: checks.filter_map(ask).collect(), key }
    }

    /// Notes the rows of a chunk that one of the checks counts against.
    pub(super) fn see(
        &mut self,
        at: usize,
        evaluator: &mut Evaluator<'_>,
        (groups, numbers): (&Groups, &[u32]),
        leaves: &[LeafRows],
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        for ask in self.asks.iter_mut().filter(|ask| ask.grouping == at) {
            // Chunks come in order of place, mostly: a worker that has its rows is done.
            if numbers.is_empty() || ask.is_behind(&place(0).1) {
                continue;
            }
            let (top, bottom) = (&leaves[ask.top].active, &leaves[ask.bottom].active);
            let short = bottom.iter().filter(|row| top.binary_search(row).is_err());
            let here = short
                .filter(|row| ask.cut.holds(groups.groups[numbers[**row as usize] as usize].1));
            // Rows of a file stand in order of place, those of TOML by name.
            let in_order = matches!(place(0).1, Place::Cell(_));
            let most = if in_order { KEPT } else { usize::MAX };
            let first: Vec<usize> = here.take(most).map(|row| *row as usize).collect();
            for row in first {
                let columns = columns(self.plan, ask.value);
                let cell = |(name, id): (String, ExprId)| {
                    let vector = evaluator.eval(id, dictionaries);
                    (name, evaluator.value(id, &vector, row, dictionaries))
                };
                let cells = columns.into_iter().map(cell).collect();
                let key = self.key.as_ref().map(|key| evaluator.cell(key, row, dictionaries));
                let key = key.unwrap_or(Value::Null);
                ask.rows.push(ShortRow { place: place(row).1, key, cells });
            }
            first_of(&mut ask.rows);
        }
    }

    /// The rows by check.
    pub(super) fn found(self) -> BTreeMap<Id, Vec<ShortRow>> {
        self.asks.into_iter().map(|ask| (ask.check, ask.rows)).collect()
    }
}

impl Ask<'_> {
    fn is_behind(&self, place: &Place) -> bool {
        self.rows.len() == KEPT && self.rows.iter().all(|row| row.place < *place)
    }
}

/// Keeps the first rows by place.
pub(super) fn first_of(rows: &mut Vec<ShortRow>) {
    rows.sort_by(|a, b| a.place.cmp(&b.place));
    rows.truncate(KEPT);
}

/// The scan's leaf that an expression is, if it counts rows.
fn count(plan: &Plan, scan: &Scan, value: &ValuePlan, id: ExprId) -> Option<usize> {
    let Op::Leaf(leaf) = plan.arena.get(id).op else { return None };
    let leaf = *value.leaves.get(usize::try_from(leaf).ok()?)?;
    let counts = matches!(scan.leaves[leaf].function, Aggregate::CountRows | Aggregate::Count);
    counts.then_some(leaf)
}

/// The columns that a check reads, each once.
fn columns(plan: &Plan, value: &ValuePlan) -> Vec<(String, ExprId)> {
    let scan = &plan.scans[value.scan];
    let mut columns: Vec<(String, ExprId)> = Vec::new();
    for id in &scan.scopes[value.scope].columns {
        let paths = plan.arena.columns(*id);
        let name = paths.first().map(ToString::to_string).unwrap_or_default();
        if columns.iter().all(|(known, _)| *known != name) {
            columns.push((name, *id));
        }
    }
    columns
}
