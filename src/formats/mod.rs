//! Machine formats and plain tables, out of the view alone.
//!
//! Owns the shape of the published JSON. Numbers arrive as literals and leave as literals: nothing here
//! computes, rounds or reads a measurement.

mod checks;
mod csv;
mod explain;
mod feeds;
mod json;
mod list;
mod metrics;
mod profile;
mod table;

pub use checks::{checks_json, checks_text};
pub use csv::metrics_csv;
pub use explain::{explain_json, explain_text};
pub use feeds::feeds_text;
pub use list::{Listed, list_json, list_text};
pub use metrics::{metrics_json, metrics_table};
pub use profile::{profile_json, profile_text};
