//! One framework: tallies of levels and groups, and the gated level.

use std::collections::BTreeMap;

use super::{
    CheckResult, ElementResult, FrameworkResult, Gate, HeadingResult, SCALE, Tally, element, mean,
    never_lifted, next,
};
use crate::catalog::{Catalog, Element, Framework, Heading};
use crate::domain::{Decimal, Id, Outcome};

pub(super) fn judge(
    catalog: &Catalog,
    framework: &Framework,
    checks: &BTreeMap<Id, CheckResult>,
) -> FrameworkResult {
    let elements: Vec<ElementResult> =
        framework.elements.iter().map(|e| element::judge(e, checks)).collect();
    let pairs: Vec<(&Element, &ElementResult)> = framework.elements.iter().zip(&elements).collect();
    let headings = |list: &[Heading], belongs: &dyn Fn(&Element, &Id) -> bool| {
        let one = |h: &Heading| HeadingResult {
            id: h.id.clone(),
            tally: tally(pairs.iter().copied().filter(|(e, _)| belongs(e, &h.id))),
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    let levels = headings(&framework.levels, &|e, id| e.level.as_ref() == Some(id));
    let groups = headings(&framework.groups, &|e, id| e.groups.contains(id));
    let total = tally(pairs.iter().copied());
    let floor = Decimal::new(framework.coverage_floor.into(), 3);
    FrameworkResult {
        framework: framework.id.clone(),
        headline: total.coverage.is_some_and(|c| c >= floor),
        gate: (!framework.levels.is_empty()).then(|| gate(framework, &pairs)),
        next: next::rank(catalog, framework, &elements, checks),
        levels,
        groups,
        total,
        elements,
    }
}

fn tally<'a>(pairs: impl Iterator<Item = (&'a Element, &'a ElementResult)>) -> Tally {
    let applicable: Vec<_> = pairs.filter(|(_, r)| r.truth != Outcome::NotApplicable).collect();
    let standing: Vec<_> =
        applicable.iter().copied().filter(|(_, r)| r.outcome != Outcome::Waived).collect();
    let share = mean(
        standing
            .iter()
            .filter(|(_, r)| r.evaluated)
            .filter_map(|(e, r)| Some((e.weight, r.score?))),
    );
    let ceiling = mean(applicable.iter().filter_map(|(e, r)| Some((e.weight, r.true_score?))));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let evaluated = standing.iter().filter(|(_, r)| r.evaluated).count();
    let whole = Decimal::from(standing.len() as u64);
    Tally {
        share: share.and(never_lifted(share, ceiling)),
        coverage: Decimal::from(evaluated as u64).checked_div(whole, SCALE).ok(),
        applicable: count(standing.len()),
        evaluated: count(evaluated),
        waived: count(applicable.len() - standing.len()),
        met: count(applicable.iter().filter(|(_, r)| r.truth == Outcome::Met).count()),
        of: count(applicable.len()),
    }
}

/// The highest level of which, and below which, every applicable element is truly met.
fn gate(framework: &Framework, pairs: &[(&Element, &ElementResult)]) -> Gate {
    let mut gate = Gate {
        level: None,
        number: 0,
        of: u32::try_from(framework.levels.len()).unwrap_or(u32::MAX),
        next: None,
        passed_over: Vec::new(),
        blocking: Vec::new(),
    };
    for (number, level) in (1..).zip(&framework.levels) {
        let here = pairs.iter().filter(|(e, r)| {
            e.level.as_ref() == Some(&level.id) && r.truth != Outcome::NotApplicable
        });
        let (met, open): (Vec<_>, Vec<_>) = here.partition(|(_, r)| r.truth == Outcome::Met);
        if !open.is_empty() {
            gate.next = Some(level.id.clone());
            gate.blocking = open.into_iter().map(|(e, _)| e.id.clone()).collect();
            break;
        }
        if met.is_empty() {
            gate.passed_over.push(level.id.clone());
        } else {
            gate.level = Some(level.id.clone());
            gate.number = number;
        }
    }
    gate
}
