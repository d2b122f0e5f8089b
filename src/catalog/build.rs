//! From files to the catalog: the steps in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::metrics::Head;
use super::{Catalog, diags, inputs};
use crate::config::{self, Declared, WrittenConfig};
use crate::decode::{Entry, Item, Table, Text};
use crate::diag::Diagnostic;
use crate::domain::{Id, is_kebab, is_snake};
use crate::kinds::Field;
use crate::pack::Shipped;
use crate::text::{Place, Source, Sources, Span};

/// A catalog with every mistake that was met on the way; with an error among them it is not to be used.
#[derive(Debug)]
pub struct Checked {
    pub catalog: Catalog,
    /// In order of place: project first, then packs; those without a text last.
    pub diagnostics: Vec<Diagnostic>,
    /// What nothing uses: warnings, for whoever asks about the config itself.
    pub unused: Vec<Diagnostic>,
}

/// Builds the catalog of a project: all `*.toml` below it and all files of its `report-templates/`, named
/// relative to it, in path order. All mistakes are found in one go.
pub fn build(sources: &mut Sources, shipped: &Shipped, project: &[Source]) -> Checked {
    build_case(sources, shipped, project, &[])
}

/// As [`build`], with the packs and the rules of another project, but nothing else of it: what a proof case
/// stands on.
pub fn build_case(
    sources: &mut Sources,
    shipped: &Shipped,
    project: &[Source],
    rules_of: &[Source],
) -> Checked {
    let mut sink = Vec::new();
    let inputs = inputs::read(sources, shipped, project, rules_of, &mut sink);
    if inputs.lacks_packs {
        // What a missing pack declares would be missing everywhere.
        let (catalog, unused) = (Catalog::default(), Vec::new());
        return Checked { catalog, diagnostics: sink, unused };
    }
    let written = config::collect(inputs.files, &mut sink);
    let catalog = Catalog { packs: inputs.packs, ..Catalog::default() };
    let heads = BTreeMap::new();
    let mut build = Build { sources, written: &written, catalog, sink, heads };
    build.project();
    build.limits();
    let mut drafts = build.datasets();
    build.ruled_columns(&drafts.rules);
    build.feeds(&mut drafts, &inputs.borrowed);
    build.references(drafts.references);
    build.rows(&drafts.after);
    build.column_rules();
    build.occurred(drafts.occurred);
    build.currencies(drafts.currencies);
    build.dimensions();
    build.metrics();
    build.checks();
    build.targets();
    build.frameworks();
    build.answers();
    build.waivers();
    build.reports(&inputs.reports, &inputs.lenient);
    build.cases();
    let unused = in_order(build.unused());
    Checked { catalog: build.catalog, diagnostics: in_order(build.sink), unused }
}

fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| match &d.place {
        Some(Place::Text(span)) => (0, Some(*span)),
        _ => (1, None),
    });
    diagnostics
}

/// The state of a build.
pub(super) struct Build<'a> {
    pub(super) sources: &'a Sources,
    pub(super) written: &'a WrittenConfig,
    pub(super) catalog: Catalog,
    pub(super) sink: Vec<Diagnostic>,
    /// What metrics say before their kinds have read them.
    pub(super) heads: BTreeMap<Id, Head>,
}

/// Resolves a name that must exist, even where its declaration is wrong: that is reported where it stands.
pub(super) fn find(
    written: &WrittenConfig,
    sink: &mut Vec<Diagnostic>,
    table: &'static str,
    name: &Text,
    user: &str,
) -> Option<Id> {
    let declared = written.of(table);
    if declared.iter().any(|d| d.id == name.text) {
        return Some(Id::new(Arc::clone(&name.text)));
    }
    let ids = declared.iter().map(|d| &*d.id);
    sink.push(match written.disabled(table, &name.text) {
        Some(span) => diags::disabled_is_needed(table, name, user, span),
        None => diags::unknown_reference(table, name, ids),
    });
    None
}

impl<'a> Build<'a> {
    /// Resolves a name that must exist; `user` says who needs it.
    pub(super) fn find(&mut self, table: &'static str, name: &Text, user: &str) -> Option<Id> {
        find(self.written, &mut self.sink, table, name, user)
    }

    /// As [`Build::find`], but what an overlay took out is passed over.
    pub(super) fn find_enabled(
        &mut self,
        table: &'static str,
        name: &Text,
        user: &str,
    ) -> Option<Id> {
        match self.written.disabled(table, &name.text) {
            Some(_) => None,
            None => self.find(table, name, user),
        }
    }

    pub(super) fn ids(&self, table: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.written.of(table).iter().map(|d| &*d.id)
    }

    /// The declarations of a table; `written` outlives the build's borrow.
    pub(super) fn declared(&self, table: &str) -> &'a [Declared] {
        self.written.of(table)
    }

    pub(super) fn snake(&mut self, what: &str, id: &str, span: Span) {
        if !is_snake(id) {
            self.sink.push(diags::id_form(what, id, "snake_case", '_', span));
        }
    }

    pub(super) fn kebab(&mut self, what: &str, id: &str, span: Span) {
        if !is_kebab(id) {
            self.sink.push(diags::id_form(what, id, "kebab-case", '-', span));
        }
    }

    /// The fields of a kind as they stand in the file, for `explain`.
    pub(super) fn as_written(&self, table: &Table, fields: &[Field]) -> Vec<(String, String)> {
        let slice = |span: Span| {
            let text = &self.sources.get(span.source)?.text;
            text.get(span.start as usize..span.end as usize)
        };
        let value = |e: &Entry| match &e.value.item {
            Item::Text(text) => text.to_string(),
            _ => slice(e.value.span).unwrap_or_default().to_owned(),
        };
        let of_kind = |e: &&Entry| fields.iter().any(|f| *f.name == *e.key);
        table.entries.iter().filter(of_kind).map(|e| (e.key.to_string(), value(e))).collect()
    }
}
