//! The words of mistakes that only the whole run can see.

use std::sync::Arc;

use crate::diag::{self, Diagnostic};
use crate::disk::FileError;
use crate::domain::{Day, PeriodError};
use crate::measure::Lone;
use crate::text::Place;
use crate::view::ContradictionView;

pub(super) fn no_folder(name: &str) -> Diagnostic {
    Diagnostic::author("no-such-folder", format!("there is no folder `{name}`"))
        .at(Place::File(Arc::from(name)))
        .help("name the folder that holds milepost.toml")
}

pub(super) fn unreadable(name: &str, error: &FileError) -> Diagnostic {
    let why = match error {
        FileError::NotUtf8(at) => format!("byte {} is not UTF-8", at + 1),
        FileError::TooLarge(most) => format!("it is larger than {most} bytes"),
        FileError::Outside => "it lies outside the project".to_owned(),
        FileError::Missing => "it is gone".to_owned(),
        FileError::NotAFile | FileError::Fault(_) => "it is not a file".to_owned(),
    };
    Diagnostic::author("unreadable-config", format!("`{name}` cannot be read: {why}"))
        .at(Place::File(Arc::from(name)))
        .help("save it as UTF-8 text, or name its folder in `[project] ignore`")
}

pub(super) fn outside_fiscal_years(
    day: Day,
    first: Day,
    last: Day,
    place: Option<Place>,
) -> Diagnostic {
    let headline =
        format!("the as-of date {day} is in none of the project's fiscal years, {first} to {last}");
    Diagnostic::author("outside-fiscal-years", headline)
        .at(place)
        .help("add the year to `fiscal-years`, and the first day of the one after it")
}

pub(super) fn lone_as_of(day: Day, lone: &Lone) -> Diagnostic {
    let Lone { before, rows, dataset, column } = lone;
    let rows = diag::rows(*rows);
    let headline = format!(
        "the as-of date {day} stands alone: only {rows} after {before}, the newest by `{dataset}.{column}`"
    );
    Diagnostic::warning("lone-as-of", headline)
        .help("if that is a slip, correct it in the export")
        .help(format!("or say which day the export speaks of: `as-of = {before}` in [project]"))
}

pub(super) fn bad_period(error: &PeriodError) -> Diagnostic {
    let (headline, help) = error.0.split_once("; ").unwrap_or((&error.0, ""));
    Diagnostic::author("bad-period", headline).at(Place::Flag("--period".into())).help(help)
}

/// What should be true of the exports, and is not.
pub(super) fn contradiction(found: &ContradictionView, check: &str) -> Diagnostic {
    Diagnostic::warning("contradiction", format!("{}: {}", found.title, found.text))
        .help(found.next.clone())
        .help(format!("`milepost explain {check} --rows` shows what it rests on"))
}
