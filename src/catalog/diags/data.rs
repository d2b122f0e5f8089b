//! Of datasets, columns, rows and feeds.

use super::{listed, near_or_known};
use crate::catalog::{Column, Dataset, Feed, FeedColumn};
use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::{Id, Type};
use crate::text::{Place, Span};

pub(in crate::catalog) fn column_is_no_table(what: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::author("column-is-no-table", format!("{what} must be a table"))
        .at(Place::Text(span))
        .label(format!("this is {found}"))
        .help("write `name = { type = \"text\" }`")
}

pub(in crate::catalog) fn list_in_feed(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("list-in-feed", format!("{what} cannot be a list"))
        .at(place)
        .help("a cell holds one value; lists belong to datasets with `config = true`")
}

pub(in crate::catalog) fn misplaced_option(
    what: &str,
    option: &str,
    needs: &str,
    place: Place,
) -> Diagnostic {
    Diagnostic::author("misplaced-option", format!("`{option}` of {what} needs {needs}"))
        .at(place)
        .help(format!("change the column's `type`, or delete `{option}`"))
}

pub(in crate::catalog) fn reference_without_key(target: &Id, text: &Text) -> Diagnostic {
    let headline = format!("`{target}` has no key, so nothing can reference it");
    Diagnostic::author("reference-without-key", headline)
        .at(text.place())
        .help(format!("mark one column of `{target}` with `key = true`"))
}

pub(in crate::catalog) fn reference_not_to_key(target: &Id, key: &Id, text: &Text) -> Diagnostic {
    let headline = format!("`{}` does not name the key of `{target}`", text.text);
    Diagnostic::author("reference-not-to-key", headline)
        .at(text.place())
        .help(format!("write `{target}.{key}`"))
}

pub(in crate::catalog) fn reference_type(
    what: &str,
    own: Option<Type>,
    key: Type,
    text: &Text,
) -> Diagnostic {
    let own = own.map_or("unknown", Type::word);
    let headline = format!("{what} is {own}, the key that it references is {}", key.word());
    Diagnostic::author("reference-type", headline)
        .at(text.place())
        .help("give both the same `type`")
}

pub(in crate::catalog) fn lookup_cycle(circle: &str, span: Span) -> Diagnostic {
    Diagnostic::author("lookup-cycle", format!("look-ups go in a circle: {circle}"))
        .at(Place::Text(span))
        .help("leave out `references` on one of these columns; its values stay as they are")
}

pub(in crate::catalog) fn row_cycle(column: &Column, circle: &str, span: Span) -> Diagnostic {
    Diagnostic::author("row-cycle", format!("`{}` goes in a circle: {circle}", column.id))
        .at(Place::Text(span))
        .help("change or leave out one of these lines")
}

pub(in crate::catalog) fn after_no_date<'a>(
    column: &Id,
    earlier: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline =
        format!("`after` of `{column}` names `{}`, which is no date of this dataset", earlier.text);
    let found = Diagnostic::author("after-no-date", headline).at(earlier.place());
    near_or_known(found, &earlier.text, known)
}

pub(in crate::catalog) fn last_by_unknown<'a>(
    dataset: &Dataset,
    written: &Text,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("`on-duplicate` names `{name}`, which is no column of `{}`", dataset.id);
    let found = Diagnostic::author("last-by-no-column", headline).at(written.place());
    near_or_known(found, name, known)
}

pub(in crate::catalog) fn on_duplicate_unknown(written: &Text) -> Diagnostic {
    let headline = format!("`{}` is no way to treat rows of one key", written.text);
    Diagnostic::author("on-duplicate-form", headline)
        .at(written.place())
        .help("known: `error`, `first`, `last-by COLUMN`")
}

pub(in crate::catalog) fn second_key(dataset: &Id, second: Span, first: Span) -> Diagnostic {
    Diagnostic::author("second-key", format!("dataset `{dataset}` has two keys"))
        .at(Place::Text(second))
        .label("the second")
        .also(Place::Text(first), "the first")
        .help("a key is one column; leave `key` out of the other")
}

pub(in crate::catalog) fn config_without_key(dataset: &Id, span: Span) -> Diagnostic {
    Diagnostic::author(
        "config-without-key",
        format!("dataset `{dataset}` is config and has no key"),
    )
    .at(Place::Text(span))
    .help("add `id = { type = \"text\", key = true }`; the tables' names fill it")
}

