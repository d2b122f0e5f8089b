//! Feeds: files, their contract, and how columns are found in them.

use std::collections::BTreeSet;

use super::columns::Drafts;
use super::skips::skips;
use super::{Column, ColumnSource, Contract, Feed, FeedColumn, build::Build, diags};
use crate::config::Declared;
use crate::decode::{Entry, Item, Reader, Table, Text};
use crate::disk;
use crate::domain::{Id, Type};
use crate::text::{Place, SourceId, Span};

/// Columns that a spreadsheet can have.
const WIDEST: u32 = 16_384;

/// Where the header of a feed's files stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HeaderRow {
    #[default]
    Found,
    /// In this row, counted from 1.
    At(u32),
    /// Nowhere: columns are named by their positions.
    None,
}

/// What a feed says of one column.
struct Mapping<'t> {
    name: Text,
    source: Option<ColumnSource>,
    decimal: Option<char>,
    grouping: Option<char>,
    dates: Vec<String>,
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
        for (mut feed, mappings) in feeds {
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
    ) -> Option<(Feed, Vec<Mapping<'t>>)> {
        let dataset = reader.required_text("dataset");
        let file = reader.required_text("file");
        let contract = contract(reader);
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
            place: declared.place(),
            file_place: file.place(),
        };
        Some((feed, mappings))
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
        let (source, dates, span) = (None, Vec::new(), entry.value.span);
        let mut mapping =
            Mapping { name, source, decimal: None, grouping: None, dates, table: None, span };
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
        if let (Some(_), Some(value)) = (&from, &value) {
            reader.report(diags::from_and_value(&mapping.name, value.place()));
        }
        mapping.source = match (from, value) {
            (Some(from), _) => Some(from),
            (None, Some(value)) => Some(ColumnSource::Value(value.text.to_string())),
            (None, None) => None,
        };
        (mapping.decimal, mapping.grouping) = (mark(reader, "decimal"), mark(reader, "grouping"));
        mapping.dates = dates(reader);
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
            ColumnSource::Position(_) | ColumnSource::Value(_) => false,
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
                decimal: mapping.and_then(|m| m.decimal),
                grouping: mapping.and_then(|m| m.grouping),
                dates: mapping.map(|m| m.dates.clone()).unwrap_or_default(),
                place: mapping.map_or_else(|| feed.place.clone(), |m| Place::Text(m.span)),
            }
        };
        dataset.columns.iter().filter(|column| column.by_rule.is_none()).map(entry).collect()
    }
}

/// A header, or a column's number.
fn from(reader: &mut Reader<'_>) -> Option<ColumnSource> {
    let tree = reader.tree("from")?;
    match &tree.item {
        Item::Text(header) => Some(ColumnSource::Header(header.to_string())),
        Item::Integer(_) => reader.count("from", 1, WIDEST).map(ColumnSource::Position),
        _ => {
            reader.wrong_type("from", "a header, or a column's number", tree);
            None
        }
    }
}

fn header_row(reader: &mut Reader<'_>) -> HeaderRow {
    let Some(tree) = reader.tree("header-row") else { return HeaderRow::Found };
    match &tree.item {
        Item::Text(word) if **word == *"none" => HeaderRow::None,
        Item::Integer(_) => {
            reader.count("header-row", 1, 1_000_000).map_or(HeaderRow::Found, HeaderRow::At)
        }
        _ => {
            reader.wrong_type("header-row", "a row's number, or `none`", tree);
            HeaderRow::Found
        }
    }
}

fn contract(reader: &mut Reader<'_>) -> Contract {
    let byte = |c: char| u8::try_from(c).ok();
    let contract = Contract {
        delimiter: mark(reader, "delimiter").and_then(byte),
        quote: mark(reader, "quote").and_then(byte),
        decimal: mark(reader, "decimal"),
        grouping: mark(reader, "grouping"),
        // What encodings there are is known to the reader of data.
        encoding: reader.text("encoding").map(|t| t.text.to_string()),
        sheet: reader.text("sheet").map(|t| t.text.to_string()),
        header_row: header_row(reader),
        dates: dates(reader),
        null_words: reader.strings("null-words"),
        true_words: reader.strings("true-words"),
        false_words: reader.strings("false-words"),
        skip: skips(reader),
    };
    let clash = |a: &str, b: &str, reader: &mut Reader<'_>| {
        let (one, other) = (reader.text(a), reader.text(b));
        if let (Some(one), Some(other)) = (one, other)
            && one.text == other.text
        {
            reader.report(diags::marks_clash(a, b, other.place()));
        }
    };
    clash("decimal", "grouping", reader);
    clash("delimiter", "quote", reader);
    contract
}

/// One ASCII character.
fn mark(reader: &mut Reader<'_>, key: &str) -> Option<char> {
    let text = reader.text(key)?;
    let mut chars = text.text.chars();
    match (chars.next(), chars.next()) {
        (Some(mark), None) if mark.is_ascii() && !matches!(mark, '\n' | '\r' | '\0') => Some(mark),
        // A no-break space groups digits in many exports.
        (Some(mark), None) if key == "grouping" => Some(mark),
        _ => {
            reader.report(diags::not_a_mark(key, &text));
            None
        }
    }
}

/// strptime formats that a date can be written with.
fn dates(reader: &mut Reader<'_>) -> Vec<String> {
    let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let mut formats = Vec::new();
    for format in reader.texts("dates") {
        let fits = format.text.contains('%')
            && jiff::fmt::strtime::format(format.text.as_bytes(), &sample).is_ok();
        if fits {
            formats.push(format.text.to_string());
        } else {
            reader.report(diags::not_a_date_format(&format));
        }
    }
    formats
}

/// Whether a path leads out of the project's folder.
fn leaves_project(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\']) || drive || path.split(['/', '\\']).any(|p| p == "..")
}
