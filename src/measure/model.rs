//! What a run measured.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::currencies::{Converted, Foreign};
use super::doubles::DoubleKeys;
use super::short::ShortRow;
use super::strays::Strays;
use crate::data::RejectReason;
use crate::domain::{Day, Decimal, Id, Period, Status, Value};
use crate::plan::Rule;
use crate::text::{CellPlace, Place};

/// Every value of a run, and what the feeds held.
#[derive(Debug, Clone, Default)]
pub struct Measurements {
    pub as_of: AsOf,
    pub values: BTreeMap<Rule, BTreeMap<Key, Measured>>,
    pub feeds: Vec<FeedFacts>,
    pub scans: ScanCounts,
    /// Texts that nothing declares, by dataset and column.
    pub undeclared: BTreeMap<(Id, Id), Strays>,
    /// Texts that no row of the dataset they reference has, which other feeds fill; by dataset and column.
    pub orphans: BTreeMap<(Id, Id), Strays>,
    /// Datasets whose keys stand twice, against their contract.
    pub doubled: BTreeMap<Id, DoubleKeys>,
    /// Amounts in other currencies, by dataset and column.
    pub foreign: BTreeMap<(Id, Id), Foreign>,
    /// Amounts that were converted, by dataset and column at the rates of some day.
    pub converted: BTreeMap<(Id, Id), Converted>,
    /// Rows on which a column is blank that filters look something up by.
    pub blanks: BTreeMap<(Id, Id), u64>,
    /// Where an as-of date was given: the newest day of columns that tell of what happened where a condition holds.
    pub happened: BTreeMap<(Id, Id), Day>,
    /// Where asked for: the rows behind one value, in order of file and row.
    pub evidence: Vec<EvidenceRow>,
    /// Where asked for: by check, the first rows that it counts against.
    pub short: BTreeMap<Id, Vec<ShortRow>>,
}

impl Measurements {
    /// The first day that any feed of a dataset holds in a column.
    pub fn first_day(&self, dataset: &Id, column: &Id) -> Option<Day> {
        self.ranges(dataset, column).map(|(first, _)| first).min()
    }

    /// The last day that any feed of a dataset holds in a column.
    pub fn last_day(&self, dataset: &Id, column: &Id) -> Option<Day> {
        self.ranges(dataset, column).map(|(_, last)| last).max()
    }

    fn ranges(&self, dataset: &Id, column: &Id) -> impl Iterator<Item = (Day, Day)> {
        let feeds = self.feeds.iter().filter(move |feed| feed.dataset == *dataset);
        let ranges = feeds.flat_map(|feed| &feed.ranges);
        ranges.filter(move |range| range.0 == *column).map(|range| (range.1, range.2))
    }
}

/// The one value whose rows are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceAsk {
    pub rule: Rule,
    pub key: Key,
}

/// One row that a value rests on, or should rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Its number among the records of its file; 0 for a row of TOML.
    pub record: u64,
    pub place: Place,
    /// The dataset's key, if it has one.
    pub key: Value,
    /// Whether every cell that the value needs is there.
    pub usable: bool,
    /// The cells that the value reads, by path.
    pub cells: Vec<(String, Value)>,
    /// Of the row's columns, those whose cell was rejected: what stands there, and why it does not fit.
    pub rejects: Vec<RowReject>,
    /// Columns whose text no config row declares, so that nothing is looked up by it.
    pub undeclared: Vec<(Id, String)>,
    /// Columns whose amount is in another currency.
    pub foreign: Vec<Id>,
    /// By leaf of the value: what the row gives to it; none where its filter leaves the row out.
    pub leaves: Vec<Option<Value>>,
}

/// A rejected cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReject {
    /// None: the whole row.
    pub column: Option<Id>,
    /// Of the row: its number among the records of its file.
    pub record: u64,
    pub place: CellPlace,
    pub text: String,
    pub why: RejectReason,
}

