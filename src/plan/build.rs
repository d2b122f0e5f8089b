//! One dataset's scan while it is put together: equal leaves, scopes and groupings are one.

use super::lower::{Lowered, LoweredKeys, all_of};
use super::{Grouping, KeySet, Leaf, Scan, Scope};
use crate::domain::{Day, Id, Period};
use crate::rel::{Aggregate, Arena, ExprId, Op, When};

pub(super) struct ScanBuilder {
    pub(super) scan: Scan,
}

impl ScanBuilder {
    pub(super) fn new(dataset: &Id) -> Self {
        Self { scan: Scan { dataset: dataset.clone(), ..Scan::default() } }
    }

    pub(super) fn add_key_set(&mut self, set: &LoweredKeys) {
        let (number, key, filter) = (set.number, set.key, set.filter);
        self.scan.key_sets.push(KeySet { number, key, filter });
    }

    /// The scan's leaves for a cube's aggregates, in order, and what is read from each.
    pub(super) fn add_leaves(
        &mut self,
        arena: &mut Arena,
        lowered: &Lowered,
    ) -> (Vec<usize>, Vec<Aggregate>) {
        let (mut leaves, mut functions) = (Vec::new(), Vec::new());
        for aggregate in &lowered.aggregates {
            let node = arena.get(*aggregate).clone();
            let Op::Aggregate { function, filter } = node.op else { continue };
            let mask = all_of(arena, lowered.filter.into_iter().chain(filter).collect());
            functions.push(function.clone());
            let function = match function {
                Aggregate::Percentile(_) => Aggregate::Percentile(0),
                other => other,
            };
            let (arg, beside) = (node.args.first().copied(), Vec::new());
            leaves.push(Leaf { function, arg, mask, beside });
        }
        let mut masks: Vec<ExprId> = leaves.iter().filter_map(|leaf| leaf.mask).collect();
        masks.sort();
        masks.dedup();
        for leaf in &mut leaves {
            // Where it is true itself, so is what it asks for among other things.
            let own = conjuncts(arena, leaf.mask);
            let open =
                |mask: &ExprId| conjuncts(arena, Some(*mask)).iter().any(|c| !own.contains(c));
            leaf.beside = masks.iter().copied().filter(open).collect();
        }
        let known = &mut self.scan.leaves;
        (leaves.into_iter().map(|leaf| position_or_push(known, leaf)).collect(), functions)
    }

    pub(super) fn add_scope(&mut self, arena: &mut Arena, leaves: &[usize]) -> usize {
        let mut columns = Vec::new();
        for leaf in leaves {
            let leaf = &self.scan.leaves[*leaf];
            for root in leaf.arg.into_iter().chain(leaf.mask) {
                arena.walk(root, &mut |id, node| {
                    if matches!(node.op, Op::Column(_)) {
                        columns.push(id);
                    }
                });
            }
        }
        columns.sort();
        columns.dedup();
        let mut leaves = leaves.to_vec();
        leaves.sort_unstable();
        leaves.dedup();
        position_or_push(&mut self.scan.scopes, Scope { leaves, columns })
    }

    /// The row expressions that leaves read.
    pub(super) fn needs(&self, leaves: &[usize]) -> Vec<ExprId> {
        let leaves = leaves.iter().map(|l| &self.scan.leaves[*l]);
        leaves.flat_map(|l| l.arg.into_iter().chain(l.mask)).collect()
    }

    /// The grouping for a crossing, widened by periods and leaves where it is there already.
    pub(super) fn add_grouping(
        &mut self,
        time: Option<When>,
        dims: Vec<(Id, ExprId)>,
        periods: &[Period],
        leaves: &[usize],
        scope: usize,
    ) -> usize {
        let found = self.scan.groupings.iter().position(|g| g.time == time && g.dims == dims);
        let at = found.unwrap_or_else(|| {
            let (breaks, leaves, scopes) = (Vec::new(), Vec::new(), Vec::new());
            let (until, from) = (None, None);
            let grouping = Grouping { time, breaks, until, dims, leaves, scopes, from };
            self.scan.groupings.push(grouping);
            self.scan.groupings.len() - 1
        });
        let grouping = &mut self.scan.groupings[at];
        if time.is_some() {
            if let Some(When::At(_)) = time {
                grouping.breaks.extend(periods.iter().filter_map(|p| p.from));
            }
            grouping.breaks.extend(periods.iter().filter_map(|p| p.to).map(|d| Day(d.0 + 1)));
        }
        merge(&mut grouping.breaks, &[]);
        merge(&mut grouping.leaves, leaves);
        merge(&mut grouping.scopes, &[scope]);
        at
    }

    /// Cuts a grouping's time off behind a day.
    pub(super) fn end(&mut self, grouping: usize, until: Option<Day>) {
        let grouping = &mut self.scan.groupings[grouping];
        grouping.until = until;
        let behind: Vec<Day> = until.into_iter().map(|day| Day(day.0 + 1)).collect();
        merge(&mut grouping.breaks, &behind);
    }
}

/// What must be true together for a condition to be.
fn conjuncts(arena: &Arena, condition: Option<ExprId>) -> Vec<ExprId> {
    let Some(condition) = condition else { return Vec::new() };
    let node = arena.get(condition);
    match node.op {
        Op::And => node.args.iter().flat_map(|arg| conjuncts(arena, Some(*arg))).collect(),
        _ => vec![condition],
    }
}

fn position_or_push<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

fn merge<T: Ord + Copy>(list: &mut Vec<T>, more: &[T]) {
    list.extend_from_slice(more);
    list.sort();
    list.dedup();
}
