//! Outcomes of checks, scores of elements, levels of frameworks, and what to do next.
//!
//! A pure function of catalog and measurements: reads no data, knows no clock, has no words for people. Unknown
//! is never met and never zero; a waiver never unlocks a level nor lifts a score.

mod answers;
mod check;
mod element;
mod framework;
mod grade;
mod model;
mod next;
mod plans;
mod rows;
mod targets;
#[cfg(test)]
mod tests;

pub use check::looks_at;
pub use model::*;
pub use targets::{Scope, Target, Targets};

use crate::catalog::Catalog;
use crate::domain::{Decimal, Outcome, Period};
use crate::measure::Measurements;

/// Digits kept of grades, scores and shares.
const SCALE: u8 = 6;

/// What every judgement looks at.
#[derive(Clone, Copy)]
struct Bench<'a> {
    catalog: &'a Catalog,
    measurements: &'a Measurements,
    period: &'a Period,
}

/// Judges every check and framework of the catalog in a period.
///
/// Values are looked up as `Rule::Check` in the period, or in all of time where the check says so.
pub fn judge(catalog: &Catalog, measurements: &Measurements, period: &Period) -> Assessment {
    let bench = Bench { catalog, measurements, period };
    let mut assessment = Assessment::default();
    for (id, rule) in &catalog.checks {
        let result = check::judge(bench, rule, &mut assessment.findings);
        if rule.contradiction && matches!(result.outcome, Outcome::PartlyMet | Outcome::NotMet) {
            assessment.contradictions.push(id.clone());
        }
        assessment.checks.insert(id.clone(), result);
    }
    for (id, rule) in &catalog.frameworks {
        let result = framework::judge(catalog, rule, &assessment.checks);
        assessment.frameworks.insert(id.clone(), result);
    }
    assessment
}

/// The weighted mean; none without weight.
fn mean(parts: impl Iterator<Item = (u32, Decimal)>) -> Option<Decimal> {
    let (mut sum, mut weight) = (Decimal::ZERO, 0u64);
    for (w, grade) in parts {
        sum = sum.checked_add(grade.checked_mul(Decimal::from(u64::from(w))).ok()?).ok()?;
        weight += u64::from(w);
    }
    sum.checked_div(Decimal::from(weight), SCALE).ok()
}

/// The smaller of two scores that may be missing: a waiver may leave a mean, but not lift it.
fn never_lifted(without: Option<Decimal>, with: Option<Decimal>) -> Option<Decimal> {
    match (without, with) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
