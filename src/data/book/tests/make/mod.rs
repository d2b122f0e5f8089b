//! One table written in every form, byte by byte, so that a test can bend what it likes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

mod ods;
mod xls;
mod xlsb;
mod xlsx;

pub(super) use ods::{ods_content, ods_parts};
pub(super) use xls::{compound, old_record, xls_stream};
pub(super) use xlsb::{record, xlsb_parts};
pub(super) use xlsx::xlsx_parts;

/// What a cell of the table is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    Text(&'static str),
    Number(f64),
    /// A serial number shown as a date.
    Moment(f64),
    /// A serial number shown as hours.
    Duration(f64),
    Truth(bool),
    Error,
}

/// The table: row, column, cell.
pub(super) type Table = Vec<(u32, u32, Cell)>;

pub(super) fn table() -> Table {
    use Cell::{Duration, Error, Moment, Number, Text, Truth};
    let (day, noon) = (44_197.0, 44_197.5);
    vec![
        (0, 0, Text("name")),
        (0, 1, Text("größe, \"x\"")),
        (0, 2, Text("two\nlines")),
        (0, 7, Text("\u{1f680}")),
        (1, 0, Text("a & <b>")),
        (1, 1, Number(0.1)),
        (1, 2, Moment(day)),
        (1, 3, Moment(noon)),
        (1, 4, Moment(0.25)),
        (1, 5, Truth(true)),
        (1, 6, Error),
        (1, 7, Number(-3e-7)),
        (3, 2, Text("name")),
        (3, 3, Number(7.0)),
        (3, 4, Number(1234.5)),
        (4, 1, Duration(1.25)),
        (4, 5, Truth(false)),
    ]
}

/// What the table is as text.
pub(super) const TEXT: &str = "name,\"größe, \"\"x\"\"\",\"two\nlines\",,,,,\u{1f680}\n\
    a & <b>,\u{1f}0.1,\u{1f}2021-01-01,\u{1f}2021-01-01T12:00:00.000,06:00:00,true,\u{1f}#DIV/0!,\u{1f}-0.0000003\n\n\
    ,,name,\u{1f}7,\u{1f}1234.5\n\
    ,\u{1f}1.25,,,,false\n";

/// The rows that are hidden.
pub(super) const HIDDEN: [u32; 1] = [3];

/// The sheets: shown with the table, hidden with a cell, hidden and empty.
pub(super) const SHEETS: [(&str, bool); 3] = [("Tabelle", true), ("Alt", false), ("Leer", false)];

fn tables(table: &Table) -> [Table; 3] {
    [table.clone(), vec![(2, 1, Cell::Number(5.0))], Vec::new()]
}

pub(super) fn zipped(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(ending: &str) -> Vec<u8> {
    let sheets =
        (1..4).map(|n| (format!("r{n}"), "worksheet", format!("worksheets/sheet{n}.{ending}")));
    let more = [("styles", "styles"), ("strings", "sharedStrings")];
    let more = more.map(|(id, kind)| (id.to_owned(), kind, format!("{kind}.{ending}")));
    let all = sheets.chain(more).map(|(id, kind, target)| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    });
    format!("<Relationships>{}</Relationships>", all.collect::<String>()).into_bytes()
}

fn long(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// The table in every form.
pub(super) fn all(table: &Table, from_1904: bool) -> Vec<Vec<u8>> {
    let ods = ods_content(table, "office:document-content");
    vec![
        zipped(&xlsx_parts(table, from_1904)),
        zipped(&xlsb_parts(table, from_1904)),
        compound("Workbook", &xls_stream(table, from_1904)),
        zipped(&ods_parts(&ods)),
        ods_content(table, "office:document").into_bytes(),
    ]
}
