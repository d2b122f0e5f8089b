//! Checks: the common half of their tables, and what answers them.

use super::metrics::rule_words;
use super::{Check, CheckBody, build::Build, diags};
use crate::config::Declared;
use crate::decode::{Reader, Table};
use crate::domain::{Evidence, Id};
use crate::kinds::{Body, CHECK_KINDS, CheckSource, PlanAsk, check_kind};
use crate::rel::Rel;

impl Build<'_> {
    pub(super) fn checks(&mut self) {
        for declared in self.declared("check") {
            self.kebab("check", &declared.id, declared.id_span);
            if let Some(check) = self.check(declared) {
                self.catalog.checks.insert(check.id.clone(), check);
            }
        }
    }

    fn check(&mut self, declared: &Declared) -> Option<Check> {
        let what = format!("check `{}`", declared.id);
        let mut reader = Reader::new(&declared.table, what.clone());
        let names: Vec<(&str, &str)> = CHECK_KINDS.iter().map(|k| (k.name, k.name)).collect();
        let kind = reader.required_word("kind", &names).and_then(check_kind);
        let title = reader.required_words("title");
        let words = rule_words(&mut reader, true);
        let effort = reader.count("effort", 1, 5).unwrap_or(3);
        let contradiction = reader.bool("contradiction").unwrap_or(false);
        let Some(kind) = kind else {
            // Without a kind half of the keys has no meaning yet, so none of them is unknown.
            reader.rest();
            reader.finish(&mut self.sink);
            return None;
        };
        let body = (kind.read)(&mut reader, &mut self.resolver(what));
        reader.finish(&mut self.sink);
        let body = body?;
        self.plans_fit(&body, &declared.table);
        Some(Check {
            id: declared.id(),
            kind: kind.name,
            title,
            words,
            effort,
            evidence: self.evidence(&body),
            contradiction,
            body,
            pack: declared.pack.clone(),
            written: self.as_written(&declared.table, kind.fields),
            place: declared.place(),
        })
    }

    /// What plans are asked must be something that they can say.
    fn plans_fit(&mut self, body: &CheckBody, table: &Table) {
        let CheckSource::Plans(plans) = &body.source else { return };
        let place = |key: &str| table.get(key).map(|entry| entry.value.place());
        let scopes = || self.catalog.datasets.values().filter_map(|d| d.plan_lines.as_ref());
        let dimensions = || scopes().flat_map(|plan| plan.scope.iter().map(|(_, d)| d));
        let known = |id: &Id| dimensions().any(|d| d == id);
        let mut found = Vec::new();
        match &plans.ask {
            PlanAsk::Planned { by, .. } => found.extend((!known(by)).then_some(("by", by))),
            PlanAsk::Covered { whole, part, metric, .. } => {
                let pair = [("whole", whole), ("part", part)];
                found.extend(pair.into_iter().filter(|(_, id)| !known(id)));
                let rule = self.catalog.metrics.get(metric);
                let adds_up = rule.is_none_or(|m| m.body.adds_up_over_time(&self.catalog.arena));
                if let (false, Some(place)) = (adds_up, place("metric")) {
                    self.sink.push(diags::targets_add_up_no_rates(metric, place));
                }
            }
            PlanAsk::Attained { .. } => {}
        }
        let names: Vec<&str> = dimensions().map(Id::as_str).collect();
        let found: Vec<_> = found
            .into_iter()
            .filter_map(|(key, id)| Some(diags::no_plan_scope(id, place(key)?, &names)))
            .collect();
        self.sink.extend(found);
    }

    fn evidence(&self, body: &CheckBody) -> Evidence {
        match &body.source {
            CheckSource::Answer { .. } => Evidence::Answer,
            CheckSource::Plans(plans) => match plans.ask {
                PlanAsk::Covered { .. } => Evidence::Config,
                PlanAsk::Planned { .. } | PlanAsk::Attained { .. } => Evidence::Data,
            },
            CheckSource::Rows(body) | CheckSource::Metrics { body, .. } => {
                if self.rests_on_config(body) { Evidence::Config } else { Evidence::Data }
            }
        }
    }

    /// Whether every dataset that a value counts or matches rows of is declared in TOML.
    fn rests_on_config(&self, body: &Body) -> bool {
        let config = |id: &Id| self.catalog.datasets.get(id).is_some_and(|d| d.config);
        let parts = body.metrics(&self.catalog.arena);
        let mut parts = parts.iter().map(|id| self.catalog.metrics.get(id));
        body.rel.iter().flat_map(Rel::datasets).all(config)
            && parts.all(|metric| metric.is_some_and(|m| self.rests_on_config(&m.body)))
    }
}
