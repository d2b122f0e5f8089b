//! A guess made from names, held against the cells: which column says how things ended, and what stands in for an id.

use super::file::SeenTable;
use super::mapping::{By, Guess, Mapped};
use super::verdict::Kind;
use super::words::{About, words};
use crate::catalog::{Catalog, Column, Dataset};
use crate::domain::Type;

/// From this score on, a table is like a dataset even without an id.
pub(super) const ALIKE: usize = 400;
/// Texts of a column that says where rows stand.
const MOST_TEXTS: usize = 60;

pub(super) fn refine(guess: &mut Guess, table: &SeenTable, catalog: &Catalog) {
    let Some(dataset) = catalog.datasets.get(guess.dataset.as_str()) else { return };
    for column in &dataset.columns {
        if let Some(choice) = choice(column, catalog) {
            outcome(guess, table, dataset, column, choice);
        }
    }
    if let Some(key) = dataset.key().filter(|key| guess.missing == [key.id.as_str()]) {
        stand_in(guess, table, key);
    }
}

/// What a member that the column names has to say of itself: how it ended.
fn choice<'a>(column: &Column, catalog: &'a Catalog) -> Option<&'a Column> {
    let target = catalog.datasets.get(column.references.as_ref()?.as_str())?;
    let said = |column: &&Column| column.required && !column.one_of.is_empty();
    target.columns.iter().filter(|_| target.config).find(said)
}

/// Many programs keep a status beside the stage: where the stage never says how a row ended, the status does.
fn outcome(
    guess: &mut Guess,
    table: &SeenTable,
    dataset: &Dataset,
    column: &Column,
    choice: &Column,
) {
    let said = |at: usize| {
        let Some(texts) = table.table.columns[at].texts() else { return 0 };
        let texts: Vec<&str> = texts.map(|(text, _)| text).take(MOST_TEXTS).collect();
        let means =
            |value: &&String| texts.iter().any(|t| words().means(t, choice.id.as_str(), value));
        choice.one_of.iter().filter(means).count()
    };
    let held = guess.columns.iter().position(|mapped| mapped.column == *column.id.as_str());
    if held.is_some_and(|held| said(guess.columns[held].from) > 0) {
        return;
    }
    let free = |at: &usize| {
        let text = matches!(table.verdicts[*at].kind, Kind::Text | Kind::Choice);
        text && words().speaks(&table.names[*at], About::Stage)
            && !guess.columns.iter().any(|mapped| mapped.from == *at)
    };
    let Some(from) = (0..table.verdicts.len()).filter(free).find(|at| said(*at) > 1) else {
        return;
    };
    let mapped = Mapped { column: column.id.to_string(), from, key: column.key, by: By::Cells };
    match held {
        Some(held) => guess.columns[held] = mapped,
        None => {
            let place = |id: &str| dataset.columns.iter().position(|c| *c.id.as_str() == *id);
            let own = place(column.id.as_str());
            let at = guess.columns.partition_point(|other| place(&other.column) < own);
            guess.columns.insert(at, mapped);
            guess.missing.retain(|missing| missing != column.id.as_str());
        }
    }
}

/// A list that people keep by hand has no ids, and few reports have: a name that no row shares with another stands in
/// for one, else the row's place.
fn stand_in(guess: &mut Guess, table: &SeenTable, key: &Column) {
    let names_rows = |at: &usize| {
        let column = &table.table.columns[*at];
        let text = matches!(table.verdicts[*at].kind, Kind::Id | Kind::Text);
        text && column.is_unique() && column.blank == 0 && column.nulls.is_empty()
    };
    if guess.score < ALIKE || key.ty != Type::Text {
        return;
    }
    let column = key.id.to_string();
    guess.missing.clear();
    // The first columns name a row; a unique text further right is a remark.
    match (0..table.verdicts.len().min(2)).find(names_rows) {
        Some(from) => {
            guess.columns.insert(0, Mapped { column, from, key: true, by: By::Unique });
        }
        None => guess.row_key = Some(column),
    }
}
