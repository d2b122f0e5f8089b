//! Dimensions: what values can be sliced by.

use std::collections::BTreeMap;

use super::resolve::Resolver;
use super::{Dimension, build::Build, diags};
use crate::decode::{Item, Reader, Text};
use crate::domain::Type;
use crate::kinds::Context;

impl Build<'_> {
    pub(super) fn dimensions(&mut self) {
        for declared in self.declared("dimension") {
            let id = declared.id();
            self.snake("dimension", &declared.id, declared.id_span);
            let what = format!("dimension `{id}`");
            let mut reader = Reader::new(&declared.table, what.clone());
            let title = reader.required_words("title");
            let place = declared.place();
            let (by, members) = (BTreeMap::new(), None);
            let mut dimension = Dimension { id: id.clone(), title, by, members, place };
            let entries = reader.rest();
            if entries.is_empty() && !declared.table.broken {
                reader.report(diags::dimension_of_nothing(&id, dimension.place.clone()));
            }
            let mut resolver = self.resolver(what);
            for entry in entries {
                let name = Text { text: entry.key.clone(), span: entry.key_span };
                let Some(text) = entry.value.as_text() else {
                    if !matches!(entry.value.item, Item::Broken) {
                        reader.wrong_type(&entry.key, "a row expression in quotes", &entry.value);
                    }
                    continue;
                };
                let Some(dataset) = resolver.dataset(&name) else { continue };
                let Some(written) = resolver.as_written(&dataset, &text) else { continue };
                dimension.members = dimension.members.or_else(|| resolver.members(written));
                let expr = resolver.made(written);
                let ty = resolver.arena().get(expr).ty;
                if !matches!(ty, Type::Text | Type::Null) {
                    resolver.report(diags::dimension_type(&id, ty, text.place()));
                    continue;
                }
                dimension.by.insert(dataset, expr);
            }
            reader.finish(&mut self.sink);
            self.catalog.dimensions.insert(id, dimension);
        }
    }

    /// What a kind may ask; `what` is the rule that asks.
    pub(super) fn resolver(&mut self, what: String) -> Resolver<'_> {
        Resolver {
            sources: self.sources,
            written: self.written,
            datasets: &self.catalog.datasets,
            heads: &self.heads,
            arena: &mut self.catalog.arena,
            sink: &mut self.sink,
            hours: self.catalog.project.hours.as_ref(),
            what,
        }
    }
}
