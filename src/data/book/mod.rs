//! Workbooks of every form, cell by cell.
//!
//! One file a form. Each writes its sheets as the text that all rules of reading hold for. calamine reads the cells of
//! .xlsx, .xlsb and .xls; but it makes room for what a file claims, which ends the process where the claim is a lie.
//! So each form looks at a part before calamine sees it, and no count and no size of the file is taken at its word:
//! what is made of a file is bounded by what is there and by the project's limits. What calamine does not tell (hidden
//! rows) or passes over is found in the same look, and where it still breaks, that is said of the file. OpenDocument is
//! read here; `ods` says why.

mod cells;
mod cfb;
mod dates;
mod form;
mod ods;
mod out;
mod package;
mod shared;
mod tags;
#[cfg(test)]
mod tests;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) use form::{Found, Strange, UNPACK, find, inside_zip};
pub(super) use out::{EXACT, Out, UNSTORED, Written};
pub(super) use package::Guard;

use crate::catalog::Limits;
use crate::disk::ReadSeek;

/// A form that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
    /// OpenDocument in one XML file.
    FlatOds,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFacts {
    pub name: String,
    pub kind: SheetKind,
    /// False for a sheet that a hand or a program hides.
    pub visible: bool,
    /// The cells that are used, where the workbook tells without being read.
    pub used: Option<Region>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// Holds cells.
    Table,
    /// A chart, a dialog, a macro.
    Other,
}

/// A rectangle of cells; rows and columns count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    pub first_row: u32,
    pub first_column: u32,
    pub last_row: u32,
    pub last_column: u32,
}

/// A limit that a file went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    Unpacked(u32),
    Held(u32),
    Cells(u32),
    Sheets(u32),
    Ratio(u32),
}

/// Why reading stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody listens.
    Deaf,
    Broken(String),
    /// It is no workbook, or one that nothing here reads.
    Strange(Strange),
    Beyond(Beyond),
}

/// An open workbook.
pub(super) trait Book: Send {
    fn sheets(&self) -> &[SheetFacts];

    /// Writes all cells of a sheet, in order.
    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop>;

    /// The used cells, where that costs little.
    fn used(&mut self, sheet: usize) -> Option<Region>;

    /// The cells that are merged.
    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop>;
}

/// Opens a workbook of a form.
pub(super) fn open(
    form: Form,
    reader: Box<dyn ReadSeek>,
    limits: Limits,
) -> Result<Box<dyn Book>, Stop> {
    let book: Box<dyn Book> = guarded(|| {
        Ok(match form {
            Form::Xlsx => Box::new(xlsx::Xlsx::open(reader, limits)?) as Box<dyn Book>,
            Form::Xlsb => Box::new(xlsb::Xlsb::open(reader, limits)?),
            Form::Xls => Box::new(xls::Xls::open(reader, limits)?),
            Form::Ods => Box::new(ods::Ods::open(reader, limits)?),
            Form::FlatOds => Box::new(ods::Ods::flat(reader, limits)?),
        })
    })?;
    if book.sheets().len() > limits.sheets as usize {
        return Err(Stop::Beyond(Beyond::Sheets(limits.sheets)));
    }
    let mut names: Vec<&str> = book.sheets().iter().map(|sheet| sheet.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|two| two[0] == two[1]) {
        Some(two) => Err(Stop::broken(format!("two sheets of it are called `{}`", two[0]))),
        None => Ok(book),
    }
}

/// What is said of a file that breaks a reader, calamine or the one that unpacks.
const BROKE: &str = "its parts contradict each other";

/// What a panic of a reader becomes: a word on the workbook.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, Stop>) -> Result<T, Stop> {
    super::quiet::quietly(|| catch_unwind(AssertUnwindSafe(read)))
        .unwrap_or_else(|_| Err(Stop::broken(BROKE)))
}

impl Region {
    fn of(cells: calamine::Dimensions) -> Self {
        let ((first_row, first_column), (last_row, last_column)) = (cells.start, cells.end);
        let [first_row, first_column, last_row, last_column] =
            [first_row, first_column, last_row, last_column].map(|at| at.saturating_add(1));
        Self { first_row, first_column, last_row, last_column }
    }
}

impl Stop {
    fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }

    fn nowhere() -> Self {
        Self::broken("a cell of it stands where no sheet reaches")
    }

    /// Of a failed read: a limit, or whatever it says.
    fn of(error: &std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Beyond>()) {
            Some(beyond) => Self::Beyond(*beyond),
            None => Self::Broken(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::of(&error)
    }
}

impl Beyond {
    /// The key in `[limits]`, and what it stands at.
    pub(super) fn key(self) -> (&'static str, u32) {
        match self {
            Self::Unpacked(most) => ("unpacked-mb", most),
            Self::Held(most) => ("held-mb", most),
            Self::Cells(most) => ("cells", most),
            Self::Sheets(most) => ("sheets", most),
            Self::Ratio(most) => ("ratio", most),
        }
    }
}

impl std::fmt::Display for Beyond {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unpacked(most) => write!(f, "unpacks to more than {most} MB"),
            Self::Held(most) => write!(f, "needs more than {most} MB of memory at once"),
            Self::Cells(most) => write!(f, "has a sheet of more than {most} cells"),
            Self::Sheets(most) => write!(f, "has more than {most} sheets"),
            Self::Ratio(most) => write!(f, "unpacks to more than {most} times its size"),
        }
    }
}

impl std::error::Error for Beyond {}
