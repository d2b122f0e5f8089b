//! Checks: the common half of their tables, and what answers them.

use super::metrics::rule_words;
use super::{Check, CheckBody, build::Build};
use crate::config::Declared;
use crate::decode::Reader;
use crate::domain::{Evidence, Id};
use crate::kinds::{CHECK_KINDS, CheckSource, check_kind};

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
        let Some(kind) = kind else {
            // Without a kind half of the keys has no meaning yet, so none of them is unknown.
            reader.rest();
            reader.finish(&mut self.sink);
            return None;
        };
        let body = (kind.read)(&mut reader, &mut self.resolver(what));
        reader.finish(&mut self.sink);
        let body = body?;
        Some(Check {
            id: declared.id(),
            kind: kind.name,
            title,
            words,
            effort,
            evidence: self.evidence(&body),
            body,
            pack: declared.pack.clone(),
            written: self.as_written(&declared.table, kind.fields),
            place: declared.place(),
        })
    }

    fn evidence(&self, body: &CheckBody) -> Evidence {
        let config = |id: &Id| self.catalog.datasets.get(id).is_some_and(|d| d.config);
        match &body.source {
            CheckSource::Answer { .. } => Evidence::Answer,
            CheckSource::Rows(body) => match &body.population {
                Some(population) if config(&population.dataset) => Evidence::Config,
                _ => Evidence::Data,
            },
            CheckSource::Metrics { .. } => Evidence::Data,
        }
    }
}
