//! The kinds of metrics and checks: one file each, and the visible tables of them.
//!
//! A kind reads its half of a rule's table and lowers it to relations, aggregate leaves and a scalar tree over
//! them. It sees no data and no other rule; `plan` groups what kinds ask for, `measure` runs it.

mod agrees;
mod attested;
mod body;
mod build;
mod context;
mod decomposition;
mod derived;
mod diags;
mod duration;
mod expression;
mod filled;
mod fresh;
mod matched;
mod plans;
mod ratio;
mod rolling;
mod rows;
mod snapshot;
mod threshold;
mod to_date;
mod total;
mod unique;
mod valid;

pub use body::{
    Against, Body, Bounds, CheckBody, CheckSource, EachAnswer, Link, Making, PlanAsk, PlanBody,
    Population, Span, Window,
};
pub use context::{Context, Written};

use crate::decode::Reader;

/// One field of a kind, for schema and docs.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub required: bool,
    pub doc: &'static str,
}

/// A kind of metric.
pub struct MetricKind {
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: &'static [Field],
    /// A worked example for the docs, which a test runs: the rule's fields without its words, a blank line, then
    /// period, tables and what comes out.
    pub example: &'static str,
    /// Reads the kind's half of the table; mistakes go to the reader or the context.
    pub read: fn(&mut Reader<'_>, &mut dyn Context) -> Option<Body>,
}

/// A kind of check.
pub struct CheckKind {
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: &'static [Field],
    /// Reads the kind's half of the table; mistakes go to the reader or the context.
    pub read: fn(&mut Reader<'_>, &mut dyn Context) -> Option<CheckBody>,
}

/// All kinds of metrics, in the order of the docs.
pub const METRIC_KINDS: &[MetricKind] = &[
    total::KIND,
    ratio::KIND,
    derived::KIND,
    snapshot::KIND,
    duration::KIND,
    to_date::KIND,
    rolling::KIND,
    decomposition::KIND,
];

/// All kinds of checks, in the order of the docs.
pub const CHECK_KINDS: &[CheckKind] = &[
    threshold::KIND,
    filled::KIND,
    unique::KIND,
    valid::KIND,
    matched::KIND,
    fresh::KIND,
    attested::KIND,
    expression::KIND,
    agrees::KIND,
    plans::PLANNED,
    plans::ATTAINED,
    plans::COVERED,
];

pub fn metric_kind(name: &str) -> Option<&'static MetricKind> {
    METRIC_KINDS.iter().find(|k| k.name == name)
}

pub fn check_kind(name: &str) -> Option<&'static CheckKind> {
    CHECK_KINDS.iter().find(|k| k.name == name)
}

const fn required(name: &'static str, doc: &'static str) -> Field {
    Field { name, required: true, doc }
}

const fn optional(name: &'static str, doc: &'static str) -> Field {
    Field { name, required: false, doc }
}
