//! From text to tree, on toml's recovering parser.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Item, Table, Tree, diags, number};
use crate::diag::Diagnostic;
use crate::domain::Day;
use crate::text::{SourceId, Span};

/// Decodes one file; every mistake of syntax goes to `sink`, and what could be read is still given.
pub fn decode(source: SourceId, text: &str, sink: &mut Vec<Diagnostic>) -> Table {
    let (tree, errors) = DeTable::parse_recoverable(text);
    let mut faults = Vec::new();
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let span = span(source, text, &range);
        if faults.last() != Some(&span) {
            faults.push(span);
            let first = error.message().starts_with("duplicate key").then(|| first(text, &range));
            let first = first.flatten().map(|r| self::span(source, text, &r));
            sink.push(diags::toml_syntax(span, error.message(), first));
        }
    }
    let mut decoder = Decoder { source, text, faults: &faults, sink };
    let mut root = decoder.table(tree.into_inner(), Span { source, start: 0, end: 0 });
    for fault in faults {
        mark_broken(&mut root, fault.start);
    }
    root
}

fn span(source: SourceId, text: &str, range: &Range<usize>) -> Span {
    let at = |byte: usize| u32::try_from(byte.min(text.len())).unwrap_or(u32::MAX);
    Span { source, start: at(range.start), end: at(range.end) }
}

/// Where a key or header that stands twice stood first; the parser says only where it came again.
fn first(text: &str, again: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..again.start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let header = |line: &str| {
        let inner = line.trim_start().strip_prefix('[')?.split(']').next()?;
        Some(inner.split_whitespace().collect::<String>())
    };
    let key = text.get(again.clone())?;
    let wanted = header(text[line_start..].lines().next()?);
    let mut found = None;
    let mut at = 0;
    for line in text[..line_start].split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        match (header(line), &wanted) {
            (Some(here), Some(wanted)) if here == *wanted && found.is_none() => {
                found = Some(start..start + line.trim().len());
            }
            // A new table begins: keys before it are not of the same one.
            (Some(_), None) => found = None,
            (None, None) if found.is_none() => {
                let rest = line.trim_start().strip_prefix(key);
                let is_key = rest.is_some_and(|r| r.trim_start().starts_with(['=', '.']));
                found = is_key.then(|| start..start + key.len());
            }
            _ => {}
        }
    }
    found
}

struct Decoder<'a> {
    source: SourceId,
    text: &'a str,
    faults: &'a [Span],
    sink: &'a mut Vec<Diagnostic>,
}

impl Decoder<'_> {
    fn table(&mut self, table: DeTable<'_>, span: Span) -> Table {
        let mut entries: Vec<Entry> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key_span = self.span(&key.span());
            let key = Arc::from(&**key.get_ref());
            entries.push(Entry { key, key_span, value: self.tree(value) });
        }
        entries.sort_by_key(|e| e.key_span);
        Table { span, entries, broken: false }
    }

    fn tree(&mut self, value: Spanned<DeValue<'_>>) -> Tree {
        let span = self.span(&value.span());
        let item = match value.into_inner() {
            DeValue::Array(list) => Item::List(list.into_iter().map(|v| self.tree(v)).collect()),
            DeValue::Table(table) => Item::Table(self.table(table, span)),
            // Where a value is missing or torn the parser makes one up.
            _ if self.is_torn(span) => Item::Broken,
            DeValue::String(text) => Item::Text(Arc::from(&*text)),
            DeValue::Integer(digits) => number::integer(digits.as_str(), digits.radix())
                .map_or_else(|| self.beyond(span), Item::Integer),
            DeValue::Float(digits) => {
                number::float(digits.as_str()).map_or_else(|| self.beyond(span), Item::Number)
            }
            DeValue::Boolean(truth) => Item::Bool(truth),
            DeValue::Datetime(moment) => self.moment(&moment, span),
        };
        Tree { span, item }
    }

    fn is_torn(&self, span: Span) -> bool {
        self.faults.iter().any(|fault| (span.start..=span.end).contains(&fault.start))
    }

    fn moment(&self, moment: &toml::value::Datetime, span: Span) -> Item {
        match (&moment.date, &moment.time) {
            (None, None) => Item::Broken,
            (Some(date), None) => {
                let ymd = (i16::try_from(date.year), i8::try_from(date.month));
                match (ymd, i8::try_from(date.day)) {
                    ((Ok(year), Ok(month)), Ok(day)) => {
                        Day::ymd(year, month, day).map_or(Item::Broken, Item::Date)
                    }
                    _ => Item::Broken,
                }
            }
            (_, Some(_)) => {
                let raw = self.text.get(span.start as usize..span.end as usize);
                Item::DateTime(Arc::from(raw.unwrap_or_default()))
            }
        }
    }

    fn beyond(&mut self, span: Span) -> Item {
        self.sink.push(diags::number_out_of_range(span));
        Item::Broken
    }

    fn span(&self, range: &Range<usize>) -> Span {
        span(self.source, self.text, range)
    }
}

/// Marks the table in whose lines a mistake stands: the one with the last header before it, and all that it
/// is part of.
fn mark_broken(table: &mut Table, at: u32) {
    table.broken = true;
    let mut nearest: Option<(&mut Table, u32)> = None;
    for entry in &mut table.entries {
        for inner in inner_tables(&mut entry.value) {
            let start = inner.span.start;
            if start <= at && nearest.as_ref().is_none_or(|(_, s)| *s <= start) {
                nearest = Some((inner, start));
            }
        }
    }
    if let Some((inner, _)) = nearest {
        mark_broken(inner, at);
    }
}

fn inner_tables(value: &mut Tree) -> Vec<&mut Table> {
    match &mut value.item {
        Item::Table(table) => vec![table],
        Item::List(list) => list
            .iter_mut()
            .filter_map(|t| if let Item::Table(table) = &mut t.item { Some(table) } else { None })
            .collect(),
        _ => Vec::new(),
    }
}
