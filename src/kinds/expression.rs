//! `expression`: a comparison of metrics holds.

use super::{Bounds, CheckBody, CheckKind, CheckSource, Context, build, optional, required, rows};
use crate::decode::Reader;
use crate::domain::{Decimal, Type, Unit};
use crate::rel::Op;

pub(super) const KIND: CheckKind = CheckKind {
    name: "expression",
    doc: "A comparison of metrics holds in the period.",
    fields: &[
        required("expression", "a condition over ids of metrics"),
        optional("period", "report (unless said) or all"),
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let text = reader.required_text("expression");
    let span = rows::span(reader);
    let text = text?;
    let holds = cx.metrics(&text)?;
    let ty = cx.arena().get(holds).ty;
    if ty != Type::Boolean {
        reader.report(super::diags::not_a_condition(&text, ty));
        return None;
    }
    let arena = cx.arena();
    let (one, zero) = (build::number(arena, Decimal::ONE), build::number(arena, Decimal::ZERO));
    let fails = build::node(arena, Op::Not, vec![holds], Type::Boolean, true);
    let null = Op::Literal(crate::domain::Value::Null);
    let null = build::node(arena, null, Vec::new(), Type::Number, true);
    // Unknown stays unknown: neither branch is taken.
    let args = vec![holds, one, fails, zero, null];
    let value = build::node(arena, Op::Case, args, Type::Number, true);
    let source = CheckSource::Metrics { body: build::over_metrics(value), slice: None };
    let bounds = Bounds { at_least: true, met: Decimal::ONE, zero: Decimal::ZERO };
    Some(CheckBody { source, bounds, span, when_none: None, needs_rows: None, unit: Unit::Number })
}
