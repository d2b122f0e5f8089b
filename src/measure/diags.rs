//! The words of mistakes that measuring finds.

use std::sync::Arc;

use super::currencies::Foreign;
use super::doubles::Double;
use super::model::RejectFacts;
use super::strays::{StrayText, Strays};
use crate::catalog::{Catalog, Column, Dataset, Feed, OnDuplicate};
use crate::data::{Damage, HiddenRows, Layout, Swallowed};
use crate::diag::{self, Diagnostic};
use crate::domain::{Day, Id};
use crate::text::{Place, column_letters};

/// Rows whose key another row has; none where there are none.
pub(super) fn duplicate_keys(dataset: &Dataset, doubles: &[Double]) -> Option<Diagnostic> {
    let (first, key) = (doubles.first()?, dataset.key()?);
    let rows: usize = doubles.iter().map(|d| d.rows.len()).sum();
    let (id, column) = (&dataset.id, &key.id);
    let headline = match doubles.len() {
        1 => format!("`{id}.{column}` must tell rows apart, but {rows} rows have the same"),
        keys => format!(
            "`{id}.{column}` must tell rows apart, but {keys} of its values stand on {rows} rows"
        ),
    };
    let each = |d: &Double| {
        let places: Vec<String> = d.rows.iter().take(3).map(|r| r.place.to_string()).collect();
        let more = if d.rows.len() > 3 { ", …" } else { "" };
        format!("`{}` at {}{more}", d.key, places.join(", "))
    };
    let shown: Vec<String> = doubles.iter().take(3).map(each).collect();
    let more = if doubles.len() > 3 { "; …" } else { "" };
    let way = match &dataset.on_duplicate {
        OnDuplicate::LastBy(by) => format!("none of these rows has a `{by}` to go by: fill it"),
        _ => "take the doubles out of the export".to_owned(),
    };
    let second = first.rows.get(1).map(|row| Place::Cell(row.place.clone()));
    Some(
        Diagnostic::data("duplicate-key", headline)
            .at(second)
            .help(format!("{}{more}", shown.join("; ")))
            .help(format!(
                "{way}, or say which row counts: \
                 `overlay.dataset.{id}.on-duplicate = \"first\"`, or `\"last-by COLUMN\"`"
            )),
    )
}

/// Texts in a column that mean nothing declared: their rows are in no slice and no outcome.
pub(super) fn unknown_members(dataset: &Dataset, column: &Column, met: &Strays) -> Diagnostic {
    let target = &met.target;
    let (many, shown) = named(met);
    let rows = diag::rows(met.rows);
    let headline = format!(
        "{}.{} holds {many} on {rows} of {} that no `{target}` declares: {shown}",
        dataset.id, column.id, met.of
    );
    let found = Diagnostic::warning("unknown-members", headline)
        .help(format!("add each to the spellings of a `[{target}.…]`, or declare one for it"));
    match alike(met) {
        Some(alike) => found.help(format!("maybe a spelling: {alike}")),
        None => found,
    }
}

/// Texts in a column that no row of the dataset has which the column leads to: look-ups by them are blank.
pub(super) fn orphans(
    dataset: &Dataset,
    column: &Column,
    feeds: &[&Feed],
    met: &Strays,
) -> Diagnostic {
    let (many, shown) = named(met);
    let (id, target) = (&column.id, &met.target);
    let rows = diag::rows(met.rows);
    let headline = format!(
        "{}.{id} holds {many} on {rows} of {} that no row of `{target}` has: {shown}",
        dataset.id, met.of
    );
    let found = Diagnostic::warning("orphans", headline).at(met.first.clone());
    let feed = feeds.first().map_or("", |feed| feed.id.as_str());
    let map = |stray: &StrayText| {
        let near = stray.near.as_ref()?;
        Some(format!(
            "`[feed.{feed}.columns.{id}]` with `values = {{ {near:?} = [{:?}] }}`",
            stray.text
        ))
    };
    let found = match met.texts.iter().find_map(map) {
        Some(map) => found
            .help(format!("maybe a spelling: {}", alike(met).unwrap_or_default()))
            .help(format!("if so, say it in the feed: {map}, or mend the export")),
        None => found.help(format!(
            "see that the exports of `{}` and `{target}` are of one day and name rows alike",
            dataset.id
        )),
    };
    found.help(format!("what is looked up in `{target}` is blank on these rows"))
}

