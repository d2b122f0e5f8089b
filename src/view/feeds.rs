//! What the feeds held, in words.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::number::count;
use super::time::date;
use super::words::say;
use super::{
    Facts, FeedView, RangeView, ReasonView, RejectView, RejectedCell, StrayView, UndeclaredView,
};
use crate::catalog::{ColumnSource, Feed, RowDetail, SkipTest};
use crate::data::RejectReason;
use crate::domain::{Decimal, Id};
use crate::measure::{Converted, FeedFacts, MadeRows, RejectFacts, Skipped, StrayText};
use crate::rel::{Conversion, DayOf};

pub fn feeds(facts: &Facts<'_>) -> Vec<FeedView> {
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
        found: count(held.found),
        used: count(held.used),
        rejected: count(sum(&held.rejected)),
        skipped: count(sum(&held.skipped)),
        rejected_by: by_reason(&held.rejected, |why| why_text(*why)),
        skipped_by: by_reason(&held.skipped, |why| skipped_text(declared, *why)),
        rows_with_rejects: count(held.rows_with_rejects),
        made: held.made.map(made_text),
        hidden: count(held.hidden),
        rounded: count(held.rounded),
        rejects: held.rejects.iter().map(|r| rejects(facts, r)).collect(),
        ranges: ranges.collect(),
        place: declared.map(|f| facts.place(&f.place)).unwrap_or_default(),
    }
}

/// What rows were made of, in words.
fn made_text(made: MadeRows) -> String {
    let shown = |number: u64| count(number).text();
    let (rows, records) = (shown(made.rows), shown(made.records));
    let line = say("data.made", &[("rows", &rows), ("records", &records)]);
    if made.blank_cells == 0 {
        return line;
    }
    say("data.made-blank", &[("line", &line), ("n", &shown(made.blank_cells))])
}

fn sum<T>(counts: &[(T, u64)]) -> u64 {
    counts.iter().map(|(_, count)| count).sum()
}

fn by_reason<T>(counts: &[(T, u64)], words: impl Fn(&T) -> String) -> Vec<ReasonView> {
    let view = |(why, many): &(T, u64)| ReasonView { reason: words(why), count: count(*many) };
    counts.iter().map(view).collect()
}

/// Why a record is no row or does not count, in words.
fn skipped_text(feed: Option<&Feed>, why: Skipped) -> String {
    let rule = match why {
        Skipped::BlankLine => return say("skipped.blank-line", &[]),
        Skipped::HeaderAgain => return say("skipped.header-again", &[]),
        Skipped::SameKey => return say("skipped.same-key", &[]),
        Skipped::ByCondition => return say("skipped.by-condition", &[]),
        Skipped::BehindEnd => return say("skipped.behind-end", &[]),
        Skipped::ByRule(at) => feed.and_then(|feed| feed.contract.skip.get(at)),
    };
    let Some(rule) = rule else { return say("skipped.by-rule", &[]) };
    let column = match &rule.column {
        ColumnSource::Header(name) => name.clone(),
        ColumnSource::Position(at) => say("skipped.column", &[("n", &at.to_string())]),
        _ => String::new(),
    };
    let (key, words) = match &rule.test {
        SkipTest::Blank | SkipTest::BlankLine => ("skipped.blank", &[][..]),
        SkipTest::Is(words) => ("skipped.is", &words[..]),
        SkipTest::StartsWith(words) => ("skipped.starts-with", &words[..]),
        SkipTest::Like(words) => ("skipped.like", &words[..]),
    };
    let words: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
    say(key, &[("column", &column), ("words", &words.join(", "))])
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
        by: by_reason(&rejects.reasons, |why| why_text(*why)),
        first: first.collect(),
    }
}

/// Why a cell was rejected, in words.
pub(super) fn why_text(why: RejectReason) -> String {
    match why {
        RejectReason::NotANumber => say("reject.not-a-number", &[]),
        RejectReason::NotAnInteger => say("reject.not-an-integer", &[]),
        RejectReason::NotADate => say("reject.not-a-date", &[]),
        RejectReason::NoTime => say("reject.no-time", &[]),
        RejectReason::NotABoolean => say("reject.not-a-boolean", &[]),
        RejectReason::OutOfRange => say("reject.out-of-range", &[]),
        RejectReason::NumberMarks => say("reject.number-marks", &[]),
        RejectReason::Percent => say("reject.percent", &[]),
        RejectReason::PercentMissing => say("reject.percent-missing", &[]),
        RejectReason::Suffix => say("reject.suffix", &[]),
        RejectReason::Currency => say("reject.currency", &[]),
        RejectReason::Quotes => say("reject.quotes", &[]),
        RejectReason::Undecided => say("reject.undecided", &[]),
        RejectReason::Encoding => say("reject.encoding", &[]),
        RejectReason::FormulaError => say("reject.formula-error", &[]),
        RejectReason::FormulaUnstored => say("reject.formula-unstored", &[]),
        RejectReason::NulByte => say("reject.nul-byte", &[]),
        RejectReason::TooFewCells => say("reject.too-few-cells", &[]),
        RejectReason::TooManyCells => say("reject.too-many-cells", &[]),
    }
}
