//! The words of mistakes that kinds find.

use super::Written;
use crate::diag::Diagnostic;
use crate::domain::Type;
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
