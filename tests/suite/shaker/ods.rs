//! Tables as OpenDocument sheets.

use std::io::Write as _;

use super::dress::Table;
use super::tables::Cell;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
    <office:body><office:spreadsheet><table:table table:name=\"Table\">";

/// A workbook of one sheet, as LibreOffice writes it: blank cells and rows are repeated to the sheet's end.
pub fn book(table: &Table, shown: &dyn Fn(&Cell, bool) -> String) -> Vec<u8> {
    let mut xml = String::from(HEAD);
    let words = vec![false; 64];
    let header: Option<Vec<Cell>> =
        table.header.as_ref().map(|names| names.iter().map(|n| Cell::Text(n.clone())).collect());
    let above = table.above.iter().chain(&header).map(|row| (row, &words));
    let rows = table.rows.iter().map(|row| (row, &table.numeric));
    for (row, numeric) in above.chain(rows).chain(table.below.iter().map(|row| (row, &words))) {
        xml.push_str("<table:table-row>");
        for (cell, numeric) in row.iter().zip(numeric.iter()) {
            xml.push_str(&one(cell, &shown(cell, *numeric)));
        }
        xml.push_str(
            "<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>",
        );
    }
    xml.push_str("<table:table-row table:number-rows-repeated=\"1040000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>");
    xml.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST),
        ("content.xml", &xml),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
    <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
    <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";

fn one(cell: &Cell, shown: &str) -> String {
    let text = format!("<text:p>{}</text:p>", escaped(shown));
    let (kind, value) = match cell {
        Cell::Blank => return "<table:table-cell/>".into(),
        Cell::Text(_) => ("string", String::new()),
        Cell::Number(digits) => ("float", format!(" office:value=\"{digits}\"")),
        Cell::Date(day) => ("date", format!(" office:date-value=\"{day}\"")),
    };
    format!("<table:table-cell office:value-type=\"{kind}\"{value}>{text}</table:table-cell>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
