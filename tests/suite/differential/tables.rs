//! Random tables: what stands in the CSV, and what a reader must find there.

use unicode_normalization::UnicodeNormalization;

use super::form::{Ty, decimal, quoted};
use super::random::Random;

/// A column: its name, its type, and whether the names of other rows stand in it.
pub type Column = (&'static str, Ty);

/// Every row may point at a `partner`, and that at a `zone`.
pub const DEALS: &[Column] = &[
    ("code", Ty::Text),
    ("link", Ty::Text),
    ("cat", Ty::Text),
    ("tag", Ty::Text),
    ("qty", Ty::Int),
    ("score", Ty::Num),
    ("amount", Ty::Money),
    ("cost", Ty::Money),
    ("opened", Ty::Date),
    ("closed", Ty::Date),
    ("flag", Ty::Bool),
    ("called", Ty::Moment),
    ("answered", Ty::Moment),
];
pub const PARTNERS: &[Column] = &[
    ("code", Ty::Text),
    ("zone", Ty::Text),
    ("name", Ty::Text),
    ("size", Ty::Int),
    ("rate", Ty::Num),
    ("budget", Ty::Money),
    ("since", Ty::Date),
    ("active", Ty::Bool),
];
pub const ZONES: &[Column] = &[("code", Ty::Text), ("title", Ty::Text), ("rank", Ty::Int)];

/// Texts that trap: letter case, accents, signs of other languages, and texts that look like other types.
pub const TEXTS: &[&str] = &[
    "alpha",
    "Alpha",
    "beta",
    "ä",
    "Ärger",
    "naïve",
    "日本",
    "O'Neil",
    "a b",
    "100%",
    "x_y",
    "12",
    "-3.5",
    "2026-02-28",
    "2026-02-30",
    "true",
    "FALSE",
    "😀",
    "semi; colon, \"q\"",
    "é-é",
];

/// Ends of months, quarters and years, and the day of a leap year.
const BORDERS: &[&str] = &[
    "2024-02-29",
    "2025-12-31",
    "2026-01-01",
    "2026-03-31",
    "2026-04-01",
    "2026-06-30",
    "2026-07-01",
    "2026-10-31",
    "2026-11-01",
    "2026-12-31",
];

pub struct Table {
    pub columns: &'static [Column],
    /// By row: what the CSV has, and what is read there.
    pub rows: Vec<Vec<(String, Option<String>)>>,
    /// Whether some cells are no value of their type: a reader finds nothing there.
    pub broken: bool,
}

impl Table {
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| cells.join(",") + "\n";
        let mut text = line(self.columns.iter().map(|(name, _)| (*name).to_owned()).collect());
        for row in &self.rows {
            let quoted =
                |(written, _): &(String, _)| format!("\"{}\"", written.replace('"', "\"\""));
            text += &line(row.iter().map(quoted).collect());
        }
        text
    }

    /// The table in DuckDB; every number is a decimal of one scale.
    pub fn sql(&self, name: &str) -> String {
        let ty = |ty: Ty| match ty {
            Ty::Int | Ty::Num | Ty::Money => "decimal(38,12)",
            Ty::Text => "varchar",
            Ty::Date => "date",
            Ty::Moment => "timestamp",
            Ty::Bool => "boolean",
        };
        let columns = self.columns.iter().map(|(name, t)| format!("\"{name}\" {}", ty(*t)));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let mut text = format!("create table {name} ({columns});\n");
        for row in &self.rows {
            let cell =
                |(_, read): &(_, Option<String>)| read.as_deref().map_or("null".to_owned(), quoted);
            let cells = row.iter().map(cell).collect::<Vec<_>>().join(", ");
            text += &format!("insert into {name} values ({cells});\n");
        }
        text
    }
}

/// A table of so many rows; `blank` cells in a hundred hold nothing.
pub fn table(random: &mut Random, columns: &'static [Column], rows: usize, mark: char) -> Table {
    // A table of few different values has many duplicates, and slices of several rows.
    let few = random.pick(&[2, 3, 5, TEXTS.len()]);
    let (blank, wild, broken) =
        (random.pick(&[0, 0, 5, 20, 50]), random.chance(50), random.chance(20));
    let one = |number: usize, random: &mut Random| -> Vec<(String, Option<String>)> {
        let cell = |(name, ty): &Column| match *name {
            "code" => key(format!("{mark}{number}")),
            "link" => reference(random, 'p', blank),
            "zone" => reference(random, 'z', blank),
            _ if random.chance(blank) => (random.pick(&["", " ", "  "]).to_string(), None),
            _ if broken && *ty != Ty::Text && random.chance(10) => ("n/a".to_owned(), None),
            _ => read(random, *ty, few, wild),
        };
        columns.iter().map(cell).collect()
    };
    let rows = (0..rows).map(|number| one(number, random)).collect();
    Table { columns, rows, broken }
}

fn key(text: String) -> (String, Option<String>) {
    (text.clone(), Some(text))
}

/// The name of a row elsewhere, which need not be there.
fn reference(random: &mut Random, mark: char, blank: usize) -> (String, Option<String>) {
    if random.chance(blank) {
        return (String::new(), None);
    }
    key(format!("{mark}{}", random.below(9)))
}

fn read(random: &mut Random, ty: Ty, few: usize, wild: bool) -> (String, Option<String>) {
    if ty == Ty::Moment {
        return moment(random);
    }
    let text = match ty {
        Ty::Text => TEXTS[random.below(few)].to_owned(),
        Ty::Int => decimal(small(random, 999), 0),
        Ty::Num => decimal(small(random, 9_999_999), 3),
        Ty::Money => decimal(small(random, 9_999_999), 2),
        Ty::Date | Ty::Moment => date(random),
        Ty::Bool => if random.chance(50) { "true" } else { "false" }.to_owned(),
    };
    let read = Some(text.nfc().collect());
    if !wild {
        return (text, read);
    }
    // Blanks around a cell, and letters whose accents stand apart.
    let apart: String = if random.chance(30) { text.nfd().collect() } else { text };
    let blanks = ["", " ", "   ", "\t"];
    (format!("{}{apart}{}", random.pick(&blanks), random.pick(&blanks)), read)
}

/// Often 0, often small, often negative.
fn small(random: &mut Random, most: i64) -> i64 {
    match random.below(10) {
        0 | 1 => 0,
        2..=4 => random.between(-20, 20),
        5 => random.between(-most, 0),
        6 => most,
        _ => random.between(0, most),
    }
}

/// A moment of a day, often at its first second; with an offset or without, it is the same in UTC.
fn moment(random: &mut Random) -> (String, Option<String>) {
    let (hour, rest) = match random.below(4) {
        0 => (0, "00:00"),
        1 => (23, "59:59"),
        _ => (random.between(0, 23), random.pick(&["00:00", "30:00", "59:59", "07:03"])),
    };
    let day = date(random);
    let read = format!("{day} {hour:02}:{rest}");
    let written = match random.below(4) {
        0 => read.clone(),
        1 => format!("{day}T{hour:02}:{rest}Z"),
        2 if hour < 22 => format!("{day}T{:02}:{rest}+02:00", hour + 2),
        _ => format!("{day}T{hour:02}:{rest}"),
    };
    (written, Some(read))
}

pub fn date(random: &mut Random) -> String {
    if random.chance(40) {
        return (random.pick(BORDERS)).to_owned();
    }
    let year = random.pick(&[2024, 2025, 2026, 2026, 2026]);
    format!("{year}-{:02}-{:02}", random.between(1, 12), random.between(1, 28))
}
