//! The words of this stage's mistakes.

use crate::diag::{Diagnostic, near};
use crate::text::{Place, Span};

fn at(span: Span) -> Place {
    Place::Text(span)
}

/// `first` is where a key that stands twice stood first.
pub(super) fn toml_syntax(span: Span, message: &str, first: Option<Span>) -> Diagnostic {
    let found =
        Diagnostic::author("toml-syntax", format!("this is not TOML: {message}")).at(at(span));
    match first {
        Some(first) => found.label("the second").also(at(first), "the first"),
        None => found,
    }
}

pub(super) fn number_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::author("number-out-of-range", "this number is out of range")
        .at(at(span))
        .help("use a finite number of at most 18 digits before the point and 30 behind it")
}

pub(super) fn wrong_type(
    what: &str,
    key: &str,
    expected: &str,
    found: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::author("wrong-type", format!("`{key}` of {what} must be {expected}"))
        .at(at(span))
        .label(format!("this is {found}"))
}

pub(super) fn wrong_entry(
    what: &str,
    key: &str,
    expected: &str,
    found: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::author("wrong-entry", format!("each entry of `{key}` of {what} must be {expected}"))
        .at(at(span))
        .label(format!("this is {found}"))
}

pub(super) fn value_out_of_bounds(what: &str, key: &str, bounds: &str, span: Span) -> Diagnostic {
    Diagnostic::author("value-out-of-bounds", format!("`{key}` of {what} must be {bounds}"))
        .at(at(span))
}

pub(super) fn empty_text(what: &str, key: &str, span: Span) -> Diagnostic {
    Diagnostic::author("empty-text", format!("`{key}` of {what} is empty"))
        .at(at(span))
        .help(format!("write it, or leave `{key}` out where it may be left out"))
}

/// One mistake for all keys that a table lacks.
pub(super) fn missing_key(what: &str, missing: &[(String, String)], header: Span) -> Diagnostic {
    let names: Vec<String> = missing.iter().map(|(key, _)| format!("`{key}`")).collect();
    let found = Diagnostic::author("missing-key", format!("{what} has no {}", names.join(", ")))
        .at(at(header));
    match missing {
        [(key, expected)] => found.help(format!("add `{key}`: {expected}")),
        _ => found.help("add these keys below the header"),
    }
}

pub(super) fn unknown_key(what: &str, key: &str, known: &[&str], span: Span) -> Diagnostic {
    let diagnostic =
        Diagnostic::author("unknown-key", format!("{what} has no key `{key}`")).at(at(span));
    match near(key, known.iter().copied()) {
        Some(name) => diagnostic.near(Some(name)),
        None => diagnostic.help(format!("known here: {}", list(known))),
    }
}

pub(super) fn unknown_word(
    what: &str,
    key: &str,
    word: &str,
    known: &[&str],
    span: Span,
) -> Diagnostic {
    Diagnostic::author("unknown-word", format!("`{word}` is no `{key}` of {what}"))
        .at(at(span))
        .near(near(word, known.iter().copied()))
        .help(format!("it is one of {}", list(known)))
}

fn list(known: &[&str]) -> String {
    let mut names: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}
