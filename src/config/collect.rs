//! Gathers the tables of all files by name and id.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::overlay::{self, Overlay};
use super::{Declared, WrittenCase, WrittenConfig, diags};
use crate::decode::{self, Entry, Item, Table, Text};
use crate::diag::{Diagnostic, near};
use crate::domain::Id;
use crate::text::{Source, Sources, Span};

/// The tables that have a meaning of their own; every other is a config dataset's.
pub(super) const WORDS: [&str; 13] = [
    "project",
    "limits",
    "dataset",
    "dimension",
    "metric",
    "check",
    "framework",
    "feed",
    "answer",
    "waiver",
    "overlay",
    "report",
    "case",
];

/// Files of other tools that may stand beside a project and share our words.
const FOREIGN: [&str; 3] = ["pyproject.toml", "Cargo.toml", "netlify.toml"];

/// What only a project may say.
const PROJECT_ONLY: [&str; 7] =
    ["project", "limits", "feed", "answer", "waiver", "overlay", "report"];

/// One decoded file.
#[derive(Debug)]
pub struct File {
    pub name: Arc<str>,
    pub table: Table,
    /// None for the project's own files.
    pub pack: Option<Id>,
    mistakes: Vec<Diagnostic>,
}

/// Decodes a file and keeps its text for places.
pub fn read(sources: &mut Sources, file: &Source, pack: Option<&Id>) -> File {
    let source = sources.add(Arc::clone(&file.name), Arc::clone(&file.text));
    let mut mistakes = Vec::new();
    let table = decode::decode(source, &file.text, &mut mistakes);
    File { name: Arc::clone(&file.name), table, pack: pack.cloned(), mistakes }
}

/// The tables that say what rules are, and nothing of who uses them.
const RULES: [&str; 6] = ["dataset", "dimension", "metric", "check", "framework", "overlay"];

impl File {
    /// Leaves only rules, for a proof case that brings its own people, stages and files.
    pub fn keep_rules(&mut self) {
        // A feed may declare columns that rules name.
        self.table.entries.retain(|e| RULES.contains(&&*e.key) || &*e.key == "feed");
        // What an overlay says of config rows, their owners for one, is of who uses them.
        for entry in self.table.entries.iter_mut().filter(|e| &*e.key == "overlay") {
            if let Item::Table(overlays) = &mut entry.value.item {
                overlays.entries.retain(|e| RULES.contains(&&*e.key));
            }
        }
    }
}

/// Gathers all files; packs come first, then the project, each in its order.
pub fn collect(files: Vec<File>, sink: &mut Vec<Diagnostic>) -> WrittenConfig {
    let rows = config_datasets(&files, sink);
    let mut collector = Collector { rows: &rows, ..Collector::new(sink) };
    for file in files {
        collector.file(file);
    }
    let Collector { mut written, overlays, .. } = collector;
    overlay::apply(&mut written, &overlays, &rows, sink);
    written
}

