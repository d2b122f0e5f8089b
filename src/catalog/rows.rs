//! Rows of config datasets: TOML tables decoded by the declared columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use unicode_normalization::UnicodeNormalization;

use super::columns::After;
use super::{Column, ConfigRow, Dataset, build::Build, cycles, diags};
use crate::config::Declared;
use crate::decode::{Entry, Item, Reader, Text, Tree};
use crate::domain::{Decimal, Id, Instant, Type, Value};
use crate::text::Place;

/// One row with what is still to be checked of it.
struct Draft<'t> {
    declared: &'t Declared,
    values: Vec<Value>,
    lists: BTreeMap<Id, Vec<Text>>,
    lines: Vec<&'t Entry>,
}

impl Build<'_> {
    /// Reads the rows of every config dataset, then checks what they say of each other.
    pub(super) fn rows(&mut self, after: &[After]) {
        let datasets: Vec<Dataset> =
            self.catalog.datasets.values().filter(|d| d.config).cloned().collect();
        for dataset in &datasets {
            let mut drafts = Vec::new();
            for declared in self.declared(dataset.id.as_str()) {
                self.kebab(dataset.id.as_str(), &declared.id, declared.id_span);
                let draft = self.row(dataset, declared);
                self.in_order(dataset, &draft, after);
                drafts.push(draft);
            }
            self.chains(dataset, &drafts);
            let mut rows: Vec<ConfigRow> =
                drafts.iter().flat_map(|d| config_rows(dataset, d)).collect();
            if dataset.lines.is_none() {
                self.one_meaning(&dataset.id, &rows);
            }
            let key = dataset.columns.iter().position(|c| c.key).unwrap_or(0);
            let name = |row: &ConfigRow| row.values.get(key).map(ToString::to_string);
            rows.sort_by_key(name);
            self.catalog.rows.insert(dataset.id.clone(), rows);
        }
    }

    fn row<'t>(&mut self, dataset: &Dataset, declared: &'t Declared) -> Draft<'t> {
        let mut reader = Reader::new(&declared.table, format!("{} `{}`", dataset.id, declared.id));
        let mut lists = BTreeMap::new();
        let mut values = Vec::new();
        let own = own_columns(dataset);
        let name_column = own.iter().position(|c| c.key || *c.id.as_str() == *"id");
        for (at, column) in own.iter().enumerate() {
            if Some(at) == name_column {
                values.push(Value::Text(Arc::clone(&declared.id)));
                continue;
            }
            let key = column.id.as_str();
            if column.required {
                reader.require(key, column.ty.word());
            }
            if column.list {
                let texts = reader.texts(key);
                let joined: Vec<String> = texts.iter().map(|t| clean(&t.text)).collect();
                values.push(text_value(&joined.join(", ")));
                lists.insert(column.id.clone(), texts);
            } else {
                let value = reader.tree(key).and_then(|t| self.value(&mut reader, column, t));
                values.push(value.unwrap_or(Value::Null));
            }
        }
        let lines = dataset.lines.as_ref().and_then(|lines| reader.table(lines.as_str()));
        let lines: Vec<&Entry> = lines.map(|t| t.entries.iter().collect()).unwrap_or_default();
        for entry in &lines {
            if number(&entry.value).is_none() {
                reader.wrong_type(&entry.key, "a number", &entry.value);
            }
        }
        reader.finish(&mut self.sink);
        Draft { declared, values, lists, lines }
    }

    fn value(&mut self, reader: &mut Reader<'_>, column: &Column, tree: &Tree) -> Option<Value> {
        let value = match (column.ty, &tree.item) {
            (Type::Null, _) => return None,
            (Type::Text, Item::Text(text)) => text_value(&clean(text)),
            (Type::Integer, Item::Integer(whole)) => Value::Number(Decimal::from(*whole)),
            (Type::Number | Type::Money(_), _) => match number(tree) {
                Some(number) => self.scaled(reader, column, number, tree)?,
                None => return wrong(reader, column, tree),
            },
            (Type::Date, Item::Date(day)) => Value::Date(*day),
            (Type::DateTime, Item::DateTime(text)) => match self.moment(text) {
                Some(moment) => Value::DateTime(moment),
                None => return wrong(reader, column, tree),
            },
            (Type::Boolean, Item::Bool(truth)) => Value::Bool(*truth),
            _ => return wrong(reader, column, tree),
        };
        if let Some(text) = tree.as_text() {
            self.closed(reader, column, &text);
            self.points_at_a_row(reader, column, &text);
        }
        Some(value)
    }

    fn scaled(
        &mut self,
        reader: &mut Reader<'_>,
        column: &Column,
        number: Decimal,
        tree: &Tree,
    ) -> Option<Value> {
        let scaled = number.at_scale(column.scale).ok().filter(|s| *s == number);
        if scaled.is_none() {
            reader.report(diags::too_fine(reader.what(), column, tree.place()));
        }
        scaled.map(Value::Number)
    }

    /// A moment as TOML writes it; without an offset it is in the project's zone.
    fn moment(&self, text: &str) -> Option<Instant> {
        let text = text.replacen(' ', "T", 1).to_uppercase();
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(Instant(moment.as_microsecond()));
        }
        let zone = jiff::tz::TimeZoneDatabase::bundled()
            .get(&self.catalog.project.zone)
            .unwrap_or(TimeZone::UTC);
        let moment = text.parse::<DateTime>().ok()?.to_zoned(zone).ok()?;
        Some(Instant(moment.timestamp().as_microsecond()))
    }

    fn closed(&mut self, reader: &mut Reader<'_>, column: &Column, text: &Text) {
        if !column.one_of.is_empty() && !column.one_of.iter().any(|w| **w == *text.text) {
            reader.report(diags::not_one_of(reader.what(), column, text));
        }
    }

    fn points_at_a_row(&mut self, reader: &mut Reader<'_>, column: &Column, text: &Text) {
        let Some(target) = &column.references else { return };
        let config = self.catalog.datasets.get(target).is_some_and(|d| d.config);
        if config && !self.ids(target.as_str()).any(|id| *id == *text.text) {
            let known = self.ids(target.as_str());
            let found = diags::unknown_row(reader.what(), column, target, text, known);
            reader.report(found);
        }
    }

    fn in_order(&mut self, dataset: &Dataset, draft: &Draft<'_>, after: &[After]) {
        let value = |id: &str| {
            let at = own_columns(dataset).iter().position(|c| c.id == *id)?;
            draft.values.get(at).filter(|v| !v.is_null())
        };
        for rule in after.iter().filter(|a| a.dataset == dataset.id) {
            let out_of_order = match (value(rule.column.as_str()), value(&rule.earlier.text)) {
                (Some(Value::Date(late)), Some(Value::Date(early))) => late < early,
                (Some(Value::DateTime(late)), Some(Value::DateTime(early))) => late < early,
                _ => false,
            };
            let at = |key: &str| draft.declared.table.get(key).map(|e| e.value.place());
            if let (true, Some(late), Some(early)) =
                (out_of_order, at(rule.column.as_str()), at(&rule.earlier.text))
            {
                let (column, earlier) = (rule.column.as_str(), &*rule.earlier.text);
                self.sink.push(diags::dates_out_of_order(column, earlier, late, early));
            }
        }
    }

    /// A column that references its own dataset is a line of reporting: it must not go in a circle.
    fn chains(&mut self, dataset: &Dataset, drafts: &[Draft<'_>]) {
        for (at, column) in own_columns(dataset).iter().enumerate() {
            if column.references.as_ref() != Some(&dataset.id) {
                continue;
            }
            let mut edges: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
            for draft in drafts {
                if let Some(Value::Text(next)) = draft.values.get(at) {
                    edges.insert(draft.declared.id(), vec![Id::new(Arc::clone(next))]);
                }
            }
            for circle in cycles::circles(&edges) {
                let first = drafts.iter().find(|d| circle.first() == Some(&d.declared.id()));
                let entry = first.and_then(|d| d.declared.table.get(column.id.as_str()));
                if let Some(entry) = entry {
                    let shown = cycles::shown(&circle);
                    self.sink.push(diags::row_cycle(column, &shown, entry.value.span));
                }
            }
        }
    }

    /// No raw value may mean two rows.
    fn one_meaning(&mut self, dataset: &Id, rows: &[ConfigRow]) {
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        for row in rows {
            for spelling in &row.spellings {
                match first.get(&**spelling) {
                    Some(place) if *place != &row.place => {
                        let (here, there) = (row.place.clone(), (*place).clone());
                        self.sink.push(diags::two_meanings(dataset, spelling, here, there));
                    }
                    Some(_) => {}
                    None => {
                        first.insert(spelling, &row.place);
                    }
                }
            }
        }
    }
}

