//! Overlays: a project's changes to what a pack declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collect::WORDS;
use super::{Declared, WrittenConfig, diags};
use crate::decode::{Entry, Item, Table};
use crate::diag::Diagnostic;
use crate::text::Span;

/// Tables that belong to the project alone, so that there is nothing to lay over.
const OWN: [&str; 8] =
    ["project", "limits", "answer", "waiver", "feed", "report", "case", "overlay"];

/// Merges one table over another: tables merge, every other value is replaced, spans stay with their values.
pub fn merge(base: &mut Table, over: &Table) {
    base.broken |= over.broken;
    for entry in &over.entries {
        let Some(old) = base.entries.iter_mut().find(|e| e.key == entry.key) else {
            base.entries.push(entry.clone());
            continue;
        };
        match (&mut old.value.item, &entry.value.item) {
            (Item::Table(old), Item::Table(new)) => merge(old, new),
            _ => {
                old.value = entry.value.clone();
                old.key_span = entry.key_span;
            }
        }
    }
}

/// One `[overlay.table.id]`.
pub(super) struct Overlay {
    pub(super) table: Entry,
    pub(super) entries: Vec<Entry>,
}

/// Applies all overlays; `rows` are the names of config datasets.
pub(super) fn apply(
    written: &mut WrittenConfig,
    overlays: &[Overlay],
    rows: &[Arc<str>],
    sink: &mut Vec<Diagnostic>,
) {
    let known: Vec<&str> =
        WORDS.into_iter().filter(|w| !OWN.contains(w)).chain(rows.iter().map(|r| &**r)).collect();
    let mut seen: BTreeMap<(Arc<str>, Arc<str>), Span> = BTreeMap::new();
    for overlay in overlays {
        let name = &overlay.table.key;
        if !known.contains(&&**name) {
            sink.push(diags::unknown_table(name, &known, overlay.table.key_span));
            continue;
        }
        for entry in &overlay.entries {
            let key = (Arc::clone(name), Arc::clone(&entry.key));
            if let Some(first) = seen.insert(key, entry.key_span) {
                sink.push(diags::duplicate_id("overlay", &entry.key, entry.key_span, first));
                continue;
            }
            lay_over(written, name, entry, sink);
        }
    }
}

fn lay_over(
    written: &mut WrittenConfig,
    name: &Arc<str>,
    over: &Entry,
    sink: &mut Vec<Diagnostic>,
) {
    let Item::Table(table) = &over.value.item else {
        sink.push(diags::id_without_table("overlay", &over.key, over.value.span));
        return;
    };
    let declared = written.tables.entry(Arc::clone(name)).or_default();
    let Some(at) = declared.iter().position(|d| d.id == over.key) else {
        let known: Vec<&str> = declared.iter().map(|d| &*d.id).collect();
        sink.push(diags::overlay_of_unknown(name, &over.key, &known, over.key_span));
        return;
    };
    match disables(table, name, &over.key, sink) {
        Some(span) => {
            let Declared { id, .. } = declared.remove(at);
            written.disabled.insert((Arc::clone(name), id), span);
        }
        None => merge(&mut declared[at].table, &without_disable(table)),
    }
}

/// Where the overlay says `disable = true`.
fn disables(table: &Table, name: &str, id: &str, sink: &mut Vec<Diagnostic>) -> Option<Span> {
    let value = &table.get("disable")?.value;
    match value.item {
        Item::Bool(true) => Some(value.span),
        Item::Bool(false) | Item::Broken => None,
        _ => {
            sink.push(diags::disable_is_no_boolean(name, id, value.span));
            None
        }
    }
}

fn without_disable(table: &Table) -> Table {
    let mut rest = table.clone();
    rest.entries.retain(|e| *e.key != *"disable");
    rest
}
