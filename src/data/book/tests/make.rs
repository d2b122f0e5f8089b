//! One table written in every form, byte by byte, so that a test can bend what it likes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

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

fn name(row: u32, column: u32) -> String {
    format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1)
}

fn xlsx_cell(place: &str, cell: Cell, shift: f64, strings: &mut Vec<&'static str>) -> String {
    match cell {
        Cell::Text(text) => {
            strings.push(text);
            format!("<c r=\"{place}\" t=\"s\"><v>{}</v></c>", strings.len() - 1)
        }
        Cell::Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
        Cell::Moment(day) => {
            let day = if day < 1.0 { day } else { day - shift };
            format!("<c r=\"{place}\" s=\"1\"><v>{day}</v></c>")
        }
        Cell::Duration(days) => format!("<c r=\"{place}\" s=\"2\"><v>{days}</v></c>"),
        Cell::Truth(truth) => {
            format!("<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(truth))
        }
        Cell::Error => format!("<c r=\"{place}\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"),
    }
}

/// The parts of an .xlsx.
pub(super) fn xlsx_parts(table: &Table, from_1904: bool) -> Vec<(&'static str, Vec<u8>)> {
    let shift = if from_1904 { 1462.0 } else { 0.0 };
    let (mut strings, mut sheets) = (Vec::new(), Vec::new());
    for (at, table) in tables(table).iter().enumerate() {
        let mut xml = String::from("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>");
        for row in 0..5 {
            let hidden = if at == 0 && HIDDEN.contains(&row) { " hidden=\"1\"" } else { "" };
            xml += &format!("<row r=\"{}\"{hidden}>", row + 1);
            for (_, column, cell) in table.iter().filter(|cell| cell.0 == row) {
                xml += &xlsx_cell(&name(row, *column), *cell, shift, &mut strings);
            }
            xml += "</row>";
        }
        xml += "</sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";
        sheets.push(xml.into_bytes());
    }
    let strings: String = strings
        .iter()
        .map(|text| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text)))
        .collect();
    let listed: String = (1..)
        .zip(SHEETS)
        .map(|(n, (name, shown))| {
            let state = if shown { "visible" } else { "hidden" };
            format!("<sheet name=\"{name}\" sheetId=\"{n}\" state=\"{state}\" r:id=\"r{n}\"/>")
        })
        .collect();
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
        <cellStyleXfs><xf numFmtId=\"0\"/></cellStyleXfs>\
        <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>";
    let mut parts = vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        (
            "_rels/.rels",
            format!("<Relationships><Relationship Id=\"r\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").into(),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook><workbookPr date1904=\"{}\"/><sheets>{listed}</sheets></workbook>", u8::from(from_1904)).into(),
        ),
        ("xl/_rels/workbook.xml.rels", relations("xml")),
        ("xl/styles.xml", styles.into()),
        ("xl/sharedStrings.xml", format!("<sst uniqueCount=\"99\">{strings}</sst>").into()),
    ];
    let names =
        ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"];
    parts.extend(names.into_iter().zip(sheets));
    parts
}

/// One record of an .xlsb.
pub(super) fn record(kind: u32, bytes: &[u8]) -> Vec<u8> {
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

fn long(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
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
pub(super) fn xlsb_parts(table: &Table, from_1904: bool) -> Vec<(&'static str, Vec<u8>)> {
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

/// One record of an .xls.
pub(super) fn old_record(kind: u16, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], bytes].concat()
}

/// A text in one or two bytes a letter, behind its flag.
fn letters(text: &str) -> (u16, Vec<u8>) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let count = u16::try_from(units.len()).unwrap();
    let narrow = units.iter().all(|unit| *unit < 256);
    let bytes =
        units.iter().flat_map(|unit| unit.to_le_bytes()[..if narrow { 1 } else { 2 }].to_vec());
    (count, std::iter::once(u8::from(!narrow)).chain(bytes).collect())
}

fn sized(text: &str) -> Vec<u8> {
    let (count, letters) = letters(text);
    [count.to_le_bytes().to_vec(), letters].concat()
}

