//! What stands in a workbook, for those who have to choose: its sheets, and which cells are merged.

use super::book::{self, Book, Region, SheetFacts};
use super::shape::{Shape, shape};
use super::{Exports, Failure, diags};

/// The sheets of a workbook in its order; none at all of a file that is no workbook.
pub fn sheets_of(files: &Exports, file: &str) -> Result<Vec<SheetFacts>, Failure> {
    let Some(mut book) = open(files, file)? else { return Ok(Vec::new()) };
    let mut sheets = book.sheets().to_vec();
    for (at, sheet) in sheets.iter_mut().enumerate() {
        sheet.used = book::guarded(|| Ok(book.used(at))).unwrap_or_default();
    }
    Ok(sheets)
}

/// The merged cells of a sheet.
pub fn merged_in(files: &Exports, file: &str, sheet: &str) -> Result<Vec<Region>, Failure> {
    let Some(mut book) = open(files, file)? else { return Ok(Vec::new()) };
    let at = book.sheets().iter().position(|facts| facts.name == sheet);
    let Some(at) = at else { return Ok(Vec::new()) };
    book::guarded(|| book.merged(at))
        .map_err(|stop| diags::workbook(None, file, stop.into()).into())
}

fn open(files: &Exports, file: &str) -> Result<Option<Box<dyn Book>>, Failure> {
    match shape(files, file).map_err(|why| diags::unfit(None, file, why))? {
        Shape::Text(..) => Ok(None),
        Shape::Book(form) => {
            let reader = files.open_anywhere(file);
            let reader = reader.map_err(|error| diags::file_error(None, file, error))?;
            let book = book::open(form, reader, files.limits());
            book.map(Some).map_err(|stop| diags::workbook(None, file, stop.into()).into())
        }
    }
}
