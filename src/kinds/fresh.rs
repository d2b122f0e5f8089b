//! `fresh`: how old the newest date of a column is.

use super::rows::{DATASET, MET, POPULATION, WHEN_NONE, WHERE, ZERO};
use super::{CheckBody, CheckKind, CheckSource, Context, Span, build, diags, required, rows};
use crate::decode::Reader;
use crate::domain::{Type, Unit};
use crate::rel::{Aggregate, Op, TimeUnit};

pub(super) const KIND: CheckKind = CheckKind {
    name: "fresh",
    doc: "The newest date of a column is young enough at the as-of date; `met` and `zero` are days.",
    fields: &[
        DATASET,
        required("column", "a date column, or a path through references"),
        WHERE,
        POPULATION,
        MET,
        ZERO,
        WHEN_NONE,
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let written = reader.required_text("column");
    let (bounds, when_none) = (rows::bounds(reader, false, None), rows::when_none(reader));
    let mut population = rows::population(reader, cx)?;
    population.time = None;
    let written = written?;
    let (column, _, ty) = cx.column(&population.dataset, &written)?;
    if !ty.is_time() {
        cx.report(diags::not_a_time(&written, ty));
        return None;
    }
    let arena = cx.arena();
    // A row without a date says nothing about the newest one.
    let dated = build::not_null(arena, column);
    let parts = population.filter.into_iter().chain([dated]).collect();
    population.filter = build::conjunction(arena, parts);
    let day = match ty {
        Type::DateTime => build::node(arena, Op::Cast(Type::Date), vec![column], Type::Date, true),
        _ => column,
    };
    let newest = build::aggregate(arena, Aggregate::Max, day, Type::Date);
    let as_of = build::node(arena, Op::AsOf, Vec::new(), Type::Date, true);
    let op = Op::DateDiff(TimeUnit::Day);
    let age = build::node(arena, op, vec![newest, as_of], Type::Integer, true);
    let cubed = build::cube(arena, build::rows(&population), None, &[age]);
    let body = build::over_rows(population, cubed);
    let (source, unit) = (CheckSource::Rows(body), Unit::Days);
    Some(CheckBody { source, bounds: bounds?, span: Span::All, when_none, needs_rows: None, unit })
}
