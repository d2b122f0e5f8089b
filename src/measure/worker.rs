//! One worker: chunks in, states out.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::asking::Asking;
use super::currencies::Currencies;
use super::dictionaries::{self, Dictionaries, Numbers};
use super::eval::{Evaluator, Shared};
use super::groups::Groups;
use super::later::Later;
use super::model::Member;
use super::short::Short;
use super::state::States;
use super::strays::Watch;
use super::tally::{GroupingTally, Lost, Tally};
use super::vector::{Values, Vector};
use super::witness::Witness;
use crate::domain::{Day, Id, Value};
use crate::plan::{Leaf, Scan, Scope};
use crate::rel::{Aggregate, ExprId};
use crate::text::Place;

/// Where a block stands: file, then block.
pub(super) type At = (u32, u32);

/// What one worker counted.
pub(super) struct Worker<'a> {
    scan: &'a Scan,
    evaluator: Evaluator<'a>,
    groupings: Vec<GroupingStates>,
    keys: Vec<HashSet<Value>>,
    kept: Vec<(At, Vec<Vec<Value>>)>,
    /// Codes for distinct counts over numbers and dates.
    codes: HashMap<ExprId, Numbers>,
    witness: Option<Witness<'a>>,
    short: Option<Short<'a>>,
    currencies: Currencies<'a>,
    asking: Asking,
    watch: Watch,
    later: Option<Later>,
}

struct GroupingStates {
    groups: Groups,
    leaves: Vec<States>,
    scopes: Vec<ScopeStates>,
}

/// Coverage by group.
#[derive(Debug, Default)]
struct ScopeStates {
    in_scope: Vec<u64>,
    usable: Vec<u64>,
    /// By group × column.
    gaps: Vec<Lost>,
}

/// Rows where a mask is true, and marks where it is open whether it is, or another beside it.
type MaskRows = (Rc<Vec<u32>>, Option<Rc<Vec<bool>>>);

/// Of a row of the chunk: its number among the records of its file, and its place.
pub(super) type PlaceOf<'a> = dyn Fn(usize) -> (u64, Place) + 'a;

/// Rows of the chunk that a leaf takes.
#[derive(Clone)]
pub(super) struct LeafRows {
    /// Where the mask is true.
    pub(super) masked: Rc<Vec<u32>>,
    /// Where the mask is true and the argument is there.
    pub(super) active: Rc<Vec<u32>>,
    /// Where the mask is null because a cell was rejected.
    pub(super) unknown: Option<Rc<Vec<bool>>>,
    pub(super) arg: Option<Rc<Vector>>,
}

/// Rows of the chunk that a scope counts.
pub(super) struct ScopeRows {
    pub(super) in_scope: Rc<Vec<u32>>,
    pub(super) usable: Rc<Vec<u32>>,
    pub(super) bad: Vec<u32>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(scan: &'a Scan, shared: Shared<'a>, witness: Option<Witness<'a>>) -> Self {
        let groupings = scan.groupings.iter().map(|g| GroupingStates {
            groups: Groups::new(g),
            leaves: g.leaves.iter().map(|l| States::new(&scan.leaves[*l].function)).collect(),
            scopes: g.scopes.iter().map(|_| ScopeStates::default()).collect(),
        });
        Self {
            scan,
            evaluator: Evaluator::new(shared),
            groupings: groupings.collect(),
            keys: scan.key_sets.iter().map(|_| HashSet::new()).collect(),
            kept: Vec::new(),
            codes: HashMap::new(),
            witness,
            short: None,
            currencies: Currencies::new(&shared),
            asking: Asking::new(scan, &shared),
            watch: Watch::new(&shared),
            later: None,
        }
    }

    /// Has it look for the first rows that checks count against.
    pub(super) fn seeking(mut self, short: Option<Short<'a>>) -> Self {
        self.short = short;
        self
    }

