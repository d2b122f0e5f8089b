//! Why a value or an outcome is missing, in words.

use super::number::count;
use super::time::date;
use super::words::say;
use crate::catalog::Catalog;
use crate::domain::Id;
use crate::judge::Why;
use crate::measure::{Gap, Reason};

/// A sentence without a capital or a full stop.
pub fn reason(catalog: &Catalog, reason: &Reason) -> String {
    match reason {
        Reason::NoRows { population, undeclared: None } => {
            say("reason.no-rows", &[("population", population)])
        }
        Reason::NoRows { population, undeclared: Some(column) } => {
            let fill = [("population", population.as_str()), ("column", column.as_str())];
            say("reason.no-rows-undeclared", &fill)
        }
        Reason::NoneDeclared { target, column, value, base } => {
            let fill = [("target", target.as_str()), ("column", column.as_str())];
            let fill = [fill[0], fill[1], ("value", value), ("base", base.as_str())];
            say("reason.none-declared", &fill)
        }
        Reason::NoFeed { dataset } => say("reason.no-feed", &[("dataset", dataset.as_str())]),
        Reason::NotInFeed { dataset, column } => {
            say("reason.not-in-feed", &[("dataset", dataset.as_str()), ("column", column)])
        }
        Reason::Gaps { gap, of, population } => gaps(gap, *of, population),
        Reason::Formula { text, rows, of, population: p } => {
            formula("reason.formula", text, [*rows, *of], p)
        }
        Reason::Backwards { text, rows, of, population: p } => {
            formula("reason.backwards", text, [*rows, *of], p)
        }
        Reason::NotBegun
        | Reason::NotOver
        | Reason::NoEnd
        | Reason::NoEarlier
        | Reason::AsOfFromData
        | Reason::NoAsOf
        | Reason::BeforeData { .. } => of_time(reason),
        Reason::Currencies { .. } => currencies(catalog, reason),
        Reason::Unplaced { column, undeclared, rows, of, population } => {
            let key = if *undeclared { "reason.unplaced-undeclared" } else { "reason.unplaced" };
            unplaced(key, column, [*rows, *of], population)
        }
        Reason::ZeroDenominator { population } if population.is_empty() => {
            say("reason.zero-divisor", &[])
        }
        Reason::ZeroDenominator { population } => {
            say("reason.zero-denominator", &[("population", population)])
        }
        Reason::TooFew { n, floor } => {
            let (n, floor) = (count(*n).text(), count(u64::from(*floor)).text());
            say("reason.too-few", &[("n", &n), ("floor", &floor)])
        }
        Reason::Part { .. } | Reason::NotSliced { .. } | Reason::NoTarget { .. } => {
            of_metric(catalog, reason)
        }
        Reason::DoubleKeys { dataset, doubled } => {
            let (keys, rows) = (count(doubled.keys).text(), count(doubled.rows).text());
            let fill = [("dataset", dataset.as_str()), ("column", doubled.column.as_str())];
            say("reason.double-keys", &[fill[0], fill[1], ("keys", &keys), ("rows", &rows)])
        }
        Reason::Overflow => say("reason.overflow", &[]),
        Reason::FeedFailed { feed } => say("reason.feed-failed", &[("feed", feed.as_str())]),
    }
}

/// Of a metric that a value is made from, or wanted of.
fn of_metric(catalog: &Catalog, reason: &Reason) -> String {
    match reason {
        Reason::Part { metric, because: None } => {
            say("reason.part", &[("metric", &title(catalog, metric))])
        }
        Reason::Part { metric, because: Some(because) } => {
            let (metric, because) = (title(catalog, metric), self::reason(catalog, because));
            say("reason.part-because", &[("metric", &metric), ("because", &because)])
        }
        Reason::NotSliced { metric, dimension } => {
            let metric = title(catalog, metric);
            say("reason.not-sliced", &[("metric", &metric), ("dimension", dimension.as_str())])
        }
        Reason::NoTarget { metric } => {
            say("reason.no-target", &[("metric", &title(catalog, metric))])
        }
        _ => String::new(),
    }
}

