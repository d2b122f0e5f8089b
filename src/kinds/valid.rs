//! `valid`: the share of rows in which a condition holds.

use super::rows::{DATASET, MET, POPULATION, TIME, WHEN_NONE, WHERE, ZERO};
use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: CheckKind = CheckKind {
    name: "valid",
    doc: "A condition holds in enough of the rows in which it is known.",
    fields: &[
        DATASET,
        required("expression", "a row condition"),
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
    let expression = reader.required_text("expression");
    let (bounds, when_none) = (rows::share_bounds(reader), rows::when_none(reader));
    let population = rows::population(reader, cx)?;
    let holds = cx.condition(&population.dataset, &expression?)?;
    let known = build::not_null(cx.arena(), holds);
    let top = build::count_rows(cx.arena(), Some(holds));
    let bottom = build::count_rows(cx.arena(), Some(known));
    let input = build::rows(&population);
    let body = build::ratio(cx.arena(), population, input, top, bottom);
    Some(rows::share_check(body, bounds?, when_none))
}
