//! Delimiter and header row, where a feed does not declare them: found safely, or asked for.

use std::collections::BTreeMap;

use super::strict::Dialect;
use super::texts;
use super::tolerant::{self, Cells};
use crate::catalog::{ColumnSource, FeedColumn, HeaderRow};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that decide.
const SAMPLE: usize = 200;
/// A header stands within the first records that hold anything.
const HEADER_WITHIN: usize = 20;

/// A file's head, seen with one delimiter.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) dialect: Dialect,
    /// Row, counted from 1, and cells; row 0 with nameless cells where there is none.
    pub(super) header: Option<(u64, Vec<String>)>,
    /// Columns that the feed asks for and the header holds.
    matched: usize,
    /// Thousandths of the records that have the usual number of cells.
    consistency: usize,
    width: usize,
}

#[derive(Debug)]
pub(super) enum Unclear {
    Delimiter(u8, u8),
    Header,
    /// The declared header row lies behind the file's last.
    Beyond,
}

/// What the feed says about the file's form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared {
    pub(super) delimiter: Option<u8>,
    pub(super) quote: u8,
    pub(super) header_row: HeaderRow,
}

/// `\r` for a file that knows no `\n`.
pub(super) fn terminator(sample: &[u8], whole: bool) -> u8 {
    let certain = if whole { sample } else { sample.strip_suffix(b"\r").unwrap_or(sample) };
    if !sample.contains(&b'\n') && certain.contains(&b'\r') { b'\r' } else { b'\n' }
}

/// Decides on a sample from the file's start; `whole` says that there is no more.
pub(super) fn find(
    sample: &[u8],
    whole: bool,
    declared: Declared,
    columns: &[FeedColumn],
) -> Result<Sight, Unclear> {
    let terminator = terminator(sample, whole);
    let candidates = declared.delimiter.map_or(DELIMITERS.to_vec(), |d| vec![d]);
    let mut sights: Vec<Sight> = candidates
        .into_iter()
        .filter(|delimiter| *delimiter != declared.quote)
        .map(|delimiter| Dialect { delimiter, quote: declared.quote, terminator })
        .map(|dialect| Sight::of(sample, whole, dialect, declared.header_row, columns))
        .collect();
    // Stable: on a tie of everything the first delimiter stays first.
    sights.sort_by_key(|sight| std::cmp::Reverse(sight.rank()));
    if let [first, second, ..] = &sights[..]
        && first.width > 1
        && first.rank() == second.rank()
    {
        return Err(Unclear::Delimiter(first.dialect.delimiter, second.dialect.delimiter));
    }
    let best = sights.into_iter().next().ok_or(Unclear::Header)?;
    match (&best.header, declared.header_row) {
        (Some(_), _) => Ok(best),
        (None, HeaderRow::At { .. }) => Err(Unclear::Beyond),
        (None, _) => Err(Unclear::Header),
    }
}

impl Sight {
    fn of(
        sample: &[u8],
        whole: bool,
        dialect: Dialect,
        header_row: HeaderRow,
        columns: &[FeedColumn],
    ) -> Self {
        let first = if let HeaderRow::At { first, .. } = header_row { u64::from(first) } else { 1 };
        let records = records(sample, whole, dialect, first);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, cells) in &records {
            *counts.entry(cells.len()).or_default() += 1;
        }
        let usual = counts.iter().max_by_key(|(width, count)| (**count, **width));
        let (width, times) = usual.map_or((0, 0), |(width, count)| (*width, *count));
        let header = match header_row {
            HeaderRow::At { last, .. } => {
                let last = u64::from(last);
                let rows = records.iter().filter(|(row, _)| (first..=last).contains(row));
                let (rows, cells): (Vec<u64>, Vec<&[String]>) =
                    rows.map(|(row, cells)| (*row, &cells[..])).unzip();
                rows.contains(&last).then(|| (last, joined(&cells)))
            }
            HeaderRow::Found => header(&records, width, columns).map(|at| records[at].clone()),
            HeaderRow::None => Some((0, vec![String::new(); width])),
        };
        let matched = header.as_ref().map_or(0, |(_, cells)| matched(cells, columns));
        let consistency = times * 1000 / records.len().max(1);
        Self { dialect, header, matched, consistency, width }
    }

    /// Higher is better: what the feed asks for is there; several columns; regular.
    fn rank(&self) -> (usize, bool, usize, usize) {
        let one_header = self.header.as_ref().is_some_and(|(_, cells)| cells.len() == 1);
        if self.width >= 2 && !one_header {
            (self.matched, true, self.consistency, self.width)
        } else {
            // One column: the delimiter that stands in the fewest cells.
            (self.matched, false, 0, usize::MAX - self.width)
        }
    }
}