fn formula(key: &str, text: &str, counts: [u64; 2], population: &str) -> String {
    let [rows, of] = counts.map(|n| count(n).text());
    let fill = [("formula", text), ("rows", &rows), ("of", &of), ("population", population)];
    say(key, &fill)
}

/// Of a period that has no such value.
fn of_time(reason: &Reason) -> String {
    if let Reason::BeforeData { first } = reason {
        return say("reason.before-data", &[("date", &date(*first))]);
    }
    let key = match reason {
        Reason::NotBegun => "reason.not-begun",
        Reason::NotOver => "change.not-over-by-data",
        Reason::NoEnd => "reason.no-end",
        Reason::AsOfFromData => "reason.as-of-from-data",
        Reason::NoAsOf => "reason.no-as-of",
        _ => "reason.no-earlier",
    };
    say(key, &[])
}

/// Of amounts in several currencies.
fn currencies(catalog: &Catalog, reason: &Reason) -> String {
    let Reason::Currencies { column, currencies, rows, of, population } = reason else {
        return String::new();
    };
    let (rows, of) = (count(*rows).text(), count(*of).text());
    let key = match (currencies.is_empty(), catalog.has_rates()) {
        _ if of == "0" => "reason.currencies-elsewhere",
        (true, _) => "reason.currency-signs",
        (false, true) => "reason.no-rate",
        (false, false) => "reason.currencies",
    };
    let fill = [
        ("column", column.as_str()),
        ("currencies", currencies),
        ("rows", &rows),
        ("of", &of),
        ("population", population),
        ("own", catalog.project.currency.code()),
    ];
    say(key, &fill)
}

fn unplaced(key: &str, column: &str, [rows, of]: [u64; 2], population: &str) -> String {
    let (rows, of) = (count(rows).text(), count(of).text());
    let fill = [("column", column), ("rows", &rows), ("of", &of), ("population", population)];
    say(key, &fill)
}

/// "amount is blank on 3 and unreadable on 1 of 20 won deals".
fn gaps(gap: &Gap, of: u64, population: &str) -> String {
    let (told, of) = (kinds(gap), count(of).text());
    let fill = [("column", gap.column.as_str()), ("gaps", &told)];
    let key = if gap.undeclared > 0 { "reason.gaps-open" } else { "reason.gaps" };
    say(key, &[fill[0], fill[1], ("of", &of), ("population", population)])
}

/// "blank on 3 and unreadable on 1".
pub(super) fn kinds(gap: &Gap) -> String {
    let kinds = [
        ("gap.blank", gap.blank),
        ("gap.rejected", gap.rejected),
        ("gap.undeclared", gap.undeclared),
        ("gap.foreign", gap.foreign),
    ];
    let told = kinds.iter().filter(|(_, n)| *n > 0);
    let told: Vec<String> = told.map(|(key, n)| say(key, &[("n", &count(*n).text())])).collect();
    told.join(&say("gap.and", &[]))
}

fn title(catalog: &Catalog, metric: &Id) -> String {
    catalog.metrics.get(metric).map_or_else(|| metric.to_string(), |m| m.title.clone())
}

/// Why a check has no grade.
pub fn why(catalog: &Catalog, why: &Why) -> String {
    match why {
        Why::Value(value) => reason(catalog, value),
        Why::NotMeasured => say("reason.not-measured", &[]),
        Why::NoAnswer => say("reason.no-answer", &[]),
        Why::Expired { on } => say("reason.expired", &[("date", &date(*on))]),
        Why::ExpiryUnknown => say("reason.expiry-unknown", &[]),
        Why::NotYet { date: day } => say("reason.not-yet", &[("date", &date(*day))]),
        Why::NothingDeclared { dataset } => {
            say("reason.nothing-declared", &[("dataset", dataset.as_str())])
        }
        Why::NoRows { dataset } => {
            say("reason.no-rows-to-answer", &[("dataset", dataset.as_str())])
        }
    }
}