pub(in crate::catalog) fn config_key_is_no_text(dataset: &Id, span: Span) -> Diagnostic {
    let headline = format!("the key of dataset `{dataset}` must be text");
    Diagnostic::author("config-key-is-no-text", headline)
        .at(Place::Text(span))
        .help("the tables' names fill it")
}

pub(in crate::catalog) fn config_only(option: &str, dataset: &Id, place: Place) -> Diagnostic {
    let headline = format!("`{option}` is for config datasets, and `{dataset}` comes from feeds");
    Diagnostic::author("config-only", headline)
        .at(place)
        .help(format!("add `config = true`, or delete `{option}`"))
}

pub(in crate::catalog) fn spellings_no_list<'a>(
    dataset: &Id,
    text: &Text,
    lists: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("`{}` is no list column of dataset `{dataset}`", text.text);
    let found = Diagnostic::author("spellings-no-list", headline).at(text.place());
    near_or_known(found, &text.text, lists)
}

pub(in crate::catalog) fn lines_is_a_column(dataset: &Id, text: &Text) -> Diagnostic {
    let headline = format!("`{}` of dataset `{dataset}` is lines and a column at once", text.text);
    Diagnostic::author("lines-is-a-column", headline)
        .at(text.place())
        .help("delete the column; lines need no declaration")
}

pub(in crate::catalog) fn too_fine(what: &str, column: &Column, place: Place) -> Diagnostic {
    let headline = format!("`{}` of {what} has too many digits", column.id);
    Diagnostic::author("too-fine", headline)
        .at(place)
        .help(format!("the column keeps {} digits behind the point", column.scale))
}

pub(in crate::catalog) fn not_one_of(what: &str, column: &Column, text: &Text) -> Diagnostic {
    let headline = format!("`{}` of {what} cannot be `{}`", column.id, text.text);
    let known = || column.one_of.iter().map(String::as_str);
    Diagnostic::author("not-one-of", headline)
        .at(text.place())
        .near(near(&text.text, known()))
        .help(format!("it is one of {}", listed(known())))
}

pub(in crate::catalog) fn unknown_row<'a>(
    what: &str,
    column: &Column,
    target: &Id,
    text: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline =
        format!("`{}` of {what} names {target} `{}`, which is not declared", column.id, text.text);
    let found = Diagnostic::author("unknown-row", headline).at(text.place());
    near_or_known(found, &text.text, known).help(format!("or declare `[{target}.{}]`", text.text))
}

pub(in crate::catalog) fn two_meanings(
    dataset: &Id,
    spelling: &str,
    second: Place,
    first: Place,
) -> Diagnostic {
    Diagnostic::author("two-meanings", format!("`{spelling}` means two rows of `{dataset}`"))
        .at(second)
        .label("the second")
        .also(first, "the first")
        .help("an id, a title or a spelling may stand for one row only")
}

pub(in crate::catalog) fn feed_of_config(dataset: &Id, place: Place) -> Diagnostic {
    Diagnostic::author("feed-of-config", format!("dataset `{dataset}` takes no files"))
        .at(place)
        .help(format!("its rows are tables `[{dataset}.<id>]` of the project"))
}

pub(in crate::catalog) fn feed_outside(file: &Text) -> Diagnostic {
    Diagnostic::author("feed-outside", format!("`{}` leads out of the project", file.text))
        .at(file.place())
        .help("write a path below the project's folder, and put the files there")
        .help("or allow their folder in `[project]`, such as `reads = [\"../exports\"]`, and begin the path with it")
}

/// A folder to allow that is none, or all there are.
pub(in crate::catalog) fn reads_form(folder: &Text) -> Diagnostic {
    Diagnostic::author("reads-form", format!("`{}` is not a folder to read from", folder.text))
        .at(folder.place())
        .help("name one folder without `*`, such as `../exports` or `/srv/exports`")
}

pub(in crate::catalog) fn mapping_form(name: &Text, found: &str, span: Span) -> Diagnostic {
    Diagnostic::author(
        "mapping-form",
        format!("`{}` must be a header, a position or a table", name.text),
    )
    .at(Place::Text(span))
    .label(format!("this is {found}"))
    .help("write `amount = \"Deal Value\"`, `amount = 5` or `amount = { from = \"Deal Value\" }`")
}

