//! Tables written in another shape, and the feeds that say so.

use std::io::Write as _;
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use toml::{Table as Toml, Value};

use super::tables::{Cell, Feed, Mapped};
use super::{Book, Encoding, Names, Pack, Shape};

/// Headers as other languages write them.
const FOREIGN: [&str; 7] =
    ["Größe", "Montant réel", "Número; total", "Дата", "顧客名", "Élément, \"net\"", "Κωδικός"];

/// Writes the feed's files below `exports/`, and gives the feed that reads them.
pub fn feed(project: &Path, feed: &Feed, shape: &Shape) -> Toml {
    let names = names(feed, shape.names);
    let order = super::shuffled((0..names.width).collect(), shape.columns);
    let mut rows: Vec<&Vec<Cell>> = feed.rows.iter().collect();
    rows = super::shuffled(rows, shape.rows);
    let folder = project.join("exports").join(&feed.id);
    std::fs::create_dir_all(&folder).unwrap();
    let files = usize::from(shape.files);
    // What stands in a column of numbers goes by the feed's marks, where it is a text.
    let numeric = |at: usize| feed.mapped.iter().any(|m| m.at == at && m.numeric);
    let marked = |cells: &[Cell], at: usize| shown(&cells[at], numeric(at), shape);
    for at in 0..files {
        let part: Vec<&Vec<Cell>> = rows.iter().skip(at).step_by(files).copied().collect();
        let headers = names.headers.as_ref().map(|headers| order.iter().map(|c| &*headers[*c]));
        let headers: Option<Vec<&str>> = headers.map(Iterator::collect);
        let path = folder.join(format!("part-{at}"));
        let headers = headers.as_deref();
        match shape.book {
            Book::Excel => {
                let mut book = book(headers, &order, &part, &marked);
                book.save(path.with_extension("xlsx")).unwrap();
            }
            Book::OpenDocument => {
                let book = open_document(headers, &order, &part, &marked);
                std::fs::write(path.with_extension("ods"), book).unwrap();
            }
            Book::No => {
                let text = text(headers, &order, &part, feed, shape);
                let packed = packed(&encoded(&text, shape), shape);
                std::fs::write(path.with_extension("csv"), packed).unwrap();
            }
        }
    }
    contract(feed, shape, &names, &order)
}

struct Naming {
    width: usize,
    headers: Option<Vec<String>>,
    /// By mapped column: whether the feed must say where it is.
    said: Vec<bool>,
}

fn names(feed: &Feed, names: Names) -> Naming {
    let width = feed.headers.as_ref().map_or_else(|| feed.rows[0].len(), Vec::len);
    let named_here =
        |m: &Mapped| feed.written.get("columns").is_some_and(|c| c.get(&m.column).is_some());
    let said: Vec<bool> = match names {
        Names::Own => feed.mapped.iter().map(named_here).collect(),
        Names::Foreign | Names::None => feed.mapped.iter().map(|_| true).collect(),
        Names::Alias => {
            let alone = |m: &Mapped| feed.mapped.iter().filter(|o| o.at == m.at).count() == 1;
            let free = |m: &Mapped| m.options.is_empty() && !m.aliases.is_empty() && alone(m);
            feed.mapped.iter().map(|m| !free(m)).collect()
        }
    };
    let foreign = |at: usize| format!("{} {at}", FOREIGN[at % FOREIGN.len()]);
    let headers = match (names, &feed.headers) {
        (Names::None, _) | (Names::Own, None) => None,
        (Names::Own, Some(own)) => Some(own.clone()),
        (Names::Foreign, _) => Some((0..width).map(foreign).collect()),
        (Names::Alias, _) => {
            let mut headers: Vec<String> = (0..width).map(foreign).collect();
            for (mapped, _) in feed.mapped.iter().zip(&said).filter(|(_, said)| !**said) {
                headers[mapped.at] = mapped.aliases[mapped.at % mapped.aliases.len()].clone();
            }
            Some(headers)
        }
    };
    Naming { width, headers, said }
}

/// The feed as written, with the new shape in place of the old one.
fn contract(feed: &Feed, shape: &Shape, names: &Naming, order: &[usize]) -> Toml {
    let mut written = feed.written.clone();
    let mut old =
        written.remove("columns").and_then(|c| c.try_into::<Toml>().ok()).unwrap_or_default();
    for key in ["delimiter", "quote", "encoding", "sheet", "header-row", "dates"] {
        written.remove(key);
    }
    written.insert("file".into(), Value::from(format!("exports/{}/*", feed.id)));
    if names.headers.is_none() {
        written.insert("header-row".into(), Value::from("none"));
    }
    if shape.comma {
        written.insert("decimal".into(), Value::from(","));
        written.insert("grouping".into(), Value::from("."));
    }
    if shape.days {
        written.insert("dates".into(), Value::from(vec!["%d/%m/%Y"]));
    }
    for (mapped, said) in feed.mapped.iter().zip(&names.said) {
        old.remove(&mapped.column);
        if !said {
            continue;
        }
        let from = match &names.headers {
            Some(headers) => Value::from(headers[mapped.at].as_str()),
            None => {
                let at = order.iter().position(|column| *column == mapped.at).unwrap() + 1;
                Value::from(i64::try_from(at).unwrap())
            }
        };
        let mut options = mapped.options.clone();
        options.insert("from".into(), from);
        old.insert(mapped.column.clone(), Value::Table(options));
    }
    written.insert("columns".into(), Value::Table(old));
    written
}

