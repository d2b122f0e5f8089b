//! `valid`: the share of rows in which a condition holds.

use super::{CheckBody, CheckKind, Context, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: CheckKind = CheckKind {
    name: "valid",
    doc: "A condition holds in enough of the rows in which it is known.",
    fields: &rows::share_fields(required("expression", "a row condition")),
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    rows::read_share(reader, cx, "expression", |cx, population, expression| {
        let holds = cx.condition(&population.dataset, expression)?;
        let known = build::not_null(cx.arena(), holds);
        Some((
            build::count_rows(cx.arena(), Some(holds)),
            build::count_rows(cx.arena(), Some(known)),
        ))
    })
}
