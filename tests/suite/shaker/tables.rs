//! The tables of a reference project as plain cells, with what its feeds say of their columns.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use toml::{Table as Toml, Value};

use crate::run::milepost;

/// A cell, free of the dialect that it was written in.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Blank,
    /// As it is; in a column of numbers with marks that a dialect may swap, such as `$1,000.00`.
    Text(String),
    /// Digits with a point.
    Number(String),
    /// `2026-01-31`.
    Date(String),
}

/// A column of the file that fills a column of the dataset.
#[derive(Debug, Clone)]
pub struct Mapped {
    pub column: String,
    /// In the file, from 0.
    pub at: usize,
    pub numeric: bool,
    pub date: bool,
    /// Headers that stand for this column and for no other.
    pub aliases: Vec<String>,
    /// What the feed says beside where the column is.
    pub options: Toml,
}

/// One feed with all rows of its files.
#[derive(Debug, Clone)]
pub struct Feed {
    pub id: String,
    /// As written in the project.
    pub written: Toml,
    /// None where the files have none.
    pub headers: Option<Vec<String>>,
    pub mapped: Vec<Mapped>,
    pub rows: Vec<Vec<Cell>>,
}

/// The project's config without its feeds, and the feeds with their rows.
pub fn load(project: &Path) -> (Toml, Vec<Feed>) {
    let text = std::fs::read_to_string(project.join("milepost.toml")).unwrap();
    let mut config: Toml = text.parse().unwrap();
    let known = datasets(project);
    let feeds = config.remove("feed").unwrap();
    let feeds = feeds.as_table().unwrap().iter();
    let feeds = feeds.map(|(id, feed)| read(project, id, feed.as_table().unwrap(), &known));
    let feeds = feeds.collect();
    (config, feeds)
}

/// Of a dataset: its columns with type and aliases.
type Columns = Vec<(String, String, Vec<String>)>;

fn datasets(project: &Path) -> BTreeMap<String, Columns> {
    let said = milepost(project, ["list", "datasets", "--format", "json"]).ok();
    let all: serde_json::Value = serde_json::from_str(&said).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let column = |c: &serde_json::Value| {
        let aliases = c["aliases"].as_array().unwrap().iter().map(text).collect();
        (text(&c["id"]), text(&c["type"]), aliases)
    };
    let columns =
        |d: &serde_json::Value| d["columns"].as_array().unwrap().iter().map(column).collect();
    all["datasets"].as_array().unwrap().iter().map(|d| (text(&d["id"]), columns(d))).collect()
}

fn read(project: &Path, id: &str, written: &Toml, known: &BTreeMap<String, Columns>) -> Feed {
    let file = project.join(written["file"].as_str().unwrap());
    let bytes = unpacked(std::fs::read(&file).unwrap());
    let mut rows = match bytes.starts_with(b"PK") {
        true => sheet(bytes, written.get("sheet").and_then(Value::as_str)),
        false => records(&text(bytes)),
    };
    let headless = written.get("header-row").and_then(Value::as_str) == Some("none");
    let headers = (!headless).then(|| {
        let name = |cell: Cell| match cell {
            Cell::Text(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        rows.remove(0).into_iter().map(name).collect::<Vec<_>>()
    });
    let width = headers.as_ref().map_or(rows[0].len(), Vec::len);
    rows.iter_mut().for_each(|row| row.resize(width, Cell::Blank));
    let columns = &known[written["dataset"].as_str().unwrap()];
    let mapped: Vec<Mapped> =
        columns.iter().filter_map(|c| mapped(c, columns, written, headers.as_deref())).collect();
    for mapped in &mapped {
        rows.iter_mut().for_each(|row| plain(&mut row[mapped.at], mapped));
    }
    Feed { id: id.to_owned(), written: written.clone(), headers, mapped, rows }
}

/// Where the file fills a column of the dataset, if it does.
fn mapped(
    (id, ty, aliases): &(String, String, Vec<String>),
    all: &Columns,
    written: &Toml,
    headers: Option<&[String]>,
) -> Option<Mapped> {
    let said = written.get("columns").and_then(|columns| columns.get(id));
    let mut options = said.and_then(Value::as_table).cloned().unwrap_or_default();
    let from = options.remove("from").or_else(|| said.filter(|s| !s.is_table()).cloned());
    let same = |header: &String, name: &str| header.to_lowercase() == name.to_lowercase();
    let header = |fits: &dyn Fn(&String) -> bool| headers?.iter().position(fits);
    let at = match from {
        Some(Value::Integer(at)) => usize::try_from(at - 1).ok(),
        Some(Value::String(name)) => Some(header(&|h| **h == name).unwrap()),
        _ => header(&|h| same(h, id) || aliases.iter().any(|alias| same(h, alias))),
    }?;
    ["decimal", "grouping", "dates"].iter().for_each(|key| drop(options.remove(*key)));
    let elsewhere = |name: &&String| {
        let others = all.iter().filter(|(other, ..)| other != id);
        others
            .flat_map(|(id, _, aliases)| aliases.iter().chain([id]))
            .any(|other| same(other, name))
    };
    let aliases = aliases.iter().filter(|name| !elsewhere(name)).cloned().collect();
    let numeric = matches!(&**ty, "integer" | "number" | "money");
    Some(Mapped { column: id.clone(), at, numeric, date: ty == "date", aliases, options })
}

/// Types a cell by the column that it fills.
fn plain(cell: &mut Cell, mapped: &Mapped) {
    let Cell::Text(text) = cell else {
        if let (Cell::Number(digits), false) = (&*cell, mapped.numeric) {
            *cell = Cell::Text(digits.clone());
        }
        return;
    };
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let day = text.strip_suffix(" 00:00:00").unwrap_or(text);
    *cell = if text.is_empty() {
        Cell::Blank
    } else if mapped.numeric && is_number {
        Cell::Number(text.to_owned())
    } else if mapped.date && day.parse::<jiff::civil::Date>().is_ok() {
        Cell::Date(day.to_owned())
    } else {
        Cell::Text(text.to_owned())
    };
}

fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(b"PK") {
        return bytes;
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    if archive.len() > 1 {
        return bytes;
    }
    let mut inside = Vec::new();
    archive.by_index(0).unwrap().read_to_end(&mut inside).unwrap();
    inside
}

fn text(bytes: Vec<u8>) -> String {
    let (text, _, broken) = encoding_rs::UTF_8.decode(&bytes);
    assert!(!broken, "reference files are UTF-8, or have a mark");
    text.into_owned()
}

fn records(text: &str) -> Vec<Vec<Cell>> {
    let first = text.lines().next().unwrap();
    let delimiter = [',', '|', '\t', ';'].into_iter().max_by_key(|d| first.matches(*d).count());
    let delimiter = u8::try_from(delimiter.unwrap()).unwrap();
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let cells = |record: csv::StringRecord| {
        let cell = |text: &str| if text.is_empty() { Cell::Blank } else { Cell::Text(text.into()) };
        record.iter().map(cell).collect()
    };
    reader.records().map(|record| cells(record.unwrap())).collect()
}

fn sheet(bytes: Vec<u8>, name: Option<&str>) -> Vec<Vec<Cell>> {
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let name = name.map_or_else(|| book.sheet_names()[0].clone(), str::to_owned);
    let range = book.worksheet_range(&name).unwrap();
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Blank,
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => Cell::Number(number.to_string()),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        other => Cell::Text(other.to_string()),
    }
}
