//! The list of all rejected rows and cells, as a table for a spreadsheet.
//!
//! Workers add what a block holds as soon as they know it, in any order; the end puts the blocks in order. So memory
//! does not grow with the list, and neither threads nor blocks can change a byte of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::feeder::Piece;
use crate::catalog::{Catalog, Feed};
use crate::data::{Chunk, Layout, Reject};
use crate::diag::Fault;
use crate::disk::{Ready, Spool};
use crate::domain::Id;
use crate::plan::Scan;
use crate::text::column_letters;

const HEAD: &[u8] = b"feed,file,sheet,row,column,header,text,reason\r\n";

/// Where the list goes.
#[derive(Debug)]
pub struct Refused(Mutex<List>);

#[derive(Debug)]
struct List {
    /// None once it was put in order.
    spool: Option<Spool>,
    /// By feed, file and block.
    pieces: BTreeMap<(Id, u32, u32), Range<u64>>,
    fault: Option<Fault>,
}

impl Refused {
    /// # Errors
    /// Where no file can be written there.
    pub fn new(target: &Path) -> Result<Self, Fault> {
        let (spool, pieces) = (Some(Spool::new(target, HEAD)?), BTreeMap::new());
        Ok(Self(Mutex::new(List { spool, pieces, fault: None })))
    }

    /// Adds the rejected rows and cells of a block.
    pub(super) fn add(&self, catalog: &Catalog, scan: &Scan, piece: &Piece, chunk: &Chunk) {
        let mut feeds = catalog.feeds.iter().filter(|feed| feed.dataset == scan.dataset);
        let Some(feed) = feeds.nth(piece.feed).filter(|_| !chunk.rejects.is_empty()) else {
            return;
        };
        let mut rejects: Vec<&Reject> = chunk.rejects.iter().collect();
        rejects.sort_by_key(|reject| (reject.row, reject.file_column, reject.want));
        let lines: String =
            rejects.iter().map(|reject| line(feed, &piece.layout, chunk, reject)).collect();
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(spool) = &mut list.spool else { return };
        match spool.add(lines.as_bytes()) {
            Ok(range) => {
                let key = (feed.id.clone(), piece.file, piece.block.seq);
                list.pieces.insert(key, range);
            }
            Err(fault) => {
                list.fault.get_or_insert(fault);
            }
        }
    }

    /// Puts the list in order; once.
    ///
    /// # Errors
    /// Where it could not be written.
    pub fn in_order(&self) -> Result<Option<Ready>, Fault> {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fault) = list.fault.take() {
            return Err(fault);
        }
        let pieces = std::mem::take(&mut list.pieces);
        let ordered = list.spool.take().map(|spool| spool.in_order(HEAD, pieces.into_values()));
        ordered.transpose()
    }
}

fn line(feed: &Feed, layout: &Layout, chunk: &Chunk, reject: &Reject) -> String {
    let place = layout.place(chunk.file_row(reject.row), reject.file_column);
    let cells = [
        feed.id.as_str(),
        layout.file(),
        layout.sheet().as_deref().unwrap_or_default(),
        &place.row.to_string(),
        // A whole row has no column, whatever its place is.
        &column_letters(if reject.file_column == 0 { 0 } else { place.column }),
        layout.header_of(reject.file_column).unwrap_or_default(),
        &reject.text,
        reject.why.words(),
    ]
    .map(cell);
    cells.join(",") + "\r\n"
}

/// A text as a cell of the list. What a spreadsheet would take for a formula, even behind blanks, gets an apostrophe
/// before it, so that opening the list runs nothing.
fn cell(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let mark = if formula { "'" } else { "" };
    if text.contains(['"', ',', ';', '\t', '\n', '\r']) {
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{mark}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_the_table() {
        for (text, written) in [
            ("n/a", "n/a"),
            ("1.355,90", "\"1.355,90\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            (" @SUM(1)", "' @SUM(1)"),
            ("-12,5", "\"'-12,5\""),
            ("+1\n", "\"'+1\n\""),
            ("\t=1", "\"'\t=1\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
