//! Where the wanted columns of one file stand, and how its cells are to be read.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::HiddenRows;
use super::leave::Leave;
use super::made::Made;
use super::meaning::Meaning;
use super::moment::Format;
use super::number::NumberForm;
use super::reshape::{Origins, Reshaped};
use super::sheet::SheetRows;
use super::split::Form;
use crate::domain::Type;
use crate::text::CellPlace;

/// What a worker needs to know of one file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Layout(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) file: Arc<str>,
    /// Of a workbook.
    pub(super) sheet: Option<Arc<str>>,
    pub(super) rows: SheetRows,
    pub(super) form: Form,
    /// Row of the header, counted from 1; 0 where there is none.
    pub(super) header_row: u64,
    /// Trimmed, NFC; blank where there is no header.
    pub(super) headers: Vec<String>,
    /// One per want.
    pub(super) columns: Vec<Reading>,
    /// Records that are no rows.
    pub(super) leave: Leave,
    /// Of records that were made of a file's records: where they come from.
    pub(super) origins: Option<Arc<Origins>>,
    pub(super) zone: TimeZone,
}

/// How one wanted column is read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) from: From,
    pub(super) kind: Kind,
    pub(super) meaning: Meaning,
    /// Of moments that do not say theirs, where it is not the project's.
    pub(super) zone: Option<TimeZone>,
}

#[derive(Debug, Clone)]
pub(super) enum From {
    /// The file has no such column.
    Nowhere,
    /// This text on every row.
    Constant(String),
    /// A column of the file, counted from 0.
    Cell(u32),
    /// The texts of several, joined by a blank.
    Joined(Vec<u32>),
    /// What a formula gives.
    Made(Arc<Made>),
    /// The row's own place.
    Row,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Text,
    Number(NumberForm),
    /// ISO 8601 where there are no formats.
    Date(Vec<Format>),
    DateTime(Vec<Format>),
    Boolean(Words),
}

/// Words that mean yes or no, besides the usual ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) yes: Vec<String>,
    pub(super) no: Vec<String>,
}

impl Layout {
    /// The file, as the project names it.
    pub fn file(&self) -> &Arc<str> {
        &self.0.file
    }

    /// A cell of the file; column 0 is the whole row. `row` is what [`Chunk::file_row`](super::Chunk::file_row) says.
    pub fn place(&self, row: u64, column: u32) -> CellPlace {
        let origin = self.0.origins.as_ref().map(|origins| origins.of(row, column));
        let (row, column) = origin.unwrap_or((row, column));
        self.written_place(row, column)
    }

    /// A cell of the file as it was written; column 0 is the whole row.
    pub fn written_place(&self, row: u64, column: u32) -> CellPlace {
        CellPlace { file: Arc::clone(self.file()), sheet: self.sheet(), row, column }
    }

    /// What making other rows of the file's records left out; known once all of it was read.
    pub fn reshaped(&self) -> Option<Reshaped> {
        self.0.origins.as_ref().map(|origins| origins.reshaped())
    }

    /// The sheet, where the file is a workbook.
    pub fn sheet(&self) -> Option<Arc<str>> {
        self.0.sheet.clone()
    }

    /// Rows of the sheet that are hidden; known once all of it was read.
    pub fn hidden_rows(&self) -> Option<HiddenRows> {
        self.0.rows.get()?.hidden_below(self.0.header_row)
    }

    /// The header of a column of the file, counted from 1.
    pub fn header_of(&self, file_column: u32) -> Option<&str> {
        let header = self.0.headers.get((file_column as usize).checked_sub(1)?)?;
        (!header.is_empty()).then_some(header)
    }

    /// Row of the header, as a spreadsheet counts; 0 where there is none.
    pub fn header_row(&self) -> u64 {
        self.0.header_row
    }

    /// The file's headers, trimmed and in NFC.
    pub fn headers(&self) -> &[String] {
        &self.0.headers
    }

    /// Whether the feed fills the want: from a column or with a constant.
    pub fn mapped(&self, want: usize) -> bool {
        let from = self.0.columns.get(want).map(|column| &column.from);
        from.is_some_and(|from| !matches!(from, From::Nowhere))
    }

    /// The want's first column among the layout's, counted from 1; none where it is not mapped, or a constant.
    pub fn file_column(&self, want: usize) -> Option<u32> {
        match &self.0.columns.get(want)?.from {
            From::Cell(index) => Some(index + 1),
            From::Joined(parts) => parts.first().map(|index| index + 1),
            From::Nowhere | From::Constant(_) | From::Made(_) | From::Row => None,
        }
    }

    /// The want's header.
    pub fn header(&self, want: usize) -> Option<&str> {
        self.header_of(self.file_column(want)?)
    }
}

impl Words {
    pub(super) fn read(&self, text: &str) -> Option<bool> {
        let is = |word: &str| word.eq_ignore_ascii_case(text);
        let in_words =
            |words: &[String]| words.iter().any(|w| w.to_lowercase() == text.to_lowercase());
        if in_words(&self.yes) {
            Some(true)
        } else if in_words(&self.no) {
            Some(false)
        } else if ["true", "yes", "1"].iter().any(|w| is(w)) {
            Some(true)
        } else if ["false", "no", "0"].iter().any(|w| is(w)) {
            Some(false)
        } else {
            None
        }
    }
}

impl Kind {
    /// Fits the type of a want.
    pub(super) fn of(ty: Type, number: NumberForm, formats: Vec<Format>, words: Words) -> Self {
        match ty {
            Type::Text | Type::Null => Self::Text,
            Type::Integer | Type::Number | Type::Money(_) => Self::Number(number),
            Type::Date => Self::Date(formats),
            Type::DateTime => Self::DateTime(formats),
            Type::Boolean => Self::Boolean(words),
        }
    }
}
