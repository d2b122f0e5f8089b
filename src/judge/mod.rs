//! Outcomes of checks, scores of elements, levels of frameworks, and what to do next.
//!
//! A pure function of catalog and measurements: reads no data, knows no clock, has no words for people. Unknown
//! is never met and never zero; a waiver never unlocks a level nor lifts a score.

mod model;

pub use model::*;

use crate::catalog::Catalog;
use crate::domain::Period;
use crate::measure::Measurements;

/// Judges every check and framework of the catalog in a period.
pub fn judge(_catalog: &Catalog, _measurements: &Measurements, _period: &Period) -> Assessment {
    Assessment::default()
}
