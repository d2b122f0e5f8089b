//! What makes other rows of a file's records: blank cells that are filled, columns that become rows, events that become
//! one row for each thing.

use super::contract::hand_over;
use super::{ColumnSource, EventTime, Events, Placed, Reshape, Unpivot, diags};
use crate::decode::{Item, Reader, Table, Tree};

/// A header, or a column's number.
pub(super) fn column_of(item: &Item) -> Option<ColumnSource> {
    match item {
        Item::Text(text) if !text.trim().is_empty() => Some(ColumnSource::Header(text.to_string())),
        Item::Integer(at) => {
            u32::try_from(*at).ok().filter(|at| *at > 0).map(ColumnSource::Position)
        }
        _ => None,
    }
}

/// `fill-down = ["Region", 2]`.
pub(super) fn fill_down(reader: &mut Reader<'_>) -> Vec<Placed> {
    let columns = columns(reader, "fill-down");
    columns.into_iter().map(|(column, place)| Placed { column, place }).collect()
}

fn columns(reader: &mut Reader<'_>, key: &str) -> Vec<(ColumnSource, crate::text::Place)> {
    let mut found = Vec::new();
    for tree in reader.list(key).unwrap_or_default() {
        match column_of(&tree.item) {
            Some(column) => found.push((column, tree.place())),
            None => reader.report(diags::names_no_column(key, tree.place())),
        }
    }
    found
}

/// At most one of `unpivot` and `events`.
pub(super) fn reshape(reader: &mut Reader<'_>) -> Option<Reshape> {
    let both = reader.has("unpivot") && reader.has("events");
    let unpivot = reader.tree("unpivot").and_then(|tree| unpivot(reader, tree));
    let events = reader.tree("events").and_then(|tree| events(reader, tree));
    if both {
        reader.report(diags::two_reshapes(reader.place("events")));
    }
    unpivot.map(Reshape::Unpivot).or(events.map(Reshape::Events))
}

fn table<'t>(reader: &mut Reader<'_>, key: &str, tree: &'t Tree) -> Option<&'t Table> {
    if let Item::Table(table) = &tree.item {
        return Some(table);
    }
    reader.wrong_type(key, "a table", tree);
    None
}

fn unpivot(reader: &mut Reader<'_>, tree: &Tree) -> Option<Unpivot> {
    let table = table(reader, "unpivot", tree)?;
    let mut inner = Reader::new(table, format!("`unpivot` of {}", reader.what()));
    inner.require("columns", "a list of headers");
    let columns = columns(&mut inner, "columns").into_iter().map(|(column, _)| column).collect();
    let (name, value) = (inner.required_text("name"), inner.required_text("value"));
    hand_over(inner, reader);
    let (name, value) = (name?.text.to_string(), value?.text.to_string());
    Some(Unpivot { columns, name, value, place: tree.place() })
}

fn events(reader: &mut Reader<'_>, tree: &Tree) -> Option<Events> {
    let table = table(reader, "events", tree)?;
    let mut inner = Reader::new(table, format!("`events` of {}", reader.what()));
    ["entity", "at"].iter().for_each(|key| inner.require(key, "a header, or a column's number"));
    let mut named = |key: &str| {
        let tree = inner.tree(key)?;
        let column = column_of(&tree.item);
        if column.is_none() {
            inner.report(diags::names_no_column(key, tree.place()));
        }
        column
    };
    let (entity, at, event) = (named("entity"), named("at"), named("event"));
    let mut times = Vec::new();
    for (key, first) in [("first", true), ("last", false)] {
        let Some(table) = inner.table(key) else { continue };
        let mut list = Reader::new(table, format!("`{key}` of {}", inner.what()));
        for entry in &table.entries {
            let (header, events) = (entry.key.trim().to_owned(), list.strings(&entry.key));
            times.push(EventTime { header, first, events });
        }
        hand_over(list, &mut inner);
    }
    if event.is_none() && !times.is_empty() && !inner.has("event") {
        inner.report(diags::events_without_event(tree.place()));
    }
    hand_over(inner, reader);
    Some(Events { entity: entity?, at: at?, event, times, place: tree.place() })
}
