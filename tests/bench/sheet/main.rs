//! `sheet write CSV FILE` makes a workbook of the bench's deals; `sheet read FILE` passes over its cells.

use std::fs::File;
use std::io::{BufRead, BufReader};

use calamine::{Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", csv, file] => write(csv, file),
        ["read", file] => read(file),
        _ => panic!("sheet write CSV FILE, or sheet read FILE"),
    }
}

/// Dates and amounts become what Excel would hold; the note is the only quoted cell, and the last.
fn write(csv: &str, file: &str) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    let lines = BufReader::new(File::open(csv).unwrap()).lines();
    for (row, line) in lines.enumerate() {
        let line = line.unwrap();
        let row = u32::try_from(row).unwrap();
        for (column, cell) in line.splitn(15, ',').enumerate() {
            let at = u16::try_from(column).unwrap();
            if row > 0 && matches!(column, 10 | 11) && !cell.is_empty() {
                let day = ExcelDateTime::parse_from_str(cell).unwrap();
                sheet.write_datetime_with_format(row, at, &day, &format).unwrap();
            } else if row > 0 && matches!(column, 12 | 13) {
                sheet.write_number(row, at, cell.parse::<f64>().unwrap()).unwrap();
            } else {
                sheet.write_string(row, at, cell.trim_matches('"').replace("\"\"", "\"")).unwrap();
            }
        }
    }
    book.save(file).unwrap();
}

fn read(file: &str) {
    let mut book: Xlsx<_> = calamine::open_workbook(file).unwrap();
    let name = book.sheet_names()[0].clone();
    let mut cells = book.worksheet_cells_reader(&name).unwrap();
    let mut count = 0u64;
    while cells.next_cell().unwrap().is_some() {
        count += 1;
    }
    println!("{count} cells");
}
