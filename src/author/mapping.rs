//! Which dataset a table is, and which of its columns are which: by names first, then by what they hold.

use std::collections::BTreeSet;

use super::verdict::{Kind, Verdict};
use super::words::{About, tokens, words};
use crate::catalog::{Catalog, Column, Dataset, Occurred};
use crate::domain::Type;

/// A dataset that a table may be.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    pub(super) dataset: String,
    /// In thousandths of what the best could have.
    pub(super) score: usize,
    /// By column of the dataset.
    pub(super) columns: Vec<Mapped>,
    /// The dataset has a key that a feed must map.
    pub(super) needs_key: bool,
    /// Required columns that nothing fills.
    pub(super) missing: Vec<String>,
}

/// A column of the dataset and the table's column that fills it.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) column: String,
    /// Counted from 0.
    pub(super) from: usize,
    /// It is the dataset's key.
    pub(super) key: bool,
    pub(super) by: By,
}

/// By what a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A name that the dataset knows.
    Name,
    /// A word of such a name.
    Word,
    /// The only column of its kind that is left.
    Left,
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
        let by = if likeness >= 800 { By::Name } else { By::Word };
        mapped.push((to, Mapped { column: column.id.to_string(), from, key: column.key, by }));
    }
    let named = names.iter().any(|name| words().names(name, dataset.id.as_str()));
    if named && columns.iter().any(|column| !column.name.is_empty()) || mapped.len() >= 3 {
        for (to, from) in left(dataset, columns, &taken, &filled) {
            filled.insert(to);
            points += weight(&dataset.columns[to]) * 500;
            let column = &dataset.columns[to];
            let (id, key) = (column.id.to_string(), column.key);
            mapped.push((to, Mapped { column: id, from, key, by: By::Left }));
        }
    }
    mapped.sort_by_key(|(to, _)| *to);
    let missing: Vec<String> = dataset
        .columns
        .iter()
        .enumerate()
        .filter(|(to, column)| column.required && !filled.contains(to))
        .map(|(_, column)| column.id.to_string())
        .collect();
    // What a table of so many columns could have at most.
    let mut weights: Vec<usize> = dataset.columns.iter().map(weight).collect();
    weights.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
    let most: usize = weights.iter().take(columns.len().clamp(1, 12)).sum::<usize>() * 1050;
    let score = points * 1000 / most.max(1);
    let score = if named { score + (1000 - score.min(1000)) / 4 } else { score };
    let score =
        if names.iter().any(|name| words().names_other(name)) { score * 6 / 10 } else { score };
    let score = if named || mapped.len() > 1 { score } else { 0 };
    let score = missing.iter().fold(score, |score, _| score * 6 / 10);
    Guess {
        dataset: dataset.id.to_string(),
        score,
        columns: mapped.into_iter().map(|(_, mapped)| mapped).collect(),
        needs_key: dataset.key().is_some_and(|key| key.required),
        missing,
    }
}

/// The key, a day and an amount, where just one column can be each: a unique id, the only date, the only money.
fn left(
    dataset: &Dataset,
    columns: &[Named<'_>],
    taken: &BTreeSet<usize>,
    filled: &BTreeSet<usize>,
) -> Vec<(usize, usize)> {
    let open = |is: &dyn Fn(&Column) -> bool| {
        let mut found = dataset
            .columns
            .iter()
            .enumerate()
            .filter(|(to, column)| !filled.contains(to) && is(column));
        found.next().map(|(to, _)| to)
    };
    let only = |is: &dyn Fn(&Verdict) -> bool| {
        let found: Vec<usize> = (0..columns.len())
            .filter(|from| !taken.contains(from) && is(columns[*from].verdict))
            .collect();
        (found.len() == 1).then(|| found[0])
    };
    let first_id =
        (0..columns.len()).find(|at| columns[*at].verdict.kind == Kind::Id && !taken.contains(at));
    let date = only(&|v| v.kind.is_time());
    let ends = |column: &Column| words().speaks(column.id.as_str(), About::End);
    let date_ends = date.is_some_and(|at| words().speaks(columns[at].name, About::End));
    let pairs = [
        (open(&|column| column.key), first_id),
        (
            open(&|column| {
                let happened = column.ty.is_time() && column.occurred != Occurred::No;
                happened && ends(column) == date_ends
            }),
            date,
        ),
        (open(&|column| matches!(column.ty, Type::Money(_))), only(&|v| v.kind == Kind::Money)),
    ];
    pairs.into_iter().filter_map(|(to, from)| Some((to?, from?))).collect()
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
                shared_word(name, header)
            }
        })
        .max()
        .unwrap_or(0)
}

/// Whether all telling words of a name stand in the header: `Source` in `referral_source`.
fn shared_word(name: &str, header: &str) -> usize {
    let telling = |text: &str| -> Vec<String> {
        tokens(text).into_iter().filter(|token| !words().is_generic(token)).collect()
    };
    let (name, header) = (telling(name), telling(header));
    let within = !name.is_empty() && name.iter().all(|token| header.contains(token));
    if within { 400 * name.len() / header.len().max(1) } else { 0 }
}

/// Whether the dataset knows the column by this header.
pub(super) fn is_name_of(column: &Column, header: &str) -> bool {
    let mut own =
        std::iter::once(column.id.as_str()).chain(column.aliases.iter().map(String::as_str));
    !header.is_empty() && own.any(|name| letters(name) == letters(header))
}

/// A name without what stands between its words.
fn letters(name: &str) -> String {
    let between = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '-' | '.'));
    name.to_lowercase().chars().filter(between).collect()
}

fn fits(ty: Type, verdict: &Verdict) -> bool {
    match ty {
        Type::Text | Type::Null => !verdict.kind.is_time(),
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
