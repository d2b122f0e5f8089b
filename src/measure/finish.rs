//! From states to values: one division at the very end, and an honest status.

use std::collections::BTreeMap;

use super::cut::Cut;
use super::declared::none_declared;
use super::doubles::DoubleKeys;
use super::grid::{Coverage, Grid, Merged};
use super::leaf::{QUOTIENT_SCALE, leaf_value, tidy};
use super::model::{Gap, Key, Measured, Member, Reason};
use super::state::State;
use super::supply::{Supply, overflowed, unmapped};
use super::table::Tables;
use crate::catalog::Catalog;
use crate::domain::{Day, Decimal, Id, Status, Value};
use crate::expr::{self, Env, EvalError};
use crate::plan::{Cells, Plan, Scan, ValuePlan};
use crate::rel::{Aggregate, ColumnPath, ExprId, Op, When};

/// Everything that the values of one scan are made from.
pub(super) struct Finisher<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) tables: &'a Tables,
    pub(super) scan: &'a Scan,
    pub(super) merged: &'a Merged,
    pub(super) supply: &'a Supply,
    pub(super) as_of: Option<Day>,
    /// Scale of each leaf's argument.
    pub(super) scales: &'a [u8],
}

/// More member × period cells than this are given only where rows are.
const DENSE_CELLS: usize = 1_000_000;

