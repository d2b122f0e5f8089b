//! What exports put around, between and instead of the rows of a table, and what a feed says of it.

use toml::{Table as Toml, Value};

use super::tables::{Cell, Feed};

/// One thing that an export may do to its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dress {
    Plain,
    /// Titles above the header.
    Preamble,
    /// Totals and a copyright below, as reports have them.
    Footer,
    /// The header once more, every few rows.
    HeadersAgain,
    /// Groups of columns have names of their own.
    TwoHeaderRows,
    /// `1.5K`.
    Suffix,
    /// One measure in three columns.
    Wide,
    /// A log of events instead of rows.
    Events,
    /// A value stands once for all rows below it.
    Grouped,
}

pub const ALL: [Dress; 9] = [
    Dress::Plain,
    Dress::Preamble,
    Dress::Footer,
    Dress::HeadersAgain,
    Dress::TwoHeaderRows,
    Dress::Suffix,
    Dress::Wide,
    Dress::Events,
    Dress::Grouped,
];

/// A table as it will stand in a file.
pub struct Table {
    pub above: Vec<Vec<Cell>>,
    pub header: Option<Vec<String>>,
    pub rows: Vec<Vec<Cell>>,
    pub below: Vec<Vec<Cell>>,
    /// Of each column: whether numbers stand in it, written with the feed's marks.
    pub numeric: Vec<bool>,
}

const SPREAD: [&str; 3] = ["Wide A", "Wide B", "Wide C"];

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn texts(texts: &[&str]) -> Value {
    Value::from(texts.to_vec())
}

/// Whether a feed's table can be dressed so: some need a column without blanks, or one that tells rows apart.
pub fn fits(dress: Dress, feed: &Feed, has_header: bool) -> bool {
    match dress {
        Dress::Plain | Dress::Footer => true,
        Dress::Suffix => feed.mapped.iter().any(|mapped| mapped.numeric),
        Dress::Events => has_header && key(feed).is_some(),
        Dress::Wide | Dress::Grouped => has_header && filled(feed).is_some(),
        Dress::Preamble | Dress::HeadersAgain | Dress::TwoHeaderRows => has_header,
    }
}

/// A mapped column without a blank, which alone fills its column of the dataset.
fn filled(feed: &Feed) -> Option<usize> {
    let alone = |at: usize| feed.mapped.iter().filter(|m| m.at == at).count() == 1;
    let full = |at: usize| feed.rows.iter().all(|row| row[at] != Cell::Blank);
    feed.mapped.iter().map(|mapped| mapped.at).find(|at| alone(*at) && full(*at))
}

/// A column in which every row has another text.
fn key(feed: &Feed) -> Option<usize> {
    let different = |at: usize| {
        let shown = |row: &Vec<Cell>| format!("{:?}", row[at]).to_lowercase();
        let all: std::collections::BTreeSet<String> = feed.rows.iter().map(shown).collect();
        all.len() == feed.rows.len() && feed.rows.iter().all(|row| row[at] != Cell::Blank)
    };
    feed.mapped.iter().map(|mapped| mapped.at).find(|at| different(*at))
}

/// Dresses a table, and says so in its feed; `order` is where the feed's columns stand.
pub fn dress(dress: Dress, table: &mut Table, feed: &Feed, order: &[usize], said: &mut Toml) {
    let place = |at: Option<usize>| order.iter().position(|column| Some(*column) == at).unwrap();
    match dress {
        Dress::Plain => {}
        Dress::Preamble => {
            table.above = vec![
                vec![text("Quarterly export")],
                vec![text("made by hand, on a Monday"), text("page 1")],
                Vec::new(),
            ];
        }
        Dress::Footer => footer(table, said),
        Dress::HeadersAgain => {
            let header: Vec<Cell> = table.header.iter().flatten().map(|name| text(name)).collect();
            let rows = std::mem::take(&mut table.rows);
            for (at, row) in rows.into_iter().enumerate() {
                if at > 0 && at % 7 == 0 {
                    table.rows.push(header.clone());
                }
                table.rows.push(row);
            }
        }
        Dress::TwoHeaderRows => two_header_rows(table, said),
        Dress::Suffix => {
            // `30.001K` alone has two readings.
            said.entry("decimal").or_insert_with(|| Value::from("."));
            for row in &mut table.rows {
                for (cell, numeric) in row.iter_mut().zip(&table.numeric) {
                    if let (Cell::Number(digits), true) = (&*cell, numeric) {
                        *cell = Cell::Text(format!("{}K", thousandth(digits)));
                    }
                }
            }
            said.insert(
                "suffixes".into(),
                Value::Table(Toml::from_iter([("k".to_owned(), 1000.into())])),
            );
        }
        Dress::Wide => wide(table, place(filled(feed)), said),
        Dress::Events => events(table, place(key(feed)), said),
        Dress::Grouped => {
            let at = place(filled(feed));
            let name = table.header.as_ref().unwrap()[at].clone();
            for row in (1..table.rows.len()).rev() {
                if table.rows[row][at] == table.rows[row - 1][at] {
                    table.rows[row][at] = Cell::Blank;
                }
            }
            said.insert("fill-down".into(), texts(&[&name]));
        }
    }
}

