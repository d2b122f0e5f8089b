//! The table as zipped XML.

use super::*;

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
pub(in crate::data::book::tests) fn xlsx_parts(
    table: &Table,
    from_1904: bool,
) -> Vec<(&'static str, Vec<u8>)> {
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