impl Finisher<'_> {
    /// All values of one rule.
    pub(super) fn values(&self, value: &ValuePlan) -> BTreeMap<Key, Measured> {
        let mut all = BTreeMap::new();
        for cells in &value.cells {
            let grouping = &self.scan.groupings[cells.grouping];
            let grid = &self.merged.grids[cells.grouping];
            let none = Vec::new();
            let mut members: Vec<&Vec<Member>> = grid.cells.keys().collect();
            if cells.by.is_empty() && members.is_empty() {
                members.push(&none);
            }
            let dense = members.len().saturating_mul(cells.periods.len()) <= DENSE_CELLS;
            for combination in members {
                for period in &cells.periods {
                    let cut = Cut::new(grouping, period);
                    if !dense && !touches(grid, combination, &cut) {
                        continue;
                    }
                    let slice = cells.by.iter().cloned().zip(combination.iter().cloned());
                    let key = Key { period: period.clone(), slice: slice.collect() };
                    let mut measured = self.one(value, cells, combination, &cut);
                    let stays = matches!(grouping.time, Some(When::Stay { .. }));
                    let empty = stays || measured.in_scope == 0;
                    if grouping.time.is_some() && period.is_ahead(self.as_of) && empty {
                        (measured.status, measured.value) = (Status::NoData, Value::Null);
                        measured.reason = Some(Reason::NotBegun);
                    }
                    all.insert(key, measured);
                }
            }
        }
        all
    }

    fn one(&self, value: &ValuePlan, cells: &Cells, members: &[Member], cut: &Cut) -> Measured {
        let gathered = self.gather(value, cells, members, cut);
        let mut measured = Measured {
            status: Status::Ok,
            value: Value::Null,
            n: gathered.coverage.usable,
            numerator: None,
            denominator: None,
            in_scope: gathered.coverage.in_scope,
            usable: gathered.coverage.usable,
            unplaced: gathered.unplaced,
            coverage: share_covered(&gathered),
            gaps: self.gaps(value, &gathered.coverage),
            beside: Vec::new(),
            reason: None,
        };
        if let Some((status, reason)) = self.missing(value, cells) {
            (measured.status, measured.reason) = (status, Some(reason));
            if self.supply.failed.is_some() {
                // What was read of a feed before it failed says nothing of the whole.
                (measured.n, measured.coverage, measured.gaps) = (0, None, Vec::new());
                (measured.in_scope, measured.usable, measured.unplaced) = (0, 0, 0);
            }
            return measured;
        }
        self.compute(value, cells, &gathered, &mut measured);
        measured
    }

    fn gather(&self, value: &ValuePlan, cells: &Cells, members: &[Member], cut: &Cut) -> Gathered {
        let grouping = &self.scan.groupings[cells.grouping];
        let grid = &self.merged.grids[cells.grouping];
        let place = |list: &[usize], wanted: usize| list.iter().position(|x| *x == wanted);
        let mut states: Vec<State> =
            value.leaves.iter().map(|l| State::empty(&self.scan.leaves[*l].function)).collect();
        let mut gathered = Gathered::default();
        let scope = place(&grouping.scopes, value.scope);
        let nowhere = Cut::nowhere(grouping);
        for (interval, cell) in grid.cells.get(members).into_iter().flatten() {
            let coverage = scope.and_then(|s| cell.scopes.get(s));
            if Some(*interval) == nowhere {
                // What is undeclared and has no time may well be what has none by nature: it is nobody's loss.
                let lost = coverage.map_or(0, |c| c.in_scope - c.undeclared());
                gathered.everywhere += lost;
                gathered.unplaced += lost;
                continue;
            }
            gathered.everywhere += coverage.map_or(0, |c| c.in_scope);
            if !cut.holds(*interval) {
                continue;
            }
            if let Some(coverage) = coverage {
                gathered.coverage.add(coverage);
            }
            for (state, leaf) in states.iter_mut().zip(&value.leaves) {
                if let Some(at) = place(&grouping.leaves, *leaf) {
                    let greatest = self.scan.leaves[*leaf].function == Aggregate::Max;
                    state.merge(&cell.leaves[at], greatest);
                }
            }
        }
        gathered.states = states;
        gathered
    }

    /// What keeps every cell of a rule from being computed.
    fn missing(&self, value: &ValuePlan, cells: &Cells) -> Option<(Status, Reason)> {
        let dataset = self.scan.dataset.clone();
        if let Some(absent) = self.supply.absent(&dataset) {
            return Some(absent);
        }
        if let Some(doubled) = self.supply.doubled.as_ref().filter(|d| !self.counts_keys(value, d))
        {
            return Some((
                Status::NotComputable,
                Reason::DoubleKeys { dataset, doubled: doubled.clone() },
            ));
        }
        let arena = &self.plan.arena;
        let dims = self.scan.groupings[cells.grouping].dims.iter().map(|(_, expr)| expr);
        let roots = value.needs.iter().chain(&cells.needs).chain(dims);
        if let Some((dataset, doubled)) =
            roots.clone().find_map(|root| self.looks_up_doubles(*root))
        {
            return Some((Status::NotComputable, Reason::DoubleKeys { dataset, doubled }));
        }
        if let Some(reason) = self.others(value, cells) {
            return Some((Status::NotComputable, reason));
        }
        let looked_up = |path: &ColumnPath| self.tables.unmapped_on(self.catalog, path);
        let lacking = |root| unmapped(arena, root, &dataset, self.supply, &looked_up);
        if let Some((dataset, column)) = roots.copied().find_map(lacking) {
            let column = column.to_string();
            return Some((Status::NotComputable, Reason::NotInFeed { dataset, column }));
        }
        let masks = value.leaves.iter().filter_map(|l| self.scan.leaves[*l].mask);
        let none = |mask| none_declared(self.catalog, arena, self.supply, mask);
        if let Some(none) = masks.chain(value.filter).find_map(none) {
            return Some(none);
        }
        let leaves = value.leaves.iter().map(|l| &self.scan.leaves[*l]);
        let mut roots = leaves.flat_map(|l| l.arg.into_iter().chain(l.mask));
        let arena = &self.plan.arena;
        if let Some(lacking) = roots.clone().find_map(|root| self.tables.keys_lacking(arena, root))
        {
            return Some(lacking);
        }
        roots
            .any(|root| overflowed(arena, root, &self.supply.overflowed))
            .then_some((Status::Failed, Reason::Overflow))
    }

    /// The dataset with doubled keys that an expression looks up through, if it does.
    fn looks_up_doubles(&self, root: ExprId) -> Option<(Id, DoubleKeys)> {
        let paths = self.plan.arena.columns(root);
        paths.iter().find_map(|path| self.tables.doubled_on(self.catalog, path))
    }

    /// That what a value looks up or is sliced by are amounts in several currencies: those are not converted.
    fn others(&self, value: &ValuePlan, cells: &Cells) -> Option<Reason> {
        let others =
            |root: &ExprId, own| self.tables.others_in(self.catalog, &self.plan.arena, *root, own);
        let dims = self.scan.groupings[cells.grouping].dims.iter().map(|(_, expr)| expr);
        let mut sliced = cells.needs.iter().chain(dims);
        let found = sliced.find_map(|root| others(root, true));
        found.or_else(|| value.needs.iter().find_map(|root| others(root, false)))
    }

    /// Whether a value is about the doubles themselves: it counts distinct keys.
    fn counts_keys(&self, value: &ValuePlan, doubled: &DoubleKeys) -> bool {
        let key = |arg: ExprId| match &self.plan.arena.get(arg).op {
            Op::Column(path) => path.steps.len() == 1 && *path.base() == doubled.column,
            _ => false,
        };
        let mut leaves = value.leaves.iter().map(|l| &self.scan.leaves[*l]);
        leaves.any(|l| l.function == Aggregate::CountDistinct && l.arg.is_some_and(key))
    }

    fn compute(
        &self,
        value: &ValuePlan,
        cells: &Cells,
        gathered: &Gathered,
        measured: &mut Measured,
    ) {
        let population = || value.population.clone();
        let env = match self.leaves(value, gathered) {
            Ok(leaves) => LeafEnv { leaves },
            Err(_) => {
                (measured.status, measured.reason) = (Status::Failed, Some(Reason::Overflow));
                return;
            }
        };
        let arena = &self.plan.arena;
        let scalar = |id: ExprId| expr::evaluate(arena, id, &env);
        let part = |id: Option<ExprId>| id.and_then(|id| scalar(id).ok()).and_then(|v| v.number());
        measured.numerator = part(value.numerator);
        measured.denominator = part(value.denominator);
        let computed = match scalar(value.value) {
            Ok(computed) => computed,
            Err(_) => {
                (measured.status, measured.reason) = (Status::Failed, Some(Reason::Overflow));
                return;
            }
        };
        if value.lacks_as_of {
            (measured.status, measured.reason) =
                (Status::NotComputable, Some(Reason::AsOfFromData));
        } else if let Some(reason) = self.mixed(value, measured) {
            (measured.status, measured.reason) = (Status::NotComputable, Some(reason));
        } else if let (true, Some(reason)) = (self.nowhere(value, cells), self.undeclared(value)) {
            (measured.status, measured.reason) = (Status::NotComputable, Some(reason));
        } else if let Some(reason) = self.withheld(value, gathered, measured) {
            (measured.status, measured.reason) = (Status::NotComputable, Some(reason));
        } else if computed.is_null() {
            let (status, reason) = match measured.in_scope {
                0 => {
                    (Status::NoData, Reason::NoRows { population: population(), undeclared: None })
                }
                _ => (Status::NotComputable, Reason::ZeroDenominator { population: population() }),
            };
            (measured.status, measured.reason) = (status, Some(reason));
        } else {
            measured.value = tidy(computed);
            let beside = value.beside.iter();
            let beside =
                beside.map(|(name, id)| (name.clone(), scalar(*id).unwrap_or(Value::Null)));
            measured.beside = beside.map(|(name, value)| (name, tidy(value))).collect();
            let floor = value.floors.sample;
            if measured.n < u64::from(floor) {
                measured.status = Status::TooFew;
                measured.reason = Some(Reason::TooFew { n: measured.n, floor });
            }
        }
    }

    /// Whether no row at all is in scope for sure, in the whole dataset.
    fn nowhere(&self, value: &ValuePlan, cells: &Cells) -> bool {
        let grouping = &self.scan.groupings[cells.grouping];
        let Some(scope) = grouping.scopes.iter().position(|s| *s == value.scope) else {
            return false;
        };
        let grid = &self.merged.grids[cells.grouping];
        let mut all = grid.cells.values().flat_map(BTreeMap::values);
        all.all(|cell| cell.scopes.get(scope).is_none_or(|c| c.in_scope == c.undeclared()))
    }

    /// That there are no rows, where the filter looks something up by texts that nothing declares.
    fn undeclared(&self, value: &ValuePlan) -> Option<Reason> {
        let paths = value.filter.iter().flat_map(|f| self.plan.arena.columns(*f));
        let mut bases = paths.filter(|path| path.is_lookup()).map(|path| path.base().clone());
        let undeclared = bases.find(|base| self.supply.undeclared.contains(base))?;
        let population = value.population.clone();
        Some(Reason::NoRows { population, undeclared: Some(undeclared) })
    }

    fn leaves(&self, value: &ValuePlan, gathered: &Gathered) -> Result<Vec<Value>, EvalError> {
        let one = |((state, leaf), function): ((&State, &usize), &Aggregate)| {
            let spec = &self.scan.leaves[*leaf];
            let ty = spec.arg.map(|a| self.plan.arena.get(a).ty);
            let bound = self.merged.bounds.get(*leaf).copied().unwrap_or(0);
            leaf_value(state, function, ty, self.scales[*leaf], bound)
        };
        gathered.states.iter().zip(&value.leaves).zip(&value.functions).map(one).collect()
    }

    fn gaps(&self, value: &ValuePlan, coverage: &Coverage) -> Vec<Gap> {
        let columns = &self.scan.scopes[value.scope].columns;
        let named = columns.iter().zip(&coverage.gaps).filter(|(_, gap)| **gap != [0; 4]);
        let mut gaps: Vec<Gap> = named
            .map(|(column, [blank, rejected, undeclared, foreign])| {
                let (blank, rejected) = (*blank, *rejected);
                let (undeclared, foreign) = (*undeclared, *foreign);
                let column = match self.plan.arena.columns(*column).first() {
                    // It is the text that leads nowhere, not what it would lead to.
                    Some(path) if undeclared > 0 && blank == 0 => path.base().to_string(),
                    path => path.map(ToString::to_string).unwrap_or_default(),
                };
                Gap { column, blank, rejected, undeclared, foreign }
            })
            .collect();
        let lost = |g: &Gap| g.blank + g.rejected + g.undeclared + g.foreign;
        gaps.sort_by(|a, b| lost(b).cmp(&lost(a)).then_with(|| a.cmp(b)));
        gaps
    }
}

