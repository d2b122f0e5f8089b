//! The shaker: tables of the reference projects in other shapes give the same answers.
//!
//! A shape is what an export may look like: names of headers, marks, dates, encoding, line ends, order of
//! rows and columns, files, workbooks, archives, and what reports put around and between rows. The feeds are rewritten with the tables, and nothing else is.
//! Every shape is tried alone and some at once; `MILEPOST_SHAKE=7` tries others.

mod dress;
mod ods;
mod tables;
mod write;

use std::path::Path;

use serde_json::Value;

use crate::reference;
use dress::Dress;
use tables::{Cell, Feed};

/// What the files of a project look like.
#[derive(Debug, Clone, Copy)]
struct Shape {
    names: Names,
    delimiter: char,
    /// Decimal comma, with a point that groups.
    comma: bool,
    /// `31/01/2026`.
    days: bool,
    encoding: Encoding,
    crlf: bool,
    /// Seeds of the order.
    rows: Option<u64>,
    columns: Option<u64>,
    /// Into how many files each table is split.
    files: u8,
    book: Option<Book>,
    pack: Pack,
    dress: Dress,
}

#[derive(Debug, Clone, Copy)]
enum Book {
    Xlsx,
    Ods,
}

#[derive(Debug, Clone, Copy)]
enum Names {
    Own,
    /// In other languages; the feed says which is which.
    Foreign,
    /// Ones that the dataset knows; the feed says nothing.
    Alias,
    /// No header at all.
    None,
}

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Little,
    Utf16Big,
}

#[derive(Debug, Clone, Copy)]
enum Pack {
    Plain,
    Zip,
    Gzip,
}

const PLAIN: Shape = Shape {
    names: Names::Own,
    delimiter: ',',
    comma: false,
    days: false,
    encoding: Encoding::Utf8,
    crlf: false,
    rows: None,
    columns: None,
    files: 1,
    book: None,
    pack: Pack::Plain,
    dress: Dress::Plain,
};

/// One thing changed at a time.
const SHAPES: [Shape; 17] = [
    PLAIN,
    Shape { names: Names::Foreign, ..PLAIN },
    Shape { names: Names::Alias, ..PLAIN },
    Shape { names: Names::None, ..PLAIN },
    Shape { delimiter: ';', comma: true, ..PLAIN },
    Shape { delimiter: '\t', comma: true, ..PLAIN },
    Shape { days: true, ..PLAIN },
    Shape { encoding: Encoding::Utf8Mark, ..PLAIN },
    Shape { encoding: Encoding::Utf16Little, ..PLAIN },
    Shape { encoding: Encoding::Utf16Big, crlf: true, ..PLAIN },
    Shape { crlf: true, delimiter: '|', ..PLAIN },
    Shape { rows: Some(3), ..PLAIN },
    Shape { columns: Some(3), ..PLAIN },
    Shape { files: 3, ..PLAIN },
    Shape { book: Some(Book::Xlsx), ..PLAIN },
    Shape { book: Some(Book::Ods), ..PLAIN },
    Shape { pack: Pack::Gzip, ..PLAIN },
];

/// Every shape with one thing changed.
fn alone() -> impl Iterator<Item = Shape> {
    let dressed = dress::ALL.into_iter().skip(1).map(|dress| Shape { dress, ..PLAIN });
    SHAPES.into_iter().chain(dressed)
}

/// All things at once, by lot.
fn drawn(seed: u64) -> Shape {
    let mut lot = Lot::new(seed);
    let names = [Names::Own, Names::Foreign, Names::Alias, Names::None];
    let encodings = [Encoding::Utf8, Encoding::Utf8Mark, Encoding::Utf16Little, Encoding::Utf16Big];
    let packs = [Pack::Plain, Pack::Plain, Pack::Zip, Pack::Gzip];
    Shape {
        names: names[lot.below(4)],
        delimiter: [',', ';', '\t', '|'][lot.below(4)],
        comma: lot.below(2) == 1,
        days: lot.below(2) == 1,
        encoding: encodings[lot.below(4)],
        crlf: lot.below(2) == 1,
        rows: Some(seed),
        columns: Some(seed + 1),
        files: [1, 3][lot.below(2)],
        book: [Some(Book::Xlsx), Some(Book::Ods), None, None, None, None][lot.below(6)],
        pack: packs[lot.below(4)],
        dress: dress::ALL[lot.below(dress::ALL.len())],
    }
}

