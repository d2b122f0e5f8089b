//! Pulls named fields out of a table, so that what is left over is a mistake.

use super::{Entry, Item, Table, Text, Tree, diags};
use crate::diag::Diagnostic;
use crate::domain::{Day, Decimal};
use crate::text::{Place, Span};

/// Reads one table field by field; collects its own mistakes until [`Reader::finish`].
///
/// Every question answers `None` both where the key is not there and where its value is wrong; the second is
/// reported, and so is the first for the `required_` questions.
#[derive(Debug)]
pub struct Reader<'t> {
    table: &'t Table,
    what: String,
    asked: Vec<String>,
    taken: Vec<&'t str>,
    /// Keys that must be there and are not, with what is expected.
    missing: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    /// `what` names the table in messages, such as ``metric `flow` ``.
    pub fn new(table: &'t Table, what: impl Into<String>) -> Self {
        let (asked, taken, missing) = (Vec::new(), Vec::new(), Vec::new());
        Self { table, what: what.into(), asked, taken, missing, diagnostics: Vec::new() }
    }

    pub fn what(&self) -> &str {
        &self.what
    }

    pub fn source(&self) -> &'t Table {
        self.table
    }

    /// Adds a mistake that the caller found.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the key is there, whatever its value; does not count as asking.
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The span of a key's value; of the table's header where the key is not there.
    pub fn span(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.table.span, |e| e.value.span)
    }

    pub fn place(&self, key: &str) -> Place {
        Place::Text(self.span(key))
    }

    /// The value as it is, unless it is broken.
    pub fn tree(&mut self, key: &str) -> Option<&'t Tree> {
        self.ask(key);
        let value = &self.table.get(key)?.value;
        (!matches!(value.item, Item::Broken)).then_some(value)
    }

    pub fn text(&mut self, key: &str) -> Option<Text> {
        self.pull(key, "a text", Tree::as_text)
    }

    /// A text that must be there and must not be blank.
    pub fn required_text(&mut self, key: &str) -> Option<Text> {
        self.require(key, "a text");
        let text = self.text(key)?;
        if text.text.trim().is_empty() {
            self.report(diags::empty_text(&self.what, key, text.span));
            return None;
        }
        Some(text)
    }

    /// The words of a text, or none where the key is not there.
    pub fn words(&mut self, key: &str) -> String {
        self.text(key).map(|t| t.text.to_string()).unwrap_or_default()
    }

    /// As [`Reader::words`], of a key that must be there.
    pub fn required_words(&mut self, key: &str) -> String {
        self.required_text(key).map(|t| t.text.to_string()).unwrap_or_default()
    }

    pub fn integer(&mut self, key: &str) -> Option<i64> {
        self.pull(key, "a whole number", |tree| match tree.item {
            Item::Integer(whole) => Some(whole),
            _ => None,
        })
    }

    /// A whole number from `least` to `most`.
    pub fn count(&mut self, key: &str, least: u32, most: u32) -> Option<u32> {
        let whole = self.integer(key)?;
        let fits = u32::try_from(whole).ok().filter(|n| (least..=most).contains(n));
        if fits.is_none() {
            let bounds = match most {
                u32::MAX => format!("{least} or more"),
                _ => format!("from {least} to {most}"),
            };
            self.report(diags::value_out_of_bounds(&self.what, key, &bounds, self.span(key)));
        }
        fits
    }

    pub fn number(&mut self, key: &str) -> Option<Decimal> {
        self.pull(key, "a number", as_number)
    }

    pub fn required_number(&mut self, key: &str) -> Option<Decimal> {
        self.require(key, "a number");
        self.number(key)
    }

    /// A share from 0 to 1, in thousandths.
    pub fn share(&mut self, key: &str) -> Option<u32> {
        self.thousandths(key, 0..=1000, "from 0 to 1, with at most 3 digits behind the point")
    }

    /// A weight above 0 and at most 1000, in thousandths.
    pub fn weight(&mut self, key: &str) -> Option<u32> {
        let bounds = "above 0 and at most 1000, with at most 3 digits behind the point";
        self.thousandths(key, 1..=1_000_000, bounds)
    }

    fn thousandths(
        &mut self,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
        bounds: &str,
    ) -> Option<u32> {
        let number = self.number(key)?;
        let fits = thousandths(number).filter(|n| range.contains(n));
        if fits.is_none() {
            self.report(diags::value_out_of_bounds(&self.what, key, bounds, self.span(key)));
        }
        fits
    }

    pub fn bool(&mut self, key: &str) -> Option<bool> {
        self.pull(key, "true or false", |tree| match tree.item {
            Item::Bool(truth) => Some(truth),
            _ => None,
        })
    }

    pub fn day(&mut self, key: &str) -> Option<Day> {
        self.pull(key, "a date such as 2026-10-31, without quotes", |tree| match tree.item {
            Item::Date(day) => Some(day),
            _ => None,
        })
    }

    pub fn required_day(&mut self, key: &str) -> Option<Day> {
        self.require(key, "a date such as 2026-10-31, without quotes");
        self.day(key)
    }

    /// One of some closed words.
    pub fn word<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == &*text.text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.report(diags::unknown_word(&self.what, key, &text.text, &known, text.span));
        }
        found.map(|(_, value)| value.clone())
    }

    pub fn required_word<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.require(key, &format!("one of {}", known.join(", ")));
        self.word(key, words)
    }

    pub fn list(&mut self, key: &str) -> Option<&'t [Tree]> {
        let tree = self.tree(key)?;
        let Item::List(list) = &tree.item else {
            self.wrong_type(key, "a list", tree);
            return None;
        };
        Some(list)
    }

    /// A list of texts; empty where the key is not there. Wrong entries are reported and left out.
    pub fn texts(&mut self, key: &str) -> Vec<Text> {
        self.entries(key, "a text", Tree::as_text)
    }

    /// As [`Reader::texts`], without places.
    pub fn strings(&mut self, key: &str) -> Vec<String> {
        self.texts(key).into_iter().map(|t| t.text.to_string()).collect()
    }

    pub fn table(&mut self, key: &str) -> Option<&'t Table> {
        let tree = self.tree(key)?;
        let Item::Table(table) = &tree.item else {
            self.wrong_type(key, "a table", tree);
            return None;
        };
        Some(table)
    }

    /// A list of tables; empty where the key is not there.
    pub fn tables(&mut self, key: &str) -> Vec<&'t Table> {
        self.entries(key, "a table", |tree| match &tree.item {
            Item::Table(table) => Some(table),
            _ => None,
        })
    }

    /// Everything that was not asked for, in file order; from here on none of it is unknown.
    pub fn rest(&mut self) -> Vec<&'t Entry> {
        let table = self.table;
        let left: Vec<&Entry> = table.entries.iter().filter(|e| !self.knows(&e.key)).collect();
        self.taken.extend(left.iter().map(|e| &*e.key));
        left
    }

    /// Notes a key that must be there and is not; all of them are one mistake.
    pub fn require(&mut self, key: &str, expected: &str) {
        self.ask(key);
        if !self.has(key) && !self.table.broken {
            self.missing.push((key.to_owned(), expected.to_owned()));
        }
    }

    /// Reports a value that is not what was expected.
    pub fn wrong_type(&mut self, key: &str, expected: &str, found: &Tree) {
        let found_what = found.item.what();
        self.report(diags::wrong_type(&self.what, key, expected, found_what, found.span));
    }

    /// Hands over all mistakes, unknown keys among them.
    pub fn finish(mut self, sink: &mut Vec<Diagnostic>) {
        if !self.missing.is_empty() {
            sink.push(diags::missing_key(&self.what, &self.missing, self.table.span));
        }
        for entry in &self.table.entries {
            if !self.knows(&entry.key) {
                let known: Vec<&str> = self.asked.iter().map(String::as_str).collect();
                let diagnostic = diags::unknown_key(&self.what, &entry.key, &known, entry.key_span);
                self.diagnostics.push(diagnostic);
            }
        }
        sink.append(&mut self.diagnostics);
    }

    fn ask(&mut self, key: &str) {
        if !self.asked.iter().any(|k| k == key) {
            self.asked.push(key.to_owned());
        }
    }

    fn knows(&self, key: &str) -> bool {
        self.asked.iter().any(|k| k == key) || self.taken.contains(&key)
    }

    fn pull<T>(
        &mut self,
        key: &str,
        expected: &str,
        get: impl Fn(&'t Tree) -> Option<T>,
    ) -> Option<T> {
        let tree = self.tree(key)?;
        let value = get(tree);
        if value.is_none() {
            self.wrong_type(key, expected, tree);
        }
        value
    }

    fn entries<T>(
        &mut self,
        key: &str,
        expected: &str,
        get: impl Fn(&'t Tree) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for tree in self.list(key).unwrap_or_default() {
            match get(tree) {
                Some(value) => values.push(value),
                None if matches!(tree.item, Item::Broken) => {}
                None => {
                    let found = tree.item.what();
                    self.report(diags::wrong_entry(&self.what, key, expected, found, tree.span));
                }
            }
        }
        values
    }
}

fn as_number(tree: &Tree) -> Option<Decimal> {
    match tree.item {
        Item::Integer(whole) => Some(Decimal::from(whole)),
        Item::Number(number) => Some(number),
        _ => None,
    }
}

/// The number in thousandths, if that is exact.
fn thousandths(number: Decimal) -> Option<u32> {
    let exact = number.trimmed(3);
    (exact.scale() == 3).then(|| u32::try_from(exact.units()).ok())?
}
