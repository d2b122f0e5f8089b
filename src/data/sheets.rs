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

#[cfg(test)]
mod tests {
    use super::super::SheetKind;
    use super::*;
    use crate::catalog::Limits;
    use crate::disk::Files;

    fn files() -> Exports {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("Deals").unwrap();
        sheet.write_row(1, 1, ["a", "b", "c"]).unwrap();
        sheet.merge_range(3, 1, 4, 2, "both", &rust_xlsxwriter::Format::new()).unwrap();
        book.add_worksheet().set_name("Lists").unwrap().set_hidden(true);
        let mut chart = rust_xlsxwriter::Chart::new_column();
        chart.add_series().set_values("Deals!$B$2:$C$2");
        book.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
        let csv = b"a,b\n1,2\n".to_vec();
        let page = b"<html><table>".to_vec();
        let book = book.save_to_buffer().unwrap();
        Exports::new(Files::memory([("a.xlsx", book), ("b.xlsx", csv), ("c.xls", page)]))
    }

    #[test]
    fn sheets_are_listed_with_what_is_known_of_them() {
        let files = files();
        let sheets = sheets_of(&files, "a.xlsx").unwrap();
        let told: Vec<_> = sheets.iter().map(|s| (s.name.as_str(), s.kind, s.visible)).collect();
        let expected = [
            ("Deals", SheetKind::Table, true),
            ("Lists", SheetKind::Table, false),
            ("Chart1", SheetKind::Other, true),
        ];
        assert_eq!(told, expected);
        let used = Region { first_row: 2, first_column: 2, last_row: 5, last_column: 4 };
        assert_eq!(sheets[0].used, Some(used));
        let merged = Region { first_row: 4, first_column: 2, last_row: 5, last_column: 3 };
        assert_eq!(merged_in(&files, "a.xlsx", "Deals").unwrap(), [merged]);
        assert_eq!(merged_in(&files, "a.xlsx", "Lists").unwrap(), []);
        assert_eq!(sheets_of(&files, "b.xlsx").unwrap(), [], "text has no sheets");
    }

    #[test]
    fn what_cannot_be_listed_is_told() {
        let code = |files: &Exports, file: &str| match sheets_of(files, file) {
            Err(Failure::Mistakes(mistakes)) => mistakes[0].code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(&files(), "c.xls"), "file-not-csv");
        assert_eq!(code(&files(), "d.xls"), "file-missing");
        let few = files().within(Limits { sheets: 2, ..Limits::default() });
        assert_eq!(code(&few, "a.xlsx"), "beyond-limit");
    }
}
