//! From files to the catalog: the steps in order.

use std::sync::Arc;

use super::{Catalog, diags, inputs};
use crate::config::{self, Declared, WrittenConfig};
use crate::decode::{Item, Table, Text};
use crate::diag::Diagnostic;
use crate::domain::{Id, is_kebab, is_snake};
use crate::pack::Shipped;
use crate::text::{Place, Source, Sources, Span};

/// A catalog with every mistake that was met on the way; with an error among them it is not to be used.
#[derive(Debug)]
pub struct Checked {
    pub catalog: Catalog,
    /// In order of place: project first, then packs; those without a text last.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the catalog of a project: all `*.toml` below it and all files of its `report-templates/`, named
/// relative to it, in path order. All mistakes are found in one go.
pub fn build(sources: &mut Sources, shipped: &Shipped, project: &[Source]) -> Checked {
    let mut sink = Vec::new();
    let inputs = inputs::read(sources, shipped, project, &mut sink);
    let written = config::collect(inputs.files, &mut sink);
    let catalog = Catalog { packs: inputs.packs, ..Catalog::default() };
    let mut build = Build { sources, written: &written, catalog, sink };
    build.project();
    let mut drafts = build.datasets();
    build.feeds(&mut drafts);
    build.references(drafts.references);
    build.rows(&drafts.after);
    build.dimensions();
    build.metrics();
    build.checks();
    build.frameworks();
    build.answers();
    build.waivers();
    build.reports(&inputs.reports);
    build.cases();
    build.unused();
    let (catalog, mut diagnostics) = (build.catalog, build.sink);
    diagnostics.sort_by_key(|d| match &d.place {
        Some(Place::Text(span)) => (0, Some(*span)),
        _ => (1, None),
    });
    Checked { catalog, diagnostics }
}

/// The state of a build.
pub(super) struct Build<'a> {
    pub(super) sources: &'a Sources,
    pub(super) written: &'a WrittenConfig,
    pub(super) catalog: Catalog,
    pub(super) sink: Vec<Diagnostic>,
}

/// Whether a name is declared.
pub(super) enum Known {
    Yes,
    /// An overlay took it out, here.
    Disabled(Span),
    No,
}

impl<'a> Build<'a> {
    /// Whether an id is declared in a table, even where its declaration is wrong.
    pub(super) fn known(&self, table: &str, id: &str) -> Known {
        if self.written.of(table).iter().any(|d| *d.id == *id) {
            return Known::Yes;
        }
        self.written.disabled(table, id).map_or(Known::No, Known::Disabled)
    }

    /// Resolves a name that must exist; `user` says who needs it.
    pub(super) fn find(&mut self, table: &'static str, name: &Text, user: &str) -> Option<Id> {
        let found = match self.known(table, &name.text) {
            Known::Yes => return Some(Id::new(Arc::clone(&name.text))),
            Known::Disabled(span) => diags::disabled_is_needed(table, name, user, span),
            Known::No => diags::unknown_reference(table, name, self.ids(table)),
        };
        self.sink.push(found);
        None
    }

    /// As [`Build::find`], but what an overlay took out is passed over.
    pub(super) fn find_enabled(
        &mut self,
        table: &'static str,
        name: &Text,
        user: &str,
    ) -> Option<Id> {
        match self.known(table, &name.text) {
            Known::Disabled(_) => None,
            _ => self.find(table, name, user),
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

    /// The fields of a table as they stand in the file, for `explain`.
    pub(super) fn as_written(&self, table: &Table) -> Vec<(String, String)> {
        let text = |span: Span| {
            let source = self.sources.get(span.source)?;
            source.text.get(span.start as usize..span.end as usize)
        };
        let value = |e: &crate::decode::Entry| match &e.value.item {
            Item::Text(text) => text.to_string(),
            _ => text(e.value.span).unwrap_or_default().to_owned(),
        };
        table.entries.iter().map(|e| (e.key.to_string(), value(e))).collect()
    }
}

