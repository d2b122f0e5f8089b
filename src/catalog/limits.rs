//! `[limits]`: the most that an export may hold before it is refused.

use super::build::Build;
use crate::decode::Reader;

/// Bounds on what is unpacked and laid out. Each is a guard against files that are made to exhaust a machine, or that
/// nobody meant: none is reached by an export that a person would open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Megabytes that an archive may unpack to.
    pub unpacked_mb: u32,
    /// Megabytes of a workbook that must stand in memory at once: shared texts, and all of an .xls file.
    pub held_mb: u32,
    /// Cells of a sheet, with the blank ones before the last that is filled.
    pub cells: u32,
    /// Sheets of a workbook.
    pub sheets: u32,
    /// How many times its packed size an archive may have.
    pub ratio: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked_mb: 4096, held_mb: 512, cells: 100_000_000, sheets: 1000, ratio: 500 }
    }
}

impl Build<'_> {
    /// Reads `[limits]`; what it leaves out keeps its default.
    pub(super) fn limits(&mut self) {
        let Some(table) = &self.written.limits else { return };
        let mut reader = Reader::new(table, "the limits");
        let mut limits = Limits::default();
        for (key, limit) in [
            ("unpacked-mb", &mut limits.unpacked_mb),
            ("held-mb", &mut limits.held_mb),
            ("cells", &mut limits.cells),
            ("sheets", &mut limits.sheets),
            ("ratio", &mut limits.ratio),
        ] {
            if let Some(most) = reader.count(key, 1, u32::MAX) {
                *limit = most;
            }
        }
        reader.finish(&mut self.sink);
        self.catalog.project.limits = limits;
    }
}
