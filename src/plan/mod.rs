//! The plan: what a run must compute, grouped so that every dataset is scanned once.
//!
//! A pure function of catalog, question and period. Opens no file and knows no thread.

mod model;

pub use model::*;
