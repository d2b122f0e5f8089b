//! Reports: `report.toml` with the project's `[report.<id>]` laid over it.

use std::collections::BTreeSet;

use super::{Report, Section, Show, Template, build::Build, diags};
use crate::config;
use crate::decode::{Item, Reader, Table, Text};
use crate::domain::{Grain, Id};
use crate::pack::ReportText;
use crate::text::SourceId;

/// How many periods a report shows unless it says.
const LAST: u32 = 12;

impl Build<'_> {
    pub(super) fn reports(&mut self, texts: &[(ReportText, Table)], lenient: &BTreeSet<SourceId>) {
        let wanted = self.wanted_reports(texts);
        for declared in self.declared("report") {
            if !texts.iter().any(|(t, _)| *t.id == *declared.id) {
                let name = Text { text: declared.id.clone(), span: declared.id_span };
                let known = texts.iter().map(|(t, _)| t.id.as_str());
                self.sink.push(diags::unknown_reference("report", &name, known));
            }
        }
        let chosen = |text: &ReportText| wanted.as_ref().is_none_or(|w| w.contains(&text.id));
        for (text, table) in texts.iter().filter(|(text, _)| chosen(text)) {
            let mut table = table.clone();
            for over in self.declared("report").iter().filter(|d| *d.id == *text.id) {
                config::merge(&mut table, &over.table);
            }
            let report = self.report(text, &table, lenient);
            self.catalog.reports.insert(report.id.clone(), report);
        }
    }

    /// The reports that `[project] reports` names; all without it.
    fn wanted_reports(&mut self, texts: &[(ReportText, Table)]) -> Option<Vec<String>> {
        let Item::List(list) = &self.written.project.as_ref()?.get("reports")?.value.item else {
            return None;
        };
        let names: Vec<Text> = list.iter().filter_map(crate::decode::Tree::as_text).collect();
        for name in &names {
            if !texts.iter().any(|(t, _)| *t.id == *name.text) {
                let known = texts.iter().map(|(t, _)| t.id.as_str());
                self.sink.push(diags::unknown_reference("report", name, known));
            }
        }
        Some(names.iter().map(|n| n.text.to_string()).collect())
    }

    fn report(&mut self, text: &ReportText, table: &Table, lenient: &BTreeSet<SourceId>) -> Report {
        let mut reader = Reader::new(table, format!("report `{}`", text.id));
        let grains = Grain::ALL.map(|g| (g.word(), g));
        let template = |(format, source): &(String, crate::text::Source)| Template {
            format: format.clone(),
            name: source.name.to_string(),
            text: source.text.clone(),
        };
        let title = reader.required_words("title");
        let metrics = self.listed(&mut reader, "metrics", "metric", lenient);
        let by = self.crossings(&mut reader, lenient);
        let sections = self.sections(&mut reader, &metrics, &by, lenient);
        let report = Report {
            id: Id::from(text.id.as_str()),
            title,
            metrics,
            by,
            sections,
            grain: reader.word("grain", &grains).unwrap_or(Grain::Month),
            last: reader.count("last", 1, 1000).unwrap_or(LAST),
            frameworks: self.listed(&mut reader, "frameworks", "framework", lenient),
            templates: text.mains.iter().map(template).collect(),
            parts: text.parts.iter().map(|(n, s)| (n.clone(), s.text.clone())).collect(),
            place: Some(table.place()),
        };
        reader.words("doc");
        reader.finish(&mut self.sink);
        report
    }

    /// Ids in the report's order; `"*"` stands for all that are not yet named, in order of id.
    fn listed(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        table: &'static str,
        lenient: &BTreeSet<SourceId>,
    ) -> Vec<Id> {
        let names = reader.texts(key);
        let user = reader.what().to_owned();
        let mut ids: Vec<Id> = Vec::new();
        for name in &names {
            let found: Vec<Id> = if *name.text == *"*" {
                let mut all: Vec<Id> = self.ids(table).map(Id::from).collect();
                all.retain(|id| names.iter().all(|n| id != &*n.text));
                all.sort();
                all
            } else {
                self.found(table, name, &user, lenient).into_iter().collect()
            };
            ids.extend(found);
        }
        ids
    }

    /// The arrangement of the report's metrics and crossings. What a project took out of them is in no section;
    /// `"*"`, or no list, stands for all that no other section of that form names.
    fn sections(
        &mut self,
        reader: &mut Reader<'_>,
        metrics: &[Id],
        by: &[Vec<Id>],
        lenient: &BTreeSet<SourceId>,
    ) -> Vec<Section> {
        let shows = Show::ALL.map(|show| (show.word(), show));
        let mut drafts = Vec::new();
        for tree in reader.list("sections").unwrap_or_default() {
            let Item::Table(table) = &tree.item else {
                reader.wrong_type("sections", "tables, each `[[sections]]`", tree);
                continue;
            };
            let mut inner = Reader::new(table, format!("section of {}", reader.what()));
            let show = inner.required_word("show", &shows);
            let (title, note) = (inner.words("title"), inner.words("note"));
            let rest = (rest_is_meant(&inner, "metrics"), rest_is_meant(&inner, "by"));
            let named = self.listed(&mut inner, "metrics", "metric", lenient);
            let crossed = if rest.1 { Vec::new() } else { self.crossings(&mut inner, lenient) };
            if rest.1 {
                inner.list("by");
            }
            inner.finish(&mut self.sink);
            let Some(show) = show else { continue };
            drafts.push((Section { title, note, show, metrics: named, by: crossed }, rest));
        }
        arranged(&drafts, metrics, by)
    }

    /// `by = ["channel", ["channel", "owner"]]`: side by side, and crossed.
    fn crossings(&mut self, reader: &mut Reader<'_>, lenient: &BTreeSet<SourceId>) -> Vec<Vec<Id>> {
        let user = reader.what().to_owned();
        let mut by = Vec::new();
        for tree in reader.list("by").unwrap_or_default() {
            let names = match &tree.item {
                Item::List(list) => list.iter().filter_map(crate::decode::Tree::as_text).collect(),
                _ => tree.as_text().map(|t| vec![t]).unwrap_or_default(),
            };
            let whole = match &tree.item {
                Item::List(list) => names.len() == list.len() && !list.is_empty(),
                Item::Broken => continue,
                _ => !names.is_empty(),
            };
            if !whole {
                reader.report(diags::crossing_form(reader.what(), tree.place()));
                continue;
            }
            let found: Vec<Id> =
                names.iter().filter_map(|n| self.found("dimension", n, &user, lenient)).collect();
            if found.len() == names.len() {
                by.push(found);
            }
        }
        by
    }

    fn found(
        &mut self,
        table: &'static str,
        name: &Text,
        user: &str,
        lenient: &BTreeSet<SourceId>,
    ) -> Option<Id> {
        let there = self.ids(table).any(|id| *id == *name.text);
        if !there && lenient.contains(&name.span.source) {
            return None;
        }
        self.find_enabled(table, name, user)
    }
}

