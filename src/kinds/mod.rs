//! The kinds of metrics and checks: one file each, and the visible tables of them.
//!
//! A kind reads its half of a rule's table and lowers it to relations, aggregate leaves and a scalar tree over
//! them. It sees no data and no other rule; `plan` groups what kinds ask for, `measure` runs it.

mod body;
mod context;

pub use body::{Body, Bounds, CheckBody, CheckSource, EachAnswer, Population, Span};
pub use context::{Context, Written};
