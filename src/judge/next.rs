//! What to do next: the next level first, then gap × weight ÷ effort, prerequisites before what needs them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::element::{Part, parts};
use super::{CheckResult, ElementResult, NextStep, SCALE, mean};
use crate::catalog::{Catalog, Element, Framework};
use crate::domain::{Decimal, Id, Outcome};

pub(super) fn rank(
    catalog: &Catalog,
    framework: &Framework,
    results: &[ElementResult],
    checks: &BTreeMap<Id, CheckResult>,
) -> Vec<NextStep> {
    let open = framework.elements.iter().zip(results).filter(|(_, r)| {
        !matches!(r.outcome, Outcome::Met | Outcome::NotApplicable | Outcome::Waived)
    });
    let mut steps: Vec<(usize, &Element, NextStep)> = open
        .map(|(e, _)| (level_of(framework, e), e, step(catalog, e, &parts(e, checks))))
        .collect();
    // A stable sort: equal ranks keep the order in which the framework declares its elements.
    steps.sort_by_key(|(level, _, step)| (*level, Reverse(step.rank)));
    in_order(&steps)
}

/// The place of an element's level; an element without one comes last.
fn level_of(framework: &Framework, element: &Element) -> usize {
    let at = framework.levels.iter().position(|l| element.level.as_ref() == Some(&l.id));
    at.unwrap_or(framework.levels.len())
}

fn step(catalog: &Catalog, element: &Element, parts: &[Part<'_>]) -> NextStep {
    let done = mean(parts.iter().map(|(w, c)| (*w, c.grade.unwrap_or(Decimal::ZERO))));
    let gap = Decimal::ONE.checked_sub(done.unwrap_or(Decimal::ZERO)).unwrap_or(Decimal::ONE);
    let open: Vec<Id> = parts
        .iter()
        .filter(|(_, c)| c.truth != Outcome::Met && c.outcome != Outcome::Waived)
        .map(|(_, c)| c.check.clone())
        .collect();
    let rules: Vec<_> = open.iter().filter_map(|id| catalog.checks.get(id)).collect();
    let effort = rules.iter().map(|c| c.effort.max(1)).sum::<u32>().max(1);
    let owner = rules.iter().map(|c| c.words.owner.clone()).find(|o| !o.is_empty());
    let weight = Decimal::new(element.weight.into(), 3);
    let rank = gap
        .checked_mul(weight)
        .and_then(|worth| worth.checked_div(Decimal::from(u64::from(effort)), SCALE))
        .unwrap_or(Decimal::ZERO);
    NextStep {
        element: element.id.clone(),
        gap: gap.trimmed(0),
        effort,
        rank,
        owner: owner.unwrap_or_default(),
        checks: open,
    }
}

/// The steps with every open prerequisite before what needs it.
fn in_order(steps: &[(usize, &Element, NextStep)]) -> Vec<NextStep> {
    fn visit(
        at: usize,
        steps: &[(usize, &Element, NextStep)],
        seen: &mut BTreeSet<usize>,
        out: &mut Vec<NextStep>,
    ) {
        if !seen.insert(at) {
            return;
        }
        let (_, element, step) = &steps[at];
        for before in 0..steps.len() {
            if element.needs.contains(&steps[before].1.id) {
                visit(before, steps, seen, out);
            }
        }
        out.push(step.clone());
    }
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    for at in 0..steps.len() {
        visit(at, steps, &mut seen, &mut out);
    }
    out
}
