//! Of answers and waivers.

use super::{listed, near_or_known};
use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::Id;
use crate::text::Place;

pub(in crate::catalog) fn word_not_on_scale(check: &Id, word: &Text, words: &[&str]) -> Diagnostic {
    let headline = format!("`{}` is no grade of check `{check}`", word.text);
    Diagnostic::author("word-not-on-scale", headline)
        .at(word.place())
        .near(near(&word.text, words.iter().copied()))
        .help(format!("its grades are {}", listed(words.iter().copied())))
}

pub(in crate::catalog) fn answer_for_whom(check: &Id, dataset: &Id, place: Place) -> Diagnostic {
    let headline = format!("check `{check}` is answered for each {dataset} by itself");
    Diagnostic::author("answer-for-whom", headline)
        .at(place)
        .help(format!("add `for = \"…\"` with the id of a {dataset}, one answer each"))
}

pub(in crate::catalog) fn answer_for_nobody(check: &Id, place: Place) -> Diagnostic {
    Diagnostic::author("answer-for-nobody", format!("check `{check}` is answered as a whole"))
        .at(place)
        .help("delete `for`")
}

pub(in crate::catalog) fn unknown_subject<'a>(
    dataset: &Id,
    subject: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("there is no {dataset} `{}` to speak for", subject.text);
    let found = Diagnostic::author("unknown-subject", headline).at(subject.place());
    near_or_known(found, &subject.text, known)
}

pub(in crate::catalog) fn speaks_of_no_element(
    what: &str,
    check: &Id,
    place: &Place,
) -> Diagnostic {
    let headline = format!("no framework asks check `{check}`, so this {what} changes nothing");
    Diagnostic::warning("speaks-of-no-element", headline)
        .at(place.clone())
        .help("delete it, or add the check to an element")
}
