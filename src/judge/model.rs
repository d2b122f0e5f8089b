//! What was judged.

use std::collections::BTreeMap;

use crate::domain::{Day, Decimal, Evidence, Id, Outcome};
use crate::measure::{Measured, Reason};
use crate::text::Place;

/// Outcomes of all checks and frameworks of a run.
#[derive(Debug, Clone, Default)]
pub struct Assessment {
    pub checks: BTreeMap<Id, CheckResult>,
    pub frameworks: BTreeMap<Id, FrameworkResult>,
    /// Checks on contradictions that do not hold, and that nobody waived; in order of id.
    pub contradictions: Vec<Id>,
    /// In order of check.
    pub findings: Vec<Finding>,
}

/// One check, answered once however many frameworks use it.
#[derive(Debug, Clone)]
pub struct CheckResult {
    pub check: Id,
    /// As shown: a standing waiver shows as waived unless the check is met anyway.
    pub outcome: Outcome,
    /// As it truly is: what counts at the gate.
    pub truth: Outcome,
    /// From 0 to 1, of the truth; none where nothing is known.
    pub grade: Option<Decimal>,
    /// What answered, or what should have.
    pub evidence: Evidence,
    /// The check's value; none for answers.
    pub value: Option<Measured>,
    /// The metrics that the value is made of, where they were measured.
    pub parts: Vec<(Id, Measured)>,
    /// Members of dimensions that lack what was asked for.
    pub lacking: Vec<(Id, String)>,
    /// The check whose data answered instead.
    pub shown_by: Option<Id>,
    /// Why it is unknown, expired or failed.
    pub why: Option<Why>,
    /// The answer that stands, or stood until it expired.
    pub answer: Option<UsedAnswer>,
    /// The waiver that stands.
    pub waiver: Option<UsedWaiver>,
    /// Of an `each` check: rows that should be answered for.
    pub rows: Option<RowCount>,
}

impl CheckResult {
    /// Whether its grade counts: it is met, partly met or not met.
    pub fn is_scored(&self) -> bool {
        matches!(self.truth, Outcome::Met | Outcome::PartlyMet | Outcome::NotMet)
    }
}

#[derive(Debug, Clone)]
pub struct UsedAnswer {
    pub id: Id,
    pub word: String,
    pub owner: String,
    pub date: Day,
    pub expires: Option<Day>,
    pub link: String,
    pub note: String,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub struct UsedWaiver {
    pub id: Id,
    pub reason: String,
    pub owner: String,
    pub until: Day,
    pub place: Place,
}

/// Rows of an `each` check. A row without a standing answer counts as 0 once any row has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCount {
    pub answered: u64,
    pub of: u64,
}

/// Why a check has no grade; `view` has the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The value is withheld.
    Value(Reason),
    /// The run did not ask for the value.
    NotMeasured,
    NoAnswer,
    Expired {
        on: Day,
    },
    /// The answer has an end and the as-of date was taken from the data.
    ExpiryUnknown,
    /// The answer is dated after the as-of date.
    NotYet {
        date: Day,
    },
    /// No row of a config dataset is declared that could be compared with.
    NothingDeclared {
        dataset: Id,
    },
    /// An `each` check over no rows.
    NoRows {
        dataset: Id,
    },
}

/// Something that a person should look at although it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: Id,
    pub what: FindingKind,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    /// An answer says otherwise than the data.
    Contradiction {
        answer: Id,
        says: Outcome,
        data: Outcome,
    },
    AnswerExpired {
        answer: Id,
        on: Day,
    },
    WaiverExpired {
        waiver: Id,
        on: Day,
    },
    /// The as-of date was taken from the data, so the waiver does not stand.
    WaiverUnknown {
        waiver: Id,
    },
    /// The check is met without its waiver.
    WaiverNotNeeded {
        waiver: Id,
    },
    /// An answer for a row that is not there.
    NoSuchRow {
        answer: Id,
        subject: String,
    },
}

/// One framework: elements, levels, groups, and what comes next.
#[derive(Debug, Clone)]
pub struct FrameworkResult {
    pub framework: Id,
    /// As declared, in order.
    pub elements: Vec<ElementResult>,
    /// Lowest first.
    pub levels: Vec<HeadingResult>,
    pub groups: Vec<HeadingResult>,
    /// None where the framework has no levels.
    pub gate: Option<Gate>,
    /// All elements together.
    pub total: Tally,
    /// Coverage is at or over the framework's floor.
    pub headline: bool,
    /// Best first.
    pub next: Vec<NextStep>,
}

#[derive(Debug, Clone)]
pub struct ElementResult {
    pub element: Id,
    pub outcome: Outcome,
    /// What counts at the gate.
    pub truth: Outcome,
    /// Weighted mean of scored checks, never lifted by a waiver; none where too little is known.
    pub score: Option<Decimal>,
    /// The score as if nothing were waived: the ceiling of every share.
    pub true_score: Option<Decimal>,
    /// Checks of at least half its weight are scored.
    pub evaluated: bool,
    /// The weakest evidence among its applicable checks.
    pub evidence: Option<Evidence>,
}

#[derive(Debug, Clone)]
pub struct HeadingResult {
    pub id: Id,
    pub tally: Tally,
}

/// Sums over some elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Weighted mean score over evaluated elements; none without any.
    pub share: Option<Decimal>,
    /// Evaluated ÷ applicable elements; none without any.
    pub coverage: Option<Decimal>,
    /// Elements that apply and are not waived.
    pub applicable: u32,
    pub evaluated: u32,
    pub waived: u32,
    /// Truly met, among `of`.
    pub met: u32,
    /// Elements at the gate: all that apply, waived ones too.
    pub of: u32,
}

/// The level that is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// None below the first level.
    pub level: Option<Id>,
    /// Its place among the levels from 1; 0 below the first.
    pub number: u32,
    pub of: u32,
    /// The level to reach next.
    pub next: Option<Id>,
    /// Levels with no applicable element, passed over.
    pub passed_over: Vec<Id>,
    /// Elements that block the next level.
    pub blocking: Vec<Id>,
}

/// Something worth doing, ranked by gap × weight ÷ effort within its level, prerequisites first.
#[derive(Debug, Clone)]
pub struct NextStep {
    pub element: Id,
    /// From 0 to 1; what is unknown counts as open.
    pub gap: Decimal,
    /// Sum over the checks that are not met.
    pub effort: u32,
    /// gap × weight ÷ effort.
    pub rank: Decimal,
    /// Of the first check that is not met.
    pub owner: String,
    /// Checks that are not met, in the element's order.
    pub checks: Vec<Id>,
}
