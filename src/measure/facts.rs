//! What the feeds held: rows, rejects with their first places, ranges of dates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{FeedFacts, RejectFacts};
use crate::catalog::Feed;
use crate::data::{Chunk, Layout, Reject, RejectReason, Values, Want};
use crate::domain::{Day, Id};
use crate::text::CellPlace;

/// How many places of rejected cells are kept for each column.
const FIRST_PLACES: usize = 20;

/// One worker's facts of one feed.
#[derive(Debug, Default)]
pub(super) struct FeedTally {
    rows: u64,
    blank_lines: u64,
    headers_again: u64,
    skipped: u64,
    doubles: u64,
    rows_with_rejects: u64,
    rounded: u64,
    rejects: BTreeMap<Option<u16>, RejectTally>,
    ranges: BTreeMap<usize, (i32, i32)>,
    /// By file, for places.
    layouts: BTreeMap<u32, Layout>,
}

#[derive(Debug, Default)]
struct RejectTally {
    cells: u64,
    /// Smallest places first.
    first: BTreeMap<(u32, u64, u32), (String, RejectReason)>,
}

impl FeedTally {
    /// Counts a chunk of file number `file` in.
    pub(super) fn add(
        &mut self,
        file: u32,
        layout: &Layout,
        chunk: &Chunk,
        zone: &jiff::tz::TimeZone,
    ) {
        self.layouts.entry(file).or_insert_with(|| layout.clone());
        let left_out = u64::from(chunk.left_out.all());
        self.rows += chunk.rows as u64 + u64::from(chunk.dropped) + left_out;
        self.headers_again += u64::from(chunk.left_out.headers);
        self.skipped += u64::from(chunk.left_out.by_rule + chunk.left_out.by_filter);
        self.doubles += u64::from(chunk.dropped);
        self.blank_lines += chunk.skipped.len() as u64 - u64::from(chunk.dropped) - left_out;
        self.rounded += chunk.columns.iter().map(|c| c.rounded).sum::<u64>();
        self.add_rejects(file, chunk);
        for (at, column) in chunk.columns.iter().enumerate() {
            let day = |row: usize| match &column.values {
                Values::Date(days) => Some(days[row]),
                Values::DateTime(micros) => super::local_day(micros[row], zone),
                _ => None,
            };
            if !matches!(column.values, Values::Date(_) | Values::DateTime(_)) {
                continue;
            }
            let rows = (0..chunk.rows).filter(|r| column.present[*r]);
            for found in rows.filter_map(day) {
                let range = self.ranges.entry(at).or_insert((found, found));
                *range = (range.0.min(found), range.1.max(found));
            }
        }
    }

    fn add_rejects(&mut self, file: u32, chunk: &Chunk) {
        let mut last = None;
        for reject in &chunk.rejects {
            if last != Some(reject.row) {
                self.rows_with_rejects += 1;
                last = Some(reject.row);
            }
            let tally = self.rejects.entry(reject.want).or_default();
            tally.cells += 1;
            let place = (file, chunk.file_row(reject.row), reject.file_column);
            tally.note(place, reject);
        }
    }

    fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.blank_lines += other.blank_lines;
        self.headers_again += other.headers_again;
        self.skipped += other.skipped;
        self.doubles += other.doubles;
        self.layouts.extend(other.layouts);
        self.rows_with_rejects += other.rows_with_rejects;
        self.rounded += other.rounded;
        for (want, tally) in other.rejects {
            let mine = self.rejects.entry(want).or_default();
            mine.cells += tally.cells;
            mine.first.extend(tally.first);
            while mine.first.len() > FIRST_PLACES {
                mine.first.pop_last();
            }
        }
        for (at, (low, high)) in other.ranges {
            let range = self.ranges.entry(at).or_insert((low, high));
            *range = (range.0.min(low), range.1.max(high));
        }
    }
}

impl RejectTally {
    fn note(&mut self, place: (u32, u64, u32), reject: &Reject) {
        let full = self.first.len() >= FIRST_PLACES;
        if full && self.first.last_key_value().is_some_and(|(last, _)| *last < place) {
            return;
        }
        self.first.insert(place, (reject.text.clone(), reject.why));
        if full {
            self.first.pop_last();
        }
    }
}

/// The facts of one feed, of all workers; file numbers are places in `files`.
pub(super) fn facts(
    feed: &Feed,
    files: &[(u32, Arc<str>)],
    wants: &[Want],
    tallies: Vec<FeedTally>,
) -> FeedFacts {
    let mut all = FeedTally::default();
    tallies.into_iter().for_each(|t| all.merge(t));
    let name = |number: u32| {
        let found = files.iter().find(|(n, _)| *n == number);
        found.map_or_else(|| "".into(), |(_, name)| Arc::clone(name))
    };
    let column = |want: u16| wants.get(usize::from(want)).map(|w| w.column.clone());
    let layouts = all.layouts;
    let place = |(file, row, column): (u32, u64, u32)| match layouts.get(&file) {
        Some(layout) => layout.place(row, column),
        None => CellPlace { file: name(file), sheet: None, row, column },
    };
    let rejects = all.rejects.into_iter().map(|(want, tally)| RejectFacts {
        column: want.and_then(column),
        cells: tally.cells,
        first: tally.first.into_iter().map(|(at, (text, why))| (place(at), text, why)).collect(),
    });
    let ranges = all.ranges.into_iter().filter_map(|(at, (low, high))| {
        let column: Id = wants.get(at)?.column.clone();
        Some((column, Day(low), Day(high)))
    });
    FeedFacts {
        feed: feed.id.clone(),
        dataset: feed.dataset.clone(),
        files: files.iter().map(|(_, name)| name.to_string()).collect(),
        failed: None,
        rows: all.rows,
        blank_lines: all.blank_lines,
        headers_again: all.headers_again,
        skipped: all.skipped,
        hidden: 0,
        doubles: all.doubles,
        rows_with_rejects: all.rows_with_rejects,
        rejects: rejects.collect(),
        rounded: all.rounded,
        ranges: ranges.collect(),
        fingerprint: None,
    }
}
