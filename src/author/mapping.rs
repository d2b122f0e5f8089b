//! Which dataset a table is, and which of its columns are which: by names first, then by what they hold.

use std::collections::BTreeSet;

use super::verdict::{Kind, Verdict};
use super::words::words;
use crate::catalog::{Catalog, Column, Dataset};
use crate::domain::Type;

/// A dataset that a table may be.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    pub(super) dataset: String,
    /// In thousandths of what the best could have.
    pub(super) score: usize,
    /// By column of the dataset.
    pub(super) columns: Vec<Mapped>,
    /// Required columns that nothing fills.
    pub(super) missing: Vec<String>,
    /// The file's or the sheet's name speaks of it.
    pub(super) named: bool,
}

/// A column of the dataset and the table's column that fills it.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) column: String,
    /// Counted from 0.
    pub(super) from: usize,
    /// The engine finds it by itself, so the contract need not say it.
    pub(super) found: bool,
    pub(super) fits: bool,
}

/// What a table's column is called, and what it holds.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) verdict: &'a Verdict,
}

/// The datasets that fit best, the best first.
pub(super) fn guesses(catalog: &Catalog, names: &[&str], columns: &[Named<'_>]) -> Vec<Guess> {
    let datasets = catalog.datasets.values().filter(|dataset| !dataset.config);
    let mut guesses: Vec<Guess> = datasets.map(|dataset| guess(dataset, names, columns)).collect();
    guesses.retain(|guess| !guess.columns.is_empty());
    guesses.sort_by(|a, b| b.score.cmp(&a.score).then(a.dataset.cmp(&b.dataset)));
    guesses
}

fn guess(dataset: &Dataset, names: &[&str], columns: &[Named<'_>]) -> Guess {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    let read = dataset.columns.iter().enumerate().filter(|(_, column)| column.by_rule.is_none());
    for (to, column) in read {
        for (from, named) in columns.iter().enumerate() {
            let likeness = likeness(column, named.name);
            if likeness > 0 && named.verdict.kind != Kind::Blank {
                let fits = fits(column.ty, named.verdict);
                pairs.push((likeness + usize::from(fits) * 50, from, to));
            }
        }
    }
    // The most alike first; of equals, in the table's order.
    pairs.sort_by_key(|(likeness, from, to)| (std::cmp::Reverse(*likeness), *from, *to));
    let (mut taken, mut filled) = (BTreeSet::new(), BTreeSet::new());
    let (mut mapped, mut points) = (Vec::new(), 0);
    for (likeness, from, to) in pairs {
        let column = &dataset.columns[to];
        let fits = fits(column.ty, columns[from].verdict);
        if taken.contains(&from) || filled.contains(&to) || !fits && column.key {
            continue;
        }
        taken.insert(from);
        filled.insert(to);
        points += weight(column) * likeness * if fits { 2 } else { 1 } / 2;
        let found = is_found(column, from, columns);
        mapped.push((to, Mapped { column: column.id.to_string(), from, found, fits }));
    }
    mapped.sort_by_key(|(to, _)| *to);
    let missing: Vec<String> = dataset
        .columns
        .iter()
        .enumerate()
        .filter(|(to, column)| column.required && !filled.contains(to))
        .map(|(_, column)| column.id.to_string())
        .collect();
    let named = names.iter().any(|name| words().names(name, dataset.id.as_str()));
    // What a table of so many columns could have at most.
    let mut weights: Vec<usize> = dataset.columns.iter().map(weight).collect();
    weights.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
    let most: usize = weights.iter().take(columns.len().clamp(1, 12)).sum::<usize>() * 1050;
    let score = points * 1000 / most.max(1);
    let score = if named { score + (1000 - score.min(1000)) / 4 } else { score };
    let score = missing.iter().fold(score, |score, _| score * 6 / 10);
    Guess {
        dataset: dataset.id.to_string(),
        score,
        columns: mapped.into_iter().map(|(_, mapped)| mapped).collect(),
        missing,
        named,
    }
}

fn weight(column: &Column) -> usize {
    match column {
        column if column.key => 2,
        column if column.required => 3,
        column if column.references.is_some() || column.ty.is_time() => 2,
        _ => 1,
    }
}

/// How alike a header and a column's names are, up to 1000.
fn likeness(column: &Column, header: &str) -> usize {
    let own = std::iter::once(column.id.as_str()).chain(column.aliases.iter().map(String::as_str));
    own.enumerate()
        .map(|(at, name)| {
            // Aliases stand in order: the first are the most telling.
            let order = 40usize.saturating_sub(at);
            if name.to_lowercase() == header.to_lowercase() {
                900 + order
            } else if letters(name) == letters(header) {
                850 + order
            } else {
                0
            }
        })
        .max()
        .unwrap_or(0)
}

/// Whether the engine would find just this column by the dataset's names.
fn is_found(column: &Column, from: usize, columns: &[Named<'_>]) -> bool {
    let alike = |exact: bool| -> Vec<usize> {
        let own =
            || std::iter::once(column.id.as_str()).chain(column.aliases.iter().map(String::as_str));
        let fold = |name: &str| if exact { name.to_lowercase() } else { letters(name) };
        let is = |header: &str| own().any(|name| fold(name) == fold(header));
        (0..columns.len()).filter(|at| is(columns[*at].name)).collect()
    };
    let exact = alike(true);
    if exact.is_empty() { alike(false) == [from] } else { exact == [from] }
}

/// A name without what stands between its words.
fn letters(name: &str) -> String {
    let between = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '-' | '.'));
    name.to_lowercase().chars().filter(between).collect()
}

fn fits(ty: Type, verdict: &Verdict) -> bool {
    match ty {
        Type::Text | Type::Null => !matches!(verdict.kind, Kind::Date | Kind::Moment),
        Type::Integer => {
            matches!(verdict.kind, Kind::Integer | Kind::Money) && verdict.decimal.is_none()
                || verdict.kind == Kind::Boolean
        }
        Type::Number | Type::Money(_) => verdict.kind.is_number(),
        Type::Date => verdict.kind.is_time(),
        Type::DateTime => verdict.kind == Kind::Moment,
        Type::Boolean => verdict.kind == Kind::Boolean,
    }
}
