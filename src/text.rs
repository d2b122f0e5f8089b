//! Sources and places: what a diagnostic can point at.
//!
//! Owns the texts that were read and the arithmetic of spans, lines and columns. Reads nothing itself.

use std::sync::Arc;

/// One text that was read: a config file, a pack file, a proof case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

/// A cell, row or file of the user's data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellPlace {
    /// The file as the project names it.
    pub file: Arc<str>,
    /// The sheet, where the format has sheets.
    pub sheet: Option<Arc<str>>,
    /// Row as a spreadsheet counts it: the header's row is usually 1. 0 means the whole file.
    pub row: u64,
    /// Column, counted from 1 (A); 0 means the whole row.
    pub column: u32,
}

impl std::fmt::Display for CellPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, "!{sheet}")?;
        }
        match (self.row, self.column) {
            (0, _) => Ok(()),
            (row, 0) => write!(f, "!{row}:{row}"),
            (row, column) => write!(f, "!{}{row}", column_letters(column)),
        }
    }
}

/// Spreadsheet letters of a column counted from 1: 1 is `A`, 27 is `AA`.
pub fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        column /= 26;
    }
    letters.iter().rev().collect()
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Text(Span),
    Cell(CellPlace),
    /// A whole file or folder, by the name the user knows.
    File(Arc<str>),
    /// A flag of the command line, such as `--period`.
    Flag(Arc<str>),
}

/// A text with the name that the user knows it by.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: Arc<str>,
    pub text: Arc<str>,
}

/// All texts of a run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        self.list.push(Source { name: name.into(), text: text.into() });
        SourceId(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }

    /// The source of an id; an id of another run has none.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// Line and column of a span's start, both counted from 1; columns count characters.
    pub fn line_column(&self, span: Span) -> Option<(usize, usize)> {
        let text = &self.get(span.source)?.text;
        let before = text.get(..span.start as usize)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
    }

    /// `file:line:column` of a text span, or the place as it stands.
    pub fn describe(&self, place: &Place) -> String {
        match place {
            Place::Text(span) => match (self.get(span.source), self.line_column(*span)) {
                (Some(source), Some((line, column))) => format!("{}:{line}:{column}", source.name),
                _ => String::new(),
            },
            Place::Cell(cell) => cell.to_string(),
            Place::File(name) | Place::Flag(name) => name.to_string(),
        }
    }
}
