//! What one worker counted, to be merged with the others'.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::currencies::{Converted, Foreign};
use super::model::{EvidenceRow, Member};
use super::short::ShortRow;
use super::state::States;
use super::strays::Stray;
use super::worker::At;
use crate::data::Dictionary;
use crate::domain::{Day, Id, Value};
use crate::rel::ExprId;

/// What one worker counted; codes and groups are its own.
pub(super) struct Tally {
    pub(super) groupings: Vec<GroupingTally>,
    /// Texts by code, of what is counted distinct.
    pub(super) members: BTreeMap<ExprId, Dictionary>,
    pub(super) keys: Vec<HashSet<Value>>,
    pub(super) kept: Vec<(At, Vec<Vec<Value>>)>,
    pub(super) overflowed: BTreeSet<ExprId>,
    pub(super) evidence: Vec<EvidenceRow>,
    /// By check: the first rows that it counts against.
    pub(super) short: BTreeMap<Id, Vec<ShortRow>>,
    /// By column of the scan: texts that mean no row of the dataset it references.
    pub(super) strays: BTreeMap<usize, Stray>,
    pub(super) foreign: BTreeMap<Id, Foreign>,
    /// By column of money: other currencies in it.
    pub(super) others: BTreeMap<Id, BTreeSet<Arc<str>>>,
    /// By column at rates.
    pub(super) converted: BTreeMap<Id, Converted>,
    /// By column of the scan: the newest day on which it happened, where an as-of date was given.
    pub(super) later: BTreeMap<usize, Day>,
}

/// Cells that are blank, rejected, texts that no config row declares, and amounts in another currency.
pub(super) type Lost = [u64; 4];

/// In scope and usable by group, and blank and rejected cells by group × column.
pub(super) type ScopeTally = (Vec<u64>, Vec<u64>, Vec<Lost>);

pub(super) struct GroupingTally {
    pub(super) combinations: Vec<Vec<Member>>,
    /// Combination and interval of each group.
    pub(super) groups: Vec<(u32, u32)>,
    pub(super) leaves: Vec<States>,
    pub(super) scopes: Vec<ScopeTally>,
}
