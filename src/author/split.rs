//! How a text is split into cells: every mark that may be the delimiter is tried, and judged by what it makes.

use std::collections::BTreeMap;

use super::verdict::Sure;
use crate::data::look::{Cell, Records, Split};
use crate::data::{Exports, Failure};

/// What may stand between cells, the usual first.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', b'^', b'~'];
/// Records that decide.
const SAMPLE: usize = 400;

/// The first records of a table: the number of each, and its cells.
pub(super) type Sampled = Vec<(u64, Vec<Taste>)>;

/// A cell of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taste {
    pub(super) text: String,
    /// A number or a moment of a workbook.
    pub(super) exact: bool,
}

impl Taste {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// A way to split, with its reasons.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) split: Split,
    pub(super) sample: Sampled,
    /// Cells of most records.
    pub(super) width: usize,
    /// Thousandths of the records that have so many.
    regular: usize,
    rank: usize,
}

/// How a table is split, and how sure that is.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    pub(super) best: Way,
    pub(super) sure: Sure,
    pub(super) because: String,
}

/// Tries all ways to split a text.
pub(super) fn find(files: &Exports, file: &str) -> Result<Ways, Failure> {
    let mut ways = Vec::new();
    let mut failed = None;
    for delimiter in DELIMITERS {
        match way(files, file, None, Split { delimiter, quote: b'"' }) {
            Ok(way) => ways.push(way),
            Err(failure @ Failure::Fault(_)) => return Err(failure),
            Err(failure) => {
                failed.get_or_insert(failure);
            }
        }
    }
    // Stable: of equals the usual delimiter is the first.
    ways.sort_by_key(|way| std::cmp::Reverse(way.rank));
    let mut ways = ways.into_iter();
    let Some(best) = ways.next() else {
        return Err(failed.unwrap_or_else(|| Failure::Mistakes(Vec::new())));
    };
    // What breaks off when it is split, and is nothing when it is not, is broken.
    if let Some(failure) = failed.filter(|_| best.width == 1) {
        return Err(failure);
    }
    let next = ways.next().filter(|way| way.width > 1);
    let (sure, because) = reasons(&best, next.as_ref());
    let best = other_quote(files, file, best)?;
    Ok(Ways { best, sure, because })
}

/// A workbook's sheet comes split.
pub(super) fn sheet(files: &Exports, file: &str, sheet: &str) -> Result<Ways, Failure> {
    let best = way(files, file, Some(sheet), Split { delimiter: b',', quote: b'"' })?;
    Ok(Ways { best, sure: Sure::Certain, because: String::new() })
}

fn way(files: &Exports, file: &str, sheet: Option<&str>, split: Split) -> Result<Way, Failure> {
    let mut sample = Vec::new();
    Records::open(files, file, sheet, split, false)?.each(|row| {
        let taste = |at: usize| match row.cell(at) {
            Cell::Exact(text) => Taste { text: text.into_owned(), exact: true },
            Cell::Broken(_) => Taste { text: "\u{fffd}".into(), exact: false },
            cell => Taste { text: cell.text().to_owned(), exact: false },
        };
        sample.push((row.row, (0..row.width()).map(taste).collect()));
        sample.len() < SAMPLE
    })?;
    Ok(judged(split, sample))
}

fn judged(split: Split, sample: Sampled) -> Way {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let wide = sample.iter().filter(|(_, cells)| cells.len() > 1);
    wide.for_each(|(_, cells)| *counts.entry(cells.len()).or_default() += 1);
    let usual = counts.iter().max_by_key(|(width, times)| (**times * **width, **width));
    let (width, times) = usual.map_or((1, 0), |(width, times)| (*width, *times));
    let regular = times * 1000 / sample.len().max(1);
    // A mark that stands in texts splits some records and not others, and splits off little.
    let clean = clean(split.delimiter, &sample);
    let rank = if width > 1 { regular * clean / 1000 * 10 + width.min(9) } else { 0 };
    Way { split, sample, width, regular, rank }
}

/// Thousandths of the cells in which no other delimiter stands beside text on both sides.
fn clean(delimiter: u8, sample: &Sampled) -> usize {
    let torn = |taste: &&Taste| {
        let inside =
            |mark: &u8| *mark != delimiter && *mark != b',' && taste.text.as_bytes().contains(mark);
        DELIMITERS[..4].iter().any(inside)
            || delimiter != b',' && taste.text.matches(',').count() > 1
    };
    let filled = || sample.iter().flat_map(|(_, cells)| cells).filter(|taste| !taste.is_blank());
    let all = filled().count().max(1);
    1000 - filled().filter(torn).count() * 1000 / all
}

fn reasons(best: &Way, next: Option<&Way>) -> (Sure, String) {
    let records = best.sample.len();
    if best.width == 1 {
        return (Sure::Likely, "no mark splits its lines: one column".into());
    }
    let says = |way: &Way| {
        let share = way.regular * records / 1000;
        let share = if share == records {
            format!("all {records}")
        } else {
            format!("{share} of {records}")
        };
        format!(
            "{} splits {share} of the first records into {}",
            name(way.split.delimiter),
            way.width
        )
    };
    let says = |way: &Way| {
        says(way).replace(
            " of the first records",
            if records == 1 { " record" } else { " first records" },
        )
    };
    match next {
        Some(next) if next.rank * 10 >= best.rank * 9 => (
            Sure::Open,
            format!("{}, and {}: `delimiter` should say which", says(best), says(next)),
        ),
        Some(next) if next.rank * 2 >= best.rank => {
            (Sure::Likely, format!("{}; {}", says(best), says(next)))
        }
        _ => (Sure::Certain, says(best)),
    }
}

/// Texts in `'…'` throughout are quoted by it.
fn other_quote(files: &Exports, file: &str, best: Way) -> Result<Way, Failure> {
    let quoted = |taste: &Taste| {
        taste.text.len() > 1 && taste.text.starts_with('\'') && taste.text.ends_with('\'')
    };
    let cells =
        || best.sample.iter().flat_map(|(_, cells)| cells).filter(|taste| !taste.is_blank());
    if cells().filter(|taste| quoted(taste)).count() * 2 <= cells().count() {
        return Ok(best);
    }
    let other = way(files, file, None, Split { quote: b'\'', ..best.split })?;
    Ok(if other.rank >= best.rank { other } else { best })
}

/// A delimiter, in words.
pub(super) fn name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".into(),
        b';' => "semicolon".into(),
        b'\t' => "tab".into(),
        b'|' => "pipe".into(),
        other => format!("`{}`", char::from(other)),
    }
}