impl Measurements {
    /// The total of a rule in a period.
    pub fn total(&self, rule: &Rule, period: &Period) -> Option<&Measured> {
        self.values.get(rule)?.get(&Key::total(period))
    }

    /// All values of a rule in one crossing, in order of period, then member.
    pub fn by<'a>(
        &'a self,
        rule: &Rule,
        by: &'a [Id],
    ) -> impl Iterator<Item = (&'a Key, &'a Measured)> {
        let values = self.values.get(rule).into_iter().flatten();
        values.filter(move |(key, _)| key.slice.iter().map(|(d, _)| d).eq(by))
    }
}

/// Period and slice of a value. Periods sort by start, then end; members by text, "(unset)" (none) last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub period: Period,
    pub slice: Vec<(Id, Member)>,
}

impl Key {
    pub fn total(period: &Period) -> Self {
        Self { period: period.clone(), slice: Vec::new() }
    }
}

/// A member of a dimension; `Unset` where the rows carry none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    Named(Arc<str>),
    Unset,
}

/// One value with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub status: Status,
    /// Null unless the status is ok or too-few. A number, or a date for checks of freshness.
    pub value: Value,
    /// Rows that the value rests on (of a ratio: rows of the denominator's population).
    pub n: u64,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    /// Rows that should count.
    pub in_scope: u64,
    /// Rows that could.
    pub usable: u64,
    /// Of the whole population, in no period because the time column is blank or rejected.
    pub unplaced: u64,
    /// usable ÷ in scope, times the placed share; none without rows in scope. Scale 6.
    pub coverage: Option<Decimal>,
    /// What is missing where, most first.
    pub gaps: Vec<Gap>,
    /// Figures beside the value, in its unit: by name, null where there is none.
    pub beside: Vec<(String, Value)>,
    pub reason: Option<Reason>,
}

/// A column that lacks cells which the value needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    pub column: String,
    pub blank: u64,
    pub rejected: u64,
    /// Texts that no config row declares, so that nothing can be looked up by them.
    pub undeclared: u64,
    /// Amounts in another currency.
    pub foreign: u64,
}

/// Why a value is withheld or weak; `view` has the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No row is in scope; the population in words, and the column of its filter that holds undeclared texts.
    NoRows {
        population: String,
        undeclared: Option<Id>,
    },
    /// A filter asks for config rows with a value that none has, while texts that nothing declares may mean such.
    NoneDeclared {
        target: Id,
        column: Id,
        value: String,
        base: Id,
    },
    /// No feed gives the dataset any rows.
    NoFeed {
        dataset: Id,
    },
    /// No feed maps the column.
    NotInFeed {
        dataset: Id,
        column: String,
    },
    /// Cells are blank or rejected on too many rows.
    Gaps {
        gap: Gap,
        of: u64,
        population: String,
    },
    /// The cells are there, but the formula over them has no result on too many rows.
    Formula {
        text: String,
        rows: u64,
        of: u64,
        population: String,
    },
    /// Times run backwards on too many rows.
    Backwards {
        text: String,
        rows: u64,
        of: u64,
        population: String,
    },
    /// The period begins after the as-of date.
    NotBegun,
    /// By the newest date in the data the period is not over.
    NotOver,
    /// The period has no end, and the value is told up to one.
    NoEnd,
    /// Amounts are in other currencies than the project's; no rows are told of amounts that are looked up.
    Currencies {
        column: String,
        currencies: String,
        rows: u64,
        of: u64,
        population: String,
    },
    /// There is no earlier period to compare with.
    NoEarlier,
    /// Rows stand in no period, because their time column is blank or rejected.
    /// Rows without a time, or with a text that nothing declares where the time depends on it.
    Unplaced {
        column: String,
        undeclared: bool,
        rows: u64,
        of: u64,
        population: String,
    },
    ZeroDenominator {
        population: String,
    },
    TooFew {
        n: u64,
        floor: u32,
    },
    /// Another metric has no value.
    Part {
        metric: Id,
        because: Option<Box<Reason>>,
    },
    /// A part does not carry the dimension.
    NotSliced {
        metric: Id,
        dimension: Id,
    },
    Overflow,
    /// The as-of date was taken from the data, so ages cannot be told.
    AsOfFromData,
    /// The period is over before the data begin.
    BeforeData {
        first: Day,
    },
    /// No plan has a target for the metric.
    NoTarget {
        metric: Id,
    },
    /// No as-of date and no dates.
    NoAsOf,
    /// Keys stand more than once, against the dataset's contract.
    DoubleKeys {
        dataset: Id,
        doubled: DoubleKeys,
    },
    /// A feed could not be read.
    FeedFailed {
        feed: Id,
    },
}

