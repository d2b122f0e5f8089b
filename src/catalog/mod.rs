//! The catalog: project and packs merged, every reference resolved.
//!
//! Owns what later stages may know of config. Nothing in it is as written: ids resolve, expressions are
//! typed, overlays and waivers are applied. It holds no data and computes nothing.

mod answers;
mod build;
mod cases;
mod checks;
mod columns;
mod contract;
mod cycles;
mod datasets;
mod diags;
mod dimensions;
mod feeds;
mod fingerprint;
mod formulas;
mod frameworks;
mod inputs;
mod limits;
mod metrics;
mod model;
mod model_feeds;
mod model_reports;
mod narrow;
mod project;
mod rates;
mod reports;
mod reshapes;
mod resolve;
mod rows;
mod ruled;
mod skips;
mod targets;
#[cfg(test)]
mod tests;
mod unused;

pub use build::{Checked, build, build_case};
pub use limits::Limits;
pub use model::*;
pub use model_feeds::*;
pub use model_reports::*;
pub use narrow::narrow;
pub use rates::{RateAt, RateColumns};
pub use targets::PlanLines;