    /// Has it look for what happened after an as-of date that was given.
    pub(super) fn watching(mut self, as_of: Option<Day>) -> Self {
        self.later = Later::new(&self.evaluator, as_of);
        self
    }

    /// Counts one chunk in; `foreign` are cells that say another currency themselves.
    #[expect(clippy::too_many_arguments, reason = "one chunk's parts, passed once")]
    pub(super) fn take(
        &mut self,
        at: At,
        rows: usize,
        mut columns: Vec<Rc<Vector>>,
        mut rejected: Vec<Vec<u32>>,
        mut foreign: Vec<(usize, Vec<u32>)>,
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        let currencies = &mut self.currencies;
        foreign.extend(currencies.sort_out(rows, &mut columns, &mut rejected, dictionaries, place));
        self.watch.see(self.evaluator.shared.tables, &columns, dictionaries, place);
        self.evaluator.load(rows, columns, rejected, foreign);
        self.evaluator.written = self.currencies.written();
        if let Some(later) = &mut self.later {
            later.see(&mut self.evaluator, dictionaries);
        }
        let leaves = self.leaf_rows(dictionaries);
        let scopes: Vec<ScopeRows> =
            self.scan.scopes.iter().map(|s| scope_rows(s, &leaves, rows)).collect();
        let (evaluator, asking) = (&self.evaluator, &self.asking);
        let asked = |column: usize| asking.rows(column, &scopes, rows);
        let column = |at: usize| evaluator.chunk_column(at);
        self.currencies.note(&asked, &column, dictionaries, place);
        for grouping in self.counted() {
            self.count(grouping, &leaves, &scopes, dictionaries, place);
        }
        self.collect_keys(dictionaries);
        self.keep(at, dictionaries);
    }

    /// Groupings that rows are counted for; a witness has its own counted although it could be rolled up.
    fn counted(&self) -> Vec<usize> {
        let witnessed = self.witness.as_ref().map(|w| w.grouping);
        let counted =
            |at: &usize| self.scan.groupings[*at].from.is_none() || witnessed == Some(*at);
        (0..self.scan.groupings.len()).filter(counted).collect()
    }

    fn leaf_rows(&mut self, dictionaries: &dyn Dictionaries) -> Vec<LeafRows> {
        let mut masks: HashMap<(Option<ExprId>, &[ExprId]), MaskRows> = HashMap::new();
        let mut list = Vec::with_capacity(self.scan.leaves.len());
        for leaf in &self.scan.leaves {
            let found = masks.entry((leaf.mask, &leaf.beside));
            let found = found.or_insert_with(|| self.mask_rows(leaf, dictionaries));
            let (masked, unknown) = found.clone();
            let arg = leaf.arg.map(|a| self.evaluator.eval(a, dictionaries));
            let active = match &arg {
                Some(vector) if vector.present.iter().any(|p| !p) => {
                    let there = |row: &&u32| vector.present[**row as usize];
                    Rc::new(masked.iter().filter(there).copied().collect())
                }
                _ => Rc::clone(&masked),
            };
            let arg = match (&leaf.function, leaf.arg.zip(arg)) {
                (Aggregate::CountDistinct, Some((id, vector))) => Some(self.coded(id, vector)),
                (_, arg) => arg.map(|(_, vector)| vector),
            };
            list.push(LeafRows { masked, active, unknown, arg });
        }
        list
    }

