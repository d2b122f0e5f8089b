//! The shape of the view. Numbers, periods and phrases form their own texts, when asked: nothing behind it formats.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::{LineView, Spark, WaterfallView};
use super::maturity::{CheckView, FindingView, FrameworkView};
use super::model_data::{ContradictionView, UndeclaredView};
use super::number::Shown;
use super::phrase::{Basis, Said};
use super::time::PeriodView;

/// All that a report's template may see.
#[derive(Debug, Clone, Serialize)]
pub struct ReportView {
    /// `milepost.view/1`.
    pub schema: &'static str,
    /// Name and version of the program.
    pub generator: String,
    pub project: ProjectView,
    pub report: Named,
    /// The first thing to know, as sentences; empty without a number.
    pub lede: String,
    pub as_of: AsOfView,
    pub period: PeriodView,
    /// In the report's order, each with its value in the period.
    pub metrics: Vec<MetricView>,
    /// Metrics by bucket of time, newest last; none when the report wants none.
    pub trend: Option<Table>,
    /// One for each crossing of dimensions; those of sections in their order.
    pub tables: Vec<Table>,
    /// How the report arranges metrics, courses and tables; none where its templates do it.
    pub sections: Vec<SectionView>,
    /// Metrics without a value in the period, and why.
    pub withheld: Vec<Withheld>,
    pub frameworks: Vec<FrameworkView>,
    /// The checks of these frameworks, by id.
    pub checks: BTreeMap<String, CheckView>,
    pub feeds: Vec<FeedView>,
    /// Columns that hold texts which nothing declares.
    pub undeclared: Vec<UndeclaredView>,
    pub contradictions: Vec<ContradictionView>,
    /// Amounts in other currencies that count at the project's rates, as sentences.
    pub converted: Vec<String>,
    pub findings: Vec<FindingView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ProjectView {
    pub name: String,
    /// ISO 4217.
    pub currency: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Named {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct AsOfView {
    /// ISO 8601; null without one.
    pub date: Option<String>,
    /// `flag`, `project`, `data` or null.
    pub from: Option<&'static str>,
    /// "31 October 2026, the newest date in the data".
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct MetricView {
    pub id: String,
    pub title: String,
    /// `count`, `money`, `ratio`, `days` or `number`.
    pub unit: &'static str,
    /// `higher`, `lower` or `neither`.
    pub better: &'static str,
    pub kind: &'static str,
    pub question: String,
    pub why: String,
    pub doc: String,
    pub owner: String,
    pub source: String,
    pub levers: Vec<String>,
    /// The rule as its author wrote it: field and text.
    pub definition: Vec<(String, String)>,
    /// `file:line:column` of the rule.
    pub place: String,
    /// The value in the report's period.
    pub value: ValueView,
    /// The last buckets of the trend as a small drawing; none under two values.
    pub spark: Option<Spark>,
    /// The same with an axis, and targets.
    pub line: Option<LineView>,
    /// Of what moved a product of factors: from one period to the other.
    pub waterfall: Option<WaterfallView>,
}

/// A part of the report.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    /// For links: its form, and its place among the sections.
    pub id: String,
    pub title: String,
    pub note: String,
    /// `cards`, `numbers`, `bridge`, `trend` or `slices`.
    pub show: &'static str,
    /// Indexes into the report's metrics.
    pub metrics: Vec<usize>,
    /// What its metrics leave out because nothing declares it, each said once.
    pub caveats: Vec<String>,
    /// Indexes into the report's tables.
    pub tables: Vec<usize>,
    /// Of a trend: these metrics over time.
    pub trend: Option<Table>,
}

/// One value with all that must stand beside it.
#[derive(Debug, Clone, Serialize)]
pub struct ValueView {
    /// None of a state, which has no period.
    pub period: Option<PeriodView>,
    pub slice: Vec<MemberView>,
    pub value: Shown,
    pub unit: &'static str,
    /// `ok`, `no-data`, `too-few`, `not-computable` or `failed`.
    pub status: &'static str,
    /// What to print: the value's text, or "too few to say", "withheld", "no data".
    pub text: Said,
    pub n: Shown,
    pub numerator: Shown,
    pub denominator: Shown,
    pub coverage: Shown,
    /// Coverage is under 1, so it should be said wherever the value is.
    pub partial: bool,
    pub reason: Option<String>,
    /// What it leaves out because nothing declares it.
    pub caveat: Option<String>,
    /// "34 of 109 closed deals", in words.
    pub evidence: Basis,
    pub gaps: Vec<GapView>,
    /// Figures beside the value, in its unit: the other averages of a duration, the parts of a change.
    pub figures: Vec<FigureView>,
    /// What a plan wants of it; none where no plan speaks of just this.
    pub target: Option<TargetView>,
    pub comparisons: Vec<Comparison>,
}

/// A plan's target for a value.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    pub value: Shown,
    /// Value ÷ target; target ÷ value where lower is better.
    pub attainment: Shown,
    /// The target is the period's share by days of a longer one's.
    pub pro_rata: bool,
    /// Of a period that is not over: value ÷ the target's share up to the as-of date.
    pub pace: Shown,
    /// The rows that it is from, by name.
    pub plans: Vec<String>,
}

/// A figure beside a value.
#[derive(Debug, Clone, Serialize)]
pub struct FigureView {
    pub name: String,
    pub value: Shown,
}

/// Cells that a value lacks.
#[derive(Debug, Clone, Serialize)]
pub struct GapView {
    pub column: String,
    pub blank: Shown,
    pub rejected: Shown,
    /// Texts that nothing declares.
    pub undeclared: Shown,
    /// Amounts in another currency.
    pub foreign: Shown,
    /// All that in words: "blank on 3 and unreadable on 1".
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct MemberView {
    pub dimension: String,
    /// Null where the rows carry none.
    pub member: Option<String>,
    /// The member, or "(unset)".
    pub text: String,
}

/// A value beside that of another period.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// `prior-period` or `year-before`.
    pub kind: &'static str,
    pub period: PeriodView,
    /// The value's own period is not over, and this one is cut where it stands.
    pub same_point: bool,
    pub value: Shown,
    /// Points for rates, percent for the rest.
    pub change: Shown,
    pub unit: &'static str,
    /// `up`, `down` or `flat`; empty where withheld.
    pub sign: &'static str,
    /// `good`, `bad` or `neutral`.
    pub goodness: &'static str,
    /// Why there is no change to tell.
    pub withheld: Option<String>,
}

/// Metrics as columns over periods or members.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// "Month", "Channel × owner".
    pub title: String,
    /// Titles of the leading columns.
    pub heads: Vec<String>,
    pub metrics: Vec<Named>,
    pub rows: Vec<TableRow>,
    /// Why cells are withheld: "Pipeline: amount is blank on 12 of 12 open deals (Ann), and 3 more".
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TableRow {
    /// One text for each head.
    pub labels: Vec<String>,
    /// False for a bucket of time that is not over.
    pub complete: bool,
    /// What the rows below it are parts of; its own last label says so.
    pub whole: bool,
    /// One for each metric; none where it has no value there.
    pub cells: Vec<Option<TableCell>>,
}

/// A value in a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableCell {
    pub value: ValueView,
    /// Beside the whole that its row is part of.
    pub against: Option<AgainstView>,
}

/// A part beside its whole: its share of what adds up, else how far it is off.
#[derive(Debug, Clone, Serialize)]
pub struct AgainstView {
    /// "34%", or "+3.1 points".
    pub text: String,
    /// The share as the length of a bar, of 100; none of what does not add up.
    pub bar: Option<String>,
    /// `good`, `bad` or `neutral`.
    pub goodness: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct Withheld {
    pub metric: String,
    pub title: String,
    pub text: String,
    pub reason: String,
    pub place: String,
}

/// What a feed held and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct FeedView {
    pub id: String,
    pub dataset: String,
    pub files: Vec<String>,
    /// Why one of the files could not be read.
    pub failed: Option<String>,
    /// All records below the header: used, rejected and skipped together.
    pub found: Shown,
    pub used: Shown,
    pub rejected: Shown,
    pub skipped: Shown,
    pub rejected_by: Vec<ReasonView>,
    pub skipped_by: Vec<ReasonView>,
    /// Used rows with a rejected cell.
    pub rows_with_rejects: Shown,
    /// What rows were made of, where that is not a record each.
    pub made: Option<String>,
    /// Rows that their workbook hides; they count.
    pub hidden: Shown,
    pub rounded: Shown,
    pub rejects: Vec<RejectView>,
    pub ranges: Vec<RangeView>,
    pub place: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct RejectView {
    /// The column, or "whole rows".
    pub column: String,
    pub cells: Shown,
    pub by: Vec<ReasonView>,
    pub first: Vec<RejectedCell>,
}

/// How many rows or cells there are of one reason.
#[derive(Debug, Clone, Serialize)]
pub struct ReasonView {
    pub reason: String,
    pub count: Shown,
}

#[derive(Debug, Clone, Serialize)]
pub struct RejectedCell {
    /// `file!sheet!B14`.
    pub place: String,
    /// Only where the project shows rows in full.
    pub text: Option<String>,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct RangeView {
    pub column: String,
    pub from: String,
    pub to: String,
}

/// What `metrics` prints: values in order of id, period, slice.
#[derive(Debug, Clone, Serialize)]
pub struct MetricsView {
    pub project: ProjectView,
    pub as_of: AsOfView,
    pub values: Vec<MetricValue>,
    pub feeds: Vec<FeedView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MetricValue {
    pub id: String,
    pub title: String,
    pub value: ValueView,
}
