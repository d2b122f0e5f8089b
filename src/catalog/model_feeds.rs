//! Feeds: files, how they are read, and where the columns of a dataset stand in them.

use std::sync::Arc;

use crate::domain::Id;
use crate::rel::{Arena, ExprId};
use crate::text::Place;

/// A file, or files of one form, that fill a dataset.
#[derive(Debug, Clone)]
pub struct Feed {
    pub id: Id,
    pub dataset: Id,
    /// As written: path or glob below the project's folder.
    pub file: String,
    pub contract: Contract,
    /// How the dataset's columns are found, in the dataset's order; a column without an entry is not in this feed.
    pub columns: Vec<FeedColumn>,
    /// Rows of which this is not true are none of the feed's.
    pub filter: Option<Formula>,
    pub place: Place,
    /// Of the `file` value, for diagnostics.
    pub file_place: Place,
}

/// How the files of a feed are read; `None` means "found safely, or the default".
#[derive(Debug, Clone, Default)]
pub struct Contract {
    pub delimiter: Option<u8>,
    pub quote: Option<u8>,
    pub encoding: Option<String>,
    /// Of a workbook: the sheet; the only one that is shown unless said.
    pub sheet: Option<String>,
    pub header_row: HeaderRow,
    /// How cells are written, where a column does not say otherwise.
    pub cells: CellForm,
    pub true_words: Vec<String>,
    pub false_words: Vec<String>,
    /// Records that are no rows, besides the header once more.
    pub skip: Vec<SkipRule>,
    /// Records that are no rows, with all that stand behind them.
    pub ends: Vec<SkipRule>,
    /// Columns in which a blank cell means the one above it.
    pub fill_down: Vec<Placed>,
    pub reshape: Option<Reshape>,
}

/// Where the header of a feed's files stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HeaderRow {
    #[default]
    Found,
    /// In these rows, counted from 1: one, or several that belong together.
    At { first: u32, last: u32 },
    /// Nowhere: columns are named by their positions.
    None,
}

/// How cells are written. Of a column: where it differs from its feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellForm {
    /// Decimal mark: `.` unless said.
    pub decimal: Option<char>,
    /// Grouping mark: none unless said.
    pub grouping: Option<char>,
    /// strptime formats, or words for serial numbers, in order; ISO 8601 when empty.
    pub dates: Vec<String>,
    /// Texts that mean nothing.
    pub null_words: Vec<String>,
    /// Letters behind a number and what they multiply it by.
    pub suffixes: Vec<(String, u64)>,
    pub percent: Option<Percent>,
    /// The zone of moments that do not say theirs; the project's unless said.
    pub zone: Option<String>,
    /// Texts, and the patterns of those that mean them.
    pub values: Vec<(String, Vec<String>)>,
}

/// How a share is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Percent {
    /// `25%` is 0.25; without the sign it is none.
    Sign,
    /// `25` is 0.25, and `25%` too.
    Points,
}

/// A column of a file, where a key names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// A header, or a position.
    pub column: ColumnSource,
    pub place: Place,
}

/// What makes other rows of a file's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reshape {
    Unpivot(Unpivot),
    Events(Events),
}

/// Several columns of one measure become a row each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpivot {
    /// Headers, patterns of headers, or positions.
    pub columns: Vec<ColumnSource>,
    /// The header of the column that tells which of them it was.
    pub name: String,
    /// The header of the column that holds their cells.
    pub value: String,
    pub place: Place,
}

/// Records of what happened become a row for each thing that it happened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    /// What it happened to.
    pub entity: ColumnSource,
    /// When.
    pub at: ColumnSource,
    /// What.
    pub event: Option<ColumnSource>,
    /// Columns that are made, with the events whose time they hold.
    pub times: Vec<EventTime>,
    pub place: Place,
}

/// The time of a thing's first or last event among some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTime {
    pub header: String,
    pub first: bool,
    /// Patterns.
    pub events: Vec<String>,
}

/// Records that are no rows: those of which one cell says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipRule {
    /// A header, or a position.
    pub column: ColumnSource,
    pub test: SkipTest,
    pub place: Place,
}

/// What a cell says, without the blanks around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipTest {
    Blank,
    /// A line without anything in it, behind the first row; of ends only.
    BlankLine,
    Is(Vec<String>),
    StartsWith(Vec<String>),
    /// Patterns, in which `*` stands for anything and letter case does not matter.
    Like(Vec<String>),
}

#[derive(Debug, Clone)]
pub struct FeedColumn {
    pub column: Id,
    pub from: ColumnSource,
    pub cells: CellForm,
    /// Of the mapping in the feed, or of the feed.
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// This header, exactly (after trim and NFC). Missing is a mistake.
    Header(String),
    /// The column of this number, counted from 1.
    Position(u32),
    /// The first of these headers that is there, letter case ignored (column id, then aliases); `required`
    /// of the dataset's column says whether missing is a mistake.
    Any(Vec<String>),
    /// The same raw text for every row.
    Value(String),
    /// Headers or positions, whose texts are joined by a blank.
    Joined(Vec<ColumnSource>),
    /// Made of other columns of the row.
    Made(Formula),
    /// The row's own place, which no other row has.
    Row,
}

/// An expression over the columns of one row, with the nodes that it is made of.
#[derive(Debug, Clone)]
pub struct Formula {
    pub arena: Arc<Arena>,
    pub root: ExprId,
    pub text: Arc<str>,
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Formula {}

impl CellForm {
    /// What a column says, and the feed where it says nothing.
    #[must_use]
    pub fn or(&self, feed: &Self) -> Self {
        fn list<T: Clone>(own: &[T], other: &[T]) -> Vec<T> {
            if own.is_empty() { other.to_vec() } else { own.to_vec() }
        }
        Self {
            decimal: self.decimal.or(feed.decimal),
            grouping: self.grouping.or(feed.grouping),
            dates: list(&self.dates, &feed.dates),
            null_words: list(&self.null_words, &feed.null_words),
            suffixes: list(&self.suffixes, &feed.suffixes),
            percent: self.percent.or(feed.percent),
            zone: self.zone.clone().or_else(|| feed.zone.clone()),
            values: list(&self.values, &feed.values),
        }
    }
}
