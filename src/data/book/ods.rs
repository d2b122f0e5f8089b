//! OpenDocument sheets: .ods, and .fods in one file.
//!
//! The one form that calamine does not read for us. Its version 0.38 goes round for ever in contents that end within a
//! table or a note, writes the blanks that `text:c` asks for up to two thousand million, copies a cell as often as it is
//! repeated before it counts (a file of 3 KB ends the process), and lays out at once all sheets, tables in pictures
//! among them; a look that finds all that beforehand has read the sheet. It also cuts repeated rows at a limit without a word, takes errors for texts, and knows no .fods.
//!
//! A row or a cell may be said to stand there a million times. That is multiplied out cell by cell within the limit,
//! and blank ones, which programs repeat to the end of a sheet, cost nothing.

mod walk;

use std::io::Seek;

use super::dates::Shown;
use super::package::{Guard, Package};
use super::xml::xml;
use super::{Beyond, Book, Out, Region, SheetFacts, Stop, form};
use crate::catalog::Limits;
use crate::disk::ReadSeek;
use walk::Walk;

pub(super) struct Ods {
    source: Source,
    sheets: Vec<SheetFacts>,
}

enum Source {
    Package(Package),
    Flat(Box<dyn ReadSeek>, Limits),
}

impl Ods {
    pub(super) fn open(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        let mut package = Package::open(reader, limits)?;
        if let Some(part) = package.held("META-INF/manifest.xml")? {
            super::xlsx::each_tag(&mut xml(part), |name, _| match name {
                "encryption-data" => Err(Stop::Strange(form::LOCKED)),
                _ => Ok(true),
            })?;
        }
        Self::of(Source::Package(package))
    }

    pub(super) fn flat(reader: Box<dyn ReadSeek>, limits: Limits) -> Result<Self, Stop> {
        Self::of(Source::Flat(reader, limits))
    }

    fn of(source: Source) -> Result<Self, Stop> {
        let mut book = Self { source, sheets: Vec::new() };
        let mut sheets: Vec<SheetFacts> = Vec::new();
        book.walk(None, |step| {
            match step {
                Step::Sheet(facts) => sheets.push(facts),
                Step::Row(row) => {
                    if let Some(sheet) = sheets.last_mut() {
                        sheet.used = row.used(sheet.used);
                    }
                }
            }
            Ok(())
        })?;
        book.sheets = sheets;
        Ok(book)
    }

    /// Shows all sheets, or one, row by row.
    fn walk(
        &mut self,
        wanted: Option<usize>,
        mut take: impl FnMut(Step<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        match &mut self.source {
            Source::Package(package) => {
                let part = package.part("content.xml")?;
                let part = part.ok_or_else(|| Stop::broken("it has no contents"))?;
                Walk::new(part).all(wanted, &mut take)
            }
            Source::Flat(reader, limits) => {
                reader.rewind()?;
                let (most, beyond) = (limits.unpacked_mb, Beyond::Unpacked(limits.unpacked_mb));
                Walk::new(Guard::new(reader, u64::from(most) << 20, beyond)).all(wanted, &mut take)
            }
        }
    }
}

impl Book for Ods {
    fn sheets(&self) -> &[SheetFacts] {
        &self.sheets
    }

    fn write(&mut self, sheet: usize, out: &mut Out<'_>) -> Result<(), Stop> {
        self.walk(Some(sheet), |step| match step {
            Step::Row(row) => row.write(out),
            Step::Sheet(_) => Ok(()),
        })
    }

    fn used(&mut self, sheet: usize) -> Option<Region> {
        self.sheets.get(sheet)?.used
    }

    fn merged(&mut self, sheet: usize) -> Result<Vec<Region>, Stop> {
        let mut regions = Vec::new();
        self.walk(Some(sheet), |step| {
            if let Step::Row(row) = step {
                regions.extend(row.merged.iter().map(|(column, columns, rows)| Region {
                    first_row: row.at.saturating_add(1),
                    first_column: column.saturating_add(1),
                    last_row: row.at.saturating_add(*rows),
                    last_column: column.saturating_add(*columns),
                }));
            }
            Ok(())
        })?;
        Ok(regions)
    }
}

/// What a walk shows.
enum Step<'a> {
    Sheet(SheetFacts),
    /// A row that holds something, or merges cells.
    Row(&'a Row),
}

/// A row, which may stand there several times.
#[derive(Default)]
struct Row {
    /// Counted from 0.
    at: u32,
    repeats: u32,
    hidden: bool,
    /// By column, counted from 0; how often each stands there.
    cells: Vec<(u32, u32, Value)>,
    /// Column, columns and rows of what is merged.
    merged: Vec<(u32, u32, u32)>,
}

enum Value {
    Number(f64),
    /// In days.
    Time(f64),
    Date(String),
    Truth(bool),
    Text(String),
    Error(String),
    Unstored(String),
}

impl Row {
    fn write(&self, out: &mut Out<'_>) -> Result<(), Stop> {
        let each: u64 = self.cells.iter().map(|(_, repeats, _)| u64::from(*repeats)).sum();
        out.room(each.saturating_mul(self.repeats.into()))?;
        if self.cells.is_empty() {
            return Ok(());
        }
        let behind = |first: u32, repeats| first.checked_add(repeats).ok_or_else(Stop::nowhere);
        for row in self.at..behind(self.at, self.repeats)? {
            if self.hidden {
                out.hide(row);
            }
            for (first, repeats, value) in &self.cells {
                for column in *first..behind(*first, *repeats)? {
                    value.write(row, column, out)?;
                }
            }
        }
        Ok(())
    }

    /// The used cells, those of the row among them.
    fn used(&self, before: Option<Region>) -> Option<Region> {
        let (Some((first, ..)), Some((last, repeats, _))) = (self.cells.first(), self.cells.last())
        else {
            return before;
        };
        let mine = Region {
            first_row: self.at.saturating_add(1),
            first_column: first.saturating_add(1),
            last_row: self.at.saturating_add(self.repeats),
            last_column: last.saturating_add(*repeats),
        };
        let before = before.unwrap_or(mine);
        Some(Region {
            first_row: before.first_row,
            first_column: before.first_column.min(mine.first_column),
            last_row: mine.last_row,
            last_column: before.last_column.max(mine.last_column),
        })
    }
}

impl Value {
    fn write(&self, row: u32, column: u32, out: &mut Out<'_>) -> Result<(), Stop> {
        match self {
            Self::Number(number) => out.number((row, column), *number, Shown::Number, false),
            Self::Time(days) => {
                let of_day = (0.0..1.0).contains(days);
                let shown = if of_day { Shown::Moment } else { Shown::Duration };
                out.number((row, column), *days, shown, false)
            }
            Self::Date(text) => out.exact(row, column, text),
            Self::Truth(truth) => out.truth(row, column, *truth),
            Self::Text(text) => out.text(row, column, text),
            Self::Error(text) => out.error(row, column, text),
            Self::Unstored(formula) => out.unstored(row, column, formula),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Date(text) | Self::Text(text) | Self::Error(text) | Self::Unstored(text) => {
                text.len()
            }
            _ => 0,
        }
    }
}