/// The first records that hold anything, from a row on: row and cells, trimmed and in NFC.
fn records(sample: &[u8], whole: bool, dialect: Dialect, from: u64) -> Vec<(u64, Vec<String>)> {
    let mut end = 0;
    for _ in 0..SAMPLE as u64 + from {
        match tolerant::first_end(&sample[end..], dialect) {
            Some(length) => end += length,
            None if whole => end = sample.len(),
            None => break,
        }
    }
    let mut cells = Cells::default();
    cells.split(&sample[..end], dialect);
    let (mut first, mut start) = (0, 0);
    let mut records = Vec::new();
    let mut count = 0;
    for record in &cells.records {
        count += u64::from(record.blank_before) + 1;
        let last = first + record.cells as usize;
        let mut texts = Vec::new();
        for end in &cells.ends[first..last] {
            texts.push(lossy(&cells.bytes[start..*end as usize]));
            start = *end as usize + 1;
        }
        first = last;
        if count >= from && texts.iter().any(|text| !text.is_empty()) {
            records.push((count, texts));
        }
    }
    records
}

/// A header's text; what cannot be decoded shows as such.
fn lossy(bytes: &[u8]) -> String {
    match texts::normal(bytes) {
        Ok(text) => text.into_owned(),
        Err(_) => String::from_utf8_lossy(bytes).trim().to_owned(),
    }
}

/// The names that the rows of a header give its columns: an upper name stands over the columns to its right, up to the
/// next.
fn joined(rows: &[&[String]]) -> Vec<String> {
    let Some((lowest, upper)) = rows.split_last() else { return Vec::new() };
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let mut over = vec![String::new(); upper.len()];
    let mut names = Vec::with_capacity(width);
    for at in 0..width {
        for (level, row) in upper.iter().enumerate() {
            let text = cell(row, at);
            if !text.is_empty() {
                over[level] = text;
                // A new group begins, below it too.
                over[level + 1..].iter_mut().for_each(String::clear);
            }
        }
        let own = cell(lowest, at);
        let alone = own.is_empty() && upper.iter().all(|row| cell(row, at).is_empty());
        let mut parts: Vec<&str> = Vec::new();
        for part in over.iter().map(String::as_str).chain([own.as_str()]) {
            if !part.is_empty() && parts.last() != Some(&part) {
                parts.push(part);
            }
        }
        names.push(if alone { String::new() } else { parts.join(" ") });
    }
    names
}

/// Which record is the header: the one that holds what the feed asks for by name, else the first that is not a title. A
/// column that is asked for by its number says nothing: rows are as wide as their header, or wider.
fn header(records: &[(u64, Vec<String>)], width: usize, columns: &[FeedColumn]) -> Option<usize> {
    let filled = |index: usize| records[index].1.iter().filter(|cell| !cell.is_empty()).count();
    let near_top = 0..records.len().min(HEADER_WITHIN);
    let wide = |index: usize| filled(index) >= 2 || width == 1;
    let asked = columns.iter().filter(|column| is_named(&column.from)).count();
    if asked == 0 {
        let widest = near_top.clone().map(|index| records[index].1.len()).max()?;
        return near_top.clone().find(|at| wide(*at) && records[*at].1.len() * 2 >= widest);
    }
    let matches = |index: &usize| named(&records[*index].1, columns);
    let best = near_top.clone().max_by_key(|index| (matches(index), std::cmp::Reverse(*index)))?;
    match matches(&best) {
        0 => wide(0).then_some(0),
        1 if asked > 1 => wide(best).then_some(best),
        _ => Some(best),
    }
}

fn is_named(source: &ColumnSource) -> bool {
    match source {
        ColumnSource::Header(_) | ColumnSource::Any(_) => true,
        ColumnSource::Joined(parts) => parts.iter().any(is_named),
        _ => false,
    }
}

/// How many of the feed's columns the cells name, or are wide enough for.
fn matched(cells: &[String], columns: &[FeedColumn]) -> usize {
    let is_there = |column: &&FeedColumn| match &column.from {
        ColumnSource::Position(at) => *at as usize <= cells.len(),
        _ => false,
    };
    named(cells, columns) + columns.iter().filter(is_there).count()
}

/// How many of the feed's columns the cells name.
fn named(cells: &[String], columns: &[FeedColumn]) -> usize {
    let lower: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
    let is_there = |column: &&FeedColumn| match &column.from {
        ColumnSource::Header(header) => cells.contains(&normal(header)),
        ColumnSource::Any(names) => names.iter().any(|n| lower.contains(&normal(n).to_lowercase())),
        ColumnSource::Joined(parts) => parts.iter().any(|part| match part {
            ColumnSource::Header(header) => cells.contains(&normal(header)),
            _ => false,
        }),
        _ => false,
    };
    columns.iter().filter(is_there).count()
}

/// A header as the author wrote it, trimmed and in NFC.
pub(super) fn normal(header: &str) -> String {
    lossy(header.as_bytes())
}
