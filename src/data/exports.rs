//! A project's files as feeds read them: what was unpacked of a workbook is kept for the next scan of a run.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::book::Form;
use super::rows::Rows;
use super::sheet::{self, Sheet, Unreadable};
use crate::catalog::Limits;
use crate::disk::{FileError, Files};

/// Bytes that are kept of all sheets together; a sheet that is larger is unpacked again.
const MOST_KEPT: usize = 64 << 20;

/// The files, and what was kept of them. Clones share what is kept.
#[derive(Debug, Clone)]
pub struct Exports {
    files: Files,
    limits: Limits,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    bytes: usize,
    /// By file and the sheet that was asked for.
    sheets: BTreeMap<(String, Option<String>), Whole>,
}

/// A sheet that was read to its end.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) name: Arc<str>,
    pub(super) pieces: Vec<Arc<[u8]>>,
    pub(super) rows: Arc<Rows>,
    pub(super) unseen: Arc<[String]>,
}

impl Exports {
    pub fn new(files: Files) -> Self {
        Self { files, limits: Limits::default(), kept: Arc::default() }
    }

    /// The same within a project's limits.
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Opens a sheet of a workbook.
    pub(super) fn sheet(
        &self,
        file: &str,
        form: Form,
        wanted: Option<&str>,
    ) -> Result<Result<Sheet, Unreadable>, FileError> {
        let key = (file.to_owned(), wanted.map(ToOwned::to_owned));
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(whole) = kept.sheets.get(&key).cloned() {
            return Ok(Ok(Sheet::again(whole)));
        }
        drop(kept);
        let cells = self.files.open_anywhere(file)?;
        let kept = Arc::clone(&self.kept);
        let keep = move |whole: Whole| keep(&kept, key, whole);
        Ok(sheet::open(cells, form, self.limits, wanted, Box::new(keep)))
    }
}

/// The most that one sheet may have to be kept.
pub(super) fn is_small(bytes: usize) -> bool {
    bytes <= MOST_KEPT
}

fn keep(kept: &Mutex<Kept>, key: (String, Option<String>), whole: Whole) {
    let bytes: usize = whole.pieces.iter().map(|piece| piece.len()).sum();
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if is_small(kept.bytes + bytes) && !kept.sheets.contains_key(&key) {
        kept.bytes += bytes;
        kept.sheets.insert(key, whole);
    }
}

impl Deref for Exports {
    type Target = Files;

    fn deref(&self) -> &Files {
        &self.files
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::sheet::SheetRows;
    use super::*;

    fn workbook(rows: u32) -> Exports {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..rows {
            sheet.write_row(row, 0, [row, 7, row * row % 1000]).unwrap();
        }
        sheet.set_row_hidden(3).unwrap();
        Exports::new(Files::memory([("a.xlsx", book.save_to_buffer().unwrap())]))
    }

    fn text(exports: &Exports, most: u64) -> (String, SheetRows) {
        let sheet = exports.sheet("a.xlsx", Form::Xlsx, None).unwrap().unwrap();
        let mut text = String::new();
        sheet.text.take(most).read_to_string(&mut text).unwrap();
        (text, sheet.rows)
    }

    #[test]
    fn a_sheet_is_unpacked_once() {
        let exports = workbook(20_000);
        let pieces = |exports: &Exports| {
            let kept = exports.kept.lock().unwrap();
            kept.sheets.values().map(|whole| whole.pieces.len()).collect::<Vec<_>>()
        };
        text(&exports, 100);
        assert_eq!(pieces(&exports), [0; 0], "a sheet that was not read to its end is not kept");
        let (first, rows) = text(&exports, u64::MAX);
        assert_eq!(first.lines().count(), 20_000);
        assert!(pieces(&exports)[0] > 1);
        let (again, known) = text(&exports.clone(), u64::MAX);
        assert!(first == again);
        let hidden = rows.get().and_then(|rows| rows.hidden_below(1));
        assert_eq!(hidden.map(|h| (h.hidden, h.of, h.first)), Some((1, 19_999, 4)));
        assert_eq!(hidden, known.get().and_then(|rows| rows.hidden_below(1)));
        // What is full takes no more.
        exports.kept.lock().unwrap().bytes = MOST_KEPT;
        exports.kept.lock().unwrap().sheets.clear();
        assert!(text(&exports, u64::MAX).0 == first);
        assert_eq!(pieces(&exports), [0; 0]);
    }
}
