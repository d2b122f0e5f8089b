//! Workers' tallies merged: states by member and interval, codes made common.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;

use super::model::Member;
use super::state::{Each, State, States};
use super::tally::{GroupingTally, Lost, Tally};
use crate::data::Dictionary;
use crate::plan::{Grouping, Scan};
use crate::rel::{Aggregate, ExprId};

/// One grouping's states.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) cells: BTreeMap<Vec<Member>, BTreeMap<u32, Cell>>,
}

/// One member's states in one interval: leaves and scopes in the grouping's order.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) leaves: Vec<State>,
    pub(super) scopes: Vec<Coverage>,
}

/// Rows that should count and could, and what is lost by column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coverage {
    pub(super) in_scope: u64,
    pub(super) usable: u64,
    pub(super) gaps: Vec<Lost>,
}

impl Coverage {
    /// Rows of which a text that nothing declares leaves open whether they count, or with what.
    pub(super) fn undeclared(&self) -> u64 {
        self.gaps.iter().map(|[_, _, undeclared, _]| *undeclared).max().unwrap_or(0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.in_scope += other.in_scope;
        self.usable += other.usable;
        self.gaps.resize(self.gaps.len().max(other.gaps.len()), [0; 4]);
        for (mine, more) in self.gaps.iter_mut().zip(&other.gaps) {
            mine.iter_mut().zip(more).for_each(|(mine, more)| *mine += more);
        }
    }
}

/// All groupings of a scan, and by leaf how many distinct members it met if it counts them.
pub(super) struct Merged {
    pub(super) grids: Vec<Grid>,
    pub(super) bounds: Vec<usize>,
}

/// Texts of all workers by a common code: the first worker's codes stay.
#[derive(Default)]
struct Common {
    texts: Dictionary,
    index: HashTable<u32>,
}

impl Common {
    /// The common codes of another worker's texts, by its own; none where they are the same.
    fn take(&mut self, more: Dictionary) -> Option<Vec<u32>> {
        if self.texts.is_empty() {
            self.texts = more;
            return None;
        }
        let hasher = foldhash::fast::FixedState::default();
        let Self { texts, index } = self;
        if index.is_empty() {
            index.reserve(texts.len(), |_| 0);
            for (code, text) in (0..).zip(texts.iter()) {
                index.insert_unique(hasher.hash_one(text), code, |_| 0);
            }
        }
        let hash = |texts: &Dictionary, code: u32| {
            texts.get(code as usize).map_or(0, |text| hasher.hash_one(text))
        };
        let code = |text: &str| {
            let own = hasher.hash_one(text);
            if let Some(code) = index.find(own, |code| texts.get(*code as usize) == Some(text)) {
                return *code;
            }
            let code = texts.push(text);
            *index.insert_unique(own, code, |code| hash(texts, *code)).get()
        };
        Some(more.iter().map(code).collect())
    }
}

/// Merges tallies; the order of workers does not matter to any number that is read from it.
pub(super) fn merge(scan: &Scan, tallies: &mut [Tally]) -> Merged {
    let mut common: BTreeMap<ExprId, Common> = BTreeMap::new();
    let mut grids: Vec<Grid> = scan.groupings.iter().map(|_| Grid::default()).collect();
    for tally in tallies {
        let mut codes: BTreeMap<ExprId, Vec<u32>> = BTreeMap::new();
        for (arg, texts) in std::mem::take(&mut tally.members) {
            let own = common.entry(arg).or_default().take(texts);
            codes.extend(own.map(|own| (arg, own)));
        }
        let tallied = std::mem::take(&mut tally.groupings);
        for ((grid, grouping), tallied) in grids.iter_mut().zip(&scan.groupings).zip(tallied) {
            if grouping.from.is_none() {
                add(grid, scan, &grouping.leaves, tallied, &codes);
            }
        }
    }
    for (at, grouping) in scan.groupings.iter().enumerate() {
        if let Some(fine) = grouping.from {
            grids[at] = roll_up(scan, grouping, &scan.groupings[fine], &grids[fine]);
        }
    }
    let bound = |arg: Option<ExprId>| Some(common.get(&arg?)?.texts.len());
    let bounds = scan.leaves.iter().map(|leaf| bound(leaf.arg).unwrap_or(0)).collect();
    Merged { grids, bounds }
}

/// A grouping's grid from a finer one's: members of other dimensions are merged.
fn roll_up(scan: &Scan, coarse: &Grouping, fine: &Grouping, grid: &Grid) -> Grid {
    let place = |list: &[usize], wanted: &usize| list.iter().position(|x| x == wanted);
    let leaves: Vec<Option<usize>> = coarse.leaves.iter().map(|l| place(&fine.leaves, l)).collect();
    let scopes: Vec<Option<usize>> = coarse.scopes.iter().map(|s| place(&fine.scopes, s)).collect();
    let dims: Vec<Option<usize>> =
        coarse.dims.iter().map(|d| fine.dims.iter().position(|f| f == d)).collect();
    let mut rolled = Grid::default();
    for (members, cells) in &grid.cells {
        let kept = dims.iter().flatten().map(|d| members[*d].clone()).collect();
        let target = rolled.cells.entry(kept).or_default();
        for (interval, cell) in cells {
            let into = target.entry(*interval).or_insert_with(|| empty(scan, coarse));
            for ((mine, leaf), from) in into.leaves.iter_mut().zip(&coarse.leaves).zip(&leaves) {
                let greatest = scan.leaves[*leaf].function == Aggregate::Max;
                from.iter().for_each(|from| mine.merge(&cell.leaves[*from], greatest));
            }
            for (mine, from) in into.scopes.iter_mut().zip(&scopes) {
                from.iter().for_each(|from| mine.add(&cell.scopes[*from]));
            }
        }
    }
    rolled
}

/// A cell of no rows.
fn empty(scan: &Scan, grouping: &Grouping) -> Cell {
    let state = |leaf: &usize| State::empty(&scan.leaves[*leaf].function);
    Cell {
        leaves: grouping.leaves.iter().map(state).collect(),
        scopes: vec![Coverage::default(); grouping.scopes.len()],
    }
}

fn add(
    grid: &mut Grid,
    scan: &Scan,
    leaves: &[usize],
    tallied: GroupingTally,
    codes: &BTreeMap<ExprId, Vec<u32>>,
) {
    let empty: Vec<State> =
        leaves.iter().map(|l| State::empty(&scan.leaves[*l].function)).collect();
    let mut split: Vec<Vec<State>> = vec![empty.clone(); tallied.groups.len()];
    for (at, states) in tallied.leaves.into_iter().enumerate() {
        let codes = scan.leaves[leaves[at]].arg.and_then(|arg| codes.get(&arg));
        spread(states, at, &mut split, codes);
    }
    for (group, (states, (combination, interval))) in
        split.into_iter().zip(&tallied.groups).enumerate()
    {
        let members = tallied.combinations[*combination as usize].clone();
        let cells = grid.cells.entry(members).or_default();
        let cell = cells.entry(*interval).or_insert_with(|| Cell {
            leaves: empty.clone(),
            scopes: vec![Coverage::default(); tallied.scopes.len()],
        });
        for ((mine, more), leaf) in cell.leaves.iter_mut().zip(&states).zip(leaves) {
            mine.merge(more, scan.leaves[*leaf].function == Aggregate::Max);
        }
        for (mine, (in_scope, usable, gaps)) in cell.scopes.iter_mut().zip(&tallied.scopes) {
            let columns = gaps.len() / in_scope.len().max(1);
            let gaps = gaps[group * columns..(group + 1) * columns].to_vec();
            mine.add(&Coverage { in_scope: in_scope[group], usable: usable[group], gaps });
        }
    }
}

/// Gives every group its part of one leaf's states.
fn spread(states: States, leaf: usize, split: &mut [Vec<State>], codes: Option<&Vec<u32>>) {
    match states {
        States::Count(counts) => {
            for (group, count) in counts.into_iter().enumerate() {
                split[group][leaf] = State::Count(count);
            }
        }
        States::Sum { units, n, overflow } => {
            for (group, (units, n)) in units.into_iter().zip(n).enumerate() {
                split[group][leaf] = State::Sum { units, n, overflow };
            }
        }
        States::Extreme { best, .. } => {
            for (group, best) in best.into_iter().enumerate() {
                split[group][leaf] = State::Extreme(best);
            }
        }
        States::Each { values, wide } => {
            let mut wides: HashMap<u32, Vec<i128>, foldhash::fast::FixedState> = HashMap::default();
            wide.into_iter().for_each(|(group, value)| wides.entry(group).or_default().push(value));
            values.each_group(|group, values| {
                if let State::Each(lists) = &mut split[group as usize][leaf] {
                    lists.push(Arc::new(Each::new(values)));
                }
            });
            for (group, states) in (0..).zip(split) {
                if let (State::Each(lists), Some(wide)) = (&mut states[leaf], wides.remove(&group))
                {
                    lists.push(Arc::new(Each { wide, ..Each::default() }));
                }
            }
        }
        States::Members(members) => members.each_group(|group, values| {
            let common =
                |code: usize| codes.map_or(u32::try_from(code).ok(), |c| c.get(code).copied());
            let list = values.iter().filter_map(|(code, _)| common(usize::try_from(*code).ok()?));
            if let State::Members(lists) = &mut split[group as usize][leaf] {
                lists.push(list.collect());
            }
        }),
    }
}
