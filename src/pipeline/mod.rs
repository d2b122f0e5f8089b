//! The stages in order: load, settle, measure, judge, view.
//!
//! A chain of owned values; a command stops where it has enough. Owns the order of things and nothing else: no
//! flag, no clock, no words beyond its own few mistakes.

mod diags;
mod load;
mod report;
mod run;
mod settle;

pub use load::{Loaded, load, load_case, load_files};
pub use report::{Rendered, needs, render, write};
pub use run::{Run, ask, ask_with_places, ask_with_rows, contradictions, evidence, judge};
pub use settle::{Settled, Setup, settle};