/// The date that the run speaks from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AsOf {
    pub day: Option<Day>,
    pub from: AsOfFrom,
}

impl AsOf {
    /// The day, where a person gave it: an age against a date that the data itself gave is no age.
    pub fn told(self) -> Option<Day> {
        self.day.filter(|_| matches!(self.from, AsOfFrom::Flag | AsOfFrom::Project))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOfFrom {
    Flag,
    Project,
    Data,
    #[default]
    Nowhere,
}

/// What one feed held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFacts {
    pub feed: Id,
    pub dataset: Id,
    pub files: Vec<String>,
    /// Why one of the files could not be read, so that the feed gives nothing.
    pub failed: Option<String>,
    /// All records below the header: `used`, `rejected` and `skipped` add up to it.
    pub found: u64,
    /// Rows that count, each in the values whose cells it has.
    pub used: u64,
    /// Rows of which no cell can be trusted, by what is wrong with them.
    pub rejected: Vec<(RejectReason, u64)>,
    /// Records that are no rows or do not count, by reason.
    pub skipped: Vec<(Skipped, u64)>,
    /// Where rows were made of other records.
    pub made: Option<MadeRows>,
    /// Rows that their workbook hides; they count.
    pub hidden: u64,
    /// Used rows with at least one rejected cell that a rule needed.
    pub rows_with_rejects: u64,
    /// By column: rejected cells, and the first of them; rejected rows under none.
    pub rejects: Vec<RejectFacts>,
    /// Cells rounded to the column's scale.
    pub rounded: u64,
    /// Oldest and newest day by date column, of the columns that were read.
    pub ranges: Vec<(Id, Day, Day)>,
    /// BLAKE3 of the files' bytes, where asked for.
    pub fingerprint: Option<String>,
}

impl FeedFacts {
    /// Records below the header, blank lines left out.
    pub fn rows(&self) -> u64 {
        let blank = self.skipped.iter().filter(|(why, _)| *why == Skipped::BlankLine);
        self.found - blank.map(|(_, count)| count).sum::<u64>()
    }
}

/// Why a record is no row, or does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    BlankLine,
    /// The header once more.
    HeaderAgain,
    /// By this of the feed's `skip`.
    ByRule(usize),
    /// The feed's condition is not true of it.
    ByCondition,
    /// It stands where the table ends, or below.
    BehindEnd,
    /// Another row of its key counts.
    SameKey,
}

/// Records that became rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MadeRows {
    pub records: u64,
    /// Cells that would have become rows, and were blank.
    pub blank_cells: u64,
    pub rows: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectFacts {
    /// None: whole rows.
    pub column: Option<Id>,
    pub cells: u64,
    pub reasons: Vec<(RejectReason, u64)>,
    /// The first places in order of file and row, with text and reason.
    pub first: Vec<(CellPlace, String, RejectReason)>,
}

/// How often data was read; one measuring scan per dataset is the law.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanCounts {
    pub measuring: BTreeMap<Id, u32>,
    pub survey: u32,
    pub evidence: u32,
    pub rows: u64,
    pub bytes: u64,
}