/// What an .xls has of a cell.
fn xls_cell(
    (row, column, cell): (u32, u32, Cell),
    shift: f64,
    strings: &mut Vec<Vec<u8>>,
) -> Vec<u8> {
    let place = |style: u16| {
        [u16::try_from(row).unwrap(), u16::try_from(column).unwrap(), style]
            .map(u16::to_le_bytes)
            .concat()
    };
    let formula = |style: u16, value: &[u8]| {
        old_record(0x0006, &[&place(style)[..], value, &[0; 10]].concat())
    };
    match cell {
        // The result of a formula, in a record of its own.
        Cell::Text("name") => {
            [formula(0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), old_record(0x0207, &sized("name"))]
                .concat()
        }
        Cell::Text(text) => {
            strings.push(sized(text));
            let at = u32::try_from(strings.len() - 1).unwrap();
            old_record(0x00FD, &[place(0), long(at)].concat())
        }
        Cell::Number(7.0) => {
            let row = &place(0)[..2];
            let both =
                [row, &[3, 0, 0, 0], &long(7 << 2 | 2), &[0, 0], &long(123_450 << 2 | 3), &[4, 0]];
            old_record(0x00BD, &both.concat())
        }
        // Stands in the record before.
        Cell::Number(1234.5) => Vec::new(),
        Cell::Number(number) => {
            old_record(0x0203, &[place(0), number.to_le_bytes().to_vec()].concat())
        }
        Cell::Moment(day) => {
            let day = if day < 1.0 { day } else { day - shift };
            old_record(0x0203, &[place(1), day.to_le_bytes().to_vec()].concat())
        }
        Cell::Duration(days) => formula(2, &days.to_le_bytes()),
        Cell::Truth(truth) => old_record(0x0205, &[place(0), vec![truth.into(), 0]].concat()),
        Cell::Error => formula(0, &[2, 0, 7, 0, 0, 0, 0xFF, 0xFF]),
    }
}

fn xls_begin(kind: u8) -> Vec<u8> {
    old_record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

fn xls_sheet(table: &Table, first: bool, shift: f64, strings: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let mut bytes = xls_begin(0x10);
    bytes.extend(old_record(0x0200, &[long(0), long(5), vec![0, 0, 8, 0, 0, 0]].concat()));
    for row in 0..5u16 {
        let hidden = first && HIDDEN.contains(&row.into());
        let flags = vec![if hidden { 0x20 } else { 0 }, 1, 15, 0];
        let row = [row.to_le_bytes().to_vec(), vec![0; 10], flags].concat();
        bytes.extend(old_record(0x0208, &row));
    }
    table.iter().for_each(|cell| bytes.extend(xls_cell(*cell, shift, strings)));
    bytes.extend(old_record(0x00E5, &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    bytes.extend(old_record(0x000A, &[]));
    bytes
}

/// The texts run over two records, cut before the last two letters, which go on in two bytes each.
fn xls_strings(strings: &[Vec<u8>]) -> Vec<u8> {
    let count = long(u32::try_from(strings.len()).unwrap());
    let all = [count.clone(), count, strings.concat()].concat();
    let first = old_record(0x00FC, &all[..all.len() - 2]);
    [first, old_record(0x003C, &[1, b'b', 0, b'>', 0]), old_record(0x000A, &[])].concat()
}

/// The stream of an .xls.
pub(super) fn xls_stream(table: &Table, from_1904: bool) -> Vec<u8> {
    let shift = if from_1904 { 1462.0 } else { 0.0 };
    let style = |id: u16| {
        old_record(0x00E0, &[vec![0, 0], id.to_le_bytes().to_vec(), vec![0; 16]].concat())
    };
    let mut strings = Vec::new();
    let sheets: Vec<Vec<u8>> = tables(table)
        .iter()
        .enumerate()
        .map(|(at, table)| xls_sheet(table, at == 0, shift, &mut strings))
        .collect();
    let before = [
        xls_begin(0x05),
        old_record(0x0042, &1200u16.to_le_bytes()),
        old_record(0x0022, &u16::from(from_1904).to_le_bytes()),
        old_record(0x041E, &[164u16.to_le_bytes().to_vec(), sized("yyyy-mm-dd")].concat()),
        style(0),
        style(164),
        style(46),
    ]
    .concat();
    let strings = xls_strings(&strings);
    let bound = |start: usize, (name, shown): (&str, bool)| {
        let (count, letters) = letters(name);
        let start = long(u32::try_from(start).unwrap());
        old_record(
            0x0085,
            &[start, vec![u8::from(!shown), 0, count.to_le_bytes()[0]], letters].concat(),
        )
    };
    let listed: usize = SHEETS.into_iter().map(|sheet| bound(0, sheet).len()).sum();
    let mut start = before.len() + listed + strings.len();
    let mut all = before;
    for (sheet, bytes) in SHEETS.into_iter().zip(&sheets) {
        all.extend(bound(start, sheet));
        start += bytes.len();
    }
    [all, strings, sheets.concat()].concat()
}

/// A compound file with one stream.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    // A shorter one would stand among the small ones.
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let count = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(cfb_magic());
    for (at, number) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    let end = 0xFFFF_FFFE_u32;
    for (at, number) in
        [(44, 1), (48, 1), (56, 4096), (60, end), (64, 0), (68, end), (72, 0), (76, 0)]
    {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    header[80..].fill(0xFF);
    // The table of sectors, the list of streams, then the stream.
    let mut next = vec![0xFFFF_FFFD, end];
    next.extend((3..count + 2).chain([end]));
    next.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64] = u8::try_from(units.len() + 2).unwrap();
        (entry[66], entry[67]) = (kind, 1);
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
        entry
    };
    let mut list = [entry("Root Entry", 5, end, 0), entry(name, 2, 2, stream.len())].concat();
    list.resize(512, 0);
    let next: Vec<u8> = next.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, next, list, stream].concat()
}

