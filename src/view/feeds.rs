//! What the feeds held, in words.

use std::collections::BTreeSet;

use super::number::count;
use super::time::date;
use super::words::say;
use super::{Facts, FeedView, RangeView, RejectView, RejectedCell, UndeclaredView};
use crate::catalog::RowDetail;
use crate::data::RejectReason;
use crate::domain::Id;
use crate::measure::{FeedFacts, RejectFacts};

pub(super) fn feeds(facts: &Facts<'_>) -> Vec<FeedView> {
    facts.measurements.feeds.iter().map(|f| feed(facts, f)).collect()
}

/// The texts that nothing declares, and the blanks where filters look something up, so that their rows are in no outcome and no declared slice.
pub(super) fn undeclared(facts: &Facts<'_>) -> Vec<UndeclaredView> {
    const SHOWN: usize = 8;
    let (undeclared, blanks) = (&facts.measurements.undeclared, &facts.measurements.blanks);
    let keys: BTreeSet<&(Id, Id)> = undeclared.keys().chain(blanks.keys()).collect();
    let view = |key: &(Id, Id)| {
        let texts = undeclared.get(key).map_or(&[][..], Vec::as_slice);
        UndeclaredView {
            dataset: key.0.to_string(),
            column: key.1.to_string(),
            texts: texts.iter().take(SHOWN).map(ToString::to_string).collect(),
            more: texts.len().saturating_sub(SHOWN),
            blank: count(blanks.get(key).copied().unwrap_or(0)),
        }
    };
    keys.into_iter().map(view).collect()
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
