//! What moved a product of factors: the totals of both periods, and the part of each factor between them.

use super::chart::Step;
use super::number::shown;
use super::{Facts, Shown, ValueView, time};
use crate::catalog::Metric;
use crate::domain::{Decimal, Period, Status, Value};
use crate::kinds::Making;
use crate::measure::{Key, Reason};
use crate::plan::Rule;

/// A change between two periods, with its parts.
pub(super) struct Bridged {
    /// Of what has changed.
    pub(super) title: String,
    pub(super) earlier: String,
    pub(super) period: String,
    pub(super) then: Shown,
    pub(super) now: Shown,
    pub(super) parts: Vec<(String, Shown)>,
    /// The periods in few letters.
    short: [String; 2],
}

/// The change in the report's period; none of another kind of metric, and none without a value.
pub(super) fn of(facts: &Facts<'_>, rule: &Metric, value: &ValueView) -> Option<Bridged> {
    let Making::Bridge { chain, against } = &rule.body.making else { return None };
    if value.status != "ok" {
        return None;
    }
    let (calendar, as_of) = (&facts.catalog.project.calendar, facts.measurements.as_of);
    let earlier = against.of(facts.period, calendar, as_of.told())?;
    let last = &chain.last()?.metric;
    let total = |period: &Period| {
        let values = facts.measurements.values.get(&Rule::Metric(last.clone()))?;
        let found = values.get(&Key::total(period))?;
        let number = match (found.status, &found.reason) {
            (Status::Ok | Status::TooFew, _) => found.value.number()?,
            // Where there are no rows there was nothing.
            (_, Some(Reason::NoRows { .. })) => Decimal::ZERO,
            _ => return None,
        };
        Some(shown(&Value::Number(number), &rule.unit))
    };
    let (before, here) = (time::period(&earlier, as_of.day), time::period(facts.period, as_of.day));
    let parts = value.figures.iter().map(|figure| (figure.name.clone(), figure.value.clone()));
    Some(Bridged {
        title: facts.catalog.metrics.get(last)?.title.clone(),
        earlier: before.text(),
        period: here.text(),
        then: total(&earlier)?,
        now: total(facts.period)?,
        parts: parts.collect(),
        short: [before.short(), here.short()],
    })
}

/// The steps of a drawing: from the one total to the other.
pub(super) fn steps(bridged: &Bridged) -> Vec<Step> {
    let [before, here] = bridged.short.clone();
    let total = |name: String, value: &Shown| Step { name, value: value.clone(), total: true };
    let parts = bridged.parts.iter().map(|(name, value)| Step {
        name: capital(name),
        value: value.clone(),
        total: false,
    });
    let first = std::iter::once(total(before, &bridged.then));
    first.chain(parts).chain(std::iter::once(total(here, &bridged.now))).collect()
}

fn capital(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
