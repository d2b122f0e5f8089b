//! Feeds: files, their contract, and how columns are found in them.

use std::collections::BTreeSet;

use super::build::Build;
use super::columns::Drafts;
use super::contract::{cell_form, contract};
use super::reshapes::column_of;
use super::{CellForm, Column, ColumnSource, Feed, FeedColumn, HeaderRow, diags};
use crate::config::Declared;
use crate::decode::{Entry, Item, Reader, Table, Text};
use crate::disk;
use crate::domain::{Id, Type};
use crate::text::{Place, SourceId, Span};

/// Columns that a spreadsheet can have.
const WIDEST: u32 = 16_384;

/// What a feed says of one column.
pub(super) struct Mapping<'t> {
    pub(super) name: Text,
    pub(super) source: Option<ColumnSource>,
    pub(super) expression: Option<Text>,
    cells: CellForm,
    /// The table that declares a type, if the mapping is one.
    table: Option<&'t Table>,
    span: Span,
}

impl Build<'_> {
    /// Reads all feeds; columns that they declare are added to their datasets first. Of a borrowed feed only these
    /// columns stay, since rules may name them.
    pub(super) fn feeds(&mut self, drafts: &mut Drafts, borrowed: &BTreeSet<SourceId>) {
        let mut feeds = Vec::new();
        for declared in self.declared("feed") {
            self.kebab("feed", &declared.id, declared.id_span);
            let mut reader = Reader::new(&declared.table, format!("feed `{}`", declared.id));
            let feed = self.feed(declared, &mut reader, drafts);
            reader.finish(&mut self.sink);
            feeds.extend(feed.filter(|_| !borrowed.contains(&declared.table.span.source)));
        }
        // Only now are all columns of a dataset known, those of later feeds too.
        for (mut feed, mut mappings, filter) in feeds {
            self.formulas(&mut feed, &mut mappings, filter);
            feed.columns = self.feed_columns(&feed, mappings);
            self.without_header(&feed);
            self.catalog.feeds.push(feed);
        }
        self.catalog.feeds.sort_by(|a, b| a.id.cmp(&b.id));
    }

    fn feed<'t>(
        &mut self,
        declared: &'t Declared,
        reader: &mut Reader<'t>,
        drafts: &mut Drafts,
    ) -> Option<(Feed, Vec<Mapping<'t>>, Option<Text>)> {
        let dataset = reader.required_text("dataset");
        let file = reader.required_text("file");
        let (contract, filter) = (contract(reader), reader.text("where"));
        let columns = reader.table("columns");
        let dataset = self.find("dataset", &dataset?, reader.what())?;
        if self.catalog.datasets.get(&dataset).is_some_and(|d| d.config) {
            reader.report(diags::feed_of_config(&dataset, reader.place("dataset")));
        }
        if let Some(file) = file.as_ref().filter(|f| self.may_not_read(&f.text)) {
            reader.report(diags::feed_outside(file));
        }
        let mut mappings = Vec::new();
        for entry in columns.map_or(&[][..], |t| &t.entries) {
            let found = self.mapping(entry, &dataset, reader.what(), drafts);
            mappings.extend(found);
        }
        let file = file?;
        let feed = Feed {
            id: declared.id(),
            dataset,
            file: file.text.to_string(),
            contract,
            columns: Vec::new(),
            filter: None,
            place: declared.place(),
            file_place: file.place(),
        };
        Some((feed, mappings, filter))
    }

    /// Whether a path leads to where the project does not allow it.
    fn may_not_read(&self, path: &str) -> bool {
        let mut reads = self.catalog.project.reads.iter();
        leaves_project(path) && !reads.any(|folder| disk::is_below(path, folder))
    }

    fn mapping<'t>(
        &mut self,
        entry: &'t Entry,
        dataset: &Id,
        feed: &str,
        drafts: &mut Drafts,
    ) -> Option<Mapping<'t>> {
        let name = Text { text: entry.key.clone(), span: entry.key_span };
        let (cells, span) = (CellForm::default(), entry.value.span);
        let mut mapping =
            Mapping { name, source: None, expression: None, cells, table: None, span };
        match &entry.value.item {
            Item::Text(header) => mapping.source = Some(ColumnSource::Header(header.to_string())),
            Item::Integer(at) if (1..=i64::from(WIDEST)).contains(at) => {
                mapping.source = u32::try_from(*at).ok().map(ColumnSource::Position);
            }
            Item::Table(table) => {
                let mut reader =
                    Reader::new(table, format!("column `{}` of {feed}", mapping.name.text));
                self.mapping_table(&mut reader, &mut mapping, dataset, drafts);
                reader.finish(&mut self.sink);
                mapping.table = Some(table);
            }
            Item::Broken => return None,
            other => {
                self.sink.push(diags::mapping_form(&mapping.name, other.what(), span));
                return None;
            }
        }
        let known = self.catalog.datasets.get(dataset)?;
        let column = known.column(&mapping.name.text);
        if let Some(rule) = column.and_then(|column| column.by_rule.as_ref()) {
            self.sink.push(diags::mapped_though_by_rule(&mapping.name, &rule.dataset));
            return None;
        }
        if column.is_some_and(|c| mapping.source == Some(ColumnSource::Row) && c.ty != Type::Text) {
            let what = format!("`{}` of {feed}", mapping.name.text);
            self.sink.push(diags::misplaced_option(&what, "row", "a text", Place::Text(span)));
            return None;
        }
        if column.is_none() {
            let columns = known.columns.iter().map(|c| c.id.as_str());
            self.sink.push(diags::unknown_column(dataset, &mapping.name, columns));
            return None;
        }
        Some(mapping)
    }

    fn mapping_table(
        &mut self,
        reader: &mut Reader<'_>,
        mapping: &mut Mapping<'_>,
        dataset: &Id,
        drafts: &mut Drafts,
    ) {
        let (from, value) = (from(reader), reader.text("value"));
        let expression = reader.text("expression");
        let row = (reader.bool("row") == Some(true)).then_some(ColumnSource::Row);
        let said = [
            ("from", from.is_some()),
            ("value", value.is_some()),
            ("expression", expression.is_some()),
            ("row", row.is_some()),
        ];
        if let Some((second, _)) = said.iter().filter(|(_, said)| *said).nth(1) {
            reader.report(diags::from_and_value(&mapping.name, second, reader.place(second)));
        }
        let value = value.map(|value| ColumnSource::Value(value.text.to_string()));
        mapping.source = from.or(value).or(row);
        mapping.expression = expression.filter(|_| mapping.source.is_none());
        mapping.cells = cell_form(reader);
        if reader.has("type") {
            self.declare(reader, mapping, dataset, drafts);
        }
    }

    /// A column that the feed declares: added to the dataset, unless it is there with the same type.
    fn declare(
        &mut self,
        reader: &mut Reader<'_>,
        mapping: &Mapping<'_>,
        dataset: &Id,
        drafts: &mut Drafts,
    ) {
        let known = self.catalog.datasets.get(dataset);
        let old = known.and_then(|d| d.column(&mapping.name.text)).map(|c| (c.ty, c.list));
        let mut fresh = Drafts::default();
        let column = self.column_options(reader, dataset, &mapping.name, &mut fresh);
        if column.list {
            reader.report(diags::list_in_feed(reader.what(), reader.place("type")));
            return;
        }
        match old {
            Some((ty, _)) if ty != column.ty && column.ty != Type::Null && ty != Type::Null => {
                let (name, place) = (&mapping.name, reader.place("type"));
                reader.report(diags::column_type_differs(dataset, name, ty, place));
            }
            Some(_) => {}
            None => {
                self.snake("column", &mapping.name.text, mapping.name.span);
                drafts.references.append(&mut fresh.references);
                if let Some(dataset) = self.catalog.datasets.get_mut(dataset) {
                    dataset.columns.push(column);
                }
            }
        }
    }

    /// In files without a header a name stands nowhere.
    fn without_header(&mut self, feed: &Feed) {
        if feed.contract.header_row != HeaderRow::None {
            return;
        }
        let Some(dataset) = self.catalog.datasets.get(&feed.dataset) else { return };
        let required = |column: &FeedColumn| {
            dataset.column(column.column.as_str()).is_some_and(|column| column.required)
        };
        let nowhere = feed.columns.iter().filter(|column| match &column.from {
            ColumnSource::Header(_) => true,
            ColumnSource::Any(_) => required(column),
            ColumnSource::Joined(parts) => {
                parts.iter().any(|part| matches!(part, ColumnSource::Header(_)))
            }
            ColumnSource::Position(_)
            | ColumnSource::Value(_)
            | ColumnSource::Made(_)
            | ColumnSource::Row => false,
        });
        self.sink.extend(nowhere.map(|column| diags::position_missing(feed, column)));
    }

    /// One entry per column of the dataset, in its order.
    fn feed_columns(&self, feed: &Feed, mappings: Vec<Mapping<'_>>) -> Vec<FeedColumn> {
        let Some(dataset) = self.catalog.datasets.get(&feed.dataset) else { return Vec::new() };
        let any = |column: &Column| {
            let names = std::iter::once(column.id.to_string()).chain(column.aliases.clone());
            ColumnSource::Any(names.collect())
        };
        let entry = |column: &Column| {
            let mapping = mappings.iter().find(|m| column.id == *m.name.text);
            FeedColumn {
                column: column.id.clone(),
                from: mapping.and_then(|m| m.source.clone()).unwrap_or_else(|| any(column)),
                cells: mapping.map(|m| m.cells.clone()).unwrap_or_default(),
                place: mapping.map_or_else(|| feed.place.clone(), |m| Place::Text(m.span)),
            }
        };
        dataset.columns.iter().filter(|column| column.by_rule.is_none()).map(entry).collect()
    }
}

/// A header, a column's number, or several of them.
fn from(reader: &mut Reader<'_>) -> Option<ColumnSource> {
    let tree = reader.tree("from")?;
    let found = match &tree.item {
        Item::Integer(_) => return reader.count("from", 1, WIDEST).map(ColumnSource::Position),
        Item::List(parts) if !parts.is_empty() => {
            let parts: Option<Vec<_>> = parts.iter().map(|part| column_of(&part.item)).collect();
            parts.map(ColumnSource::Joined)
        }
        item => column_of(item),
    };
    if found.is_none() {
        reader.wrong_type("from", "a header, a column's number, or a list of them", tree);
    }
    found
}

/// Whether a path leads out of the project's folder.
fn leaves_project(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\']) || drive || path.split(['/', '\\']).any(|p| p == "..")
}
