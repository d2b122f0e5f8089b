//! Packs and report templates: the shipped ones, embedded by folder, and a project's own.
//!
//! Owns how folders become packs and reports. Refuses to look into a pack's tables; those are `config`'s.

mod diags;
mod head;
mod reports;
mod shipped;
#[cfg(test)]
mod tests;

pub use head::{Head, read_head};
pub use reports::{REPORTS, ReportText, is_report_file, reports};
pub use shipped::shipped;

use crate::text::Source;

/// A pack before it is read: a folder with a `pack.toml`.
#[derive(Debug, Clone)]
pub struct PackText {
    /// The folder's name.
    pub folder: String,
    pub head: Source,
    /// All other TOML files, in path order.
    pub files: Vec<Source>,
}

/// What ships: packs and the files of report folders.
#[derive(Debug, Clone, Default)]
pub struct Shipped {
    pub packs: Vec<PackText>,
    pub reports: Vec<Source>,
}
