//! What the feeds held: rows, rejects with their first places, ranges of dates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{FeedFacts, MadeRows, RejectFacts, Skipped};
use crate::catalog::Feed;
use crate::data::{Chunk, Damage, Layout, Reject, RejectReason, Values, Want};
use crate::domain::{Day, Id};
use crate::text::CellPlace;

/// How many places of rejected cells are kept for each column.
const FIRST_PLACES: usize = 20;

/// One worker's facts of one feed.
#[derive(Debug, Default)]
pub(super) struct FeedTally {
    found: u64,
    used: u64,
    rejected: BTreeMap<RejectReason, u64>,
    skipped: BTreeMap<Skipped, u64>,
    rows_with_rejects: u64,
    rounded: u64,
    rejects: BTreeMap<Option<u16>, RejectTally>,
    ranges: BTreeMap<usize, (i32, i32)>,
    /// By file, for places.
    layouts: BTreeMap<u32, Layout>,
    /// By file, where there is any.
    damage: BTreeMap<u32, Damage>,
}

#[derive(Debug, Default)]
struct RejectTally {
    cells: u64,
    reasons: BTreeMap<RejectReason, u64>,
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
        let dropped = u64::from(chunk.dropped);
        self.found += chunk.records;
        self.used += chunk.rows as u64;
        self.skip(Skipped::HeaderAgain, chunk.left_out.headers.into());
        for (rule, count) in chunk.left_out.by_rule.iter().enumerate() {
            self.skip(Skipped::ByRule(rule), u64::from(*count));
        }
        self.skip(Skipped::ByCondition, chunk.left_out.by_filter.into());
        self.skip(Skipped::SameKey, dropped);
        let left_out = u64::from(chunk.left_out.all()) + dropped;
        self.skip(Skipped::BlankLine, chunk.skipped.len() as u64 - left_out);
        if !chunk.damage.is_none() {
            self.damage.entry(file).or_default().merge(&chunk.damage);
        }
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
            // A row that is rejected as a whole stands before its cells.
            if last != Some(reject.row) {
                match reject.want {
                    // The cells that a short row has are used.
                    None if reject.why == RejectReason::TooFewCells => self.rows_with_rejects += 1,
                    None => {
                        self.used -= 1;
                        *self.rejected.entry(reject.why).or_default() += 1;
                    }
                    Some(_) => self.rows_with_rejects += 1,
                }
                last = Some(reject.row);
            }
            let tally = self.rejects.entry(reject.want).or_default();
            tally.cells += 1;
            *tally.reasons.entry(reject.why).or_default() += 1;
            let place = (file, chunk.file_row(reject.row), reject.file_column);
            tally.note(place, reject);
        }
    }

    /// Counts what was left out when records were made of a file's; gives what they were made of, where they are not
    /// the same ones.
    fn take_reshaped(&mut self) -> Option<MadeRows> {
        let mut made: Option<MadeRows> = None;
        for reshaped in self.layouts.values().filter_map(Layout::reshaped).collect::<Vec<_>>() {
            let left_out = &reshaped.left_out;
            self.found += reshaped.blank_lines + reshaped.behind_end + u64::from(left_out.all());
            self.skip(Skipped::BlankLine, reshaped.blank_lines);
            self.skip(Skipped::HeaderAgain, left_out.headers.into());
            for (rule, count) in left_out.by_rule.iter().enumerate() {
                self.skip(Skipped::ByRule(rule), u64::from(*count));
            }
            self.skip(Skipped::BehindEnd, reshaped.behind_end);
            if reshaped.is_other {
                let made = made.get_or_insert_default();
                made.records += reshaped.records - reshaped.behind_end - u64::from(left_out.all());
                made.blank_cells += reshaped.blank_cells;
                made.rows += reshaped.made;
            }
        }
        made
    }

    fn skip(&mut self, why: Skipped, count: u64) {
        if count > 0 {
            *self.skipped.entry(why).or_default() += count;
        }
    }

    fn merge(&mut self, other: Self) {
        self.found += other.found;
        self.used += other.used;
        add(&mut self.rejected, other.rejected);
        add(&mut self.skipped, other.skipped);
        self.layouts.extend(other.layouts);
        for (file, damage) in other.damage {
            self.damage.entry(file).or_default().merge(&damage);
        }
        self.rows_with_rejects += other.rows_with_rejects;
        self.rounded += other.rounded;
        for (want, tally) in other.rejects {
            let mine = self.rejects.entry(want).or_default();
            mine.cells += tally.cells;
            add(&mut mine.reasons, tally.reasons);
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

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *counts.entry(key).or_default() += count;
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

/// What all workers saw of damage, by file.
pub(super) fn damage<'a>(tallies: impl Iterator<Item = &'a FeedTally>) -> BTreeMap<u32, Damage> {
    let mut all: BTreeMap<u32, Damage> = BTreeMap::new();
    for (file, damage) in tallies.flat_map(|tally| &tally.damage) {
        all.entry(*file).or_default().merge(damage);
    }
    all
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
    let made = all.take_reshaped();
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
        reasons: tally.reasons.into_iter().collect(),
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
        found: all.found,
        used: all.used,
        rejected: all.rejected.into_iter().collect(),
        skipped: all.skipped.into_iter().collect(),
        made,
        hidden: 0,
        rows_with_rejects: all.rows_with_rejects,
        rejects: rejects.collect(),
        rounded: all.rounded,
        ranges: ranges.collect(),
        fingerprint: None,
    }
}