/// How many values strays are, and the first of them.
fn named(met: &Strays) -> (String, String) {
    let shown = diag::few(met.texts.iter().map(|text| &text.text));
    let more = match met.texts.len().saturating_sub(5) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let many = match met.texts.len() {
        1 => "a value".to_owned(),
        many => format!("{many} values"),
    };
    (many, shown + &more)
}

/// The first strays that read like something known; none where none does.
fn alike(met: &Strays) -> Option<String> {
    let pair = |stray: &StrayText| Some(format!("`{}` ~ `{}`", stray.text, stray.near.as_ref()?));
    let pairs: Vec<String> = met.texts.iter().filter_map(pair).take(3).collect();
    (!pairs.is_empty()).then(|| pairs.join(", "))
}

/// Rows without a cell that filters look something up by: no condition on what it leads to is true of them.
pub(super) fn blank_members(
    dataset: &Dataset,
    column: &Id,
    rows: u64,
    feeds: &[&Feed],
) -> Diagnostic {
    let many = diag::rows(rows);
    let headline = format!("`{}.{column}` is blank on {many}", dataset.id);
    let target = dataset.column(column.as_str()).and_then(|c| c.references.as_ref());
    let target = target.map_or_else(String::new, ToString::to_string);
    Diagnostic::warning("blank-members", headline)
        .at(feeds.first().map(|feed| feed.place.clone()))
        .help(format!(
            "such rows are in no {target}, and conditions on it leave them out: fill the cells in the export"
        ))
}

/// A header and nothing below it, in all files of a feed.
pub(super) fn feed_without_rows(feed: &Feed, files: &[String]) -> Diagnostic {
    let headline =
        format!("feed `{}` has no rows: {} holds a header only", feed.id, files.join(", "));
    Diagnostic::warning("feed-without-rows", headline)
        .at(feed.file_place.clone())
        .help("counts over it are 0; if the export was cut off, make it again")
}

/// Rows that the workbook does not show count like all others.
pub(super) fn hidden_rows(layout: &Layout, found: HiddenRows) -> Diagnostic {
    let HiddenRows { hidden, of, first } = found;
    let headline = match hidden {
        1 => format!("1 of the {of} rows is hidden in the workbook; it is counted"),
        _ => format!("{hidden} of the {of} rows are hidden in the workbook; they are counted"),
    };
    Diagnostic::warning("hidden-rows", headline).at(Place::Cell(layout.written_place(first, 0))).help(
        "a filter hides rows, and so does a hand; if they should not count, export without them",
    )
}

/// What files show of damage that breaks no rule of their format.
pub(super) fn damage(layout: &Layout, damage: &Damage) -> Vec<Diagnostic> {
    let cut_off = damage.cut_off.map(|row| file_cut_off(layout, row));
    let swallowed = damage.swallowed.map(|found| rows_swallowed(layout, found));
    let reordered = damage.reordered.map(|row| header_reordered(layout, row));
    swallowed.into_iter().chain(cut_off).chain(reordered).collect()
}

/// A quote that is open too long makes rows a part of one cell, and is legal.
fn rows_swallowed(layout: &Layout, found: Swallowed) -> Diagnostic {
    let Swallowed { row, column, lines, cells, lines_of_all } = found;
    let cell = format!("{}{row}", column_letters(column));
    let headline =
        format!("cell {cell} holds {lines} lines that look like rows: a quote is missing");
    let rest = (cells > 1).then(|| {
        format!("{cells} cells of the file are like it, and hold {lines_of_all} such lines")
    });
    let place = Place::Cell(layout.written_place(row, column));
    let diagnostic = Diagnostic::warning("rows-swallowed", headline).at(place);
    rest.into_iter()
        .fold(diagnostic, Diagnostic::help)
        .help("these rows are not counted: see where the quote should close, and export again")
}

fn file_cut_off(layout: &Layout, row: u64) -> Diagnostic {
    let headline = format!("the last row of `{}` breaks off", layout.file());
    Diagnostic::warning("file-cut-off", headline)
        .at(Place::Cell(layout.written_place(row, 0)))
        .help(
            "it has no line end and lacks cells: if the download was cut off, fetch the file again",
        )
}