/// The ids of datasets whose rows are config.
fn config_datasets(files: &[File], sink: &mut Vec<Diagnostic>) -> Vec<Arc<str>> {
    let mut ids = Vec::new();
    for entry in files.iter().filter_map(|f| f.table.table("dataset")).flat_map(|t| &t.entries) {
        let Item::Table(table) = &entry.value.item else { continue };
        if !matches!(table.get("config").map(|e| &e.value.item), Some(Item::Bool(true))) {
            continue;
        }
        if WORDS.contains(&&*entry.key) {
            sink.push(diags::reserved_dataset(&entry.key, entry.key_span));
        } else {
            ids.push(Arc::clone(&entry.key));
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

/// Table and id.
type Key = (Arc<str>, Arc<str>);

struct Collector<'a> {
    rows: &'a [Arc<str>],
    written: WrittenConfig,
    overlays: Vec<Overlay>,
    /// Where each id was first declared, and by which pack.
    first: BTreeMap<Key, (Span, Option<Id>)>,
    sink: &'a mut Vec<Diagnostic>,
}

impl<'a> Collector<'a> {
    fn new(sink: &'a mut Vec<Diagnostic>) -> Self {
        let (written, overlays) = (WrittenConfig::default(), Vec::new());
        Self { rows: &[], written, overlays, first: BTreeMap::new(), sink }
    }

    fn file(&mut self, mut file: File) {
        if file.pack.is_none() && self.is_foreign(&file) {
            self.sink.push(diags::foreign_file(&file.name));
            return;
        }
        self.sink.append(&mut file.mistakes);
        for entry in file.table.entries {
            self.top(entry, file.pack.as_ref());
        }
    }

    /// Not a single table of ours, not even misspelt.
    fn is_foreign(&self, file: &File) -> bool {
        let base = file.name.rsplit('/').next().unwrap_or_default();
        let names = || WORDS.into_iter().chain(self.rows.iter().map(|r| &**r));
        let ours = |e: &Entry| self.knows(&e.key) || near(&e.key, names()).is_some();
        let strange = !file.table.entries.is_empty() && !file.table.entries.iter().any(ours);
        FOREIGN.contains(&base) || (strange && base != "milepost.toml")
    }

    fn knows(&self, name: &str) -> bool {
        WORDS.contains(&name) || self.rows.iter().any(|r| **r == *name)
    }

    fn top(&mut self, entry: Entry, pack: Option<&Id>) {
        let name = Arc::clone(&entry.key);
        if !self.knows(&name) {
            let known: Vec<&str> =
                WORDS.into_iter().chain(self.rows.iter().map(|r| &**r)).collect();
            self.sink.push(diags::unknown_table(&name, &known, entry.key_span));
            return;
        }
        if pack.is_some() && PROJECT_ONLY.contains(&&*name) {
            self.sink.push(diags::project_only(&name, entry.key_span));
            return;
        }
        match (&*name, entry.value.item) {
            ("case", Item::List(list)) => {
                for tree in list {
                    match tree.item {
                        Item::Table(table) => {
                            let pack = pack.cloned();
                            self.written.cases.push(WrittenCase { table, pack });
                        }
                        other => {
                            self.sink.push(diags::not_a_table("case", other.what(), tree.span));
                        }
                    }
                }
            }
            ("project" | "limits", Item::Table(table)) => self.project(&name, table),
            ("overlay", Item::Table(table)) => self.overlay(table),
            ("case", item) if !matches!(item, Item::Broken) => {
                self.sink.push(diags::not_a_table("[case]", item.what(), entry.value.span));
            }
            (_, Item::Table(table)) => self.declarations(&name, table, pack),
            (_, Item::Broken) => {}
            (_, item) => {
                self.sink.push(diags::not_a_table(&name, item.what(), entry.value.span));
            }
        }
    }

    /// A table that there is once.
    fn project(&mut self, name: &str, table: Table) {
        let limits = name == "limits";
        let once = if limits { &mut self.written.limits } else { &mut self.written.project };
        match once {
            Some(first) => self.sink.push(diags::second_project(name, table.span, first.span)),
            None => *once = Some(table),
        }
    }

    fn overlay(&mut self, table: Table) {
        for entry in table.entries {
            match &entry.value.item {
                Item::Table(inner) => {
                    let entries = inner.entries.clone();
                    self.overlays.push(Overlay { table: entry, entries });
                }
                Item::Broken => {}
                _ => {
                    let span = entry.value.span;
                    self.sink.push(diags::id_without_table("overlay", &entry.key, span));
                }
            }
        }
    }

    fn declarations(&mut self, name: &Arc<str>, table: Table, pack: Option<&Id>) {
        for Entry { key: id, key_span: id_span, value } in table.entries {
            let (span, item) = (value.span, value.item.clone());
            match item {
                Item::Table(table) => {
                    if self.is_first(name, &id, id_span, pack) {
                        let declared = Declared { id, id_span, table, pack: pack.cloned() };
                        self.written.tables.entry(Arc::clone(name)).or_default().push(declared);
                    }
                }
                Item::Broken => {}
                _ if **name == *"report" => {
                    let key = Text { text: id, span: id_span };
                    self.written.report_options.push((key, value));
                }
                _ => self.sink.push(diags::id_without_table(name, &id, span)),
            }
        }
    }

    fn is_first(&mut self, name: &Arc<str>, id: &Arc<str>, span: Span, pack: Option<&Id>) -> bool {
        let key = (Arc::clone(name), Arc::clone(id));
        let Some((first, owner)) = self.first.get(&key) else {
            self.first.insert(key, (span, pack.cloned()));
            return true;
        };
        let diagnostic = match (owner, pack) {
            (Some(owner), None) => diags::takes_pack_id(name, id, owner.as_str(), span, *first),
            _ => diags::duplicate_id(name, id, span, *first),
        };
        self.sink.push(diagnostic);
        false
    }
}