/// Whether a list of a section stands for what is left: it is `["*"]`, or not there.
fn rest_is_meant(reader: &Reader<'_>, key: &str) -> bool {
    match reader.source().get(key).map(|entry| &entry.value.item) {
        Some(Item::List(list)) => {
            list.iter().any(|tree| tree.as_text().is_some_and(|text| *text.text == *"*"))
        }
        other => other.is_none(),
    }
}

/// A section as written, and whether its metrics and crossings are those that are left.
type Draft = (Section, (bool, bool));

/// Sections of what the report has; those that nothing is left for are not there.
fn arranged(drafts: &[Draft], metrics: &[Id], by: &[Vec<Id>]) -> Vec<Section> {
    let taken = |shows: &[Show]| -> BTreeSet<&Id> {
        let named = drafts.iter().filter(|(s, rest)| shows.contains(&s.show) && !rest.0);
        named.flat_map(|(section, _)| &section.metrics).collect()
    };
    let crossed: BTreeSet<&Vec<Id>> =
        drafts.iter().filter(|(_, rest)| !rest.1).flat_map(|(section, _)| &section.by).collect();
    let sections = drafts.iter().map(|(section, rest)| {
        // A number that is a card or a bridge needs no row of its own.
        let taken = match section.show {
            Show::Numbers => taken(&[Show::Cards, Show::Numbers, Show::Bridge]),
            show => taken(&[show]),
        };
        let mut section = section.clone();
        if rest.0 {
            section.metrics = metrics.iter().filter(|id| !taken.contains(id)).cloned().collect();
        } else {
            section.metrics.retain(|id| metrics.contains(id));
        }
        if rest.1 {
            section.by = by.iter().filter(|c| !crossed.contains(c)).cloned().collect();
        } else {
            section.by.retain(|crossing| by.contains(crossing));
        }
        section
    });
    let empty = |s: &Section| s.metrics.is_empty() || s.show == Show::Slices && s.by.is_empty();
    sections.filter(|section| !empty(section)).collect()
}
