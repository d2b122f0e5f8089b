//! Public corpora of difficult workbooks, cell by cell against another reader.
//!
//! Runs where `MILEPOST_DATA` names the folder that holds them. Names and rows stay there.

use std::collections::BTreeSet;
use std::io::Read as _;

use calamine::{Data, Reader, Sheets};

use super::*;
use crate::disk::Files;

/// A cell of the other reader as ours writes it.
fn told(data: &Data) -> String {
    let mark = char::from(EXACT);
    match data {
        Data::Empty => String::new(),
        Data::String(text) => text.trim_start_matches(mark).to_owned(),
        Data::Int(number) => format!("{mark}{number}"),
        Data::Float(number) => format!("{mark}{number}"),
        Data::Bool(truth) => truth.to_string(),
        Data::Error(error) => format!("{mark}{error}"),
        Data::DateTimeIso(text) => {
            format!("{mark}{}", text.strip_suffix("T00:00:00").unwrap_or(text))
        }
        Data::DurationIso(text) => text.clone(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            if moment.is_duration() {
                format!("{mark}{}", moment.as_f64())
            } else if moment.as_f64() < 1.0 {
                format!("{hour:02}:{minute:02}:{second:02}")
            } else if (hour, minute, second, milli) == (0, 0, 0, 0) {
                format!("{mark}{year:04}-{month:02}-{day:02}")
            } else {
                format!(
                    "{mark}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}"
                )
            }
        }
    }
}

pub(super) fn others(form: Form, bytes: &[u8]) -> Option<Vec<(String, Cells)>> {
    let reader = Cursor::new(bytes.to_vec());
    let mut book = match form {
        Form::Xlsx => Sheets::Xlsx(calamine::Xlsx::new(reader).ok()?),
        Form::Xlsb => Sheets::Xlsb(calamine::Xlsb::new(reader).ok()?),
        Form::Xls => Sheets::Xls(calamine::Xls::new(reader).ok()?),
        Form::Ods => Sheets::Ods(calamine::Ods::new(reader).ok()?),
        Form::FlatOds => return None,
    };
    let names = book.sheet_names();
    let mut sheets = Vec::new();
    for name in names {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let start = range.start().unwrap_or_default();
        let cells = range.used_cells().map(|(row, column, data)| {
            let at =
                (start.0 + u32::try_from(row).unwrap(), start.1 + u32::try_from(column).unwrap());
            (at, told(data))
        });
        sheets.push((name, cells.filter(|(_, text)| !text.is_empty()).collect()));
    }
    Some(sheets)
}

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
    /// Cells that the other reader takes for something else.
    differ: usize,
    broken: usize,
    strange: usize,
    beyond: usize,
}

fn count(bytes: &[u8], totals: &mut Totals) -> Result<(), Stop> {
    let limits = Limits::default();
    let (form, mut book) = book(bytes, limits)?;
    let theirs = guarded(|| Ok(others(form, bytes))).unwrap_or(None).unwrap_or_default();
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
        let ours = cells(&text);
        totals.merged += book.merged(at)?.len();
        totals.hidden_rows += written.hidden.from(0).count();
        totals.cells += ours.len();
        if let Some((_, theirs)) = theirs.iter().find(|(name, _)| *name == facts.name) {
            let places: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            totals.differ += places.iter().filter(|at| ours.get(at) != theirs.get(at)).count();
        }
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
    // Where they differ: times in one form; texts that the other reader takes apart into letters; the day that never
    // was; a formula without a result.
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
        differ: 9,
        broken: 2,
        strange: 4,
        beyond: 1,
    };
    assert_eq!(of(&["c-calamine"]), calamine);
    let (sheets, merged, cells) = (154, 8, 26_727);
    let readxl =
        Totals { xlsx: 42, xls: 35, sheets, merged, cells, differ: 16, ..Totals::default() };
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
