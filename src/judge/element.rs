//! One element: the weighted mean of its checks.

use std::collections::BTreeMap;

use super::{CheckResult, ElementResult, mean, never_lifted};
use crate::catalog::Element;
use crate::domain::{Decimal, Id, Outcome};

/// A check of an element with its weight there.
pub(super) type Part<'a> = (u32, &'a CheckResult);

/// The checks of an element that apply.
pub(super) fn parts<'a>(element: &Element, checks: &'a BTreeMap<Id, CheckResult>) -> Vec<Part<'a>> {
    let all = element.checks.iter().filter_map(|(id, weight)| Some((*weight, checks.get(id)?)));
    all.filter(|(_, c)| c.truth != Outcome::NotApplicable).collect()
}

pub(super) fn judge(element: &Element, checks: &BTreeMap<Id, CheckResult>) -> ElementResult {
    let parts = parts(element, checks);
    let none_applies = parts.is_empty() && !element.checks.is_empty();
    if element.not_applicable.is_some() || none_applies {
        return ElementResult {
            element: element.id.clone(),
            outcome: Outcome::NotApplicable,
            truth: Outcome::NotApplicable,
            score: None,
            true_score: None,
            evaluated: false,
            evidence: None,
        };
    }
    let standing: Vec<Part<'_>> =
        parts.iter().copied().filter(|(_, c)| c.outcome != Outcome::Waived).collect();
    let truth = truth(&parts);
    let waived = standing.len() < parts.len()
        && truth != Outcome::Met
        && standing.iter().all(|(_, c)| c.truth == Outcome::Met);
    let evaluated = is_evaluated(if standing.is_empty() { &parts } else { &standing });
    let true_score = is_evaluated(&parts).then(|| score(&parts)).flatten();
    ElementResult {
        element: element.id.clone(),
        outcome: if waived { Outcome::Waived } else { truth },
        truth,
        score: evaluated.then(|| never_lifted(score(&standing), score(&parts))).flatten(),
        true_score,
        evaluated,
        evidence: parts.iter().map(|(_, c)| c.evidence).max(),
    }
}

/// The weighted mean of the scored checks.
fn score(parts: &[Part<'_>]) -> Option<Decimal> {
    mean(parts.iter().filter(|(_, c)| c.is_scored()).filter_map(|(w, c)| Some((*w, c.grade?))))
}

/// Checks of at least half the weight are scored.
fn is_evaluated(parts: &[Part<'_>]) -> bool {
    let weight = |scored_only: bool| -> u64 {
        let counted = parts.iter().filter(|(_, c)| !scored_only || c.is_scored());
        counted.map(|(w, _)| u64::from(*w)).sum()
    };
    weight(true) > 0 && weight(true) * 2 >= weight(false)
}

fn truth(parts: &[Part<'_>]) -> Outcome {
    let any = |outcome| parts.iter().any(|(_, c)| c.truth == outcome);
    if parts.is_empty() {
        return Outcome::Unknown;
    }
    if parts.iter().all(|(_, c)| c.truth == Outcome::Met) {
        return Outcome::Met;
    }
    if is_evaluated(parts) {
        let nothing = score(parts).is_none_or(Decimal::is_zero);
        return if nothing { Outcome::NotMet } else { Outcome::PartlyMet };
    }
    let worst = [Outcome::Failed, Outcome::Expired].into_iter().find(|o| any(*o));
    worst.unwrap_or(Outcome::Unknown)
}
