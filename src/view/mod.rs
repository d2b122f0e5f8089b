//! The one frozen, versioned, serialisable view: all that templates and machine formats may see.
//!
//! Owns the words (a table by key) and the form of numbers. A pure function of catalog, measurements and
//! assessment; draws nothing and writes nothing.

mod maturity;
mod model;

pub use maturity::*;
pub use model::*;

/// The version of what templates see.
pub const SCHEMA: &str = "milepost.view/1";
