//! Small reads beside the measuring scan: a file chunk by chunk, rows by their place.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{
    Chunk, Dictionary, Exports, Failure, Layout, Opened, Parser, Reject, Values, Want, diags, open,
};
use crate::catalog::{Dataset, Feed};
use crate::diag::Diagnostic;
use crate::disk::Files;
use crate::domain::{Day, Decimal, Instant, Value};

const BLOCK: usize = 1 << 20;

/// Rows with their values and places.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// By row, one value per want.
    pub rows: Vec<Vec<Value>>,
    /// File and row of each, as a spreadsheet counts.
    pub places: Vec<(Arc<str>, u64)>,
    /// Cells that do not fit; `row` counts in `rows`.
    pub rejects: Vec<Reject>,
    pub warnings: Vec<Diagnostic>,
    /// Wants that some file fills.
    pub mapped: Vec<bool>,
}

/// The files of a feed, sorted; none at all is a mistake.
pub fn files_of(files: &Files, feed: &Feed) -> Result<Vec<String>, Failure> {
    let found = files
        .matching(&feed.file)
        .map_err(|error| diags::file_error(Some(feed), &feed.file, error))?;
    if found.is_empty() {
        Err(diags::file_missing(Some(feed), &feed.file).into())
    } else {
        Ok(found)
    }
}

/// Rows of a feed whose place `keep` wants, as values.
pub fn read_all(
    files: &Exports,
    dataset: &Dataset,
    feed: &Feed,
    wants: &[Want],
    zone: &TimeZone,
    keep: impl Fn(&str, u64) -> bool,
) -> Result<Table, Failure> {
    let mut table = Table { mapped: vec![false; wants.len()], ..Table::default() };
    for file in files_of(files, feed)? {
        let mut opened = open(files, dataset, feed, &file, wants, zone, BLOCK)?;
        table.warnings.append(&mut opened.warnings);
        for (index, mapped) in table.mapped.iter_mut().enumerate() {
            *mapped |= opened.layout.mapped(index);
        }
        let name = Arc::clone(opened.layout.file());
        let warnings = each_chunk(opened, wants, |parser, chunk, _| {
            take_rows(&mut table, parser, chunk, wants, &name, &keep);
        })?;
        table.warnings.extend(warnings);
    }
    Ok(table)
}

/// Cuts and parses on this thread. Returns the cutter's warnings.
pub fn each_chunk(
    opened: Opened,
    wants: &[Want],
    mut take: impl FnMut(&Parser, &Chunk, &Layout),
) -> Result<Vec<Diagnostic>, Failure> {
    let Opened { layout, mut cutter, .. } = opened;
    let (mut parser, mut chunk, mut buffer) = (Parser::new(wants), Chunk::default(), Vec::new());
    while let Some(block) = cutter.next(buffer)? {
        parser.parse(&layout, &block, &mut chunk);
        take(&parser, &chunk, &layout);
        buffer = block.into_buffer();
    }
    Ok(cutter.take_warnings())
}

fn take_rows(
    table: &mut Table,
    parser: &Parser,
    chunk: &Chunk,
    wants: &[Want],
    file: &Arc<str>,
    keep: &impl Fn(&str, u64) -> bool,
) {
    let mut rejects = chunk.rejects.iter().peekable();
    for row in 0..chunk.rows {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let place = chunk.file_row(number);
        let kept = keep(file, place);
        while let Some(reject) = rejects.next_if(|reject| reject.row == number) {
            if kept {
                let row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
                table.rejects.push(Reject { row, ..reject.clone() });
            }
        }
        if kept {
            let value = |want: usize| chunk.value(parser.dictionaries(), wants, want, row);
            table.rows.push((0..wants.len()).map(value).collect());
            table.places.push((Arc::clone(file), place));
        }
    }
}

impl Chunk {
    /// One cell as a value; null where it is blank or rejected.
    pub fn value(
        &self,
        dictionaries: &[Dictionary],
        wants: &[Want],
        want: usize,
        row: usize,
    ) -> Value {
        let column = &self.columns[want];
        if !column.present[row] {
            return Value::Null;
        }
        match &column.values {
            Values::Text(codes) => {
                dictionaries[want].shared(codes[row] as usize).map_or(Value::Null, Value::Text)
            }
            Values::Number(units) => Value::Number(Decimal::new(units[row], wants[want].digits())),
            Values::Date(days) => Value::Date(Day(days[row])),
            Values::DateTime(micros) => Value::DateTime(Instant(micros[row])),
            Values::Bool(truths) => Value::Bool(truths[row]),
            Values::Hash(_) => Value::Null,
        }
    }
}

impl Want {
    /// The scale of the column's units: 0 for integers.
    pub fn digits(&self) -> u8 {
        if self.ty == crate::domain::Type::Integer { 0 } else { self.scale }
    }
}
