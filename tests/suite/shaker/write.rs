//! Tables written in another shape, and the feeds that say so.

use std::io::Write as _;
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use toml::{Table as Toml, Value};

use super::dress::{self, Dress, Table};
use super::tables::{Cell, Feed, Mapped};
use super::{Book, Encoding, Names, Pack, Shape, ods};

/// Headers as other languages write them.
const FOREIGN: [&str; 7] =
    ["Größe", "Montant réel", "Número; total", "Дата", "顧客名", "Élément, \"net\"", "Κωδικός"];

/// Writes the feed's files below `exports/`, and gives the feed that reads them.
pub fn feed(project: &Path, feed: &Feed, shape: &Shape) -> Toml {
    // Where a header has several rows, what a dataset knows must be said too.
    let whole = shape.dress == Dress::TwoHeaderRows && !matches!(shape.names, Names::None);
    let names = names(feed, if whole { Names::Foreign } else { shape.names });
    let order = super::shuffled((0..names.width).collect(), shape.columns);
    let mut rows: Vec<&Vec<Cell>> = feed.rows.iter().collect();
    rows = super::shuffled(rows, shape.rows);
    let folder = project.join("exports").join(&feed.id);
    std::fs::create_dir_all(&folder).unwrap();
    let files = usize::from(shape.files);
    let fits = dress::fits(shape.dress, feed, names.headers.is_some());
    let mut said = contract(feed, shape, &names, &order);
    let numeric = |at: &usize| feed.mapped.iter().any(|m| m.at == *at && m.numeric);
    let mut dressed = said.clone();
    for at in 0..files {
        let part = rows.iter().skip(at).step_by(files);
        let mut table = Table {
            above: Vec::new(),
            header: names
                .headers
                .as_ref()
                .map(|all| order.iter().map(|c| all[*c].clone()).collect()),
            rows: part.map(|row| order.iter().map(|at| row[*at].clone()).collect()).collect(),
            below: Vec::new(),
            numeric: order.iter().map(numeric).collect(),
        };
        if fits {
            dressed = said.clone();
            dress::dress(shape.dress, &mut table, feed, &order, &mut dressed);
        }
        let path = folder.join(format!("part-{at}"));
        match shape.book {
            Some(Book::Xlsx) => book(&table, shape).save(path.with_extension("xlsx")).unwrap(),
            Some(Book::Ods) => {
                let shown = |cell: &Cell, numeric: bool| shown(cell, numeric, shape);
                std::fs::write(path.with_extension("ods"), ods::book(&table, &shown)).unwrap();
            }
            None => {
                let bytes = packed(&encoded(&text(&table, shape), shape), shape);
                std::fs::write(path.with_extension("csv"), bytes).unwrap();
            }
        }
    }
    if fits {
        said = dressed;
    }
    said
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

fn text(table: &Table, shape: &Shape) -> String {
    let end = if shape.crlf { "\r\n" } else { "\n" };
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
    let words = |row: &Vec<Cell>| -> Vec<String> {
        row.iter().map(|cell| shown(cell, false, shape)).collect()
    };
    table.above.iter().for_each(|row| line(&mut words(row).into_iter()));
    if let Some(header) = &table.header {
        line(&mut header.iter().cloned());
    }
    for row in &table.rows {
        let cells = row.iter().zip(&table.numeric);
        line(&mut cells.map(|(cell, numeric)| shown(cell, *numeric, shape)));
    }
    table.below.iter().for_each(|row| line(&mut words(row).into_iter()));
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
fn book(table: &Table, shape: &Shape) -> Workbook {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet();
    let header: Option<Vec<Cell>> =
        table.header.as_ref().map(|names| names.iter().map(|n| Cell::Text(n.clone())).collect());
    let words = vec![false; 64];
    let above = table.above.iter().chain(&header).map(|row| (row, &words));
    let rows = table.rows.iter().map(|row| (row, &table.numeric));
    let all = above.chain(rows).chain(table.below.iter().map(|row| (row, &words)));
    for (row, (cells, numeric)) in (0..).zip(all) {
        for (column, (cell, numeric)) in (0..).zip(cells.iter().zip(numeric.iter())) {
            match cell {
                Cell::Blank => {}
                Cell::Text(_) => {
                    sheet.write_string(row, column, shown(cell, *numeric, shape)).unwrap();
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
