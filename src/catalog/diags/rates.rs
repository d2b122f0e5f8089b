//! Mistakes about rates of currencies.

use super::listed;
use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::{Id, Type};
use crate::text::Place;

pub(in crate::catalog) fn rate_at_of_no_rows(what: &str, text: &Text) -> Diagnostic {
    let headline = format!("{what} counts no rows itself, so it converts no amounts");
    Diagnostic::author("rate-at-of-no-rows", headline)
        .at(text.place())
        .help("say `rate-at` of the metrics that it is made of")
}

pub(in crate::catalog) fn rate_at_unknown<'a>(
    dataset: &Id,
    text: &Text,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let headline = format!("`{}` is no day to take a rate of, and no date of {dataset}", text.text);
    Diagnostic::author("rate-at-unknown", headline)
        .at(text.place())
        .near(near(&text.text, known.clone()))
        .help(format!("known are {}", listed(known)))
}

pub(in crate::catalog) fn rates_column<'a>(
    dataset: &Id,
    text: &Text,
    wanted: Type,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let headline = format!("`{}` is no column of {dataset} with a {}", text.text, wanted.word());
    Diagnostic::author("rates-column", headline)
        .at(text.place())
        .near(near(&text.text, known.clone()))
        .help(format!("such are {}", listed(known)))
}

pub(in crate::catalog) fn rates_without_rate(dataset: &Id, place: Place) -> Diagnostic {
    let headline = format!("the rates of {dataset} have no column of numbers");
    Diagnostic::author("rates-without-rate", headline).at(place).help(
        "name `worth`, what one unit is worth in the project's currency, or `units`, how many units one of that buys",
    )
}
