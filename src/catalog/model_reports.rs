//! The catalog's reports, and the proofs of its rules.

use std::sync::Arc;

use crate::domain::{Day, Grain, Id, Value};
use crate::text::Place;

/// What a report shows, and how it is drawn.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: Id,
    pub title: String,
    pub metrics: Vec<Id>,
    /// Each a crossing of dimensions; side by side.
    pub by: Vec<Vec<Id>>,
    pub grain: Grain,
    pub last: u32,
    pub frameworks: Vec<Id>,
    /// How metrics and crossings are arranged; none where the templates do it.
    pub sections: Vec<Section>,
    pub templates: Vec<Template>,
    /// Templates that others include, by the name to include them by: folder and file.
    pub parts: Vec<(String, Arc<str>)>,
    pub place: Option<Place>,
}

/// A part of a report: some of its metrics in one form.
#[derive(Debug, Clone)]
pub struct Section {
    pub title: String,
    pub note: String,
    pub show: Show,
    /// Of the report's metrics, in the section's order.
    pub metrics: Vec<Id>,
    /// Of the report's crossings.
    pub by: Vec<Vec<Id>>,
}

/// The form of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Few numbers, large.
    Cards,
    /// A table of values with their changes.
    Numbers,
    /// What moved a product of factors, drawn.
    Bridge,
    /// Courses over time.
    Trend,
    /// By members of dimensions.
    Slices,
}

impl Show {
    pub const ALL: [Self; 5] =
        [Self::Cards, Self::Numbers, Self::Bridge, Self::Trend, Self::Slices];

    pub fn word(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Numbers => "numbers",
            Self::Bridge => "bridge",
            Self::Trend => "trend",
            Self::Slices => "slices",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Template {
    /// `md` or `html`: the name's second ending, as in `main.md.j2`.
    pub format: String,
    /// Name for messages.
    pub name: String,
    pub text: Arc<str>,
}

/// A proof, as written; `proof` runs it.
#[derive(Debug, Clone)]
pub struct Case {
    pub title: String,
    pub rule: CaseRule,
    pub period: Option<String>,
    pub as_of: Option<Day>,
    /// Dataset and its CSV text.
    pub tables: Vec<(Id, String)>,
    /// TOML of a project.
    pub config: String,
    pub by: Vec<(Id, String)>,
    pub expect: Vec<(String, Value)>,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseRule {
    Metric(Id),
    Check(Id),
    Framework(Id),
}
