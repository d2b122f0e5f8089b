//! What a definition says, as one short text: two that say the same have the same.

use super::{Catalog, Check, Metric};
use crate::expr::to_text;
use crate::kinds::{Body, CheckSource};
use crate::rel::{Rel, When};

/// Hexadecimal digits of a fingerprint.
const DIGITS: usize = 16;

impl Catalog {
    /// The fingerprint of a metric's definition in normal form, those of its parts in it. Words are not in it.
    pub fn metric_fingerprint(&self, metric: &Metric) -> String {
        let first = metric.alias_of.as_ref().and_then(|id| self.metrics.get(id));
        let metric = first.unwrap_or(metric);
        let mut said = Said::default();
        said.add("kind", metric.kind);
        said.add("unit", &format!("{:?}", metric.unit));
        said.add("floors", &format!("{} {}", metric.sample_floor, metric.coverage_floor));
        if let Some(at) = &metric.rate_at {
            said.add("rate-at", &format!("{at:?}"));
        }
        self.body(&metric.body, &mut said);
        said.done()
    }

    /// The same of a check.
    pub fn check_fingerprint(&self, check: &Check) -> String {
        let mut said = Said::default();
        said.add("kind", check.kind);
        said.add("bounds", &format!("{:?} {:?}", check.body.bounds, check.body.span));
        said.add("none", &format!("{:?}", check.body.when_none));
        match &check.body.source {
            CheckSource::Rows(body) => self.body(body, &mut said),
            CheckSource::Metrics { body, slice } => {
                said.add("slice", &format!("{slice:?}"));
                self.body(body, &mut said);
            }
            CheckSource::Plans(plans) => {
                said.add("plans", &format!("{:?}", plans.ask));
                let metric = self.metrics.get(plans.ask.metric());
                said.add("of", &metric.map(|m| self.metric_fingerprint(m)).unwrap_or_default());
            }
            CheckSource::Answer { scale, valid_for, each, shown_by } => {
                said.add("answer", &format!("{scale:?} {valid_for:?} {shown_by:?}"));
                if let Some(each) = each {
                    said.add("each", each.dataset.as_str());
                    let filter = each.filter.map(|filter| to_text(&self.arena, filter));
                    said.add("filter", &filter.unwrap_or_default());
                }
            }
        }
        said.done()
    }

    fn body(&self, body: &Body, said: &mut Said) {
        let text = |id| to_text(&self.arena, id);
        if let Some(rel) = &body.rel {
            self.rel(rel, said);
        }
        said.add("value", &text(body.value));
        for (name, tree) in &body.beside {
            said.add(name, &text(*tree));
        }
        said.add("making", &format!("{:?}", body.making));
        for part in body.metrics(&self.arena) {
            let print = self.metrics.get(&part).map(|metric| self.metric_fingerprint(metric));
            said.add(part.as_str(), &print.unwrap_or_default());
        }
    }

    fn rel(&self, rel: &Rel, said: &mut Said) {
        let text = |id| to_text(&self.arena, id);
        match rel {
            Rel::Feed { dataset } => said.add("dataset", dataset.as_str()),
            Rel::Lookup { input, column } => {
                said.add("look-up", column.as_str());
                self.rel(input, said);
            }
            Rel::Derive { input, name, expr } => {
                said.add(name.as_str(), &text(*expr));
                self.rel(input, said);
            }
            Rel::Filter { input, keep } => {
                said.add("where", &text(*keep));
                self.rel(input, said);
            }
            Rel::Spine { grain } => said.add("spine", grain.word()),
            Rel::Match { left, right, left_key, right_key, window, take } => {
                said.add("match", &format!("{} {}", text(*left_key), text(*right_key)));
                if let Some(window) = window {
                    let times = format!("{} {}", text(window.left_time), text(window.right_time));
                    said.add("window", &format!("{times} {} {}", window.before, window.after));
                }
                said.add("take", &format!("{take:?}"));
                self.rel(left, said);
                self.rel(right, said);
            }
            Rel::Fold { input, by, aggregates } => {
                by.iter().for_each(|id| said.add("by", &text(*id)));
                aggregates.iter().for_each(|id| said.add("aggregate", &text(*id)));
                self.rel(input, said);
            }
            Rel::Cube { input, time, aggregates } => {
                let times = time.iter().copied().flat_map(When::exprs);
                times.for_each(|id| said.add("time", &text(id)));
                aggregates.iter().for_each(|id| said.add("aggregate", &text(*id)));
                self.rel(input, said);
            }
        }
    }
}

/// Names and texts on their way into a hash.
#[derive(Default)]
struct Said(blake3::Hasher);

impl Said {
    fn add(&mut self, name: &str, text: &str) {
        for part in [name, text] {
            self.0.update(&(part.len() as u64).to_le_bytes());
            self.0.update(part.as_bytes());
        }
    }

    fn done(&self) -> String {
        self.0.finalize().to_hex()[..DIGITS].to_owned()
    }
}