fn text(
    headers: Option<&[&str]>,
    order: &[usize],
    rows: &[&Vec<Cell>],
    feed: &Feed,
    shape: &Shape,
) -> String {
    let end = if shape.crlf { "\r\n" } else { "\n" };
    let numeric = |at: usize| feed.mapped.iter().any(|m| m.at == at && m.numeric);
    let numeric: Vec<bool> = order.iter().map(|at| numeric(*at)).collect();
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                out.push(shape.delimiter);
            }
            if cell.contains([shape.delimiter, '"', '\n', '\r']) {
                out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                out.push_str(&cell);
            }
        }
        out.push_str(end);
    };
    if let Some(headers) = headers {
        line(&mut headers.iter().map(|&header| header.to_owned()));
    }
    for row in rows {
        line(
            &mut order.iter().zip(&numeric).map(|(at, numeric)| shown(&row[*at], *numeric, shape)),
        );
    }
    out
}

fn shown(cell: &Cell, numeric: bool, shape: &Shape) -> String {
    let swapped = |c: char| match c {
        '.' => ',',
        ',' => '.',
        other => other,
    };
    match cell {
        Cell::Blank => String::new(),
        Cell::Number(text) | Cell::Text(text) if numeric && shape.comma => {
            text.chars().map(swapped).collect()
        }
        Cell::Number(text) | Cell::Text(text) => text.clone(),
        Cell::Date(day) if shape.days => {
            let parts: Vec<&str> = day.rsplit('-').collect();
            parts.join("/")
        }
        Cell::Date(day) => day.clone(),
    }
}

fn encoded(text: &str, shape: &Shape) -> Vec<u8> {
    let units = || std::iter::once(0xFEFF).chain(text.encode_utf16());
    match shape.encoding {
        Encoding::Utf8 => text.into(),
        Encoding::Utf8Mark => format!("\u{feff}{text}").into(),
        Encoding::Utf16Little => units().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Big => units().flat_map(u16::to_be_bytes).collect(),
    }
}

fn packed(bytes: &[u8], shape: &Shape) -> Vec<u8> {
    match shape.pack {
        Pack::Plain => bytes.to_vec(),
        Pack::Gzip => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(bytes).unwrap();
            gzip.finish().unwrap()
        }
        Pack::Zip => {
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            zip.start_file("table.csv", zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
            zip.finish().unwrap().into_inner()
        }
    }
}

/// Numbers as numbers, dates as dates, texts as they are.
fn book(
    headers: Option<&[&str]>,
    order: &[usize],
    rows: &[&Vec<Cell>],
    marked: &dyn Fn(&[Cell], usize) -> String,
) -> Workbook {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(headers.unwrap_or_default()) {
        sheet.write_string(0, column, *header).unwrap();
    }
    for (row, cells) in (u32::from(headers.is_some())..).zip(rows) {
        for (column, at) in (0..).zip(order) {
            match &cells[*at] {
                Cell::Blank => {}
                Cell::Text(_) => {
                    sheet.write_string(row, column, marked(cells, *at)).unwrap();
                }
                Cell::Number(text) => {
                    sheet.write_number(row, column, text.parse::<f64>().unwrap()).unwrap();
                }
                Cell::Date(day) => {
                    let day = ExcelDateTime::parse_from_str(day).unwrap();
                    sheet.write_datetime_with_format(row, column, &day, &date).unwrap();
                }
            }
        }
    }
    book
}

/// The same as LibreOffice writes it: blank rows and columns are repeated to the end of the sheet.
fn open_document(
    headers: Option<&[&str]>,
    order: &[usize],
    rows: &[&Vec<Cell>],
    marked: &dyn Fn(&[Cell], usize) -> String,
) -> Vec<u8> {
    let text = |text: &str| {
        let text =
            text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "</text:p><text:p>");
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let end = "<table:table-cell table:number-columns-repeated=\"9000\"/></table:table-row>";
    let mut xml = String::from(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Daten\">",
    );
    if let Some(headers) = headers {
        let headers: String = headers.iter().map(|header| text(header)).collect();
        xml += &format!("<table:table-row>{headers}{end}");
    }
    for cells in rows {
        xml += "<table:table-row>";
        for at in order {
            xml += &match &cells[*at] {
                Cell::Blank => "<table:table-cell/>".into(),
                Cell::Text(_) => text(&marked(cells, *at)),
                Cell::Number(number) => {
                    format!(
                        "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>"
                    )
                }
                Cell::Date(day) => {
                    format!(
                        "<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"/>"
                    )
                }
            };
        }
        xml += end;
    }
    xml += "<table:table-row table:number-rows-repeated=\"9999\"><table:table-cell/></table:table-row>";
    xml += "</table:table></office:spreadsheet></office:body></office:document-content>";
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, part) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", &xml),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
