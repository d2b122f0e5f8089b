//! What the project will hold: which table becomes which feed, and of which dataset.

use std::collections::BTreeSet;

use super::ids::Ids;
use crate::author::file::{Seen, SeenTable};
use crate::author::mapping::{By, Guess};
use crate::author::refine::ALIKE;
use crate::author::show;
use crate::author::verdict::{Kind, Verdict};
use crate::catalog::{Catalog, Column, Dataset};
use crate::domain::Type;

/// Columns of a table that a feed names.
const MOST_COLUMNS: usize = 120;

/// One table of the project.
pub(super) struct Part<'a> {
    pub(super) feed: String,
    pub(super) file: String,
    pub(super) seen: &'a Seen,
    pub(super) table: &'a SeenTable,
    pub(super) dataset: String,
    pub(super) title: String,
    /// Of a dataset that ships: how its columns are filled.
    pub(super) guess: Option<Guess>,
    /// What else the table may be, and why it is not.
    pub(super) but: Option<String>,
    /// It is so much like that, that a user would expect it.
    pub(super) told: bool,
    pub(super) columns: Vec<Slot>,
}

/// A column of the file and the dataset's column that it fills.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Counted from 0.
    pub(super) from: usize,
    pub(super) id: String,
    /// It is a column of a dataset that ships.
    pub(super) known: Option<By>,
    /// Of a column that ships only `datetime` is told.
    pub(super) ty: &'static str,
    /// It names its row.
    pub(super) key: bool,
    /// The dataset and the column that it looks up.
    pub(super) references: Option<String>,
}

impl Part<'_> {
    pub(super) fn verdict(&self, slot: &Slot) -> &Verdict {
        &self.table.verdicts[slot.from]
    }

    /// The name of a column, or its number where it has none, or shares it.
    pub(super) fn source(&self, from: usize) -> String {
        match self.table.header.rows.is_empty() {
            true => (from + 1).to_string(),
            false => super::super::quoted::column(&self.table.names, from),
        }
    }

    /// How many columns have the name of one.
    pub(super) fn called_alike(&self, from: usize) -> usize {
        let names = &self.table.names;
        names.iter().filter(|other| **other == names[from]).count()
    }
}

/// Gives every table that has rows a dataset: the one that ships that it fits best, or one of its own.
pub(super) fn parts<'a>(seen: &'a [(String, Seen)], catalog: &Catalog) -> Vec<Part<'a>> {
    let (mut feeds, mut datasets) =
        (Ids::default(), Ids::beside(catalog.datasets.keys().map(|id| id.as_str())));
    let mut parts = Vec::new();
    for (file, seen) in seen {
        for table in seen.tables.iter().filter(|table| table.table.rows > 0) {
            let stem = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or(file);
            let name = match &table.sheet {
                Some(sheet) if seen.tables.len() > 1 => format!("{stem} {sheet}"),
                _ => stem.to_owned(),
            };
            let guesses = show::guesses(file, table, catalog);
            parts.push((file.clone(), seen, table, name, guesses));
        }
    }
    let best = best(
        &parts
            .iter()
            .map(|(_, _, table, _, guesses)| (*table, guesses.as_slice()))
            .collect::<Vec<_>>(),
    );
    let files: Vec<String> = parts.iter().map(|(file, ..)| file.clone()).collect();
    let mut made: Vec<Part<'a>> = Vec::new();
    for (at, (file, seen, table, name, guesses)) in parts.into_iter().enumerate() {
        let guess = best[at].which.and_then(|guess| guesses.get(guess)).cloned();
        let (dataset, title) = match &guess {
            Some(guess) => (guess.dataset.clone(), String::new()),
            None => match made.iter().find(|part| part.guess.is_none() && alike(part.table, table))
            {
                // The same columns once more, as of another month.
                Some(same) => (same.dataset.clone(), String::new()),
                None => (datasets.snake(&name, "table"), name.clone()),
            },
        };
        let first = guesses.first();
        let other = first.filter(|_| best[at].which != Some(0));
        let but = other.map(|other| {
            let again = best[at].again.filter(|_| best[at].of == Some(0));
            why_not(other, table, again.map(|at| files[at].as_str()))
        });
        let told = guesses.first().is_some_and(|other| other.score >= ALIKE);
        let feed = feeds.kebab(&name, "feed");
        let mut part =
            Part { feed, file, seen, table, dataset, title, guess, but, told, columns: Vec::new() };
        part.columns = slots(&part, catalog);
        if let Some(same) =
            made.iter().find(|other| other.dataset == part.dataset && other.guess.is_none())
        {
            part.columns.clone_from(&same.columns);
        }
        made.push(part);
    }
    refer(&mut made);
    made
}

/// Whether two tables have the same columns: of the same names, if they have any.
fn alike(one: &SeenTable, other: &SeenTable) -> bool {
    one.names == other.names && one.names.iter().any(|name| !name.is_empty())
}

