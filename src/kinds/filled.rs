//! `filled`: the share of rows in which a column has a value.

use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: CheckKind = CheckKind {
    name: "filled",
    doc: "A column has a value in enough rows. A rejected cell is not a value.",
    fields: &rows::share_fields(required("column", "the column, or a path through references")),
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    rows::read_share(reader, cx, "column", |cx, population, column| {
        let (column, ..) = cx.column(&population.dataset, column)?;
        let filled = build::not_null(cx.arena(), column);
        Some((build::count_rows(cx.arena(), Some(filled)), build::count_rows(cx.arena(), None)))
    })
}
