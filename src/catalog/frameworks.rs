//! Frameworks: levels, groups and elements.

use std::collections::{BTreeMap, BTreeSet};

use super::{Element, Framework, Heading, build::Build, cycles, diags};
use crate::config::Declared;
use crate::decode::{Entry, Item, Reader, Table, Text, Tree};
use crate::diag::Diagnostic;
use crate::domain::Id;

/// In thousandths: below, a framework has no headline.
const COVERAGE_FLOOR: u32 = 600;
/// In thousandths.
const WEIGHT: u32 = 1000;

impl Build<'_> {
    pub(super) fn frameworks(&mut self) {
        for declared in self.declared("framework") {
            self.kebab("framework", &declared.id, declared.id_span);
            let framework = self.framework(declared);
            self.catalog.frameworks.insert(framework.id.clone(), framework);
        }
    }

    fn framework(&mut self, declared: &Declared) -> Framework {
        let mut reader = Reader::new(&declared.table, format!("framework `{}`", declared.id));
        let levels = reader.tables("levels");
        let groups = reader.tables("groups");
        let mut framework = Framework {
            id: declared.id(),
            title: reader.required_words("title"),
            source: reader.words("source"),
            doc: reader.words("doc"),
            coverage_floor: reader.share("coverage-floor").unwrap_or(COVERAGE_FLOOR),
            levels: self.headings("level", &levels),
            groups: self.headings("group", &groups),
            elements: Vec::new(),
            pack: declared.pack.clone(),
            place: declared.place(),
        };
        reader.require("element", "a table `[framework.<id>.element.<id>]` per element");
        if let Some(table) = reader.table("element") {
            let names: Vec<&str> = table.entries.iter().map(|e| &*e.key).collect();
            for entry in &table.entries {
                let element = self.element(&framework, entry, &names);
                framework.elements.extend(element);
            }
            self.needs_cycles(&framework, table);
        }
        reader.finish(&mut self.sink);
        framework
    }

    fn headings(&mut self, word: &str, tables: &[&Table]) -> Vec<Heading> {
        let mut headings: Vec<Heading> = Vec::new();
        for table in tables {
            let mut reader = Reader::new(table, format!("this {word}"));
            let id = reader.required_text("id");
            let (title, doc) = (reader.required_words("title"), reader.words("doc"));
            reader.finish(&mut self.sink);
            let Some(id) = id else { continue };
            self.kebab(word, &id.text, id.span);
            if headings.iter().any(|h| h.id == *id.text) {
                self.sink.push(diags::listed_twice(&format!("{word} `{}`", id.text), id.place()));
                continue;
            }
            headings.push(Heading { id: Id::new(id.text), title, doc });
        }
        headings
    }

    fn element(&mut self, framework: &Framework, entry: &Entry, names: &[&str]) -> Option<Element> {
        let what = format!("element `{}`", entry.key);
        let Item::Table(table) = &entry.value.item else {
            self.sink.push(diags::element_is_no_table(&what, entry.value.span));
            return None;
        };
        self.kebab("element", &entry.key, entry.key_span);
        let mut reader = Reader::new(table, what);
        let title = reader.required_words("title");
        let doc = reader.words("doc");
        let level =
            reader.text("level").and_then(|t| heading(&mut reader, "level", &framework.levels, &t));
        let groups = reader.texts("groups");
        let groups =
            groups.iter().filter_map(|t| heading(&mut reader, "group", &framework.groups, t));
        let groups = groups.collect::<Vec<Id>>();
        let weight = reader.weight("weight").unwrap_or(WEIGHT);
        let needs = needs(&mut reader, names);
        let mut not_applicable = self.not_applicable(&mut reader);
        let checks = self.element_checks(&mut reader, &mut not_applicable);
        reader.finish(&mut self.sink);
        Some(Element {
            id: Id::new(entry.key.clone()),
            title,
            doc,
            level,
            groups,
            weight,
            checks,
            needs,
            not_applicable,
            place: crate::text::Place::Text(entry.key_span),
        })
    }

    /// The reason where an element does not apply; a reason is asked for.
    fn not_applicable(&mut self, reader: &mut Reader<'_>) -> Option<String> {
        let applies = reader.bool("applies");
        let reason = reader.text("not-applicable").map(|t| t.text.to_string());
        match (applies, &reason) {
            (Some(false), None) => {
                reader.report(diags::without_reason(reader.what(), reader.place("applies")));
            }
            (Some(true), Some(_)) => {
                reader.report(diags::applies_and_not(reader.what(), reader.place("applies")));
            }
            _ => {}
        }
        reason
    }

    /// Checks with their weights; those that an overlay took out are passed over.
    fn element_checks(
        &mut self,
        reader: &mut Reader<'_>,
        not_applicable: &mut Option<String>,
    ) -> Vec<(Id, u32)> {
        reader.require("checks", "a list of ids of checks");
        let list = reader.list("checks").unwrap_or_default();
        let place = reader.place("checks");
        if list.is_empty() && reader.has("checks") {
            reader.report(diags::element_without_checks(reader.what(), place));
        }
        let user = reader.what().to_owned();
        let mut checks: Vec<(Id, u32)> = Vec::new();
        let mut seen: BTreeSet<std::sync::Arc<str>> = BTreeSet::new();
        for tree in list {
            let Some((name, weight)) = self.weighted(tree, &user) else { continue };
            if !seen.insert(name.text.clone()) {
                let what = format!("check `{}`", name.text);
                self.sink.push(diags::listed_twice(&what, name.place()));
                continue;
            }
            if let Some(id) = self.find_enabled("check", &name, &user) {
                checks.push((id, weight));
            }
        }
        let disabled = |n: &std::sync::Arc<str>| self.written.disabled("check", n).is_some();
        if !seen.is_empty() && seen.iter().all(disabled) && not_applicable.is_none() {
            *not_applicable = Some("all of its checks are disabled by the project".to_owned());
        }
        checks
    }

    /// `"check"` or `{ check = "check", weight = 2 }`.
    fn weighted(&mut self, tree: &Tree, user: &str) -> Option<(Text, u32)> {
        match &tree.item {
            Item::Table(table) => {
                let mut reader = Reader::new(table, format!("an entry of `checks` of {user}"));
                let name = reader.required_text("check");
                let weight = reader.weight("weight").unwrap_or(WEIGHT);
                reader.finish(&mut self.sink);
                Some((name?, weight))
            }
            Item::Broken => None,
            _ => {
                if tree.as_text().is_none() {
                    self.sink.push(diags::check_entry(user, tree.item.what(), tree.span));
                }
                tree.as_text().map(|t| (t, WEIGHT))
            }
        }
    }

    fn needs_cycles(&mut self, framework: &Framework, table: &Table) {
        let edges: BTreeMap<Id, Vec<Id>> =
            framework.elements.iter().map(|e| (e.id.clone(), e.needs.clone())).collect();
        for circle in cycles::circles(&edges) {
            let first = circle.first().and_then(|id| table.table(id.as_str()));
            if let Some(needs) = first.and_then(|t| t.get("needs")) {
                let found: Diagnostic =
                    diags::needs_cycle(&cycles::shown(&circle), needs.value.place());
                self.sink.push(found);
            }
        }
    }
}

fn needs(reader: &mut Reader<'_>, names: &[&str]) -> Vec<Id> {
    let mut needs = Vec::new();
    for need in reader.texts("needs") {
        if names.contains(&&*need.text) {
            needs.push(Id::new(need.text));
        } else {
            reader.report(diags::unknown_in_framework("element", &need, names.iter().copied()));
        }
    }
    needs
}

/// A level or group of the framework.
fn heading(reader: &mut Reader<'_>, word: &str, known: &[Heading], name: &Text) -> Option<Id> {
    let found = known.iter().find(|h| h.id == *name.text).map(|h| h.id.clone());
    if found.is_none() {
        let known = known.iter().map(|h| h.id.as_str());
        reader.report(diags::unknown_in_framework(word, name, known));
    }
    found
}
