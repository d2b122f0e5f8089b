//! `to-date`: another metric from the start of the month, quarter or year.

use super::{Body, Context, MetricKind, Window, build, required};
use crate::decode::Reader;
use crate::domain::Grain;

pub(super) const KIND: MetricKind = MetricKind {
    name: "to-date",
    doc: "Another metric over all of the week, month, quarter or year so far: from its first day to the last day \
          of the period. Quarters and years are the organisation's.",
    fields: &[
        required("metric", "the metric"),
        required("since", "the start of what: week, month, quarter or year"),
    ],
    example: r#"
        unit = "count"
        noun = "deals"
        metric = "won_deals"
        since = "year"

        period = "2026-02"
        tables.deals = """
        deal_id, stage, closed_at
        1, won, 2025-12-31
        2, won, 2026-01-01
        3, won, 2026-02-28
        4, won, 2026-03-01
        """
        expect = { value = 2 }
    "#,
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let name = reader.required_text("metric");
    let grains = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year].map(|g| (g.word(), g));
    let since = reader.required_word("since", &grains);
    let (id, unit) = cx.metric(&name?)?;
    Some(build::over_window(cx.arena(), id, &unit, Window::ToDate(since?)))
}
