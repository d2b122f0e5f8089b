//! `threshold`: a metric against a bound.

use super::rows::{MET, ZERO};
use super::{CheckBody, CheckKind, CheckSource, Context, build, diags, optional, required, rows};
use crate::decode::{Reader, Text};
use crate::domain::{Decimal, Id, Unit};

pub(super) const KIND: CheckKind = CheckKind {
    name: "threshold",
    doc: "A metric is at or past a bound.",
    fields: &[
        required("metric", "the metric"),
        MET,
        ZERO,
        optional("direction", "at-least (unless said) or at-most"),
        optional("slice", "one dimension and its member"),
        optional("period", "report (unless said) or all"),
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let name = reader.required_text("metric");
    let words = [("at-least", true), ("at-most", false)];
    let at_least = reader.word("direction", &words).unwrap_or(true);
    let span = rows::span(reader);
    let slice = slice(reader, cx);
    let metric = name.and_then(|n| cx.metric(&n));
    let share = matches!(metric, Some((_, Unit::Ratio))) && at_least;
    let bounds = rows::bounds(reader, at_least, share.then_some(Decimal::ZERO));
    let (id, unit) = metric?;
    let value = build::metric(cx.arena(), id, &unit);
    let source = CheckSource::Metrics { body: build::over_metrics(value), slice: slice? };
    Some(CheckBody { source, bounds: bounds?, span, when_none: None, needs_rows: None, unit })
}

/// The slice, if one is named; none where it is wrong.
pub(super) fn slice(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Option<(Id, String)>> {
    let place = reader.place("slice");
    let Some(table) = reader.table("slice") else { return Some(None) };
    let [entry] = &table.entries[..] else {
        let found = diags::one_slice_only(reader.what(), place);
        reader.report(found);
        return None;
    };
    let Some(member) = entry.value.as_text() else {
        let found = diags::one_slice_only(reader.what(), place);
        reader.report(found);
        return None;
    };
    let name = Text { text: entry.key.clone(), span: entry.key_span };
    let dimension = cx.dimension(&name)?;
    Some(Some((dimension, member.text.to_string())))
}
