//! Measurements: the plan run over the feeds.
//!
//! Owns the scan, the order-free states and their end: values with population, coverage and reasons. Judges
//! nothing and has no words for people.

mod model;

pub use model::*;
