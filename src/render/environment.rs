//! The template language as we set it: strict, escaped by name, bounded.

use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::{escape, prose};
use crate::catalog::Report;

/// Formats into which data is escaped; a part with any other ending is copied as it stands.
pub(super) const ESCAPED: [&str; 2] = ["html", "md"];

const FUEL: u64 = 10_000_000;

/// The environment of a report's templates, and those that cannot be read, by index.
pub(super) fn build(report: &Report) -> (Environment<'static>, Vec<(usize, Error)>) {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // Gives errors their range. Values of variables, which it also keeps, are never shown.
    environment.set_debug(true);
    environment.set_auto_escape_callback(escape_of);
    environment.set_formatter(print);
    environment.add_function("say", say);
    environment.add_filter("prose", filter_prose);
    environment.add_filter("code", filter_code);
    environment.add_test("link", prose::is_link);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    let mut mistakes = Vec::new();
    for (at, part) in parts(report).into_iter().enumerate() {
        if let Err(mistake) = environment.add_template_owned(part.key, part.text.to_string()) {
            mistakes.push((at, mistake));
        }
    }
    (environment, mistakes)
}

/// A template with the name that others include it by, and the name for messages.
pub(super) struct Part<'a> {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) text: &'a Arc<str>,
}

/// All templates of a report: its mains in their order, then what they include.
pub(super) fn parts(report: &Report) -> Vec<Part<'_>> {
    let mains = report.templates.iter().map(|main| Part {
        key: format!("{}/main.{}.j2", report.id, main.format),
        name: main.name.clone(),
        text: &main.text,
    });
    let rest = report.parts.iter().map(|(key, text)| Part {
        key: key.clone(),
        name: format!("report-templates/{key}"),
        text,
    });
    mains.chain(rest).collect()
}

fn escape_of(name: &str) -> AutoEscape {
    match name.strip_suffix(".j2").and_then(|n| n.rsplit_once('.')) {
        Some((_, "html")) => AutoEscape::Html,
        Some((_, "md")) => AutoEscape::Custom("md".into()),
        _ => AutoEscape::None,
    }
}

/// Prints texts and whole numbers; anything else is a mistake in the template.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        out.write_str(value.as_str().unwrap_or(""))?;
        return Ok(());
    }
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_integer() => value.to_string(),
        None => return Err(unprintable(value)),
    };
    match state.auto_escape() {
        AutoEscape::Html => out.write_str(&escape::html(&text))?,
        AutoEscape::Custom(name) if *name == "md" => out.write_str(&escape::markdown(&text))?,
        _ => {
            let why = "a template without .md or .html in its name cannot print values";
            return Err(Error::new(ErrorKind::InvalidOperation, why));
        }
    }
    Ok(())
}

fn unprintable(value: &Value) -> Error {
    if value.is_undefined() {
        return Error::from(ErrorKind::UndefinedError);
    }
    let why = if value.is_none() {
        "the value is missing, so it cannot be printed".to_owned()
    } else {
        format!("a {} cannot be printed; print one of its parts", value.kind())
    };
    Error::new(ErrorKind::InvalidOperation, why)
}

/// A sentence of the table of words, filled in.
fn say(key: &str, fill: Kwargs) -> Result<String, Error> {
    let mut values = Vec::new();
    for name in fill.args() {
        values.push((name, fill.get::<Value>(name)?.to_string()));
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let text = crate::view::say(key, &values);
    if text == key {
        let why = format!("the table of words has no `{key}`");
        return Err(Error::new(ErrorKind::InvalidOperation, why));
    }
    Ok(text)
}

/// Markdown of a rule, fit for the format; in Markdown at an indent.
fn filter_prose(state: &State<'_, '_>, text: &str, indent: Option<usize>) -> Value {
    Value::from_safe_string(match state.auto_escape() {
        AutoEscape::Html => prose::html(text),
        _ => prose::markdown(text, indent.unwrap_or(0)),
    })
}

/// A text in the type of code.
fn filter_code(state: &State<'_, '_>, text: &str) -> Value {
    Value::from_safe_string(match state.auto_escape() {
        AutoEscape::Html => format!("<code>{}</code>", escape::html(text)),
        _ => escape::markdown_code(text),
    })
}