fn header_reordered(layout: &Layout, row: u64) -> Diagnostic {
    let headline = format!("row {row} of `{}` is its header in another order", layout.file());
    Diagnostic::data("header-reordered", headline)
        .at(Place::Cell(layout.written_place(row, 0)))
        .help("what stands below it would be read into wrong columns: make a file of each part")
}

/// The export is younger than the as-of date that was given.
pub(super) fn rows_after_as_of(feed: &Feed, column: &Id, newest: Day, as_of: Day) -> Diagnostic {
    let headline =
        format!("`{}.{column}` runs to {newest}, after the as-of date {as_of}", feed.dataset);
    Diagnostic::warning("rows-after-as-of", headline)
        .at(feed.place.clone())
        .help(
            "what happened later is left out; what has no date, such as what is open, is as on the day of the export",
        )
        .help(format!("take an export of {as_of}, or say `--as-of {newest}`"))
}

/// Amounts in another currency than the project's.
pub(super) fn other_currencies(
    catalog: &Catalog,
    dataset: &Dataset,
    column: &Id,
    met: &Foreign,
) -> Diagnostic {
    let own = catalog.project.currency.code();
    let (codes, rows) = (diag::few(&met.codes), diag::rows(met.rows));
    let headline = format!("`{}.{column}` is in {codes} on {rows}, not in {own}", dataset.id);
    Diagnostic::warning("other-currencies", headline)
        .at(met.first.clone())
        .help("amounts of several currencies are not added up: values that need them are withheld")
        .help(format!(
            "declare rates, as `[rate.…]` tables or a feed of `rates`; or convert them in the export, or count {own} alone, with `where`"
        ))
}

/// Amounts in another currency of whose day there is no rate.
pub(super) fn no_rate(
    catalog: &Catalog,
    dataset: &Dataset,
    column: &Id,
    met: &Foreign,
) -> Diagnostic {
    let own = catalog.project.currency.code();
    let span = |(code, (first, last)): (&Arc<str>, &(Day, Day))| match first == last {
        true => format!("`{code}` on {first}"),
        false => format!("`{code}` from {first} to {last}"),
    };
    let spans: Vec<String> = met.days.iter().take(5).map(span).collect();
    let what = if spans.is_empty() { diag::few(&met.codes) } else { spans.join(", ") };
    let rows = diag::rows(met.rows);
    let headline =
        format!("there is no rate of {what}, which `{}.{column}` needs on {rows}", dataset.id);
    let found = Diagnostic::warning("no-rate", headline)
        .at(met.first.clone())
        .help("values that need these amounts are withheld");
    match met.days.iter().next() {
        Some((code, (first, _))) => found.help(format!(
            "declare one, such as `[rate.{}-{first}]` with `currency = \"{code}\"`, `from = {first}` and `rate`, what 1 {code} is worth in {own}; \
             a rate is good for {} days (`rate-good-for`), or up to its `until`",
            code.to_lowercase(), catalog.project.rate_good_for
        )),
        None => found.help(
            "no day is known to take a rate of: give an as-of date, or say which day with `rate-at`, of the project or a metric",
        ),
    }
}

/// Rates that cannot count.
pub(super) fn rates_disagree(found: &[String]) -> Option<Diagnostic> {
    let shown = found.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let more = match found.len().saturating_sub(5) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!found.is_empty()).then(|| {
        let headline = format!("there is not one sound rate of {shown}{more}");
        Diagnostic::warning("rates-disagree", headline)
            .help("rows of a day say two rates, or none above zero; or a row has a rate but no day or no currency, and may be any")
            .help("none of them counts: mend them, or take them out of the feed or the config")
    })
}

/// Cells that do not fit, with the first of them.
pub(super) fn rejected_cells(facts: &RejectFacts) -> Option<Diagnostic> {
    let (place, text, why) = facts.first.first()?;
    let what = match &facts.column {
        Some(column) => format!("of `{column}`"),
        None => "in rows of a wrong length or form".to_owned(),
    };
    let many = match facts.cells {
        1 => "1 cell".to_owned(),
        many => format!("{many} cells"),
    };
    let shown = if text.is_empty() { String::new() } else { format!("`{text}`, ") };
    Some(
        Diagnostic::warning("rejected-cells", format!("{many} {what} cannot be read"))
            .at(Place::Cell(place.clone()))
            .help(format!("the first: {shown}{}", why.words()))
            .help("such cells are left out and lower coverage; `explain ID --rows` shows whose"),
    )
}