fn why_not(guess: &Guess, table: &SeenTable, again: Option<&str>) -> String {
    let dataset = &guess.dataset;
    if !guess.missing.is_empty() {
        format!("it is like `{dataset}`, but has no column for `{}`", guess.missing.join("`, `"))
    } else if key_of(guess, table).is_none() {
        format!("it is like `{dataset}`, but no column of it names every row just once")
    } else {
        let score = guess.score.min(1000) / 10;
        match again {
            Some(file) => format!(
                "it is like `{dataset}` ({score} of 100), but {file} holds rows of it already: both would count them twice"
            ),
            None => format!(
                "it is like `{dataset}` too ({score} of 100); another table fits that better"
            ),
        }
    }
}

/// What became of one table's guesses.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    /// The one that fits best: no worse one takes its place.
    of: Option<usize>,
    /// The one that holds.
    which: Option<usize>,
    /// The table that has rows of it already.
    again: Option<usize>,
}

/// Of each table: which of its guesses holds. A dataset goes to the table that fits it best, and to those that hold
/// more rows of the same kind.
fn best(tables: &[(&SeenTable, &[Guess])]) -> Vec<Best> {
    let fits = |table: &SeenTable, guess: &Guess| {
        guess.missing.is_empty() && key_of(guess, table).is_some()
    };
    let of = |(table, guesses): &(&SeenTable, &[Guess])| {
        guesses.iter().position(|guess| fits(table, guess))
    };
    let mut best: Vec<Best> =
        tables.iter().map(|table| Best { of: of(table), ..Best::default() }).collect();
    let guess = |at: usize, of: usize| &tables[at].1[of];
    let firsts = best.iter().enumerate().filter_map(|(at, best)| Some((at, best.of?)));
    let mut firsts: Vec<(usize, usize)> = firsts.collect();
    firsts.sort_by_key(|(at, of)| (std::cmp::Reverse(guess(*at, *of).score), *at));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (at, of) in firsts {
        let one = (tables[at].0, guess(at, of));
        let has = taken.iter().filter(|(at, of)| guess(*at, *of).dataset == one.1.dataset);
        let others: Vec<(usize, (&SeenTable, &Guess))> =
            has.map(|(at, of)| (*at, (tables[*at].0, guess(*at, *of)))).collect();
        let same = others.first().is_none_or(|(_, owner)| {
            owner.0.names == one.0.names || of == 0 && is_kin(owner.1, one.1)
        });
        best[at].again = others.iter().find(|(_, other)| same && again(*other, one)).map(|o| o.0);
        if same && best[at].again.is_none() {
            best[at].which = Some(of);
            taken.push((at, of));
        }
    }
    best
}

/// Whether a table looks like more rows of what another one is: about as much like the dataset, in the same columns.
fn is_kin(owner: &Guess, one: &Guess) -> bool {
    let has = |column: &String| owner.columns.iter().any(|mapped| mapped.column == *column);
    let shared = one.columns.iter().filter(|mapped| has(&mapped.column)).count();
    let most = owner.columns.len().max(one.columns.len());
    one.score >= ALIKE && one.score * 2 >= owner.score && shared * 2 >= most
}

/// Whether two tables of one dataset hold the same rows: by their ids, or, without such, because one is all in the
/// other.
fn again(owner: (&SeenTable, &Guess), one: (&SeenTable, &Guess)) -> bool {
    let key = |(table, guess): (&'_ SeenTable, &Guess)| {
        guess
            .columns
            .iter()
            .find(|mapped| mapped.key)
            .map(|mapped| mapped.from)
            .filter(|from| *from < table.table.columns.len())
    };
    if let (Some(a), Some(b)) = (key(owner), key(one)) {
        return owner.0.table.columns[a].shares(&one.0.table.columns[b]);
    }
    let mut within = owner.1.columns.iter().filter_map(|mapped| {
        let other = one.1.columns.iter().find(|other| other.column == mapped.column)?;
        let (a, b) = (&owner.0.table.columns[mapped.from], &one.0.table.columns[other.from]);
        Some(b.is_within(a))
    });
    within.all(|within| within)
}

/// The column that is the key, where it names every row just once.
fn key_of(guess: &Guess, table: &SeenTable) -> Option<usize> {
    if guess.row_key.is_some() {
        return Some(0);
    }
    let key = guess.columns.iter().find(|mapped| mapped.key);
    let Some(key) = key else { return (!guess.needs_key).then_some(0) };
    let column = &table.table.columns[key.from];
    (column.is_unique() && column.blank == 0 || table.table.rows == 1).then_some(key.from)
}

