//! The checked form of everything that people declare.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::targets::PlanLines;
use super::{Case, Feed, Limits, RateAt, RateColumns, Report};
use crate::domain::{Calendar, Currency, Day, Direction, Evidence, Hours, Id, Type, Unit, Value};
use crate::rel::{Arena, ExprId};
use crate::text::Place;

/// Everything merged and resolved.
#[derive(Debug, Default)]
pub struct Catalog {
    pub project: Project,
    /// A condition was laid over all metrics: no plan speaks of what is left.
    pub narrowed: bool,
    pub packs: Vec<Pack>,
    pub datasets: BTreeMap<Id, Dataset>,
    /// Rows of config datasets, in order of key.
    pub rows: BTreeMap<Id, Vec<ConfigRow>>,
    /// In order of id.
    pub feeds: Vec<Feed>,
    pub dimensions: BTreeMap<Id, Dimension>,
    pub metrics: BTreeMap<Id, Metric>,
    pub checks: BTreeMap<Id, Check>,
    pub frameworks: BTreeMap<Id, Framework>,
    pub answers: Vec<Answer>,
    pub waivers: Vec<Waiver>,
    pub reports: BTreeMap<Id, Report>,
    pub cases: Vec<Case>,
    pub arena: Arena,
}

impl Catalog {
    /// The id under which a metric is computed: a second name as the first.
    pub fn computed_as(&self, id: &str) -> Id {
        let first = self.metrics.get(id).and_then(|metric| metric.alias_of.clone());
        first.unwrap_or_else(|| Id::from(id))
    }
}

#[derive(Debug, Clone)]
pub struct Project {
    pub name: String,
    pub currency: Currency,
    pub zone: String,
    pub calendar: Calendar,
    pub as_of: Option<Day>,
    /// Working hours, where they are declared.
    pub hours: Option<Arc<Hours>>,
    /// Which day's rate amounts in other currencies are converted at, where a metric says nothing else.
    pub rate_at: RateAt,
    /// Days for which a rate is good that has no last day.
    pub rate_good_for: u32,
    /// How much of a row a report may show.
    pub rows: RowDetail,
    /// Folders that feeds may read besides the project's own.
    pub reads: Vec<String>,
    /// The most that an export may hold.
    pub limits: Limits,
    pub place: Option<Place>,
}

/// `[report] rows`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowDetail {
    None,
    #[default]
    Keys,
    Full,
}

#[derive(Debug, Clone)]
pub struct Pack {
    pub id: Id,
    pub title: String,
    pub version: String,
}

/// A kind of rows.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub id: Id,
    pub title: String,
    pub doc: String,
    /// Rows come from TOML, not from feeds.
    pub config: bool,
    /// Of a config dataset: the list column whose words mean the row.
    pub spellings: Option<Id>,
    /// Of a config dataset: the sub-table that gives one row per entry.
    pub lines: Option<Id>,
    /// Lines are targets of metrics.
    pub plan_lines: Option<PlanLines>,
    /// Rows are rates of currencies.
    pub rates: Option<RateColumns>,
    pub on_duplicate: OnDuplicate,
    /// As declared, in order.
    pub columns: Vec<Column>,
    pub pack: Option<Id>,
    pub place: Place,
}

impl Dataset {
    /// The column of an id, or the one that a conversion is made of.
    pub fn column(&self, id: &str) -> Option<&Column> {
        let id = crate::rel::Conversion::plain(id);
        self.columns.iter().find(|c| c.id == *id)
    }

    /// A config row's cell; none of a column that is not there.
    pub fn cell<'r>(&self, row: &'r ConfigRow, id: &str) -> Option<&'r Value> {
        row.values.get(self.columns.iter().position(|c| c.id == *id)?)
    }

    pub fn key(&self) -> Option<&Column> {
        self.columns.iter().find(|c| c.key)
    }
}

/// What happens to rows of one key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OnDuplicate {
    /// They break the dataset's contract, and what rests on it is withheld.
    #[default]
    Error,
    /// The first in order of feed, file and row counts.
    First,
    /// The one with the greatest value of a column counts; of equals, the last.
    LastBy(Id),
}

/// Whether the dates of a column are of things that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occurred {
    #[default]
    No,
    Always,
    /// On rows where a condition holds.
    When(ExprId),
}