/// What a report says below its table.
fn footer(table: &mut Table, said: &mut Toml) {
    let total = format!("Grand Totals ({} records)", table.rows.len());
    table.below = vec![
        Vec::new(),
        vec![text(&total)],
        vec![text("Copyright (c) of nobody")],
        vec![text("Confidential Information - Do Not Distribute")],
        vec![Cell::Blank, text("Generated By: a test")],
    ];
    let rule = Toml::from_iter([
        ("column".to_owned(), Value::Integer(1)),
        ("like".to_owned(), texts(&["grand totals (*"])),
    ]);
    said.insert("ends".into(), Value::Array(vec![Value::Table(rule)]));
}

/// An upper row names groups of three columns; every header is said with it.
fn two_header_rows(table: &mut Table, said: &mut Toml) {
    let header = table.header.clone().unwrap();
    let group = |at: usize| format!("Group {}", at / 3);
    let upper = |at: usize| if at.is_multiple_of(3) { text(&group(at)) } else { Cell::Blank };
    table.above = vec![(0..header.len()).map(upper).collect()];
    said.insert("header-row".into(), Value::from(vec![1, 2]));
    let whole = |name: &str| match header.iter().position(|known| known == name && !name.is_empty())
    {
        Some(at) => format!("{} {name}", group(at)),
        None => name.to_owned(),
    };
    let columns = said.get_mut("columns").and_then(Value::as_table_mut).unwrap();
    for (_, from) in columns.iter_mut() {
        match from {
            Value::String(name) => *name = whole(name),
            Value::Table(options) => {
                if let Some(Value::String(name)) = options.get_mut("from") {
                    *name = whole(name);
                }
            }
            _ => {}
        }
    }
}

/// One column becomes three; each row fills one of them.
fn wide(table: &mut Table, at: usize, said: &mut Toml) {
    let header = table.header.as_mut().unwrap();
    let name = std::mem::replace(&mut header[at], SPREAD[0].into());
    header.extend(SPREAD[1..].iter().map(|name| (*name).to_owned()));
    let numeric = table.numeric[at];
    table.numeric.extend([numeric; 2]);
    for (number, row) in table.rows.iter_mut().enumerate() {
        let cell = std::mem::replace(&mut row[at], Cell::Blank);
        row.extend([Cell::Blank, Cell::Blank]);
        let end = row.len();
        match number % 3 {
            0 => row[at] = cell,
            one => row[end - 3 + one] = cell,
        }
    }
    let unpivot = Toml::from_iter([
        ("columns".to_owned(), texts(&["wide *"])),
        ("name".to_owned(), Value::from("Which")),
        ("value".to_owned(), Value::from(name)),
    ]);
    said.insert("unpivot".into(), Value::Table(unpivot));
}

/// Each row was another one before, in no order.
fn events(table: &mut Table, key: usize, said: &mut Toml) {
    let header = table.header.as_mut().unwrap();
    let name = header[key].clone();
    header.push("Changed At".into());
    table.numeric.push(false);
    let (mut log, mut late) = (Vec::new(), Vec::new());
    for (at, row) in std::mem::take(&mut table.rows).into_iter().enumerate() {
        let mut earlier = vec![Cell::Blank; row.len()];
        earlier[key] = row[key].clone();
        earlier.push(Cell::Date("2001-02-03".into()));
        let mut row = row;
        row.push(Cell::Date("2004-05-06".into()));
        let list = if at.is_multiple_of(2) { &mut log } else { &mut late };
        // The later record may stand first.
        match at % 3 {
            0 => list.extend([row, earlier]),
            _ => list.extend([earlier, row]),
        }
    }
    table.rows = log.into_iter().chain(late).collect();
    let events = Toml::from_iter([
        ("entity".to_owned(), Value::from(name)),
        ("at".to_owned(), Value::from("Changed At")),
    ]);
    said.insert("events".into(), Value::Table(events));
}

/// The digits with their point three places to the left.
fn thousandth(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = format!("{whole:0>4}");
    let (front, back) = whole.split_at(whole.len() - 3);
    format!("{sign}{front}.{back}{part}")
}