#[test]
fn every_shape_gives_the_known_answers() {
    let first =
        std::env::var("MILEPOST_SHAKE").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let projects = reference::projects();
    let found: Vec<String> = std::thread::scope(|scope| {
        let shake = |(at, project): (usize, &std::path::PathBuf)| {
            let (project, first) = (project.clone(), first + at as u64 * 100);
            scope.spawn(move || shaken(&project, first))
        };
        let threads: Vec<_> = projects.iter().enumerate().map(shake).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// What differs in some shape of a project.
fn shaken(project: &Path, seed: u64) -> Vec<String> {
    let Some(copy) = reference::with_data(project) else { return Vec::new() };
    let (config, feeds) = tables::load(copy.path());
    let facts = reference::facts(project);
    let drawn = (seed..seed + 3).map(|seed| (format!("seed {seed}"), drawn(seed)));
    let alone = alone().map(|shape| ("alone".to_owned(), shape));
    let mut found = Vec::new();
    for (at, (what, shape)) in alone.chain(drawn).enumerate() {
        write(copy.path(), &config, &feeds, &shape);
        // The first run, which has most answers, and another one by turns.
        let other = facts.get(1 + at % (facts.len() - 1).max(1));
        let runs: Vec<&Value> = facts.iter().take(1).chain(other).collect();
        let differ = runs.into_iter().flat_map(|run| reference::differences(copy.path(), run));
        let name = project.file_name().unwrap().display();
        found.extend(differ.map(|text| format!("{name}, {what}, {shape:?}: {text}")));
    }
    found
}

/// Writes the tables, and the feeds that read them.
fn write(project: &Path, config: &toml::Table, feeds: &[Feed], shape: &Shape) {
    let exports = project.join("exports");
    let _ = std::fs::remove_dir_all(&exports);
    let said = |feed: &Feed| write::feed(project, feed, shape);
    let tables: toml::Table =
        feeds.iter().map(|feed| (feed.id.clone(), toml::Value::Table(said(feed)))).collect();
    let mut config = config.clone();
    config.insert("feed".into(), toml::Value::Table(tables));
    std::fs::write(project.join("milepost.toml"), config.to_string()).unwrap();
}

/// The teeth: one cell that is changed is seen in every shape.
#[test]
fn a_changed_cell_is_seen_in_every_shape() {
    let Some(copy) = reference::with_data(&small()) else { return };
    let (config, mut feeds) = tables::load(copy.path());
    let facts = reference::facts(&small());
    let feed = feeds.iter_mut().find(|feed| feed.id == "funnel").unwrap();
    let price = feed.mapped.iter().find(|mapped| mapped.column == "price").unwrap().at;
    feed.rows[0][price] = Cell::Number("30001".into());
    for (at, shape) in alone().chain((1..9).map(drawn)).enumerate() {
        write(copy.path(), &config, &feeds, &shape);
        let differ = reference::differences(copy.path(), &facts[0]);
        assert_eq!(differ.len(), 2, "{at}, {shape:?}: {differ:?}");
        assert!(differ[0].contains("offered"), "{differ:?}");
    }
}

fn small() -> std::path::PathBuf {
    crate::source::root().join("tests/projects/pbpython-sales")
}

/// The list in an order that the seed says.
fn shuffled<T>(mut list: Vec<T>, seed: Option<u64>) -> Vec<T> {
    let Some(seed) = seed else { return list };
    let mut lot = Lot::new(seed);
    for at in (1..list.len()).rev() {
        list.swap(at, lot.below(at + 1));
    }
    list
}

/// Numbers by lot, the same for the same seed.
struct Lot(u64);

impl Lot {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % bound as u64).unwrap()
    }
}