pub(in crate::catalog) fn position_missing(feed: &Feed, column: &FeedColumn) -> Diagnostic {
    let headline = format!(
        "`{}` of feed `{}` needs a position: the files have no header",
        column.column, feed.id
    );
    Diagnostic::author("position-missing", headline)
        .at(column.place.clone())
        .help(format!("say which column it is, counted from 1: `{} = 5`", column.column))
        .help("or delete `header-row = \"none\"`, if the first row is a header")
}

pub(in crate::catalog) fn unknown_column<'a>(
    dataset: &Id,
    name: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("dataset `{dataset}` has no column `{}`", name.text);
    Diagnostic::author("unknown-feed-column", headline)
        .at(name.place())
        .near(near(&name.text, known))
        .help(format!(
            "to add it in this project: `{} = {{ from = \"…\", type = \"text\" }}`",
            name.text
        ))
}

pub(in crate::catalog) fn column_type_differs(
    dataset: &Id,
    name: &Text,
    declared: Type,
    place: Place,
) -> Diagnostic {
    let headline =
        format!("column `{}` of dataset `{dataset}` is {} already", name.text, declared.word());
    Diagnostic::author("column-type-differs", headline)
        .at(place)
        .help("leave `type` out, or give the column another id")
}

pub(in crate::catalog) fn marks_clash(a: &str, b: &str, place: Place) -> Diagnostic {
    Diagnostic::author("marks-clash", format!("`{a}` and `{b}` are the same character"))
        .at(place)
        .help("leave out the one that the file does not use")
}

pub(in crate::catalog) fn not_a_mark(key: &str, text: &Text) -> Diagnostic {
    let headline = format!("`{key}` must be one plain character");
    Diagnostic::author("not-a-mark", headline)
        .at(text.place())
        .help("such as `;`, `,` or `\\t` for a tab")
}

pub(in crate::catalog) fn not_a_date_format(text: &Text) -> Diagnostic {
    let headline = format!("`{}` is not a form of dates", text.text);
    Diagnostic::author("not-a-date-format", headline)
        .at(text.place())
        .help("write the parts with a percent sign: `%d.%m.%Y`, `%m/%d/%Y %H:%M`")
}

pub(in crate::catalog) fn currency_column<'a>(
    dataset: &Id,
    column: &Id,
    told_by: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!(
        "`{}` is no text column of {dataset} that could tell the currency of `{column}`",
        told_by.text
    );
    Diagnostic::author("currency-column", headline)
        .at(told_by.place())
        .near(near(&told_by.text, known))
        .help("name a column of the same dataset that holds ISO 4217 codes, such as `EUR`")
}

pub(in crate::catalog) fn targets_without_lines(dataset: &Id, place: Place) -> Diagnostic {
    Diagnostic::author(
        "targets-without-lines",
        format!("`{dataset}` has no lines that could be targets"),
    )
    .at(place)
    .help("name the sub-table that holds them: lines = \"targets\"")
}

pub(in crate::catalog) fn targets_column<'a>(
    dataset: &Id,
    text: &Text,
    date: bool,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let what = if date { "date column" } else { "column" };
    Diagnostic::author("targets-column", format!("`{}` is no {what} of `{dataset}`", text.text))
        .at(text.place())
        .near(near(&text.text, known))
        .help("targets name columns of their own dataset")
}

pub(in crate::catalog) fn target_of_nothing<'a>(
    dataset: &Id,
    key: &str,
    place: Place,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::author(
        "target-of-nothing",
        format!("a target of `{dataset}` is for `{key}`, which is no metric"),
    )
    .at(place)
    .near(near(key, known))
    .help("`milepost list metrics` shows every metric")
}

pub(in crate::catalog) fn target_twice(
    dataset: &Id,
    key: &str,
    place: Place,
    other: &str,
) -> Diagnostic {
    let headline = format!("two rows of `{dataset}` set `{key}` for the same days and scope");
    Diagnostic::author("target-twice", headline).at(place).help(format!(
        "the other is `{other}`: keep one of them, or give them other days or scopes"
    ))
}
