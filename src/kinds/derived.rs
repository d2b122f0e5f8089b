//! `derived`: arithmetic over other metrics.

use super::{Body, Context, MetricKind, build, required};
use crate::decode::Reader;

pub(super) const KIND: MetricKind = MetricKind {
    name: "derived",
    doc: "Arithmetic over other metrics of the same period and slice. Where a part has no value, the whole \
          has none.",
    fields: &[required("value", "an expression over ids of metrics")],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let value = reader.required_text("value")?;
    Some(build::over_metrics(cx.metrics(&value)?))
}
