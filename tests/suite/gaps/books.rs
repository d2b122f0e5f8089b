//! Workbooks of fixtures, written as programs write them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Writes the workbooks of a fixture; most have none.
pub fn write(fixture: &str, exports: &Path) {
    match fixture {
        "german-bookkeeper" => bookkeeper(&exports.join("Auswertung 2026.xlsx")).unwrap(),
        "business-ods" => business(&exports.join("Opportunities.ods")),
        _ => {}
    }
}

/// Two title rows, a header of two rows that begins in column B, merged regions, German numbers as texts.
fn bookkeeper(path: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Auswertung")?;
    sheet.merge_range(0, 1, 0, 6, "Auswertung nach Regionen", &plain)?;
    sheet.write_string(1, 1, "Stand: 04.03.2026")?;
    for (column, name) in [(1, "Region"), (2, "Kunde")] {
        sheet.merge_range(3, column, 4, column, name, &plain)?;
    }
    sheet.merge_range(3, 3, 3, 4, "Ist", &plain)?;
    sheet.merge_range(3, 5, 3, 6, "Plan", &plain)?;
    for (column, name) in [(3, "Umsatz"), (4, "Kosten"), (5, "Umsatz"), (6, "Kosten")] {
        sheet.write_string(4, column, name)?;
    }
    let rows = [
        ("Nord", "Hafenbetrieb Möwe", "1.355,90", 410.0, "1,5K", "400,00"),
        ("", "Fjordmark", "12.500,00", 9100.5, "12K", "9.000,00"),
        ("", "Kühlhaus Nord", "820,10", 300.0, "900,00", "310,00"),
        ("Süd", "Alpwerk", "2.040,00", 1200.25, "2,2K", "1.250,00"),
        ("", "Café Fluß", "99,90", 20.0, "0,1K", "25,00"),
        ("West", "Ostwerk AG", "1.250.000,00", 700_000.0, "1,2Mn", "690.000,00"),
        ("", "Stellwerk Müller", "45.000,50", 31_000.0, "45K", "30.000,00"),
        ("", "Ladenbau Groß", "7.310,60", 5000.0, "7,5K", "5.100,00"),
    ];
    for (at, (region, customer, sales, cost, planned, budget)) in (5..).zip(rows) {
        sheet.write_string(at, 2, customer)?;
        sheet.write_string(at, 3, sales)?.write_number(at, 4, cost)?;
        sheet.write_string(at, 5, planned)?.write_string(at, 6, budget)?;
        if !region.is_empty() {
            sheet.write_string(at, 1, region)?;
        }
    }
    for (first, last, region) in [(5, 7, "Nord"), (8, 9, "Süd"), (10, 12, "West")] {
        sheet.merge_range(first, 1, last, 1, region, &plain)?;
    }
    sheet.write_string(13, 1, "Summe")?.write_string(13, 3, "1.319.127,00")?;
    sheet.write_number(13, 4, 747_030.75)?;
    book.save(path)
}

/// Rows of the large sheet.
const ROWS: u32 = 4000;

/// Some thousand opportunities in an OpenDocument sheet: every fourth is won over its number, every fourth lost.
fn business(path: &Path) {
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let number = |n: u32| {
        format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n},00</text:p></table:table-cell>"
        )
    };
    let day = |iso: &str| {
        format!(
            "<table:table-cell office:value-type=\"date\" office:date-value=\"{iso}\"><text:p>{iso}</text:p></table:table-cell>"
        )
    };
    let mut xml = String::from(HEAD);
    for name in [
        "Opportunity ID",
        "Opportunity Name",
        "Account Name",
        "Stage",
        "Amount",
        "Created Date",
        "Close Date",
    ] {
        xml.push_str(&text(name));
    }
    xml.push_str("</table:table-row>");
    for n in 1..=ROWS {
        let stage = ["Negotiation", "Closed Won", "Closed Lost", "Prospecting"][n as usize % 4];
        let _ = write!(
            xml,
            "<table:table-row>{}{}{}{}{}{}{}<table:table-cell table:number-columns-repeated=\"1017\"/></table:table-row>",
            text(&format!("OPP-{n:05}")),
            text(&format!("Order {n}")),
            text(&format!("Customer {}", n % 97)),
            text(stage),
            number(n),
            day(&format!("2025-{:02}-{:02}", n % 12 + 1, n % 28 + 1)),
            day(&format!("2026-{:02}-{:02}", n % 2 + 1, n % 28 + 1)),
        );
    }
    xml.push_str("<table:table-row table:number-rows-repeated=\"1044575\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, text) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &xml)]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
    <office:body><office:spreadsheet><table:table table:name=\"Opportunities\"><table:table-row>";
