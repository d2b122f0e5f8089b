//! What is known of a period: nothing before the data begin, nothing after they end, and not all while texts that
//! filters look something up by are declared by nothing.

use super::number::none;
use super::phrase::Said;
use super::time::date;
use super::value::compared;
use super::words::{first_of, say};
use super::{Facts, ValueView};
use crate::catalog::{Metric, Occurred};
use crate::domain::{Day, Id, Period, Status};
use crate::measure::Key;
use crate::measure::StrayText;
use crate::rel::{Op, Rel};

/// A metric's value for a report; none where it was not measured.
pub(super) fn told(facts: &Facts<'_>, metric: &Metric, key: &Key) -> Option<ValueView> {
    let mut view = compared(facts, metric, key)?;
    let nothing = view.n.is_zero() && matches!(view.status, "ok" | "no-data");
    if let Some(why) = outside(facts, metric, &key.period).filter(|_| nothing) {
        (view.status, view.value, view.reason) = ("no-data", none(), Some(why));
        view.text = Said { status: Status::NoData, value: none() };
        (view.figures, view.comparisons, view.target) = (Vec::new(), Vec::new(), None);
    }
    view.caveat = caveat(facts, metric);
    Some(view)
}

/// Why nothing is known of a period, if nothing is.
pub(super) fn outside(facts: &Facts<'_>, metric: &Metric, period: &Period) -> Option<String> {
    let begins = facts.first_day(metric).filter(|first| period.to.is_some_and(|to| to < *first));
    if let Some(first) = begins {
        return Some(say("reason.before-data", &[("date", &date(first))]));
    }
    let ends = last_day(facts, metric).filter(|last| period.from.is_some_and(|from| from > *last));
    ends.map(|last| say("reason.after-data", &[("date", &date(last))]))
}

/// Whether an earlier period is known only in part, or not at all: the data begin well behind its first day.
pub(super) fn begins_within(first: Day, period: &Period) -> bool {
    let Some(from) = period.from else { return false };
    let days = period.to.map_or(0, |to| to.0 - from.0 + 1);
    first.0 - from.0 > (days / 10).max(7)
}

/// The last day on which anything is known to have happened in the rows that a metric counts; none where that is
/// not known.
fn last_day(facts: &Facts<'_>, metric: &Metric) -> Option<Day> {
    let Some(population) = &metric.body.population else {
        return facts.parts(metric).filter_map(|part| last_day(facts, part)).max();
    };
    population.time.as_ref()?;
    let dataset = facts.catalog.datasets.get(&population.dataset)?;
    let mut last = None;
    for column in &dataset.columns {
        let read = facts.measurements.last_day(&dataset.id, &column.id);
        last = last.max(match column.occurred {
            Occurred::No => None,
            Occurred::Always => read,
            Occurred::When(_) => {
                let key = (dataset.id.clone(), column.id.clone());
                let happened = facts.measurements.happened.get(&key).copied();
                if read.is_some() && happened.is_none() {
                    // Nobody watched it, or nothing happened at all.
                    return None;
                }
                happened
            }
        });
    }
    last
}

/// The texts of a column that filters look something up by, and that nothing declares.
pub(super) fn caveat(facts: &Facts<'_>, metric: &Metric) -> Option<String> {
    const SHOWN: usize = 3;
    let (column, texts) = undeclared(facts, metric)?;
    let names: Vec<String> = texts.iter().map(|stray| stray.text.to_string()).collect();
    let fill = [("column", column.as_str()), ("texts", &first_of(&names, SHOWN))];
    Some(say("reason.undeclared", &fill))
}

fn undeclared<'a>(facts: &Facts<'a>, metric: &Metric) -> Option<(Id, &'a [StrayText])> {
    let arena = &facts.catalog.arena;
    let Some(population) = &metric.body.population else {
        return facts.parts(metric).find_map(|part| undeclared(facts, part));
    };
    let mut exprs: Vec<_> = population.filter.into_iter().collect();
    if let Some(Rel::Cube { aggregates, .. }) = &metric.body.rel {
        let filters = aggregates.iter().filter_map(|id| match &arena.get(*id).op {
            Op::Aggregate { filter, .. } => *filter,
            _ => None,
        });
        exprs.extend(filters);
    }
    let columns = exprs.into_iter().flat_map(|expr| arena.columns(expr));
    columns.filter(|path| path.is_lookup()).find_map(|path| {
        let key = (path.dataset.clone(), path.base().clone());
        let strays = facts.measurements.undeclared.get(&key)?;
        Some((key.1, strays.texts.as_slice()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_may_lack_at_the_start_of_a_month_and_a_tenth_of_a_year() {
        let period = |from: &str, to: &str| Period {
            from: Day::parse(from),
            to: Day::parse(to),
            label: "p".into(),
        };
        let first = |day: &str| Day::parse(day).unwrap();
        let month = period("2026-03-01", "2026-03-31");
        assert!(!begins_within(first("2026-03-08"), &month));
        assert!(begins_within(first("2026-03-09"), &month));
        let year = period("2026-01-01", "2026-12-31");
        assert!(!begins_within(first("2026-02-01"), &year));
        assert!(begins_within(first("2026-03-01"), &year));
    }
}
