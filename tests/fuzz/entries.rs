//! What fuzzers and their replay run: bytes in; out comes a value or a diagnostic, and never anything else.
#![allow(dead_code, reason = "each fuzz target runs one of them")]

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use milepost::catalog::{
    self, Catalog, ColumnSource, Contract, EventTime, Events, Feed, HeaderRow, Placed, Reshape,
    SkipRule, SkipTest, Unpivot,
};
use milepost::data::{self, Chunk, Exports, Failure, Layout, Parser, Want};
use milepost::diag::Diagnostic;
use milepost::disk::Files;
use milepost::domain::{Id, Type, Value};
use milepost::expr::{self, ColumnInfo, Columns, Metrics, Origin, Scope};
use milepost::pack::Shipped;
use milepost::rel::Arena;
use milepost::text::{Place, Source, SourceId, Sources, Span};

/// A dataset with a column of every type, and a feed for it.
const PROJECT: &str = r#"
[project]
name = "fuzz"
packs = []
[dataset.rows]
title = "Rows"
[dataset.rows.columns]
a = { type = "text", key = true }
b = { type = "integer" }
c = { type = "money" }
d = { type = "date" }
e = { type = "datetime" }
f = { type = "boolean" }
g = { type = "number" }
[feed.f]
dataset = "rows"
file = "f"
skip = [{ column = 1, starts-with = ["Total", "Sum"] }, { column = 2, blank = true }]
null-words = ["n/a", "-"]
true-words = ["ja"]
[feed.f.columns]
a = 1
"#;

/// Runs bytes, and says how much came of them: rows, declarations, expressions.
pub type Entry = fn(&[u8]) -> usize;

/// The entries by name, as folders of seeds and of found cases are called.
pub const ENTRIES: [(&str, Entry); 5] =
    [("csv", csv), ("xlsx", xlsx), ("parts", parts), ("toml", toml), ("expression", expression)];

static BUILT: LazyLock<Catalog> = LazyLock::new(|| {
    let checked = built(PROJECT);
    assert!(!checked.diagnostics.iter().any(Diagnostic::is_error), "{:?}", checked.diagnostics);
    checked.catalog
});

/// The reader of workbooks may panic, since we catch that; a panic of our own ends the run.
#[allow(clippy::print_stderr, reason = "a fuzzer keeps what is printed")]
pub fn catch_foreign_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if !panic.location().is_some_and(|place| place.file().contains("calamine")) {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
}

fn built(text: &str) -> catalog::Checked {
    let shipped = Shipped { packs: Vec::new(), reports: Vec::new() };
    let project = [Source { name: "milepost.toml".into(), text: text.into() }];
    catalog::build(&mut Sources::default(), &shipped, &project)
}

/// A table, behind eight bytes that draw a contract.
pub fn csv(bytes: &[u8]) -> usize {
    let (draw, text) = bytes.split_at(bytes.len().min(8));
    let draw = |at: usize| draw.get(at).copied().unwrap_or_default();
    let pick = |at: usize, from: &str| from.chars().nth(usize::from(draw(at)) % (from.len() + 1));
    let mut feed = BUILT.feeds[0].clone();
    let contract = &mut feed.contract;
    contract.delimiter = pick(0, ",;\t|: a\"").and_then(|c| u8::try_from(c).ok());
    contract.quote = pick(1, "\"'`,").and_then(|c| u8::try_from(c).ok());
    (contract.cells.decimal, contract.cells.grouping) = (pick(2, ".,"), pick(3, ",. '"));
    let encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "gb18030", "?"];
    let encoding = encodings.get(usize::from(draw(4)) % 16);
    contract.encoding = encoding.map(|name| (*name).to_owned());
    contract.header_row = match draw(5) % 8 {
        0..4 => HeaderRow::Found,
        4 => HeaderRow::None,
        row => HeaderRow::At { first: 1, last: u32::from(row) - 4 },
    };
    reshaped(contract, draw(5) / 8);
    let formats = ["%d/%m/%Y", "%m-%d-%y %H:%M", "excel", "%d %b %Y %I:%M %p %z", "%b %Y", "unix"];
    let format = formats.get(usize::from(draw(6)) % 8);
    contract.cells.dates = format.iter().map(|format| (*format).to_string()).collect();
    let rows = read(&feed, text, usize::from(draw(7)) + 1);
    assert_eq!(read(&feed, text, 1 << 16), rows, "blocks mean nothing");
    rows
}

