//! `agrees`: two metrics that should be the same nearly are.

use super::{Bounds, CheckBody, CheckKind, CheckSource, Context, build, optional, required, rows};
use crate::decode::Reader;
use crate::domain::{Type, Unit};
use crate::rel::{Arena, ExprId, Op};

pub(super) const KIND: CheckKind = CheckKind {
    name: "agrees",
    doc: "Two metrics differ by no more than a share of the larger one.",
    fields: &[
        required("metric", "one metric"),
        required("with", "the other"),
        required("tolerance", "the share of the larger that they may differ by"),
        optional("zero", "grade 0 from this share on"),
        optional("period", "report (unless said) or all"),
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let (one, other) = (reader.required_text("metric"), reader.required_text("with"));
    let tolerance = reader.required_number("tolerance");
    let zero = reader.number("zero");
    let span = rows::span(reader);
    let one = one.and_then(|n| cx.metrics(&n));
    let other = other.and_then(|n| cx.metrics(&n));
    let met = tolerance?;
    let zero = zero.unwrap_or(met);
    if zero < met {
        let found = super::diags::bounds_out_of_order(reader.what(), reader.place("zero"), false);
        reader.report(found);
        return None;
    }
    let value = difference(cx.arena(), one?, other?);
    let source = CheckSource::Metrics { body: build::over_metrics(value), slice: None };
    let bounds = Bounds { at_least: false, met, zero };
    Some(CheckBody { source, bounds, span, when_none: None, needs_rows: None, unit: Unit::Ratio })
}

/// |a − b| ÷ the larger of |a| and |b|. Nothing and nothing agree on nothing: no value.
fn difference(arena: &mut Arena, a: ExprId, b: ExprId) -> ExprId {
    let ty = arena.get(a).ty;
    let gap = build::node(arena, Op::Subtract, vec![a, b], ty, true);
    let gap = build::node(arena, Op::Abs, vec![gap], ty, true);
    let sizes = [a, b].map(|x| build::node(arena, Op::Abs, vec![x], ty, true));
    let larger = build::node(arena, Op::Greatest, sizes.to_vec(), ty, true);
    build::node(arena, Op::Divide, vec![gap, larger], Type::Number, true)
}
