//! The shape of config as written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decode::{Table, Text, Tree};
use crate::domain::Id;
use crate::text::{Place, Span};

/// All tables of packs and project.
#[derive(Debug, Default)]
pub struct WrittenConfig {
    pub project: Option<Table>,
    pub limits: Option<Table>,
    /// Plain values of `[report]`, such as `rows`, with their keys.
    pub report_options: Vec<(Text, Tree)>,
    pub cases: Vec<WrittenCase>,
    /// Tables by name; in order of packs, files and lines, the project's last.
    pub tables: BTreeMap<Arc<str>, Vec<Declared>>,
    /// What overlays took out: table, id, and the place of `disable`.
    pub disabled: BTreeMap<(Arc<str>, Arc<str>), Span>,
}

impl WrittenConfig {
    /// The declarations of one table, such as `metric`.
    pub fn of(&self, table: &str) -> &[Declared] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Where an overlay disabled something, if one did.
    pub fn disabled(&self, table: &str, id: &str) -> Option<Span> {
        self.disabled.get(&(Arc::from(table), Arc::from(id))).copied()
    }
}

/// One table `[table.id]`.
#[derive(Debug, Clone)]
pub struct Declared {
    pub id: Arc<str>,
    pub id_span: Span,
    pub table: Table,
    /// None for the project's own.
    pub pack: Option<Id>,
}

impl Declared {
    pub fn place(&self) -> Place {
        Place::Text(self.id_span)
    }

    pub fn id(&self) -> Id {
        Id::new(Arc::clone(&self.id))
    }
}

/// One `[[case]]`.
#[derive(Debug, Clone)]
pub struct WrittenCase {
    pub table: Table,
    pub pack: Option<Id>,
}
