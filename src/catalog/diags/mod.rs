//! The words of this stage's mistakes.

mod data;
mod feeds;
mod people;
mod plans;
mod rates;
mod rules;

pub(super) use data::*;
pub(super) use feeds::*;
pub(super) use people::*;
pub(super) use plans::*;
pub(super) use rates::*;
pub(super) use rules::*;

use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::{FiscalWeeksError, Id};
use crate::text::{Place, Span};

/// `a`, `b`, `c`; cut where there are many.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    match all.len() {
        0 => "none".to_owned(),
        1..=12 => all.join(", "),
        n => format!("{} and {} more", all[..12].join(", "), n - 12),
    }
}

/// Adds the near name, or else what is there.
fn near_or_known<'a>(
    diagnostic: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    match near(name, known.iter().copied()) {
        Some(near) => diagnostic.near(Some(near)),
        None => diagnostic.help(format!("there are {}", listed(known))),
    }
}

pub(in crate::catalog) fn unknown_reference<'a>(
    table: &str,
    name: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let found =
        Diagnostic::author("unknown-reference", format!("there is no {table} `{}`", name.text))
            .at(name.place());
    near_or_known(found, &name.text, known)
}

pub(in crate::catalog) fn disabled_is_needed(
    table: &str,
    name: &Text,
    user: &str,
    disabled: Span,
) -> Diagnostic {
    let headline = format!("{table} `{}` is disabled, but {user} needs it", name.text);
    Diagnostic::author("disabled-is-needed", headline)
        .at(Place::Text(disabled))
        .also(name.place(), "needed here")
        .help("disable what needs it as well, or neither")
}

pub(in crate::catalog) fn id_form(
    what: &str,
    id: &str,
    form: &str,
    joint: char,
    span: Span,
) -> Diagnostic {
    let mut better = String::new();
    for c in id.to_lowercase().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => better.push(c),
            _ if better.is_empty() || better.ends_with(joint) => {}
            _ => better.push(joint),
        }
    }
    let better = better.trim_end_matches(joint);
    let found = Diagnostic::author("id-form", format!("{what} `{id}` is not in {form}"))
        .at(Place::Text(span));
    if better.is_empty() || !id.is_ascii() {
        found
    } else {
        found.help(format!("write `{better}`"))
    }
}

pub(in crate::catalog) fn dates_out_of_order(
    late: &str,
    early: &str,
    late_place: Place,
    early_place: Place,
) -> Diagnostic {
    Diagnostic::author("dates-out-of-order", format!("`{late}` lies before `{early}`"))
        .at(late_place)
        .also(early_place, format!("`{early}`"))
        .help("swap or correct the two dates")
}

pub(in crate::catalog) fn report_option(key: &str, span: Span) -> Diagnostic {
    let headline = format!("`[report]` has no `{key}` of this form");
    Diagnostic::author("report-option", headline).at(Place::Text(span)).help(
        "write `rows = \"none\"`, `\"keys\"` or `\"full\"`, or `[report.<id>]` for one report",
    )
}

pub(in crate::catalog) fn unknown_currency(text: &Text, near: Option<&str>) -> Diagnostic {
    let headline = format!("`{}` is not a currency's code", text.text);
    Diagnostic::author("unknown-currency", headline)
        .at(text.place())
        .near(near)
        .help("write the three capital letters of ISO 4217, such as `EUR`")
}

pub(in crate::catalog) fn business_hours(place: Place) -> Diagnostic {
    Diagnostic::author("business-hours-form", "`business-hours` of the project cannot be read")
        .at(place)
        .help(
            "write { from = \"09:00\", to = \"17:00\", days = [\"monday\", \"friday\"], holidays = [2026-01-01] }",
        )
}

pub(in crate::catalog) fn fiscal_weeks(
    error: Option<FiscalWeeksError>,
    place: Place,
) -> Diagnostic {
    let headline = match error {
        None => "`fiscal-years` of the project is no table of first days".to_owned(),
        Some(FiscalWeeksError::Quarter) => {
            "`fiscal-weeks` are not three numbers of weeks that make 13, a quarter".to_owned()
        }
        Some(FiscalWeeksError::TooFew) => {
            "`fiscal-years` needs two first days at least: the last one ends the year before it"
                .to_owned()
        }
        Some(FiscalWeeksError::Gap(year)) => {
            format!("the fiscal year {year} does not follow the one before it")
        }
        Some(FiscalWeeksError::Length(year)) => {
            format!("the fiscal year {year} does not have 52 or 53 whole weeks")
        }
    };
    Diagnostic::author("fiscal-years-form", headline).at(place).help(
        "write fiscal-years = { 2026 = 2026-02-01, 2027 = 2027-01-31 } and fiscal-weeks = [4, 4, 5]",
    )
}

pub(in crate::catalog) fn two_fiscal_years(place: Place) -> Diagnostic {
    Diagnostic::author(
        "two-fiscal-years",
        "the project has a table of fiscal years and a month in which they start",
    )
    .at(place)
    .help("keep `fiscal-years`, or `fiscal-year-start`")
}

pub(in crate::catalog) fn unknown_zone<'a>(
    text: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("`{}` is not a time zone", text.text);
    let known: Vec<&str> = known.into_iter().collect();
    // People write the city alone.
    let city = known.iter().find(|z| z.rsplit('/').next() == Some(&*text.text)).copied();
    Diagnostic::author("unknown-time-zone", headline)
        .at(text.place())
        .near(city.or_else(|| near(&text.text, known)))
        .help("write the zone as the IANA database does, such as `Europe/Berlin`")
}

pub(in crate::catalog) fn crossing_form(what: &str, place: Place) -> Diagnostic {
    let headline = format!("each entry of `by` of {what} is a dimension or a list of them");
    Diagnostic::author("crossing-form", headline)
        .at(place)
        .help("write `by = [\"channel\", [\"channel\", \"owner\"]]`: side by side, and crossed")
}

pub(in crate::catalog) fn unused_dimension(id: &Id, place: &Place) -> Diagnostic {
    Diagnostic::warning("unused-dimension", format!("no report slices by dimension `{id}`"))
        .at(place.clone())
        .help("name it in `by` of a report, or delete it")
}

pub(in crate::catalog) fn unused_metric(id: &Id, place: &Place) -> Diagnostic {
    Diagnostic::warning("unused-metric", format!("no report, check or metric uses metric `{id}`"))
        .at(place.clone())
        .help("name it in `metrics` of a report, or delete it")
}

pub(in crate::catalog) fn unread_feed(id: &Id, dataset: &Id, place: &Place) -> Diagnostic {
    let headline = format!("no rule reads dataset `{dataset}` of feed `{id}`");
    Diagnostic::warning("unread-feed", headline)
        .at(place.clone())
        .help("delete the feed, or add a pack or rule that reads the dataset")
}
