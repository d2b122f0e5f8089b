//! The reading rules, from bytes to values.

use super::*;
use crate::catalog::{
    self, CellForm, ColumnSource, Contract, Dataset, Events, Feed, FeedColumn, OnDuplicate, Reshape,
};
use crate::diag::{Diagnostic, Severity};
use crate::disk::Files;
use crate::domain::{Id, Type, Value};
use crate::text::Place;
use jiff::tz::TimeZone;

mod cases;
mod contract;
mod damage;
mod forms;
mod laws;
mod rules;

fn header(name: &str) -> ColumnSource {
    ColumnSource::Header(name.into())
}

/// The latest of each `id`, by `at`.
fn latest() -> Reshape {
    let (entity, at) = (header("id"), header("at"));
    Reshape::Events(Events { entity, at, event: None, times: Vec::new(), place: place() })
}

fn place() -> Place {
    Place::File("project".into())
}

/// One file of a feed, with columns named by the wants.
struct Reader {
    dataset: Dataset,
    feed: Feed,
    wants: Vec<Want>,
    files: Exports,
    block: usize,
}

/// What reading gave: rows, with rejected cells as `!`, and rejects with their rows in the file.
struct Read {
    rows: Vec<String>,
    places: Vec<u64>,
    rejects: Vec<(u64, Option<u16>, RejectReason)>,
    skipped: usize,
    damage: Damage,
    warnings: Vec<Diagnostic>,
}

fn reader(columns: &[(&str, Type)], bytes: impl AsRef<[u8]>) -> Reader {
    let column = |(id, ty): &(&str, Type)| catalog::Column {
        id: Id::from(*id),
        ty: *ty,
        list: false,
        key: false,
        required: false,
        references: None,
        currency: None,
        occurred: crate::catalog::Occurred::No,
        scale: 2,
        one_of: Vec::new(),
        aliases: Vec::new(),
        by_rule: None,
        doc: String::new(),
    };
    let from = |(id, _): &(&str, Type)| FeedColumn {
        column: Id::from(*id),
        from: ColumnSource::Any(vec![(*id).into()]),
        cells: CellForm::default(),
        place: place(),
    };
    let want =
        |(id, ty): &(&str, Type)| Want { column: Id::from(*id), ty: *ty, scale: 2, hashed: false };
    Reader {
        dataset: Dataset {
            id: "deals".into(),
            title: "Deals".into(),
            doc: String::new(),
            config: false,
            spellings: None,
            lines: None,
            plan_lines: None,
            rates: None,
            on_duplicate: OnDuplicate::Error,
            columns: columns.iter().map(column).collect(),
            pack: None,
            place: place(),
        },
        feed: Feed {
            id: "crm".into(),
            dataset: "deals".into(),
            file: "a.csv".into(),
            contract: Contract::default(),
            columns: columns.iter().map(from).collect(),
            filter: None,
            place: place(),
            file_place: place(),
        },
        wants: columns.iter().map(want).collect(),
        files: Exports::new(Files::memory([("a.csv", bytes.as_ref())])),
        block: 1 << 16,
    }
}

impl Reader {
    fn block(mut self, size: usize) -> Self {
        self.block = size;
        self
    }

    fn contract(mut self, change: impl FnOnce(&mut Contract)) -> Self {
        change(&mut self.feed.contract);
        self
    }

    fn source(mut self, column: usize, from: ColumnSource) -> Self {
        self.feed.columns[column].from = from;
        self
    }

    fn open(&self) -> Result<Opened, Failure> {
        let (zone, wants) = (TimeZone::UTC, &self.wants);
        open(&self.files, &self.dataset, &self.feed, "a.csv", wants, &zone, self.block)
    }

    fn try_read(&self) -> Result<Read, Failure> {
        let Opened { layout, mut cutter, mut warnings } = self.open()?;
        let (mut parser, mut chunk) = (Parser::new(&self.wants), Chunk::default());
        let (mut rows, mut places, mut rejects) = (Vec::new(), Vec::new(), Vec::new());
        let mut damage = Damage::default();
        let (mut skipped, mut buffer) = (0, Vec::new());
        // Records that are made are counted from the first.
        let mut next = if layout.reshaped().is_some() { 1 } else { layout.header_row() + 1 };
        while let Some(block) = cutter.next(buffer)? {
            parser.parse(&layout, &block, &mut chunk);
            assert_eq!(chunk.first_row, next, "records are counted without gaps");
            assert_eq!(chunk.records, (chunk.rows + chunk.skipped.len()) as u64);
            next += chunk.records;
            for row in 0..chunk.rows {
                rows.push(self.row(&parser, &chunk, row));
                places.push(chunk.file_row(u32::try_from(row).unwrap()));
            }
            let reject = |r: &Reject| (chunk.file_row(r.row), r.want, r.why);
            rejects.extend(chunk.rejects.iter().map(reject));
            skipped += chunk.skipped.len();
            damage.merge(&chunk.damage);
            buffer = block.into_buffer();
        }
        warnings.extend(cutter.take_warnings());
        Ok(Read { rows, places, rejects, skipped, damage, warnings })
    }

    fn row(&self, parser: &Parser, chunk: &Chunk, row: usize) -> String {
        let at = u32::try_from(row).unwrap();
        let cell = |want: usize| {
            let column = &chunk.columns[want];
            if column.rejected.contains(&at) {
                assert!(!column.present[row]);
                return "!".to_owned();
            }
            match chunk.value(parser.dictionaries(), &self.wants, want, row) {
                Value::Null => "-".to_owned(),
                value => value.to_string(),
            }
        };
        (0..self.wants.len()).map(cell).collect::<Vec<_>>().join("|")
    }

    fn read(&self) -> Read {
        self.try_read().unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    fn rows(&self) -> Vec<String> {
        self.read().rows
    }

    /// The codes of what stopped the reading.
    fn mistakes(&self) -> Vec<&'static str> {
        match self.try_read() {
            Err(Failure::Mistakes(mistakes)) => {
                assert!(mistakes.iter().any(|m| m.severity == Severity::Error));
                mistakes.iter().map(|m| m.code).collect()
            }
            Err(Failure::Fault(fault)) => panic!("{fault}"),
            Ok(_) => Vec::new(),
        }
    }
}

impl Read {
    fn codes(&self) -> Vec<&'static str> {
        self.warnings.iter().map(|warning| warning.code).collect()
    }
}

/// Two text columns, `a` and `b`.
fn two(bytes: impl AsRef<[u8]>) -> Reader {
    reader(&[("a", Type::Text), ("b", Type::Text)], bytes)
}

/// One text column, `a`.
fn one(bytes: impl AsRef<[u8]>) -> Reader {
    reader(&[("a", Type::Text)], bytes)
}
