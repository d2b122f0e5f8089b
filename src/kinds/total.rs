//! `total`: an aggregate of the rows whose time lies in the period.

use super::rows::{DATASET, POPULATION, TIME, WHERE};
use super::{Body, Context, MetricKind, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: MetricKind = MetricKind {
    name: "total",
    doc: "An aggregate of the rows whose time lies in the period. A count of no rows is 0; a sum, mean, \
          median, least or greatest of no rows has no value.",
    fields: &[DATASET, WHERE, POPULATION, TIME, required("value", "an aggregate expression")],
    example: r#"
        unit = "money"
        dataset = "deals"
        time = "closed_at"
        where = "stage.outcome = 'won'"
        population = "won deals"
        value = "sum(amount)"

        period = "2026-01"
        tables.deals = """
        deal_id, stage, closed_at, amount
        1, won, 2026-01-03, 100.10
        2, won, 2026-01-31, 200.20
        3, lost, 2026-01-10, 900
        4, won, 2026-02-01, 900
        """
        expect = { value = 300.3 }
    "#,
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let value = reader.required_text("value");
    let population = rows::population(reader, cx)?;
    let value = cx.aggregate(&population.dataset, &value?)?;
    let cubed = build::cube(cx.arena(), build::rows(&population), population.time, &[value]);
    Some(build::over_rows(population, cubed))
}