/// The columns that are declared; those of lines are made.
fn own_columns(dataset: &Dataset) -> &[Column] {
    let made = if dataset.lines.is_some() { 3 } else { 0 };
    &dataset.columns[..dataset.columns.len().saturating_sub(made)]
}

fn config_rows(dataset: &Dataset, draft: &Draft<'_>) -> Vec<ConfigRow> {
    let (id, place) = (&draft.declared.id, draft.declared.place());
    if dataset.lines.is_none() {
        let title = own_columns(dataset).iter().position(|c| *c.id.as_str() == *"title");
        let title = title.and_then(|at| draft.values[at].as_text()).map(Arc::from);
        let listed = dataset.spellings.as_ref().and_then(|s| draft.lists.get(s));
        let listed = listed.into_iter().flatten().map(|t| Arc::from(clean(&t.text)));
        let mut spellings: Vec<Arc<str>> = vec![Arc::clone(id)];
        spellings.extend(title);
        spellings.extend(listed);
        let mut seen = std::collections::BTreeSet::new();
        spellings.retain(|s| seen.insert(Arc::clone(s)));
        return vec![ConfigRow { values: draft.values.clone(), spellings, place }];
    }
    let line = |entry: &&Entry| {
        let line_id: Arc<str> = Arc::from(format!("{id}.{}", entry.key));
        let mut values = draft.values.clone();
        values.push(Value::Text(Arc::clone(&line_id)));
        values.push(Value::Text(Arc::clone(&entry.key)));
        values.push(number(&entry.value).map_or(Value::Null, Value::Number));
        ConfigRow { values, spellings: vec![line_id], place: Place::Text(entry.key_span) }
    };
    draft.lines.iter().map(line).collect()
}

fn wrong(reader: &mut Reader<'_>, column: &Column, tree: &Tree) -> Option<Value> {
    let expected = match column.ty {
        Type::Text => "a text",
        Type::Integer => "a whole number",
        Type::Number | Type::Money(_) => "a number",
        Type::Date => "a date such as 2026-10-31, without quotes",
        Type::DateTime => "a date with a time, such as 2026-10-31T17:00:00",
        Type::Boolean | Type::Null => "true or false",
    };
    reader.wrong_type(column.id.as_str(), expected, tree);
    None
}

fn number(tree: &Tree) -> Option<Decimal> {
    match tree.item {
        Item::Integer(whole) => Some(Decimal::from(whole)),
        Item::Number(number) => Some(number),
        _ => None,
    }
}

/// A text as a cell would hold it: without blanks around it, in NFC; empty is null.
fn clean(text: &str) -> String {
    text.trim().nfc().collect()
}

fn text_value(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::text(text) }
}
