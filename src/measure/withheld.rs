//! Why a value is withheld: amounts in several currencies, and coverage below its floor.

use super::finish::{Finisher, Gathered};
use super::model::{Measured, Reason};
use crate::domain::Decimal;
use crate::expr;
use crate::plan::ValuePlan;
use crate::rel::{Op, When};

impl Finisher<'_> {
    /// That amounts are in several currencies, if they are: not one of them is left out in silence.
    pub(super) fn mixed(&self, value: &ValuePlan, measured: &Measured) -> Option<Reason> {
        let gap = measured.gaps.iter().find(|gap| gap.foreign > 0)?;
        let codes = self.supply.currencies.get(gap.column.as_str());
        let codes: Vec<&str> = codes.into_iter().flatten().map(|code| &**code).collect();
        Some(Reason::Currencies {
            column: gap.column.clone(),
            currencies: codes.join(", "),
            rows: gap.foreign,
            of: measured.in_scope,
            population: value.population.clone(),
        })
    }

    /// Why coverage is below the floor, if it is.
    pub(super) fn withheld(
        &self,
        value: &ValuePlan,
        gathered: &Gathered,
        measured: &Measured,
    ) -> Option<Reason> {
        let floor = Decimal::new(value.floors.coverage.into(), 3);
        measured.coverage.filter(|c| *c < floor)?;
        let population = value.population.clone();
        let lost = measured.in_scope - measured.usable;
        // Which loss is the greater share decides what is said.
        let unplaced_share = u128::from(gathered.unplaced) * u128::from(measured.in_scope.max(1));
        let lost_share = u128::from(lost) * u128::from(gathered.everywhere.max(1));
        let time = self.times(value);
        if let (true, Some((column, undeclared))) = (unplaced_share > lost_share || lost == 0, time)
        {
            let (rows, of) = (gathered.unplaced, gathered.everywhere);
            return Some(Reason::Unplaced { column, undeclared, rows, of, population });
        }
        // Cells are there, but an expression over them has no value: then it is what lacks.
        let argument = || {
            let mut leaves = value.leaves.iter().map(|l| &self.scan.leaves[*l]);
            let arg = leaves.find_map(|l| l.arg);
            arg.map_or_else(String::new, |a| expr::to_text(&self.plan.arena, a))
        };
        let of = measured.in_scope;
        Some(match measured.gaps.first().cloned() {
            Some(gap) => Reason::Gaps { gap, of, population },
            None => match self.elapsed(value) {
                Some(text) => Reason::Backwards { text, rows: lost, of, population },
                None => Reason::Formula { text: argument(), rows: lost, of, population },
            },
        })
    }

    /// The columns whose blanks leave rows in no period, and whether one of them holds texts that nothing declares: these
    /// do so too.
    fn times(&self, value: &ValuePlan) -> Option<(String, bool)> {
        let exprs = value.time.into_iter().flat_map(When::exprs);
        let paths = exprs.flat_map(|time| self.plan.arena.columns(time));
        let (mut names, mut any) = (Vec::new(), false);
        for path in paths {
            let undeclared = path.is_lookup() && self.supply.undeclared.contains(path.base());
            let name = if undeclared { path.base().to_string() } else { path.to_string() };
            any |= undeclared;
            if (undeclared || !path.is_lookup()) && !names.contains(&name) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| (names.join(" or "), any))
    }

    /// Of a value that is a time between: from what to what.
    fn elapsed(&self, value: &ValuePlan) -> Option<String> {
        let arena = &self.plan.arena;
        let mut args = value.leaves.iter().filter_map(|leaf| self.scan.leaves[*leaf].arg);
        let node = args.find_map(|arg| {
            let node = arena.get(arg);
            matches!(node.op, Op::Elapsed(_)).then_some(node)
        })?;
        let text = |at: usize| expr::to_text(arena, node.args[at]);
        Some(format!("from {} to {}", text(0), text(1)))
    }
}
