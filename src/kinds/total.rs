//! `total`: an aggregate of the rows whose time lies in the period.

use super::rows::{DATASET, POPULATION, TIME, WHERE};
use super::{Body, Context, MetricKind, build, required, rows};
use crate::decode::Reader;

pub(super) const KIND: MetricKind = MetricKind {
    name: "total",
    doc: "An aggregate of the rows whose time lies in the period. A count of no rows is 0; a sum, mean, \
          median, least or greatest of no rows has no value.",
    fields: &[DATASET, WHERE, POPULATION, TIME, required("value", "an aggregate expression")],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let value = reader.required_text("value");
    let population = rows::population(reader, cx)?;
    let value = cx.aggregate(&population.dataset, &value?)?;
    let cubed = build::cube(cx.arena(), build::rows(&population), population.time, &[value]);
    Some(Body {
        population: Some(population),
        rel: Some(cubed.rel),
        value: cubed.trees[0],
        numerator: None,
        denominator: None,
        sampled: cubed.averages,
    })
}
