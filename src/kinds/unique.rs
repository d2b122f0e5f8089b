//! `unique`: the share of values of a column that are not repetitions.

use super::rows::{DATASET, MET, POPULATION, TIME, WHEN_NONE, WHERE, ZERO};
use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;
use crate::domain::Type;
use crate::rel::Aggregate;

pub(super) const KIND: CheckKind = CheckKind {
    name: "unique",
    doc: "A column repeats no value: distinct values over rows that have one.",
    fields: &[
        DATASET,
        required("column", "the column, or a path through references"),
        WHERE,
        POPULATION,
        TIME,
        MET,
        ZERO,
        WHEN_NONE,
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let column = reader.required_text("column");
    let (bounds, when_none) = (rows::share_bounds(reader), rows::when_none(reader));
    let mut population = rows::population(reader, cx)?;
    let (column, ..) = cx.column(&population.dataset, &column?)?;
    let arena = cx.arena();
    let filled = build::not_null(arena, column);
    let parts = population.filter.into_iter().chain([filled]).collect();
    population.filter = build::conjunction(arena, parts);
    let top = build::aggregate(arena, Aggregate::CountDistinct, column, Type::Integer);
    let bottom = build::aggregate(arena, Aggregate::Count, column, Type::Integer);
    let input = build::rows(&population);
    let body = build::ratio(arena, population, input, top, bottom);
    Some(rows::share_check(body, bounds?, when_none))
}
