//! `ratio`: one aggregate over another, of one population.

use super::rows::{DATASET, POPULATION, TIME, WHERE};
use super::{Body, Context, MetricKind, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: MetricKind = MetricKind {
    name: "ratio",
    doc: "One aggregate over another, of the same rows. x / 0 has no value; totals are computed from sums, \
          never from the ratios of parts.",
    fields: &[
        DATASET,
        WHERE,
        POPULATION,
        TIME,
        required("numerator", "an aggregate expression"),
        required("denominator", "an aggregate expression"),
    ],
    example: r#"
        unit = "ratio"
        dataset = "deals"
        time = "closed_at"
        where = "stage.outcome in ('won', 'lost')"
        population = "closed deals"
        numerator = "count(*) filter (where stage.outcome = 'won')"
        denominator = "count(*)"
        sample-floor = 1

        period = "2026-01"
        tables.deals = """
        deal_id, stage, closed_at
        1, won, 2026-01-03
        2, lost, 2026-01-31
        3, lost, 2026-01-10
        4, lost, 2026-01-10
        5, open, 2026-01-10
        """
        expect = { value = 0.25 }
    "#,
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let (top, bottom) = (reader.required_text("numerator"), reader.required_text("denominator"));
    let population = rows::population(reader, cx)?;
    let top = top.and_then(|t| cx.aggregate(&population.dataset, &t));
    let bottom = bottom.and_then(|t| cx.aggregate(&population.dataset, &t));
    let input = build::rows(&population);
    Some(build::ratio(cx.arena(), population, input, top?, bottom?))
}
