//! The table as OpenDocument.

use super::*;

/// The contents of an .ods, or of an .fods where `root` says so.
pub(in crate::data::book::tests) fn ods_content(table: &Table, root: &str) -> String {
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

pub(in crate::data::book::tests) fn ods_parts(content: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>".to_vec()),
        ("content.xml", content.into()),
    ]
}
