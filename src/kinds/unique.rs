//! `unique`: the share of values of a column that are not repetitions.

use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;
use crate::domain::Type;
use crate::rel::Aggregate;

pub(super) const KIND: CheckKind = CheckKind {
    name: "unique",
    doc: "A column repeats no value: distinct values over rows that have one.",
    fields: &rows::share_fields(required("column", "the column, or a path through references")),
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    rows::read_share(reader, cx, "column", |cx, population, column| {
        let (column, ..) = cx.column(&population.dataset, column)?;
        let arena = cx.arena();
        let filled = build::not_null(arena, column);
        let parts = population.filter.into_iter().chain([filled]).collect();
        population.filter = build::conjunction(arena, parts);
        let top = build::aggregate(arena, Aggregate::CountDistinct, column, Type::Integer);
        let bottom = build::aggregate(arena, Aggregate::Count, column, Type::Integer);
        Some((top, bottom))
    })
}
