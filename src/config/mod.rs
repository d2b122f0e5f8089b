//! Config as written: the tables of packs and project by name and id, overlays merged in.
//!
//! Owns which tables there are, that an id is declared once, and overlays: they are merged before anything is
//! checked, so a place points at the overlay's line. Knows no table's keys.

mod collect;
mod diags;
mod overlay;
#[cfg(test)]
mod tests;
mod written;

pub use collect::{File, collect, read};
pub use overlay::merge;
pub use written::{Declared, WrittenCase, WrittenConfig};
