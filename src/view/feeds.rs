//! What the feeds held, in words.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::number::count;
use super::time::date;
use super::words::say;
use super::{Facts, FeedView, RangeView, RejectView, RejectedCell, StrayView, UndeclaredView};
use crate::catalog::RowDetail;
use crate::data::RejectReason;
use crate::domain::{Decimal, Id};
use crate::measure::{Converted, FeedFacts, RejectFacts, StrayText};
use crate::rel::{Conversion, DayOf};

pub(super) fn feeds(facts: &Facts<'_>) -> Vec<FeedView> {
    facts.measurements.feeds.iter().map(|f| feed(facts, f)).collect()
}

/// The texts that nothing declares, and the blanks where filters look something up, so that their rows are in no outcome and no declared slice.
pub(super) fn undeclared(facts: &Facts<'_>) -> Vec<UndeclaredView> {
    const SHOWN: usize = 8;
    let (undeclared, blanks) = (&facts.measurements.undeclared, &facts.measurements.blanks);
    let keys: BTreeSet<&(Id, Id)> = undeclared.keys().chain(blanks.keys()).collect();
    let view = |key: &(Id, Id)| {
        let texts = undeclared.get(key).map_or(&[][..], |strays| &strays.texts);
        let stray = |stray: &StrayText| StrayView {
            text: stray.text.to_string(),
            rows: count(stray.rows),
            near: stray.near.as_ref().map(ToString::to_string),
        };
        UndeclaredView {
            dataset: key.0.to_string(),
            column: key.1.to_string(),
            texts: texts.iter().take(SHOWN).map(stray).collect(),
            more: texts.len().saturating_sub(SHOWN),
            blank: count(blanks.get(key).copied().unwrap_or(0)),
        }
    };
    keys.into_iter().map(view).collect()
}

/// Amounts that were converted, a line for each column and day that counts.
pub(super) fn converted(facts: &Facts<'_>) -> Vec<String> {
    let rate = |(code, (rows, low, high)): (&Arc<str>, &(u64, Decimal, Decimal))| {
        let key = if low == high { "data.converted-one" } else { "data.converted-many" };
        let (rows, low, high) = (count(*rows).text(), low.to_string(), high.to_string());
        say(key, &[("code", &**code), ("rows", &rows), ("low", &low), ("high", &high)])
    };
    let line = |((dataset, column), met): (&(Id, Id), &Converted)| {
        let made = Conversion::of(column)?;
        let at = match &made.day {
            DayOf::Column(column) => say("data.converted-column", &[("column", column.as_str())]),
            DayOf::Day(day) => say("data.converted-day", &[("date", &date(*day))]),
            DayOf::Nowhere => return None,
        };
        let rows: u64 = met.codes.values().map(|(rows, ..)| rows).sum();
        let (rows, of) = (count(rows).text(), count(met.of).text());
        let codes: Vec<String> = met.codes.iter().map(rate).collect();
        let codes = codes.join(", ");
        let fill = [("dataset", dataset.as_str()), ("column", made.money.as_str())];
        let more = [("rows", rows.as_str()), ("of", &of), ("codes", &codes), ("at", &at)];
        Some(say("data.converted-line", &[&fill[..], &more].concat()))
    };
    facts.measurements.converted.iter().filter_map(line).collect()
}

fn feed(facts: &Facts<'_>, held: &FeedFacts) -> FeedView {
    let declared = facts.catalog.feeds.iter().find(|f| f.id == held.feed);
    let ranges = held.ranges.iter().map(|(column, from, to)| RangeView {
        column: column.to_string(),
        from: date(*from),
        to: date(*to),
    });
    FeedView {
        id: held.feed.to_string(),
        dataset: held.dataset.to_string(),
        files: held.files.clone(),
        failed: held.failed.clone(),
        rows: count(held.rows),
        clean: count(held.rows.saturating_sub(
            held.rows_with_rejects + held.doubles + held.headers_again + held.skipped,
        )),
        rows_with_rejects: count(held.rows_with_rejects),
        blank_lines: count(held.blank_lines),
        headers_again: count(held.headers_again),
        skipped: count(held.skipped),
        hidden: count(held.hidden),
        doubles: count(held.doubles),
        rounded: count(held.rounded),
        rejects: held.rejects.iter().map(|r| rejects(facts, r)).collect(),
        ranges: ranges.collect(),
        place: declared.map(|f| facts.place(&f.place)).unwrap_or_default(),
    }
}

fn rejects(facts: &Facts<'_>, rejects: &RejectFacts) -> RejectView {
    let full = facts.catalog.project.rows == RowDetail::Full;
    let first = rejects.first.iter().map(|(place, text, why)| RejectedCell {
        place: place.to_string(),
        text: full.then(|| text.clone()),
        reason: why_text(*why),
    });
    RejectView {
        column: match &rejects.column {
            Some(column) => column.to_string(),
            None => say("reject.whole-rows", &[]),
        },
        cells: count(rejects.cells),
        first: first.collect(),
    }
}

/// Why a cell was rejected, in words.
pub(super) fn why_text(why: RejectReason) -> String {
    match why {
        RejectReason::NotANumber => say("reject.not-a-number", &[]),
        RejectReason::NotAnInteger => say("reject.not-an-integer", &[]),
        RejectReason::NotADate => say("reject.not-a-date", &[]),
        RejectReason::NotABoolean => say("reject.not-a-boolean", &[]),
        RejectReason::OutOfRange => say("reject.out-of-range", &[]),
        RejectReason::NumberMarks => say("reject.number-marks", &[]),
        RejectReason::Percent => say("reject.percent", &[]),
        RejectReason::Currency => say("reject.currency", &[]),
        RejectReason::Quotes => say("reject.quotes", &[]),
        RejectReason::Encoding => say("reject.encoding", &[]),
        RejectReason::FormulaError => say("reject.formula-error", &[]),
        RejectReason::FormulaUnstored => say("reject.formula-unstored", &[]),
        RejectReason::NulByte => say("reject.nul-byte", &[]),
        RejectReason::TooFewCells => say("reject.too-few-cells", &[]),
        RejectReason::TooManyCells => say("reject.too-many-cells", &[]),
    }
}