#[derive(Debug, Clone)]
pub struct Column {
    pub id: Id,
    pub ty: Type,
    /// Of a config dataset only: several texts.
    pub list: bool,
    pub key: bool,
    pub required: bool,
    /// The dataset whose key this column holds.
    pub references: Option<Id>,
    /// Of money: the text column of the same dataset that holds each row's currency.
    pub currency: Option<Id>,
    /// Dates of things that happened.
    pub occurred: Occurred,
    /// Digits kept behind the point.
    pub scale: u8,
    /// The only texts allowed, if closed.
    pub one_of: Vec<String>,
    pub aliases: Vec<String>,
    pub doc: String,
    /// Made of the row, not read from a feed.
    pub by_rule: Option<ByRule>,
}

/// A column that names the one row of a config dataset whose condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByRule {
    /// The config dataset.
    pub dataset: Id,
    /// Its column of conditions.
    pub column: Id,
    /// The row expression that stands for the column; none until the conditions have been read.
    pub made: Option<ExprId>,
}

/// One row of a config dataset.
#[derive(Debug, Clone)]
pub struct ConfigRow {
    /// One per column of the dataset, in its order; a list is its entries, joined by `, `.
    pub values: Vec<Value>,
    /// All raw values that mean this row: key, title, spellings, after trim and NFC.
    pub spellings: Vec<Arc<str>>,
    pub place: Place,
}

/// Something to slice by.
#[derive(Debug, Clone)]
pub struct Dimension {
    pub id: Id,
    pub title: String,
    /// Row expression by dataset; text.
    pub by: BTreeMap<Id, ExprId>,
    /// The config dataset whose rows are its members, where one declares them.
    pub members: Option<Id>,
    pub place: Place,
}

/// A metric, as checked. What its kind made of it is in `body`.
#[derive(Debug, Clone)]
pub struct Metric {
    pub id: Id,
    pub kind: &'static str,
    pub title: String,
    pub unit: Unit,
    pub better: Direction,
    pub words: Words,
    pub levers: Vec<String>,
    pub shared_with: Vec<String>,
    pub sample_floor: u32,
    /// In thousandths.
    pub coverage_floor: u32,
    /// Which day's rate its amounts are converted at; none where the project's policy stands.
    pub rate_at: Option<RateAt>,
    pub alias_of: Option<Id>,
    pub body: Body,
    pub pack: Option<Id>,
    /// As written, for `explain`: field and text.
    pub written: Vec<(String, String)>,
    pub place: Place,
}

/// Words of a rule, for people.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub question: String,
    pub why: String,
    pub how: String,
    pub remedy: String,
    pub owner: String,
    pub source: String,
    pub doc: String,
}

pub use crate::kinds::{Body, CheckBody, Population};

#[derive(Debug, Clone)]
pub struct Check {
    pub id: Id,
    pub kind: &'static str,
    pub title: String,
    pub words: Words,
    /// 1 small to 5 large.
    pub effort: u32,
    pub evidence: Evidence,
    /// It is about what exports say against each other or themselves, and speaks only where it does not hold.
    pub contradiction: bool,
    pub body: CheckBody,
    pub pack: Option<Id>,
    pub written: Vec<(String, String)>,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub struct Framework {
    pub id: Id,
    pub title: String,
    pub source: String,
    pub doc: String,
    /// In thousandths: below, no headline.
    pub coverage_floor: u32,
    /// Lowest first.
    pub levels: Vec<Heading>,
    pub groups: Vec<Heading>,
    /// As declared, in order.
    pub elements: Vec<Element>,
    pub pack: Option<Id>,
    pub place: Place,
}

/// A level or a group.
#[derive(Debug, Clone)]
pub struct Heading {
    pub id: Id,
    pub title: String,
    pub doc: String,
}

#[derive(Debug, Clone)]
pub struct Element {
    pub id: Id,
    pub title: String,
    pub doc: String,
    pub level: Option<Id>,
    pub groups: Vec<Id>,
    /// In thousandths.
    pub weight: u32,
    /// Check and its weight in thousandths.
    pub checks: Vec<(Id, u32)>,
    /// Elements that come first.
    pub needs: Vec<Id>,
    /// The reason, where it does not apply.
    pub not_applicable: Option<String>,
    pub place: Place,
}

/// An attestation.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: Id,
    pub check: Id,
    /// The word of the scale, and its grade in thousandths.
    pub word: String,
    pub grade: u32,
    pub owner: String,
    pub date: Day,
    pub expires: Option<Day>,
    pub link: String,
    pub note: String,
    /// Of an `each` check: the key of the row that it speaks for.
    pub subject: Option<String>,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub struct Waiver {
    pub id: Id,
    pub check: Id,
    pub reason: String,
    pub owner: String,
    pub until: Day,
    pub place: Place,
}
