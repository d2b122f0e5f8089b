//! `rolling`: another metric over the last so many days, weeks, months, quarters or years.

use super::{Body, Context, MetricKind, Window, build, required};
use crate::decode::Reader;
use crate::domain::Grain;

pub(super) const KIND: MetricKind = MetricKind {
    name: "rolling",
    doc: "Another metric over the last so many days, weeks, months, quarters or years up to the last day of the \
          period. The window is the calendar's: a month without rows is in it.",
    fields: &[
        required("metric", "the metric"),
        required("last", "how many"),
        required("grain", "of what: day, week, month, quarter or year"),
    ],
    example: r#"
        unit = "count"
        noun = "deals"
        metric = "won_deals"
        last = 3
        grain = "month"

        period = "2026-02"
        tables.deals = """
        deal_id, stage, closed_at
        1, won, 2025-11-30
        2, won, 2025-12-01
        3, won, 2026-02-28
        4, won, 2026-03-01
        """
        expect = { value = 2 }
    "#,
    read,
};

/// More than any calendar needs.
const MOST: u32 = 10_000;

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let name = reader.required_text("metric");
    reader.require("last", "a whole number");
    let last = reader.count("last", 1, MOST);
    let grain = reader.required_word("grain", &Grain::ALL.map(|g| (g.word(), g)));
    let (id, unit) = cx.metric(&name?)?;
    Some(build::over_window(cx.arena(), id, &unit, Window::Trailing(last?, grain?)))
}