    /// A vector of codes for distinct counting: texts have theirs.
    fn coded(&mut self, arg: ExprId, vector: Rc<Vector>) -> Rc<Vector> {
        if matches!(vector.values, Values::Text(_)) {
            return vector;
        }
        let known = self.codes.entry(arg).or_default();
        let mut code = |row: usize| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(vector.integer(row)).or_insert(next)
        };
        let codes = (0..vector.len()).map(|r| if vector.present[r] { code(r) } else { 0 });
        let values = Values::Text(codes.collect());
        Rc::new(Vector { values, present: vector.present.clone() })
    }

    fn mask_rows(&mut self, leaf: &Leaf, dictionaries: &dyn Dictionaries) -> MaskRows {
        let (mut masked, mut unknown) = self.evaluator.filtered(leaf.mask, dictionaries);
        for mask in &leaf.beside {
            let Some(open) = self.evaluator.astray(*mask, dictionaries) else { continue };
            let unknown = unknown.get_or_insert_with(|| vec![false; open.len()]);
            masked.retain(|row| {
                unknown[*row as usize] |= open[*row as usize];
                !open[*row as usize]
            });
        }
        (Rc::new(masked), unknown.map(Rc::new))
    }

    fn count(
        &mut self,
        at: usize,
        leaves: &[LeafRows],
        scopes: &[ScopeRows],
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        let grouping = &self.scan.groupings[at];
        let states = &mut self.groupings[at];
        let groups = states.groups.number(grouping, &mut self.evaluator, dictionaries);
        let many = states.groups.groups.len();
        let (evaluator, pair) = (&mut self.evaluator, (&states.groups, groups.as_slice()));
        if let Some(witness) = self.witness.as_mut().filter(|w| w.grouping == at) {
            witness.see(evaluator, pair, leaves, scopes, dictionaries, place);
        }
        if let Some(short) = &mut self.short {
            short.see(at, evaluator, pair, leaves, dictionaries, place);
        }
        for (state, leaf) in states.leaves.iter_mut().zip(&grouping.leaves) {
            state.grow(many);
            let rows = &leaves[*leaf];
            match &rows.arg {
                Some(arg) => state.add(&rows.active, &groups, |row| arg.integer(row)),
                None => state.add(&rows.active, &groups, |_| 1),
            }
        }
        for (state, scope) in states.scopes.iter_mut().zip(&grouping.scopes) {
            let columns = &self.scan.scopes[*scope].columns;
            state.add(many, columns.len(), &groups, &scopes[*scope]);
            if scopes[*scope].bad.is_empty() {
                continue;
            }
            for (place, column) in columns.iter().enumerate() {
                let vector = self.evaluator.eval(*column, dictionaries);
                let rejected = self.evaluator.rejected(*column);
                let undeclared = self.evaluator.undeclared(*column, dictionaries);
                let foreign = self.evaluator.foreign(*column);
                let is =
                    |marks: &Option<Vec<bool>>, row: usize| marks.as_ref().is_some_and(|m| m[row]);
                for row in &scopes[*scope].bad {
                    let row = *row as usize;
                    if !vector.present[row] {
                        let gap = &mut state.gaps[groups[row] as usize * columns.len() + place];
                        let marks = [&foreign, &rejected, &undeclared];
                        match marks.map(|marks| is(marks, row)) {
                            [true, ..] => gap[3] += 1,
                            [_, true, _] => gap[1] += 1,
                            [.., true] => gap[2] += 1,
                            _ => gap[0] += 1,
                        }
                    }
                }
            }
        }
    }

    fn collect_keys(&mut self, dictionaries: &dyn Dictionaries) {
        for (at, set) in self.scan.key_sets.iter().enumerate() {
            let (rows, _) = self.evaluator.filtered(set.filter, dictionaries);
            let vector = self.evaluator.eval(set.key, dictionaries);
            for row in rows.iter() {
                let value = self.evaluator.value(set.key, &vector, *row as usize, dictionaries);
                if !value.is_null() {
                    self.keys[at].insert(value);
                }
            }
        }
    }

    fn keep(&mut self, at: At, dictionaries: &dyn Dictionaries) {
        if self.scan.keep.is_empty() {
            return;
        }
        let kept = (0..self.evaluator.rows()).map(|row| {
            let cell = |column: &Id| self.evaluator.cell(column, row, dictionaries);
            self.scan.keep.iter().map(cell).collect()
        });
        let kept = kept.collect();
        self.kept.push((at, kept));
    }

    /// What the worker counted, with members as texts; those of a column are taken.
    pub(super) fn done(mut self, dictionaries: &mut dyn Dictionaries) -> Tally {
        let (evaluator, known) = (&self.evaluator, &*dictionaries);
        let mut groupings = Vec::new();
        for (states, grouping) in self.groupings.into_iter().zip(&self.scan.groupings) {
            let members = |combination: &Vec<Option<u32>>| -> Vec<Member> {
                let named = combination.iter().zip(&grouping.dims);
                let named = named.map(|(code, (_, expr))| match code {
                    Some(code) => Member::Named(evaluator.text(*expr, *code, known)),
                    None => Member::Unset,
                });
                named.collect()
            };
            let combinations: Vec<Vec<Member>> =
                states.groups.combinations.iter().map(members).collect();
            groupings.push(GroupingTally {
                combinations,
                groups: states.groups.groups,
                leaves: states.leaves,
                scopes: states.scopes.into_iter().map(|s| (s.in_scope, s.usable, s.gaps)).collect(),
            });
        }
        let strays = self.watch.done(&*dictionaries);
        let members =
            dictionaries::members(self.scan, &mut self.evaluator, self.codes, dictionaries);
        let (keys, kept) = (self.keys, self.kept);
        let overflowed = self.evaluator.overflowed;
        let evidence = self.witness.map(|w| w.rows).unwrap_or_default();
        let short = self.short.map(Short::found).unwrap_or_default();
        let Currencies { found: foreign, converted, others, .. } = self.currencies;
        let later = self.later.map(|later| later.newest).unwrap_or_default();
        Tally {
            groupings,
            members,
            keys,
            kept,
            overflowed,
            evidence,
            short,
            strays,
            foreign,
            converted,
            others,
            later,
        }
    }
}