/// States of one value's leaves over one period and slice.
#[derive(Default)]
pub(super) struct Gathered {
    states: Vec<State>,
    coverage: Coverage,
    pub(super) unplaced: u64,
    /// Rows in scope in all of time, unplaced ones too.
    pub(super) everywhere: u64,
}

/// usable ÷ in scope, times placed ÷ everywhere.
fn share_covered(gathered: &Gathered) -> Option<Decimal> {
    let placed = gathered.everywhere - gathered.unplaced;
    let (mut top, mut bottom) = (1i128, 1i128);
    if gathered.everywhere == 0 {
        return None;
    }
    if gathered.coverage.in_scope > 0 {
        top = gathered.coverage.usable.into();
        bottom = gathered.coverage.in_scope.into();
    } else if gathered.unplaced == 0 {
        return None;
    }
    let top = Decimal::new(top * i128::from(placed), 0);
    top.checked_div(Decimal::new(bottom * i128::from(gathered.everywhere), 0), 6).ok()
}

fn touches(grid: &Grid, members: &[Member], cut: &Cut) -> bool {
    grid.cells.get(members).is_some_and(|cells| cells.keys().any(|at| cut.holds(*at)))
}

struct LeafEnv {
    leaves: Vec<Value>,
}

impl Env for LeafEnv {
    fn leaf(&self, number: u32) -> Result<Value, EvalError> {
        Ok(self.leaves.get(number as usize).cloned().unwrap_or(Value::Null))
    }

    fn division_scale(&self) -> u8 {
        QUOTIENT_SCALE
    }
}
