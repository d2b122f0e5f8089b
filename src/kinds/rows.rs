//! What every kind that looks at rows reads: dataset, filter, time, words; and what every check reads.

use super::{
    Bounds, CheckBody, CheckSource, Context, Field, Population, Span, build, diags, optional,
    required,
};
use crate::decode::{Reader, Text};
use crate::domain::{Decimal, Outcome, Unit};
use crate::rel::{ExprId, When};

pub(super) const DATASET: Field = required("dataset", "the rows");
pub(super) const WHERE: Field = optional("where", "which rows count: a row condition");
pub(super) const POPULATION: Field = optional("population", "the rows of `where`, in words");
pub(super) const TIME: Field = optional("time", "the date column that puts a row into a period");
pub(super) const MET: Field = required("met", "grade 1 from here");
pub(super) const ZERO: Field = optional("zero", "grade 0 up to here");
pub(super) const WHEN_NONE: Field =
    optional("when-none", "the outcome over no rows: met, not-met or not-applicable");

/// Reads the rows that a rule is about, with the date that puts them into periods.
pub(super) fn population(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Population> {
    let time_text = reader.text("time");
    read_population(reader, cx, time_text)
}

/// Reads the rows of a rule that has its own way to put them into periods.
pub(super) fn population_without_time(
    reader: &mut Reader<'_>,
    cx: &mut dyn Context,
) -> Option<Population> {
    read_population(reader, cx, None)
}

fn read_population(
    reader: &mut Reader<'_>,
    cx: &mut dyn Context,
    time_text: Option<Text>,
) -> Option<Population> {
    let name = reader.required_text("dataset");
    let filter_text = reader.text("where");
    let words = reader.words("population");
    let dataset = cx.dataset(&name?)?;
    let mut sound = true;
    let filter = filter_text.and_then(|text| {
        let filter = cx.condition(&dataset, &text);
        sound &= filter.is_some();
        filter
    });
    let time = time_text.and_then(|text| {
        let found = cx.column(&dataset, &text);
        sound &= found.as_ref().is_some_and(|(_, _, ty)| ty.is_time());
        let (id, _, ty) = found?;
        if !ty.is_time() {
            cx.report(diags::not_a_time(&text, ty));
        }
        Some(When::At(id))
    });
    let words = if words.is_empty() { cx.dataset_words(&dataset) } else { words };
    sound.then_some(Population { dataset, filter, time, words })
}

/// The bounds of a check on a share: grade 0 up to 0 unless said.
pub(super) fn share_bounds(reader: &mut Reader<'_>) -> Option<Bounds> {
    bounds(reader, true, Some(Decimal::ZERO))
}

/// The bounds of a check; without `zero` the default, and without a default there is no part grade.
pub(super) fn bounds(
    reader: &mut Reader<'_>,
    at_least: bool,
    zero: Option<Decimal>,
) -> Option<Bounds> {
    let met = reader.required_number("met");
    let written = reader.number("zero");
    let met = met?;
    let zero = written.or(zero.filter(|z| if at_least { *z <= met } else { *z >= met }));
    let zero = zero.unwrap_or(met);
    if (at_least && zero > met) || (!at_least && zero < met) {
        let found = diags::bounds_out_of_order(reader.what(), reader.place("zero"), at_least);
        reader.report(found);
        return None;
    }
    Some(Bounds { at_least, met, zero })
}

pub(super) fn when_none(reader: &mut Reader<'_>) -> Option<Outcome> {
    let words = [
        ("met", Outcome::Met),
        ("not-met", Outcome::NotMet),
        ("not-applicable", Outcome::NotApplicable),
    ];
    reader.word("when-none", &words)
}

/// Whether a check over metrics looks at the report's period.
pub(super) fn span(reader: &mut Reader<'_>) -> Span {
    let words = [("report", Span::Report), ("all", Span::All)];
    reader.word("period", &words).unwrap_or(Span::Report)
}

/// The fields of a check on a share of rows: what it looks at, and what all of them read.
pub(super) const fn share_fields(looks_at: Field) -> [Field; 8] {
    [DATASET, looks_at, WHERE, POPULATION, TIME, MET, ZERO, WHEN_NONE]
}

/// Reads a check on a share of rows. `parts` makes the share's two counts of what `field` says, and may narrow the
/// population.
pub(super) fn read_share(
    reader: &mut Reader<'_>,
    cx: &mut dyn Context,
    field: &str,
    parts: impl FnOnce(&mut dyn Context, &mut Population, &Text) -> Option<(ExprId, ExprId)>,
) -> Option<CheckBody> {
    let looks_at = reader.required_text(field);
    let (bounds, when_none) = (share_bounds(reader), when_none(reader));
    let mut population = population(reader, cx)?;
    let (top, bottom) = parts(cx, &mut population, &looks_at?)?;
    let input = build::rows(&population);
    let body = build::ratio(cx.arena(), population, input, top, bottom);
    Some(share_check(body, bounds?, when_none))
}

/// A check on a share of rows.
pub(super) fn share_check(
    body: super::Body,
    bounds: Bounds,
    when_none: Option<Outcome>,
) -> CheckBody {
    let timed = body.population.as_ref().is_some_and(|p| p.time.is_some());
    let span = if timed { Span::Report } else { Span::All };
    CheckBody {
        source: CheckSource::Rows(body),
        bounds,
        span,
        when_none,
        needs_rows: None,
        unit: Unit::Ratio,
    }
}