fn cfb_magic() -> &'static [u8] {
    super::cfb::MAGIC
}

/// The contents of an .ods, or of an .fods where `root` says so.
pub(super) fn ods_content(table: &Table, root: &str) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><{root} xmlns:office=\"o\"><office:automatic-styles>\
        <style:style style:name=\"ta1\"><style:table-properties table:display=\"true\"/></style:style>\
        <style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style>\
        </office:automatic-styles><office:body><office:spreadsheet>"
    );
    for (at, (table, (name, shown))) in tables(table).iter().zip(SHEETS).enumerate() {
        let style = if shown { "ta1" } else { "ta2" };
        xml += &format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\">\
            <table:shapes><draw:frame><table:table table:name=\"chart\"><table:table-row><table:table-cell \
            office:value-type=\"string\"><text:p>no</text:p></table:table-cell></table:table-row></table:table>\
            </draw:frame></table:shapes><table:table-column table:number-columns-repeated=\"16384\"/>\
            <table:table-header-rows>"
        );
        for row in 0..5 {
            let hidden =
                if at == 0 && HIDDEN.contains(&row) { " table:visibility=\"filter\"" } else { "" };
            xml += &format!("<table:table-row{hidden}>");
            let mut next = 0;
            for (_, column, cell) in table.iter().filter(|cell| cell.0 == row) {
                if *column > next {
                    let blank = column - next;
                    xml +=
                        &format!("<table:table-cell table:number-columns-repeated=\"{blank}\"/>");
                }
                let span = if (row, *column) == (0, 0) {
                    " table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\""
                } else {
                    ""
                };
                next = column + 1;
                xml += &format!("<table:table-cell{span} {}</table:table-cell>", ods_cell(*cell));
            }
            xml += "<table:table-cell table:number-columns-repeated=\"16376\"/></table:table-row>";
            if row == 0 {
                xml += "</table:table-header-rows>";
            }
        }
        xml += "<table:table-row table:number-rows-repeated=\"1048571\"><table:table-cell \
            table:number-columns-repeated=\"16384\"/></table:table-row></table:table>";
    }
    xml + &format!("</office:spreadsheet></office:body></{root}>")
}

fn ods_cell(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => {
            let lines: Vec<String> = text
                .split('\n')
                .map(|line| {
                    let line = escaped(line).replace(' ', "<text:s/>");
                    format!("<text:p><text:span>{line}</text:span></text:p>")
                })
                .collect();
            format!(
                "office:value-type=\"string\"><office:annotation><text:p>no</text:p></office:annotation>{}",
                lines.concat()
            )
        }
        Cell::Number(number) => {
            format!(
                "office:value-type=\"float\" office:value=\"{number}\"><text:p>about {number}</text:p>"
            )
        }
        Cell::Moment(44_197.0) => {
            "office:value-type=\"date\" office:date-value=\"2021-01-01\"><text:p>Jan</text:p>"
                .into()
        }
        Cell::Moment(0.25) => {
            "office:value-type=\"time\" office:time-value=\"PT06H00M00S\">".into()
        }
        Cell::Moment(_) => {
            "office:value-type=\"date\" office:date-value=\"2021-01-01T12:00:00.000\">".into()
        }
        Cell::Duration(_) => "office:value-type=\"time\" office:time-value=\"PT30H00M00S\">".into(),
        Cell::Truth(truth) => {
            format!(
                "office:value-type=\"boolean\" office:boolean-value=\"{truth}\"><text:p>W</text:p>"
            )
        }
        Cell::Error => {
            "table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" \
            calcext:value-type=\"error\"><text:p>#DIV/0!</text:p>"
                .into()
        }
    }
}

pub(super) fn ods_parts(content: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>".to_vec()),
        ("content.xml", content.into()),
    ]
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