/// What makes other rows of records, drawn by five bits.
fn reshaped(contract: &mut Contract, bits: u8) {
    let column = |at: u32| ColumnSource::Position(at);
    let placed = Placed { column: column(1), place: Place::File("feed".into()) };
    contract.fill_down = (bits & 1 == 1).then_some(placed).into_iter().collect();
    let end = SkipRule {
        column: column(1),
        test: if bits & 4 == 4 { SkipTest::BlankLine } else { SkipTest::Like(vec!["*a".into()]) },
        place: Place::File("feed".into()),
    };
    contract.ends = (bits & 2 == 2).then_some(end).into_iter().collect();
    contract.reshape = match bits / 8 {
        1 => Some(Reshape::Unpivot(Unpivot {
            columns: vec![column(2), column(3)],
            name: "name".into(),
            value: "value".into(),
            place: Place::File("feed".into()),
        })),
        2 => Some(Reshape::Events(Events {
            entity: column(1),
            at: column(2),
            event: Some(column(3)),
            times: vec![EventTime {
                header: "first".into(),
                first: true,
                events: vec!["*".into()],
            }],
            place: Place::File("feed".into()),
        })),
        _ => None,
    };
}

/// A whole workbook, or whatever the bytes are.
pub fn xlsx(bytes: &[u8]) -> usize {
    read(&BUILT.feeds[0], bytes, 1 << 16)
}

/// A workbook that is a valid archive of parts, which NUL bytes divide: sheet, texts, formats, list of sheets.
pub fn parts(bytes: &[u8]) -> usize {
    read(&BUILT.feeds[0], &packed(bytes), 1 << 16)
}