/// The columns of a feed.
fn slots(part: &Part<'_>, catalog: &Catalog) -> Vec<Slot> {
    let dataset = part.guess.as_ref().and_then(|_| catalog.datasets.get(part.dataset.as_str()));
    let mut slots = Vec::new();
    let mut used = BTreeSet::new();
    let known_type = |id: &str| {
        let column =
            dataset.and_then(|dataset| dataset.columns.iter().find(|c| c.id.as_str() == id));
        if column.is_some_and(|column| column.ty == Type::DateTime) { "datetime" } else { "" }
    };
    if let (Some(guess), Some(dataset)) = (&part.guess, dataset) {
        for mapped in &guess.columns {
            used.insert(mapped.from);
            let key = mapped.key;
            slots.push(Slot {
                from: mapped.from,
                id: mapped.column.clone(),
                known: Some(mapped.by),
                ty: known_type(&mapped.column),
                key,
                references: None,
            });
        }
        for (column, from) in doubtful(dataset, &slots, &part.table.names) {
            slots.push(Slot {
                from,
                ty: known_type(&column),
                id: column,
                known: Some(By::Name),
                key: false,
                references: None,
            });
        }
    }
    let taken = dataset.map(|dataset| dataset.columns.iter().map(|column| column.id.as_str()));
    // What unpivoted columns become.
    let unpivots = !unpivoted(part).is_empty();
    let made = unpivots.then_some(["period", "amount"]).into_iter().flatten();
    let mut ids = Ids::beside(taken.into_iter().flatten().chain(made));
    let own_key = if dataset.is_some() { None } else { own_key(part.table) };
    let gone = [unpivoted(part), summed(part)].concat();
    for (from, verdict) in part.table.verdicts.iter().enumerate() {
        let named = !part.table.names[from].is_empty() || part.table.header.rows.is_empty();
        let filled = part.table.table.columns[from].filled > 0;
        if used.contains(&from)
            || !named
            || !filled
            || gone.contains(&from)
            || slots.len() >= MOST_COLUMNS
        {
            continue;
        }
        let id = ids.snake(&part.table.names[from], &format!("column_{}", from + 1));
        let ty = verdict.kind.type_word();
        let key = own_key == Some(from) && !unpivots;
        slots.push(Slot { from, id, known: None, ty, key, references: None });
    }
    slots
}

/// The columns that `unpivot` takes.
pub(super) fn unpivoted(part: &Part<'_>) -> Vec<usize> {
    if part.guess.is_some() {
        return Vec::new();
    }
    part.table.shapes.iter().flat_map(|shape| shape.columns.iter().copied()).collect()
}

/// Columns that add up those that `unpivot` takes.
pub(super) fn summed(part: &Part<'_>) -> Vec<usize> {
    if part.guess.is_some() {
        return Vec::new();
    }
    part.table.shapes.iter().flat_map(|shape| shape.sums.iter().copied()).collect()
}

/// Columns of the dataset for which the file has several names: without a word the feed would not know which.
fn doubtful(dataset: &Dataset, slots: &[Slot], names: &[String]) -> Vec<(String, usize)> {
    let open = |column: &&Column| {
        column.by_rule.is_none() && !slots.iter().any(|slot| slot.id == *column.id.as_str())
    };
    let alike = |column: &Column| {
        let is = |name: &String| crate::author::mapping::is_name_of(column, name);
        (0..names.len()).filter(|at| is(&names[*at])).collect::<Vec<_>>()
    };
    let several = dataset.columns.iter().filter(open).map(|column| (column, alike(column)));
    several
        .filter(|(_, at)| at.len() > 1)
        .map(|(column, at)| (column.id.to_string(), at[0]))
        .collect()
}

/// The first column that names every row just once: an id, or a name at the table's left.
fn own_key(table: &SeenTable) -> Option<usize> {
    let whole = |at: &usize| {
        let column = &table.table.columns[*at];
        column.is_unique() && column.blank == 0 && column.nulls.is_empty()
    };
    let kind = |at: usize| table.verdicts[at].kind;
    let id = (0..table.verdicts.len()).find(|at| whole(at) && kind(*at) == Kind::Id);
    let name = (0..table.verdicts.len().min(1)).find(|at| whole(at) && kind(*at) == Kind::Text);
    id.or(name)
}

/// A column that is called as the key of another table looks it up.
fn refer(parts: &mut [Part<'_>]) {
    let key_name = |part: &Part<'_>| {
        let slot = part.columns.iter().find(|slot| slot.key)?;
        Some((
            part.table.names[slot.from].to_lowercase(),
            format!("{}.{}", part.dataset, slot.id),
            part.dataset.clone(),
        ))
    };
    let mut keys: Vec<(String, String, String)> = parts.iter().filter_map(key_name).collect();
    // Several feeds of one dataset have one key.
    keys.sort();
    keys.dedup();
    // A name that is the key of two datasets is the key of neither.
    let twice = |name: &str| keys.iter().filter(|(other, ..)| other == name).count() > 1;
    let doubled: BTreeSet<String> =
        keys.iter().filter(|(name, ..)| twice(name)).map(|(name, ..)| name.clone()).collect();
    keys.retain(|(name, ..)| !doubled.contains(name) && name != "id" && !name.is_empty());
    for part in parts {
        let dataset = part.dataset.clone();
        for slot in part.columns.iter_mut().filter(|slot| slot.known.is_none() && !slot.key) {
            let name = part.table.names[slot.from].to_lowercase();
            let target = keys.iter().find(|(key, _, own)| *key == name && *own != dataset);
            if let Some((_, target, _)) = target.filter(|_| slot.ty == "text") {
                slot.references = Some(target.clone());
            }
        }
    }
}
