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