/// An archive of the parts of a workbook.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut parts = bytes.splitn(4, |byte| *byte == 0);
    let mut part = |usual: &'static str| match parts.next() {
        Some(bytes) if !bytes.is_empty() => bytes.to_vec(),
        _ => usual.as_bytes().to_vec(),
    };
    const SPACE: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let around = |name: &str, inner: Vec<u8>| {
        let (open, close) = (format!("<{name} {SPACE}>"), format!("</{name}>"));
        [open.as_bytes(), &inner, close.as_bytes()].concat()
    };
    let files = [
        ("xl/worksheets/sheet1.xml", around("worksheet", part("<sheetData/>"))),
        ("xl/sharedStrings.xml", around("sst", part("<si><t>a</t></si>"))),
        ("xl/styles.xml", around("styleSheet", part("<cellXfs><xf numFmtId=\"14\"/></cellXfs>"))),
        (
            "xl/workbook.xml",
            around(
                "workbook",
                part("<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets>"),
            ),
        ),
        ("_rels/.rels", ROOT.as_bytes().to_vec()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes().to_vec()),
        ("[Content_Types].xml", b"<Types/>".to_vec()),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        archive.start_file(name, stored).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"#;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
</Relationships>"#;

/// A project's config.
pub fn toml(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let checked = built(&text);
    sane(&checked.diagnostics);
    sane(&checked.unused);
    checked.catalog.datasets.len() + checked.catalog.metrics.len()
}

/// An expression over rows, over many rows and over metrics.
pub fn expression(bytes: &[u8]) -> usize {
    let mut read = 0;
    let text = String::from_utf8_lossy(bytes);
    let dataset = Id::from("rows");
    let (source, end) = (SourceId(0), u32::try_from(text.len()).unwrap_or(u32::MAX));
    let span = Span { source, start: 0, end };
    let origin = Origin { text: &text, span, raw: &text };
    for scope in [
        Scope::Row { dataset: &dataset, columns: &World },
        Scope::Aggregate { dataset: &dataset, columns: &World },
        Scope::Metric { metrics: &World },
    ] {
        let (mut arena, mut found) = (Arena::default(), Vec::new());
        match expr::parse(&origin, &scope, &mut arena, &mut found) {
            Some(id) => {
                read += 1;
                let _ = expr::evaluate(&arena, id, &Blank);
                // What it is written as means the same.
                let written = expr::to_text(&arena, id);
                let again = Origin { text: &written, span, raw: "" };
                let mut other = Arena::default();
                let id = expr::parse(&again, &scope, &mut other, &mut found);
                let twice = id.map(|id| expr::to_text(&other, id));
                assert!(twice.is_none_or(|twice| twice == written), "{written}");
            }
            None => sane(&found),
        }
    }
    read
}

/// A row on which everything is blank.
struct Blank;

impl expr::Env for Blank {}

struct World;

impl Columns for World {
    fn column(&self, dataset: &Id, name: &str) -> Option<ColumnInfo> {
        let dataset = BUILT.datasets.get(dataset)?;
        let column = dataset.column(name)?;
        Some(ColumnInfo { ty: column.ty, references: None, nullable: !column.required })
    }

    fn names(&self, dataset: &Id) -> Vec<String> {
        let dataset = BUILT.datasets.get(dataset);
        dataset.map_or(Vec::new(), |d| d.columns.iter().map(|c| c.id.to_string()).collect())
    }
}

impl Metrics for World {
    fn metric(&self, name: &str) -> Option<Type> {
        (name == "m").then_some(Type::Number)
    }

    fn names(&self) -> Vec<String> {
        vec!["m".to_owned()]
    }
}

/// Opens and reads bytes as a file of a feed; how many rows there are until it ends or fails.
fn read(feed: &Feed, bytes: &[u8], block: usize) -> usize {
    let files = Exports::new(Files::memory([("f", bytes)]));
    let dataset = &BUILT.datasets[&feed.dataset];
    let want = |column: &catalog::Column| Want {
        column: column.id.clone(),
        ty: column.ty,
        scale: column.scale,
        hashed: false,
    };
    let wants: Vec<Want> = dataset.columns.iter().map(want).collect();
    let (mut found, mut rows) = (Vec::new(), 0);
    let opened = data::open(&files, dataset, feed, "f", &wants, &TimeZone::UTC, block);
    let read = opened.and_then(|mut opened| {
        found.append(&mut opened.warnings);
        let first = opened.layout.header_row() + 1;
        let mut next = first;
        data::each_chunk(opened, &wants, |parser: &Parser, chunk: &Chunk, layout: &Layout| {
            assert_eq!(chunk.first_row, next, "blocks follow each other");
            next += chunk.records;
            rows += chunk.rows;
            assert_eq!(chunk.rows + chunk.skipped.len(), chunk.records as usize, "every record");
            for row in 0..chunk.rows {
                for want in 0..wants.len() {
                    let value = chunk.value(parser.dictionaries(), &wants, want, row);
                    assert!(value == Value::Null || chunk.columns[want].present[row]);
                }
            }
            for reject in &chunk.rejects {
                let place = layout.place(chunk.file_row(reject.row), reject.file_column);
                assert!(place.row >= chunk.first_row && place.row < next, "{place}");
            }
        })
    });
    let whole = read.is_ok();
    match read {
        Ok(warnings) => found.extend(warnings),
        Err(Failure::Mistakes(mistakes)) => {
            assert!(mistakes.iter().any(Diagnostic::is_error), "a failure says why");
            found.extend(mistakes);
        }
        Err(Failure::Fault(fault)) => panic!("memory has no faults: {fault}"),
    }
    sane(&found);
    // Blocks decide how far a file is read that fails.
    if whole { rows } else { 0 }
}

/// A diagnostic says what is wrong and what to do.
fn sane(found: &[Diagnostic]) {
    for diagnostic in found {
        assert!(!diagnostic.headline.is_empty() && !diagnostic.code.is_empty());
    }
}
