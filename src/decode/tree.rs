//! The shape of a decoded file.

use std::sync::Arc;

use crate::domain::{Day, Decimal};
use crate::text::{Place, Span};

/// One value with its place.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Of the whole value, quotes included; of a table its header, or its key where it has none.
    pub span: Span,
    pub item: Item,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Item {
    Text(Arc<str>),
    Integer(i64),
    /// From the digits of the source: exact.
    Number(Decimal),
    Bool(bool),
    Date(Day),
    /// A time, or a date with a time, as written.
    DateTime(Arc<str>),
    List(Vec<Tree>),
    Table(Table),
    /// A value that could not be read; its mistake is already reported.
    Broken,
}

impl Item {
    /// What was found, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::DateTime(_) => "a time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Broken => "a value that cannot be read",
        }
    }
}

/// Keys and values in file order.
#[derive(Debug, Clone)]
pub struct Table {
    /// Of the header, or of the key where the table has no header of its own.
    pub span: Span,
    pub entries: Vec<Entry>,
    /// A syntax mistake stands inside, so a key that is not here may only be unreadable.
    pub broken: bool,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: Arc<str>,
    pub key_span: Span,
    pub value: Tree,
}

impl Table {
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| *e.key == *key)
    }

    pub fn table(&self, key: &str) -> Option<&Table> {
        match &self.get(key)?.value.item {
            Item::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn place(&self) -> Place {
        Place::Text(self.span)
    }
}

impl Tree {
    pub fn place(&self) -> Place {
        Place::Text(self.span)
    }

    pub fn as_text(&self) -> Option<Text> {
        match &self.item {
            Item::Text(text) => Some(Text { text: Arc::clone(text), span: self.span }),
            _ => None,
        }
    }
}

/// A text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub text: Arc<str>,
    /// Of the whole TOML value, quotes included.
    pub span: Span,
}

impl Text {
    pub fn place(&self) -> Place {
        Place::Text(self.span)
    }
}
