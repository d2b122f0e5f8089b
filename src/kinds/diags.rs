//! The words of mistakes that kinds find.

use super::Written;
use crate::diag::Diagnostic;
use crate::domain::{Type, Unit};
use crate::text::Place;

pub(super) fn not_a_time(column: &Written, found: Type) -> Diagnostic {
    let headline = format!("`{}` is {}, not a date", column.text, found.word());
    Diagnostic::author("not-a-time", headline)
        .at(Place::Text(column.span))
        .help("name a column of type `date` or `datetime`")
}

pub(super) fn bounds_out_of_order(what: &str, place: Place, at_least: bool) -> Diagnostic {
    let (side, way) = if at_least { ("below", "higher") } else { ("above", "lower") };
    Diagnostic::author("bounds-out-of-order", format!("`zero` and `met` of {what} are swapped"))
        .at(place)
        .help(format!("where {way} is better, `zero` lies {side} `met` or is equal to it"))
}

pub(super) fn one_slice_only(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author(
        "one-slice-only",
        format!("`slice` of {what} names more or less than one member"),
    )
    .at(place)
    .help("write one dimension and one member: slice = { channel = \"paid-search\" }")
}

pub(super) fn empty_scale(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("scale-without-words", format!("`scale` of {what} has no words"))
        .at(place)
        .help("give each word its grade: scale = { none = 0, some = 0.5, full = 1 }")
}

pub(super) fn covers_without_dates(what: &str, place: Place) -> Diagnostic {
    let headline = format!("`covers` of {what} does not say from when to when");
    Diagnostic::author("covers-without-dates", headline)
        .at(place)
        .help("name the two date columns of the other dataset with `in-from` and `in-to`")
}

pub(super) fn not_a_condition(text: &Written, found: Type) -> Diagnostic {
    let headline = format!("the expression gives {}, not true or false", found.word());
    Diagnostic::author("not-a-condition", headline)
        .at(Place::Text(text.span))
        .help("compare metrics: `lead_to_win <= win_rate`")
}

pub(super) fn not_a_unit_of_time(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author(
        "not-a-unit-of-time",
        format!("{what} is a duration, and its unit is not one of time"),
    )
    .at(place)
    .help("write unit = \"days\", \"hours\" or \"minutes\"")
}

pub(super) fn days_have_no_hours(text: &Written, unit: &Unit) -> Diagnostic {
    let unit = if *unit == Unit::Hours { "hours" } else { "minutes" };
    let headline =
        format!("`{}` is a date without a time of day, so {unit} cannot be told", text.text);
    Diagnostic::author("days-have-no-hours", headline)
        .at(Place::Text(text.span))
        .help("write unit = \"days\", or name a column of type `datetime`")
}

pub(super) fn no_business_hours(what: &str, place: Place) -> Diagnostic {
    let headline = format!("{what} counts business hours, and the project declares none");
    Diagnostic::author("no-business-hours", headline)
        .at(place)
        .help("add to [project]: business-hours = { from = \"09:00\", to = \"17:00\" }")
}

pub(super) fn chain_length(what: &str, place: Place, most: usize) -> Diagnostic {
    Diagnostic::author("chain-length", format!("the chain of {what} is too short or too long"))
        .at(place)
        .help(format!("name 2 to {most} metrics, each with its factor"))
}

pub(super) fn not_a_link(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author(
        "not-a-link",
        format!("a link of the chain of {what} is not a metric with its factor"),
    )
    .at(place)
    .help("write { metric = \"won_deals\", factor = \"conversion\" }")
}
