//! The shape of checks, frameworks and what to do next.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::{HeatView, RoadView};
use super::model::{AsOfView, FeedView, ProjectView};
use super::model_data::ContradictionView;
use super::number::Shown;
use super::phrase::{Basis, Said};
use super::time::PeriodView;

#[derive(Debug, Clone, Serialize)]
pub struct CheckView {
    pub id: String,
    pub title: String,
    pub kind: &'static str,
    /// The outcome's word, as shown.
    pub outcome: &'static str,
    /// What it truly is, where a waiver hides it.
    pub truth: &'static str,
    /// In words: "partly met".
    pub text: String,
    /// Word of the mark to draw; see [`mark_of`](super::mark_of).
    pub mark: &'static str,
    /// The mark as one character.
    pub glyph: &'static str,
    pub grade: Shown,
    pub evidence: &'static str,
    /// "shown by data", "declared in config", "attested".
    pub evidence_text: String,
    pub values: Vec<CheckValueView>,
    /// One sentence: the value, what it rests on, and what was wanted.
    pub measured: String,
    pub wanted: String,
    pub reason: Option<String>,
    pub question: String,
    pub why: String,
    pub how: String,
    /// Markdown.
    pub remedy: String,
    pub owner: String,
    pub source: String,
    pub effort: u32,
    pub place: String,
    pub answer: Option<AnswerView>,
    /// Of what people attest: the check whose data answers instead where it is there.
    pub shown_by: Option<String>,
    pub waiver: Option<WaiverView>,
    /// The first rows that keep it from being met, as far as the project shows rows.
    pub examples: Vec<ExampleView>,
    /// How many there are in all.
    pub examples_more: Shown,
}

/// A row that falls short.
#[derive(Debug, Clone, Serialize)]
pub struct ExampleView {
    /// `file!sheet!B14`, or a place in a config file.
    pub place: String,
    pub key: Option<String>,
    /// Column and text; only where the project shows rows in full.
    pub cells: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckValueView {
    /// The metric, or the check's kind for a value of its own.
    pub metric: String,
    pub value: Shown,
    pub n: Shown,
    pub numerator: Shown,
    pub denominator: Shown,
    pub coverage: Shown,
    pub status: &'static str,
    pub text: Said,
    pub evidence: Basis,
}

#[derive(Debug, Clone, Serialize)]
pub struct AnswerView {
    pub word: String,
    pub owner: String,
    pub date: String,
    pub expires: Option<String>,
    pub link: String,
    pub note: String,
    pub place: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct WaiverView {
    pub reason: String,
    pub owner: String,
    pub until: String,
    pub place: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    pub check: String,
    /// The check's.
    pub title: String,
    /// Stable word: `contradiction`, `answer-expired`, …
    pub kind: &'static str,
    pub text: String,
    pub place: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct FrameworkView {
    pub id: String,
    pub title: String,
    pub source: String,
    pub doc: String,
    /// Coverage reaches the framework's floor.
    pub headline: bool,
    /// The headline as a sentence, or why there is none.
    pub sentence: String,
    /// What stands before the next level, as a sentence; empty where nothing does.
    pub toward: String,
    /// The marks of its elements and their checks, each once, for a key.
    pub marks: Vec<MarkView>,
    pub level: Option<LevelView>,
    pub tally: TallyView,
    pub levels: Vec<HeadingView>,
    pub groups: Vec<HeadingView>,
    /// As declared, in order.
    pub elements: Vec<ElementView>,
    /// Indexes of the elements in no level, and their stretch beside the road.
    pub beside: Option<(Vec<usize>, RoadView)>,
    /// What is done, by group and level; none without either.
    pub heat: Option<HeatView>,
    pub next: Vec<NextView>,
    /// How many elements are met by each kind of evidence.
    pub met_by: BTreeMap<&'static str, u32>,
}

/// A mark: its word, and one character for texts without drawings.
#[derive(Debug, Clone, Serialize)]
pub struct MarkView {
    pub word: &'static str,
    pub glyph: &'static str,
}

/// The gated level.
#[derive(Debug, Clone, Serialize)]
pub struct LevelView {
    pub gated: Option<String>,
    /// Its title, or "below the first level".
    pub title: String,
    pub number: u32,
    pub of: u32,
    pub next: Option<String>,
    pub passed_over: Vec<String>,
    /// Titles of the elements that block the next level.
    pub blocking: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TallyView {
    pub share: Shown,
    pub coverage: Shown,
    pub applicable: u32,
    pub evaluated: u32,
    pub waived: u32,
    pub met: u32,
    pub of: u32,
    /// "8 of 12 met".
    pub short: String,
    /// "8 of 12 met; 28 of 33 evaluated (85%), 1 waived".
    pub text: String,
}

/// A level or a group.
#[derive(Debug, Clone, Serialize)]
pub struct HeadingView {
    pub id: String,
    pub title: String,
    pub doc: String,
    pub tally: TallyView,
    /// Indexes into the framework's elements.
    pub elements: Vec<usize>,
    /// Of a level: its stretch of the road.
    pub road: Option<RoadView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ElementView {
    pub id: String,
    pub title: String,
    pub doc: String,
    pub level: Option<String>,
    pub groups: Vec<String>,
    pub outcome: &'static str,
    pub truth: &'static str,
    pub text: String,
    /// The truth in words.
    pub truth_text: String,
    pub mark: &'static str,
    pub glyph: &'static str,
    pub score: Shown,
    /// The score in words: of what is known, where not all is.
    pub score_text: String,
    pub weight: Shown,
    pub evidence: Option<&'static str>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// Ids, in order.
    pub checks: Vec<String>,
    pub place: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct NextView {
    pub framework: String,
    pub element: String,
    pub title: String,
    pub level: Option<String>,
    pub gap: Shown,
    pub effort: u32,
    pub owner: String,
    /// Checks that are not met, by id.
    pub checks: Vec<String>,
    /// Levers of the metrics that these checks look at.
    pub levers: Vec<String>,
}

/// What `check` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ChecksView {
    pub project: ProjectView,
    pub as_of: AsOfView,
    pub period: PeriodView,
    pub frameworks: Vec<FrameworkView>,
    /// In order of id.
    pub checks: Vec<CheckView>,
    pub contradictions: Vec<ContradictionView>,
    pub findings: Vec<FindingView>,
    pub feeds: Vec<FeedView>,
}
