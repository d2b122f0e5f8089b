//! Metrics: the common half of their tables, aliases, and circles among them.

use std::collections::BTreeMap;

use super::{Body, Metric, Words, build::Build, cycles, diags};
use crate::config::Declared;
use crate::decode::Reader;
use crate::domain::{Direction, Id, Type, Unit};
use crate::kinds::{METRIC_KINDS, Making, metric_kind};

/// The least rows that an average or a share rests on.
const SAMPLE_FLOOR: u32 = 10;
/// In thousandths.
const COVERAGE_FLOOR: u32 = 800;

/// The units that are one word.
const UNITS: [(&str, Unit); 5] = [
    ("ratio", Unit::Ratio),
    ("days", Unit::Days),
    ("hours", Unit::Hours),
    ("minutes", Unit::Minutes),
    ("number", Unit::Number),
];

/// What other rules must know of a metric.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// None where it cannot be read, which is reported there.
    pub(super) unit: Option<Unit>,
    pub(super) alias_of: Option<Id>,
}

impl Head {
    pub(super) fn ty(&self) -> Type {
        match &self.unit {
            Some(unit) => unit.ty(),
            None => Type::Null,
        }
    }
}

impl Build<'_> {
    pub(super) fn metrics(&mut self) {
        self.heads = self.metric_heads();
        for declared in self.declared("metric") {
            self.snake("metric", &declared.id, declared.id_span);
            if !declared.table.entries.iter().any(|e| *e.key == *"alias-of")
                && let Some(metric) = self.metric(declared)
            {
                self.catalog.metrics.insert(metric.id.clone(), metric);
            }
        }
        self.metric_cycles();
        self.bridges();
        for declared in self.declared("metric") {
            if declared.table.get("alias-of").is_some() {
                self.alias(declared);
            }
        }
    }

    /// Reads units quietly; what is wrong is reported with the rest of the metric.
    fn metric_heads(&self) -> BTreeMap<Id, Head> {
        let declared = self.declared("metric");
        let text = |d: &Declared, key: &str| d.table.get(key).and_then(|e| e.value.as_text());
        let unit = |d: &Declared| match &*text(d, "unit")?.text {
            "count" => Some(Unit::Count(text(d, "noun").map(|t| t.text.to_string())?)),
            "money" => Some(Unit::Money(self.catalog.project.currency)),
            word => UNITS.iter().find(|(known, _)| *known == word).map(|(_, unit)| unit.clone()),
        };
        let target = |d: &Declared| {
            let name = text(d, "alias-of")?;
            declared.iter().find(|t| t.id == name.text)
        };
        let head = |d: &Declared| match target(d) {
            Some(t) => (d.id(), Head { unit: unit(t), alias_of: Some(t.id()) }),
            None => (d.id(), Head { unit: unit(d), alias_of: None }),
        };
        declared.iter().map(head).collect()
    }

    fn metric(&mut self, declared: &Declared) -> Option<Metric> {
        let id = declared.id();
        let what = format!("metric `{id}`");
        let mut reader = Reader::new(&declared.table, what.clone());
        let names: Vec<(&str, &str)> = METRIC_KINDS.iter().map(|k| (k.name, k.name)).collect();
        let kind = reader.required_word("kind", &names).and_then(metric_kind);
        let title = reader.required_words("title");
        let unit = self.unit(&mut reader);
        let words = rule_words(&mut reader, false);
        let directions = [
            ("higher", Direction::Higher),
            ("lower", Direction::Lower),
            ("neither", Direction::Neither),
        ];
        let better = reader.word("better", &directions).unwrap_or_default();
        let (levers, shared_with) = (reader.strings("levers"), reader.strings("shared-with"));
        // Other names, for those who search the file.
        reader.strings("aliases");
        let sample_floor = reader.count("sample-floor", 0, u32::MAX);
        let coverage_floor = reader.share("coverage-floor").unwrap_or(COVERAGE_FLOOR);
        let Some(kind) = kind else {
            // Without a kind half of the keys has no meaning yet, so none of them is unknown.
            reader.rest();
            reader.finish(&mut self.sink);
            return None;
        };
        let body = (kind.read)(&mut reader, &mut self.resolver(what));
        let rate_at = self.rate_at(&mut reader, body.as_ref());
        if let (Some(body), Some(unit)) = (&body, &unit) {
            self.fits(&mut reader, body, unit);
        }
        reader.finish(&mut self.sink);
        let (body, unit) = (body?, unit?);
        let floor = if body.sampled { SAMPLE_FLOOR } else { 0 };
        Some(Metric {
            id,
            kind: kind.name,
            title,
            unit,
            better,
            words,
            levers,
            shared_with,
            sample_floor: sample_floor.unwrap_or(floor),
            coverage_floor,
            rate_at,
            alias_of: None,
            body,
            pack: declared.pack.clone(),
            written: self.as_written(&declared.table, kind.fields),
            place: declared.place(),
        })
    }

    fn unit(&self, reader: &mut Reader<'_>) -> Option<Unit> {
        let mut words = vec![
            ("count", Unit::Count(String::new())),
            ("money", Unit::Money(self.catalog.project.currency)),
        ];
        words.extend(UNITS.iter().cloned());
        let unit = reader.required_word("unit", &words);
        match unit {
            Some(Unit::Count(_)) => {
                let noun = reader.required_text("noun");
                noun.map(|n| Unit::Count(n.text.to_string()))
            }
            Some(_) if reader.has("noun") => {
                reader.text("noun");
                reader.report(diags::noun_without_count(reader.what(), reader.place("noun")));
                unit
            }
            _ => {
                reader.text("noun");
                unit
            }
        }
    }

    /// The value must be what the unit says.
    fn fits(&self, reader: &mut Reader<'_>, body: &Body, unit: &Unit) {
        let ty = self.catalog.arena.get(body.value).ty;
        let fits = match (ty, unit) {
            (Type::Null, _) => true,
            (Type::Money(_), unit) => matches!(unit, Unit::Money(_)),
            (Type::Integer | Type::Number, unit) => !matches!(unit, Unit::Money(_)),
            _ => false,
        };
        if !fits {
            reader.report(diags::unit_mismatch(reader.what(), ty, reader.place("unit")));
        }
    }

    fn alias(&mut self, declared: &Declared) {
        let (id, what) = (declared.id(), format!("metric `{}`", declared.id));
        let mut reader = Reader::new(&declared.table, what.clone());
        let target = reader.required_text("alias-of");
        let title = reader.required_words("title");
        reader.words("source");
        reader.words("doc");
        reader.finish(&mut self.sink);
        let Some(name) = target else { return };
        let Some(target) = self.find("metric", &name, &what) else { return };
        if self.heads.get(&target).is_some_and(|h| h.alias_of.is_some()) || target == id {
            self.sink.push(diags::alias_of_alias(&name));
            return;
        }
        let Some(metric) = self.catalog.metrics.get(&target).cloned() else { return };
        let (pack, place) = (declared.pack.clone(), declared.place());
        let alias = Metric { id: id.clone(), title, alias_of: Some(target), pack, place, ..metric };
        self.catalog.metrics.insert(id, alias);
    }

    /// The links of a bridge must add up, or its parts cannot.
    fn bridges(&mut self) {
        let metrics = &self.catalog.metrics;
        let arena = &self.catalog.arena;
        let adds_up = |id: &Id| metrics.get(id).is_none_or(|m| m.body.adds_up(arena));
        for metric in metrics.values() {
            let Making::Bridge { chain, .. } = &metric.body.making else { continue };
            if let Some(link) = chain.iter().find(|link| !adds_up(&link.metric)) {
                let what = format!("metric `{}`", metric.id);
                let place = metric.place.clone();
                self.sink.push(diags::link_does_not_add_up(&what, link.metric.as_str(), place));
            }
        }
    }

    /// Metrics that need each other have no value.
    fn metric_cycles(&mut self) {
        let arena = &self.catalog.arena;
        let needs = |m: &super::Metric| m.body.metrics(arena);
        let edges: BTreeMap<Id, Vec<Id>> =
            self.catalog.metrics.values().map(|m| (m.id.clone(), needs(m))).collect();
        for circle in cycles::circles(&edges) {
            let first = circle.first().and_then(|id| self.catalog.metrics.get(id));
            if let Some(metric) = first {
                let found = diags::metric_cycle(&cycles::shown(&circle), metric.place.clone());
                self.sink.push(found);
            }
            for id in &circle {
                self.catalog.metrics.remove(id);
            }
        }
    }
}

/// The words that every rule has; a check says how and what to do as well.
pub(super) fn rule_words(reader: &mut Reader<'_>, check: bool) -> Words {
    let (question, why) = (reader.required_words("question"), reader.required_words("why"));
    let (how, remedy) = if check {
        (reader.required_words("how"), reader.required_words("remedy"))
    } else {
        (reader.words("how"), String::new())
    };
    let (owner, source, doc) = (reader.words("owner"), reader.words("source"), reader.words("doc"));
    Words { question, why, how, remedy, owner, source, doc }
}
