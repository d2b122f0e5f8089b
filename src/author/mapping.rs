//! Which dataset a table is, and which of its columns are which: by names first, then by what they hold.

use std::collections::BTreeSet;

use super::verdict::{Kind, Verdict};
use super::words::{About, tokens, words};
use crate::catalog::{Catalog, Column, Dataset, Occurred};
use crate::data::letters;
use crate::domain::Type;

/// From this likeness on, a header is a name that the dataset knows.
const NAMED: usize = 800;

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
    /// The key, where no column names rows and their own places have to.
    pub(super) row_key: Option<String>,
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
    /// It says how rows ended, and the column that is called so does not.
    Cells,
    /// No column is an id, and this one names each row just once.
    Unique,
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
    let mut filling = Filling::default();
    for (likeness, from, to) in pairs(dataset, columns) {
        if !filling.taken.contains(&from) && !filling.filled.contains(&to) {
            filling.add(dataset, to, from, likeness);
        }
    }
    let named = names.iter().any(|name| words().names(name, dataset.id.as_str()));
    let header = columns.iter().any(|column| !column.name.is_empty());
    if named && header || filling.mapped.len() >= 3 {
        for (to, from) in left(dataset, columns, &filling) {
            filling.add(dataset, to, from, 0);
        }
    }
    filling.mapped.sort_by_key(|(to, _)| *to);
    let open = |(to, column): &(usize, &Column)| column.required && !filling.filled.contains(to);
    let missing = dataset.columns.iter().enumerate().filter(open);
    let missing: Vec<String> = missing.map(|(_, column)| column.id.to_string()).collect();
    // What a table of so many columns could have at most.
    let mut weights: Vec<usize> = dataset.columns.iter().map(weight).collect();
    weights.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
    let most: usize = weights.iter().take(columns.len().clamp(1, 12)).sum::<usize>() * 1050;
    let mut score = filling.points * 1000 / most.max(1);
    if named {
        score += (1000 - score.min(1000)) / 4;
    } else if filling.mapped.len() < 2 {
        score = 0;
    }
    let others = usize::from(names.iter().any(|name| words().names_other(name)));
    for _ in 0..missing.len() + others {
        score = score * 6 / 10;
    }
    Guess {
        dataset: dataset.id.to_string(),
        score,
        columns: filling.mapped.into_iter().map(|(_, mapped)| mapped).collect(),
        needs_key: dataset.key().is_some_and(|key| key.required),
        missing,
        row_key: None,
    }
}

/// Which columns of a table fill which of a dataset, so far.
#[derive(Default)]
struct Filling {
    taken: BTreeSet<usize>,
    filled: BTreeSet<usize>,
    mapped: Vec<(usize, Mapped)>,
    points: usize,
}

impl Filling {
    /// Takes a pair; a likeness of 0 is that of the last that is left.
    fn add(&mut self, dataset: &Dataset, to: usize, from: usize, likeness: usize) {
        let column = &dataset.columns[to];
        let by = match likeness {
            0 => By::Left,
            likeness if likeness >= NAMED => By::Name,
            _ => By::Word,
        };
        self.taken.insert(from);
        self.filled.insert(to);
        self.points += weight(column) * if likeness == 0 { 500 } else { likeness };
        let (id, key) = (column.id.to_string(), column.key);
        self.mapped.push((to, Mapped { column: id, from, key, by }));
    }
}

/// All that are alike and fit, the most alike first.
fn pairs(dataset: &Dataset, columns: &[Named<'_>]) -> Vec<(usize, usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    let read = dataset.columns.iter().enumerate().filter(|(_, column)| column.by_rule.is_none());
    for (to, column) in read {
        for (from, named) in columns.iter().enumerate() {
            let likeness = converted(dataset, columns, column, named)
                .unwrap_or_else(|| likeness(column, named.name));
            let amount = matches!(named.verdict.kind, Kind::Money | Kind::Percent);
            // An amount names no row elsewhere, unless it is called so.
            let names = column.references.is_some() && amount && likeness < NAMED;
            let fits = fits(column.ty, named.verdict) && !names;
            if likeness > 0 && named.verdict.kind != Kind::Blank && fits {
                pairs.push((likeness, from, to));
            }
        }
    }
    // Of equals, in the table's order.
    pairs.sort_by_key(|(likeness, from, to)| (std::cmp::Reverse(*likeness), *from, *to));
    pairs
}

/// The key, a day and an amount, where just one column can be each: a unique id, the only date, the only money.
fn left(
    dataset: &Dataset,
    columns: &[Named<'_>],
    Filling { taken, filled, .. }: &Filling,
) -> Vec<(usize, usize)> {
    // The first column of a kind: a later one may mean anything.
    let open = |is: &dyn Fn(&Column) -> bool| {
        dataset.columns.iter().position(is).filter(|to| !filled.contains(to))
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

/// How alike an amount and its currency are, where the table has the amount converted too: then that one is it, in the
/// currency of its own. None where no word says that anything was converted.
fn converted(
    dataset: &Dataset,
    columns: &[Named<'_>],
    column: &Column,
    named: &Named<'_>,
) -> Option<usize> {
    let plain = words().unconverted(named.name);
    let is = |column: &Column, name: &str| {
        words().unconverted(name).is_some_and(|plain| is_name_of(column, &plain))
    };
    let found = |amount: &Column| {
        let numbers = columns.iter().filter(|named| named.verdict.kind.is_number());
        numbers.into_iter().any(|named| is(amount, named.name))
    };
    if matches!(column.ty, Type::Money(_)) {
        return is(column, named.name).then_some(1000);
    }
    let mut amounts = dataset
        .columns
        .iter()
        .filter(|amount| {
            amount.currency.as_ref().is_some_and(|told| told.as_str() == column.id.as_str())
        })
        .peekable();
    amounts.peek()?;
    let of_converted = plain.is_some_and(|plain| is_name_of(column, &plain));
    match amounts.any(found) {
        true => Some(if of_converted { 1000 } else { 0 }),
        // The currency of what is not there says nothing of what is.
        false => of_converted.then_some(0),
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

fn fits(ty: Type, verdict: &Verdict) -> bool {
    match ty {
        Type::Text | Type::Null => !verdict.kind.is_time(),
        Type::Integer => {
            matches!(verdict.kind, Kind::Integer | Kind::Money) && verdict.decimal.is_none()
                || verdict.kind == Kind::Boolean
        }
        Type::Number | Type::Money(_) => verdict.kind.is_number(),
        // Days alone fit where moments are asked: the contract then says what time they mean.
        Type::Date | Type::DateTime => verdict.kind.is_time(),
        Type::Boolean => verdict.kind == Kind::Boolean,
    }
}
