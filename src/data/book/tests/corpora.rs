//! Public corpora of difficult workbooks. What they come to was found by two readers that nothing has in common, cell
//! by cell, and stays.
//!
//! Runs where `MILEPOST_DATA` names the folder that holds them. Names and rows stay there.

use std::io::Read as _;

use super::*;
use crate::disk::Files;

/// What a folder of workbooks comes to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Totals {
    /// Files that are read, by form.
    xlsx: usize,
    xlsb: usize,
    xls: usize,
    ods: usize,
    sheets: usize,
    hidden_sheets: usize,
    hidden_rows: usize,
    merged: usize,
    cells: usize,
    broken: usize,
    strange: usize,
    beyond: usize,
}

fn count(bytes: &[u8], totals: &mut Totals) -> Result<(), Stop> {
    let limits = Limits::default();
    let (form, mut book) = book(bytes, limits)?;
    match form {
        Form::Xlsx => totals.xlsx += 1,
        Form::Xlsb => totals.xlsb += 1,
        Form::Xls => totals.xls += 1,
        Form::Ods | Form::FlatOds => totals.ods += 1,
    }
    for (at, facts) in book.sheets().to_vec().into_iter().enumerate() {
        if facts.kind != SheetKind::Table {
            continue;
        }
        totals.sheets += 1;
        totals.hidden_sheets += usize::from(!facts.visible);
        let (text, written) = text(&mut *book, at, limits)?;
        totals.merged += book.merged(at)?.len();
        totals.hidden_rows += written.hidden.from(0).count();
        totals.cells += cells(&text).len();
    }
    Ok(())
}

fn totals(files: &Files, folder: &str, totals: &mut Totals) {
    for file in files.matching(&format!("{folder}/**/*")).unwrap() {
        let ending = file.rsplit('.').next().unwrap().to_lowercase();
        if !["xls", "xlsx", "xlsm", "xlsb", "ods"].contains(&&*ending) {
            continue;
        }
        let mut bytes = Vec::new();
        files.open(&file).unwrap().read_to_end(&mut bytes).unwrap();
        match count(&bytes, totals) {
            Ok(()) => {}
            Err(Stop::Broken(_)) => totals.broken += 1,
            Err(Stop::Strange(_)) => totals.strange += 1,
            Err(Stop::Beyond(_)) => totals.beyond += 1,
            Err(Stop::Deaf) => panic!("{file}"),
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test says where its data are"
)]
fn public_corpora_give_their_totals() {
    let Ok(root) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA is not set");
        return;
    };
    let files = Files::below(std::path::Path::new(&root)).unwrap();
    let of = |folders: &[&str]| {
        let mut totals = Totals::default();
        folders.iter().for_each(|folder| self::totals(&files, folder, &mut totals));
        totals
    };
    let calamine = Totals {
        xlsx: 65,
        xlsb: 11,
        xls: 30,
        ods: 14,
        sheets: 232,
        hidden_sheets: 8,
        hidden_rows: 1,
        merged: 221,
        cells: 10_012,
        broken: 2,
        strange: 4,
        beyond: 1,
    };
    assert_eq!(of(&["c-calamine"]), calamine);
    let (sheets, merged, cells) = (154, 8, 26_727);
    let readxl = Totals { xlsx: 42, xls: 35, sheets, merged, cells, ..Totals::default() };
    assert_eq!(of(&["c-readxl"]), readxl);
    let csvkit = Totals { xlsx: 3, xls: 2, sheets: 7, cells: 146, ..Totals::default() };
    assert_eq!(of(&["c-csvkit"]), csvkit);
    let others = [
        "leads-xeducation",
        "meridian-media",
        "pbpython-sales",
        "product-q1-multisheet",
        "pwc-call-center",
    ];
    let expected = Totals { xlsx: 16, sheets: 25, cells: 82_620, ..Totals::default() };
    assert_eq!(of(&others), expected);
}
