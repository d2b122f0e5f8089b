//! `filled`: the share of rows in which a column has a value.

use super::rows::{DATASET, MET, POPULATION, TIME, WHEN_NONE, WHERE, ZERO};
use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: CheckKind = CheckKind {
    name: "filled",
    doc: "A column has a value in enough rows. A rejected cell is not a value.",
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
    let population = rows::population(reader, cx)?;
    let (column, ..) = cx.column(&population.dataset, &column?)?;
    let filled = build::not_null(cx.arena(), column);
    let top = build::count_rows(cx.arena(), Some(filled));
    let bottom = build::count_rows(cx.arena(), None);
    let input = build::rows(&population);
    let body = build::ratio(cx.arena(), population, input, top, bottom);
    Some(rows::share_check(body, bounds?, when_none))
}
