//! The table as zipped records.

use super::*;

/// One record of an .xlsb.
pub(in crate::data::book::tests) fn record(kind: u32, bytes: &[u8]) -> Vec<u8> {
    let seven = |number: u32, at: u32| ((number >> (7 * at)) & 0x7F) as u8;
    let mut out = match kind {
        0..0x80 => vec![seven(kind, 0)],
        _ => vec![seven(kind, 0) | 0x80, seven(kind, 1)],
    };
    let length = u32::try_from(bytes.len()).unwrap();
    let last = (0..4).rev().find(|at| seven(length, *at) > 0).unwrap_or(0);
    out.extend((0..=last).map(|at| seven(length, at) | if at < last { 0x80 } else { 0 }));
    out.extend_from_slice(bytes);
    out
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let bytes = units.iter().flat_map(|unit| unit.to_le_bytes());
    long(u32::try_from(units.len()).unwrap()).into_iter().chain(bytes).collect()
}

/// What an .xlsb has of a cell: a kind, a style, bytes.
fn xlsb_cell(cell: Cell, shift: f64, strings: &mut Vec<u8>) -> (u32, u8, Vec<u8>) {
    match cell {
        Cell::Text(text) if text.len() < 6 => (0x06, 0, wide(text)),
        Cell::Text(text) => {
            strings.extend(record(0x13, &[vec![0], wide(text)].concat()));
            let count = u32::try_from(strings_in(strings)).unwrap();
            (0x07, 0, long(count - 1))
        }
        // A small number, in hundredths.
        Cell::Number(1234.5) => (0x02, 0, long(123_450 << 2 | 3)),
        Cell::Number(number) => (0x05, 0, number.to_le_bytes().to_vec()),
        Cell::Moment(day) => {
            let day = if day < 1.0 { day } else { day - shift };
            (0x05, 1, day.to_le_bytes().to_vec())
        }
        Cell::Duration(days) => (0x09, 2, [days.to_le_bytes().to_vec(), vec![0; 6]].concat()),
        Cell::Truth(truth) => (0x04, 0, vec![truth.into()]),
        Cell::Error => (0x0B, 0, vec![0x07, 0, 0, 0, 0, 0]),
    }
}

fn xlsb_styles() -> Vec<u8> {
    let format = record(0x2C, &[vec![164, 0], wide("yyyy-mm-dd")].concat());
    let style = |id: u8| record(0x2F, &[0, 0, id, 0]);
    let of_styles = [record(0x272, &long(1)), style(14), record(0x273, &[])].concat();
    let of_cells = [record(0x269, &long(3)), style(0), style(164), style(46), record(0x26A, &[])];
    [record(0x267, &long(1)), format, of_styles, of_cells.concat()].concat()
}

/// The parts of an .xlsb.
pub(in crate::data::book::tests) fn xlsb_parts(
    table: &Table,
    from_1904: bool,
) -> Vec<(&'static str, Vec<u8>)> {
    let shift = if from_1904 { 1462.0 } else { 0.0 };
    let (mut strings, mut sheets) = (vec![], vec![]);
    for (at, table) in tables(table).iter().enumerate() {
        let mut bytes = record(0x94, &[[0u32, 4, 0, 7].map(u32::to_le_bytes).concat()].concat());
        bytes.extend(record(0x91, &[]));
        for row in 0..5 {
            let mut header = [long(row), vec![0; 13]].concat();
            header[11] = if at == 0 && HIDDEN.contains(&row) { 0x10 } else { 0 };
            bytes.extend(record(0x00, &header));
            for (_, column, held) in table.iter().filter(|cell| cell.0 == row) {
                let cell = |style: u8| [long(*column), vec![style, 0, 0, 0]].concat();
                let (kind, style, value) = xlsb_cell(*held, shift, &mut strings);
                bytes.extend(record(kind, &[cell(style), value].concat()));
            }
        }
        bytes.extend(record(0x92, &[]));
        bytes.extend(record(0xB0, &[0u32, 0, 0, 1].map(u32::to_le_bytes).concat()));
        sheets.push([record(0x81, &[]), bytes, record(0x82, &[])].concat());
    }
    let mut main = record(0x99, &[u8::from(from_1904), 0, 0, 0]);
    for (n, (name, shown)) in (1u32..).zip(SHEETS) {
        let sheet = [long(u32::from(!shown)), long(n), wide(&format!("r{n}")), wide(name)].concat();
        main.extend(record(0x9C, &sheet));
    }
    main.extend([record(0x90, &[]), record(0x9D, &[]), record(0x84, &[])].concat());
    let count = long(u32::try_from(strings_in(&strings)).unwrap());
    let strings = [record(0x9F, &[count.clone(), count].concat()), strings].concat();
    let mut parts = vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.bin", main),
        ("xl/_rels/workbook.bin.rels", relations("bin")),
        ("xl/styles.bin", xlsb_styles()),
        ("xl/sharedStrings.bin", strings),
    ];
    let names =
        ["xl/worksheets/sheet1.bin", "xl/worksheets/sheet2.bin", "xl/worksheets/sheet3.bin"];
    parts.extend(names.into_iter().zip(sheets));
    parts
}

/// How many records of one byte of kind and one of length there are.
fn strings_in(bytes: &[u8]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        at += 2 + usize::from(bytes[at + 1]);
        count += 1;
    }
    count
}
