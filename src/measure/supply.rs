//! What a dataset's feeds could give, and what no value can be made without.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::doubles::DoubleKeys;
use super::model::Reason;
use crate::domain::{Id, Status};
use crate::rel::{Arena, ColumnPath, Conversion, ExprId, Op};

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

impl Supply {
    /// Notes columns that a feed maps; one that is made of another is there where that one is.
    pub(super) fn note_mapped<'a>(&mut self, mapped: impl Iterator<Item = &'a Id>, columns: &[Id]) {
        self.mapped.extend(mapped.cloned());
        let made = columns.iter().filter_map(|id| Some((id, Conversion::of(id)?.money)));
        let made = made.filter(|(_, money)| self.mapped.contains(money));
        let made: Vec<Id> = made.map(|(id, _)| id.clone()).collect();
        self.mapped.extend(made);
    }

    /// Why there are no rows to count, where no feed gives any.
    pub(super) fn absent(&self, dataset: &Id) -> Option<(Status, Reason)> {
        if let Some(feed) = &self.failed {
            return Some((Status::Failed, Reason::FeedFailed { feed: feed.clone() }));
        }
        (!self.fed).then(|| (Status::NoData, Reason::NoFeed { dataset: dataset.clone() }))
    }
}

/// The first column that an expression cannot do without and no feed maps, with its dataset. `coalesce` can do
/// with any one of its columns; a literal there stands for a blank cell, not for a column.
pub(super) fn unmapped(
    arena: &Arena,
    id: ExprId,
    dataset: &Id,
    supply: &Supply,
    looked_up: &dyn Fn(&ColumnPath) -> Option<(Id, Id)>,
) -> Option<(Id, Id)> {
    let node = arena.get(id);
    let one = |arg: &ExprId| unmapped(arena, *arg, dataset, supply, looked_up);
    match &node.op {
        Op::Column(path) if path.dataset == *dataset => {
            let base = (!supply.mapped.contains(path.base())).then(|| path.base().clone());
            let base = base.map(|base| Id::from(Conversion::plain(base.as_str())));
            base.map(|base| (dataset.clone(), base)).or_else(|| looked_up(path))
        }
        Op::Coalesce => {
            let of_rows = |arg: &&ExprId| !arena.columns(**arg).is_empty();
            let all: Option<Vec<_>> = node.args.iter().filter(of_rows).map(one).collect();
            all.and_then(|columns| columns.into_iter().next())
        }
        _ => node.args.iter().find_map(one),
    }
}

pub(super) fn overflowed(arena: &Arena, root: ExprId, nodes: &BTreeSet<ExprId>) -> bool {
    let mut found = false;
    if !nodes.is_empty() {
        arena.walk(root, &mut |id, _| found |= nodes.contains(&id));
    }
    found
}