impl ScopeStates {
    fn add(&mut self, many: usize, columns: usize, groups: &[u32], rows: &ScopeRows) {
        self.in_scope.resize(many, 0);
        self.usable.resize(many, 0);
        self.gaps.resize(many * columns, [0; 4]);
        for row in rows.in_scope.iter() {
            self.in_scope[groups[*row as usize] as usize] += 1;
        }
        for row in rows.usable.iter() {
            self.usable[groups[*row as usize] as usize] += 1;
        }
    }
}

/// In scope: some leaf's mask is true, or null because a cell was rejected or a text leads nowhere. Usable: in scope, no mask unknown,
/// and the argument there of every leaf whose mask is true.
fn scope_rows(scope: &Scope, leaves: &[LeafRows], rows: usize) -> ScopeRows {
    let mine = || scope.leaves.iter().map(|l| &leaves[*l]);
    if let [only] = scope.leaves[..]
        && leaves[only].unknown.is_none()
        && leaves[only].masked.len() == leaves[only].active.len()
    {
        let rows = &leaves[only].masked;
        return ScopeRows { in_scope: Rc::clone(rows), usable: Rc::clone(rows), bad: Vec::new() };
    }
    let (mut seen, mut good) = (vec![false; rows], vec![true; rows]);
    for leaf in mine() {
        for row in leaf.masked.iter() {
            seen[*row as usize] = true;
        }
        if leaf.active.len() < leaf.masked.len()
            && let Some(arg) = &leaf.arg
        {
            for row in leaf.masked.iter() {
                good[*row as usize] &= arg.present[*row as usize];
            }
        }
        for (row, unknown) in leaf.unknown.iter().flat_map(|u| u.iter().enumerate()) {
            seen[row] |= unknown;
            good[row] &= !unknown;
        }
    }
    let numbers = || (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(|r| seen[*r as usize]);
    let in_scope: Vec<u32> = numbers().collect();
    let (usable, bad): (Vec<u32>, Vec<u32>) = numbers().partition(|r| good[*r as usize]);
    ScopeRows { in_scope: Rc::new(in_scope), usable: Rc::new(usable), bad }
}
