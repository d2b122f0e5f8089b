//! `derived`: arithmetic over other metrics.

use super::{Body, Context, MetricKind, build, required};
use crate::decode::Reader;

pub(super) const KIND: MetricKind = MetricKind {
    name: "derived",
    doc: "Arithmetic over other metrics of the same period and slice. Where a part has no value, the whole \
          has none.",
    fields: &[required("value", "an expression over ids of metrics")],
    example: r#"
        unit = "number"
        value = "won_deals / flow"

        period = "2026-01"
        tables.deals = """
        deal_id, stage, created_at, closed_at
        1, won, 2026-01-03, 2026-01-03
        2, open, 2026-01-31,
        """
        expect = { value = 0.5 }
    "#,
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let value = reader.required_text("value")?;
    Some(build::over_metrics(cx.metrics(&value)?))
}
