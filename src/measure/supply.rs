//! What a dataset's feeds could give, and what no value can be made without.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::doubles::DoubleKeys;
use crate::domain::Id;
use crate::rel::{Arena, ExprId, Op};

/// What is known of a dataset's feeds, for reasons.
#[derive(Debug, Default)]
pub(super) struct Supply {
    /// Rows come from config, or from at least one feed.
    pub(super) fed: bool,
    /// A feed that could not be read.
    pub(super) failed: Option<Id>,
    /// Keys stand twice, against the dataset's contract.
    pub(super) doubled: Option<DoubleKeys>,
    /// Columns that at least one feed maps.
    pub(super) mapped: BTreeSet<Id>,
    /// Columns that hold texts which no row of the config dataset that they reference has.
    pub(super) undeclared: BTreeSet<Id>,
    /// By money column: the other currencies that rows name.
    pub(super) currencies: BTreeMap<Id, BTreeSet<Arc<str>>>,
    /// Expressions that overflowed somewhere.
    pub(super) overflowed: BTreeSet<ExprId>,
}

/// The first column that an expression cannot do without and no feed maps. `coalesce` can do with any one of
/// its arguments.
pub(super) fn unmapped(arena: &Arena, id: ExprId, dataset: &Id, supply: &Supply) -> Option<String> {
    let node = arena.get(id);
    let mut lacking = node.args.iter().map(|a| unmapped(arena, *a, dataset, supply));
    match &node.op {
        Op::Column(path) => (path.dataset == *dataset && !supply.mapped.contains(path.base()))
            .then(|| path.base().to_string()),
        Op::Coalesce => {
            let all: Option<Vec<String>> = lacking.collect();
            all.and_then(|columns| columns.into_iter().next())
        }
        _ => lacking.find_map(|l| l),
    }
}

pub(super) fn overflowed(arena: &Arena, root: ExprId, nodes: &BTreeSet<ExprId>) -> bool {
    let mut found = false;
    if !nodes.is_empty() {
        arena.walk(root, &mut |id, _| found |= nodes.contains(&id));
    }
    found
}
