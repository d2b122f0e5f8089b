//! The plan: what a run must compute, grouped so that every dataset is scanned once.
//!
//! A pure function of catalog, question and period. Opens no file and knows no thread.

mod build;
mod compile;
mod diags;
mod lower;
mod model;
mod newest;
mod order;
mod rates;
mod rollup;

pub use compile::compile;
pub use model::*;
pub use newest::newest;
