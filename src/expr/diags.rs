//! The words of every mistake that an expression can hold.

use super::places::MAX_BYTES;
use crate::diag::{Diagnostic, near};
use crate::domain::Type;
use crate::text::Place;

pub(super) fn syntax(place: Place, found: &str, expected: Option<&str>) -> Diagnostic {
    let label = match (expected, found) {
        (Some(expected), _) => format!("expected {expected}"),
        (None, "") => String::new(),
        (None, found) => format!("`{found}` cannot stand here"),
    };
    Diagnostic::author("expression-syntax", "the expression cannot be read")
        .at(place)
        .label(label)
        .help("an expression is SQL: `amount > 0 and stage.outcome = 'won'`")
}

pub(super) fn empty(place: Place) -> Diagnostic {
    Diagnostic::author("expression-empty", "the expression is empty")
        .at(place)
        .help("write an expression, or leave the key out")
}

pub(super) fn too_long(place: Place) -> Diagnostic {
    Diagnostic::author(
        "expression-too-long",
        format!("the expression is longer than {} kB", MAX_BYTES / 1024),
    )
    .at(place)
    .help("use `in (…)` for a list of values, or a column of a config table")
}

pub(super) fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::author("expression-too-deep", "the expression is nested too deeply")
        .at(place)
        .help("split it: a metric can be built on other metrics")
}

pub(super) fn not_in_language(place: Place, what: &str, near: Option<&str>) -> Diagnostic {
    let clock = ["now", "today", "current_date", "current_timestamp", "getdate", "sysdate"];
    let chance = ["random", "rand", "uuid", "newid", "gen_random_uuid"];
    let word = what.trim_matches('`');
    let help = if clock.contains(&word) {
        "a rule knows no clock, so that a report can be repeated; give dates, or a period"
    } else if chance.contains(&word) {
        "a rule knows no chance, so that a report can be repeated"
    } else if what == "`::`" {
        "write `cast(… as …)`"
    } else {
        "rules/README.md lists the language under Expressions"
    };
    Diagnostic::author("not-in-the-language", format!("{what} is not in the language of rules"))
        .at(place)
        .near(near)
        .help(help)
}

pub(super) fn unknown_column(
    place: Place,
    dataset: &str,
    name: &str,
    names: &[String],
    quoted: bool,
) -> Diagnostic {
    let found = Diagnostic::author(
        "unknown-column",
        format!("the dataset `{dataset}` has no column `{name}`"),
    )
    .at(place)
    .near(near(name, names.iter().map(String::as_str)));
    if quoted {
        return found.help(format!("text stands in single quotes: '{name}'"));
    }
    if name == dataset {
        return found.help("columns stand without the name of their dataset");
    }
    match names.len() {
        0 => found,
        n if n <= 16 => found.help(format!("its columns are {}", names.join(", "))),
        _ => found.help(format!("declare it under [dataset.{dataset}.columns], or in the feed")),
    }
}

pub(super) fn unknown_metric(place: Place, name: &str, names: &[String]) -> Diagnostic {
    Diagnostic::author("unknown-metric", format!("there is no metric `{name}`"))
        .at(place)
        .near(near(name, names.iter().map(String::as_str)))
        .help("`milepost list metrics` shows every metric")
}

pub(super) fn no_reference(place: Place, dataset: &str, column: &str, step: &str) -> Diagnostic {
    Diagnostic::author(
        "no-reference",
        format!("`{column}` of `{dataset}` references nothing, so it has no `{step}`"),
    )
    .at(place)
    .help(format!("give the column `references = \"DATASET.COLUMN\"`, or write `{column}` alone"))
}

pub(super) fn unknown_value(
    place: Place,
    column: &str,
    value: &str,
    allowed: &[String],
) -> Diagnostic {
    Diagnostic::author("unknown-value", format!("`{column}` is never '{value}'"))
        .at(place)
        .near(near(value, allowed.iter().map(String::as_str)))
        .help(format!("it is one of {}", allowed.join(", ")))
}

pub(super) fn mismatch(place: Place, headline: String, help: &str) -> Diagnostic {
    let found = Diagnostic::author("type-mismatch", headline).at(place);
    if help.is_empty() { found } else { found.help(help) }
}

pub(super) fn mixed_currencies(place: Place, left: Type, right: Type) -> Diagnostic {
    Diagnostic::author(
        "mixed-currencies",
        format!("{} and {} cannot meet in one expression", words(left), words(right)),
    )
    .at(place)
    .help("convert the amounts before they are read; nothing is converted here")
}

pub(super) fn arguments(place: Place, function: &str, form: &str) -> Diagnostic {
    Diagnostic::author("wrong-arguments", format!("`{function}` is not called like this"))
        .at(place)
        .help(format!("its form is `{form}`"))
}

pub(super) fn literal(place: Place, headline: String) -> Diagnostic {
    Diagnostic::author("bad-literal", headline)
        .at(place)
        .help("write numbers as 1250.5, dates as '2026-10-31', moments as '2026-10-31T09:30:00Z'")
}

pub(super) fn compared_with_null(place: Place) -> Diagnostic {
    Diagnostic::author("compared-with-null", "a comparison with null is never true")
        .at(place)
        .help("write `… is null` or `… is not null`")
}

pub(super) fn aggregate_in_row(place: Place, function: &str) -> Diagnostic {
    Diagnostic::author("aggregate-in-row", format!("`{function}` needs many rows, here is one"))
        .at(place)
        .help("make it a metric's value; a row expression sees the columns of one row")
}

pub(super) fn aggregate_of_metrics(place: Place, function: &str) -> Diagnostic {
    Diagnostic::author("aggregate-of-metrics", format!("`{function}` has no rows here"))
        .at(place)
        .help("this expression sees values of metrics: name a metric that holds the aggregate")
}

pub(super) fn nested_aggregate(place: Place, function: &str) -> Diagnostic {
    Diagnostic::author("nested-aggregate", format!("`{function}` stands inside an aggregate"))
        .at(place)
        .help("make the inner one a metric of its own")
}

pub(super) fn column_outside_aggregate(place: Place, column: &str) -> Diagnostic {
    Diagnostic::author(
        "column-outside-aggregate",
        format!("`{column}` has a value per row, but one value is wanted"),
    )
    .at(place)
    .help(format!("put it into an aggregate, such as `count({column})`"))
}

/// A type as people read it.
pub(super) fn words(ty: Type) -> String {
    match ty {
        Type::Money(currency) => format!("money ({})", currency.code()),
        other => other.word().to_owned(),
    }
}
