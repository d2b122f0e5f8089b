//! Where the columns of a feed stand in one file, and how their cells are read; or all that is wrong with that.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::dialect::normal;
use super::layout::{From, Kind, Reading, Words};
use super::leave::Skip;
use super::made::Made;
use super::meaning::Meaning;
use super::moment::{Clock, Format};
use super::number::NumberForm;
use super::{Failure, Want, cell, diags};
use crate::catalog::{CellForm, ColumnSource, Dataset, Feed, FeedColumn, Formula, SkipRule};
use crate::diag::Diagnostic;
use crate::domain::Type;
use crate::text::Place;

/// One file's columns, and what the feed says of them.
#[derive(Clone, Copy)]
pub(super) struct Mapping<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) feed: &'a Feed,
    pub(super) file: &'a Arc<str>,
    pub(super) header: Header<'a>,
    pub(super) zone: &'a TimeZone,
}

/// What the file's columns are called, if they are.
#[derive(Clone, Copy)]
pub(super) struct Header<'a> {
    /// 0 where there is none.
    pub(super) row: u64,
    pub(super) names: &'a [String],
    pub(super) width: u32,
    /// Where records were made of the file's: its columns that they begin with, counted from 0.
    pub(super) kept: Option<&'a [u32]>,
}

enum Misplaced {
    Missing(Box<Diagnostic>),
    /// A mistake only where the column is wanted.
    Twice(Box<Diagnostic>),
}

impl Mapping<'_> {
    /// How each want is read, or all that is wrong with the feed's mapping.
    pub(super) fn readings(&self, wants: &[Want]) -> Result<Vec<Reading>, Failure> {
        let mut mistakes = Vec::new();
        let unwanted = |c: &&FeedColumn| !wants.iter().any(|want| want.column == c.column);
        for column in self.feed.columns.iter().filter(unwanted) {
            if let Err(Misplaced::Missing(mistake)) = self.position(column) {
                mistakes.push(*mistake);
            }
        }
        let mut readings = Vec::new();
        for want in wants {
            let column = self.feed.columns.iter().find(|column| column.column == want.column);
            let from = match column.map(|c| self.position(c)) {
                None => From::Nowhere,
                Some(Ok(from)) => from,
                Some(Err(Misplaced::Missing(mistake) | Misplaced::Twice(mistake))) => {
                    mistakes.push(*mistake);
                    continue;
                }
            };
            match self.reading(column, want, from) {
                Ok(reading) => readings.push(reading),
                Err(mistake) => mistakes.push(*mistake),
            }
        }
        if mistakes.is_empty() { Ok(readings) } else { Err(Failure::Mistakes(mistakes)) }
    }

    /// What the feed keeps rows by.
    pub(super) fn filter(&self) -> Result<Option<Arc<Made>>, Failure> {
        let Some(formula) = &self.feed.filter else { return Ok(None) };
        match self.made(formula) {
            Ok(made) => Ok(Some(made)),
            Err(Misplaced::Missing(mistake) | Misplaced::Twice(mistake)) => Err((*mistake).into()),
        }
    }

    /// Where the feed's skips, or ends, look.
    pub(super) fn skips(&self, rules: &[SkipRule]) -> Result<Vec<Skip>, Failure> {
        let skip = |rule: &SkipRule| {
            let cell = self.named(&rule.column, &rule.place, "skip by")?;
            Ok(Skip::new(cell, &rule.test))
        };
        rules.iter().map(skip).collect()
    }

    /// The column, counted from 0, that a key of the contract names.
    pub(super) fn named(
        &self,
        column: &ColumnSource,
        place: &Place,
        why: &str,
    ) -> Result<u32, Failure> {
        let (names, width) = (self.header.names, self.header.width);
        let found: Vec<usize> = match column {
            ColumnSource::Position(at) if *at <= width => vec![*at as usize - 1],
            ColumnSource::Header(name) if self.header.row > 0 => {
                let name = normal(name);
                (0..names.len()).filter(|at| names[*at] == name).collect()
            }
            _ => Vec::new(),
        };
        match found[..] {
            [one] => Ok(u32::try_from(one).unwrap_or(u32::MAX)),
            _ => Err(diags::no_such_column(self.file, column, place, why, names).into()),
        }
    }

    /// Where a column of the feed comes from.
    fn position(&self, column: &FeedColumn) -> Result<From, Misplaced> {
        let required = self.dataset.column(column.column.as_str()).is_some_and(|c| c.required);
        match &column.from {
            ColumnSource::Value(text) => Ok(From::Constant(text.clone())),
            ColumnSource::Row => Ok(From::Row),
            ColumnSource::Position(at) => self.at(column, *at).map(From::Cell),
            ColumnSource::Made(formula) => self.made(formula).map(From::Made),
            ColumnSource::Joined(parts) => {
                let cell = |part: &ColumnSource| match part {
                    ColumnSource::Position(at) => self.at(column, *at),
                    ColumnSource::Header(name) => {
                        let found = self.by_name(column, std::slice::from_ref(name), true, true)?;
                        // A header that must be there is there.
                        Ok(found.unwrap_or_default())
                    }
                    _ => Ok(0),
                };
                parts.iter().map(cell).collect::<Result<_, _>>().map(From::Joined)
            }
            _ if self.header.row == 0 => Ok(From::Nowhere),
            ColumnSource::Header(name) => {
                let found = self.by_name(column, std::slice::from_ref(name), true, true)?;
                Ok(found.map_or(From::Nowhere, From::Cell))
            }
            ColumnSource::Any(names) => {
                let found = self.by_name(column, names, false, required)?;
                Ok(found.map_or(From::Nowhere, From::Cell))
            }
        }
    }

    /// The column of a number, counted from 1.
    fn at(&self, column: &FeedColumn, at: u32) -> Result<u32, Misplaced> {
        let (file, width) = (self.file, self.header.width);
        let missing = |mistake| Misplaced::Missing(Box::new(mistake));
        if at > width {
            return Err(missing(diags::position_beyond(self.feed, file, column, (at, width))));
        }
        let at = at.saturating_sub(1);
        let Some(kept) = self.header.kept else { return Ok(at) };
        let new = kept.iter().position(|kept| *kept == at).and_then(|new| u32::try_from(new).ok());
        new.ok_or_else(|| missing(diags::became_rows(file, column, at + 1)))
    }

    /// The column of one of some names, exactly or with another spelling; none where it may be missing.
    fn by_name(
        &self,
        column: &FeedColumn,
        names: &[String],
        exact: bool,
        required: bool,
    ) -> Result<Option<u32>, Misplaced> {
        let headers = self.header.names;
        let fold = |text: &str| if exact { normal(text) } else { normal(text).to_lowercase() };
        let wanted: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let mut found: Vec<usize> =
            (0..headers.len()).filter(|at| wanted.contains(&fold(&headers[*at]))).collect();
        if found.is_empty() && !exact {
            // `deal_stage` is what others write as “Deal Stage”.
            let wanted: Vec<String> = names.iter().map(|name| letters(name)).collect();
            let same = |at: &usize| wanted.contains(&letters(&headers[*at]));
            found = (0..headers.len()).filter(|at| !headers[*at].is_empty()).filter(same).collect();
        }
        match found[..] {
            [] if required => {
                let mistake = diags::header_missing(self.feed, self.file, column, names, headers);
                Err(Misplaced::Missing(Box::new(mistake)))
            }
            [] => Ok(None),
            [one] => Ok(u32::try_from(one).ok()),
            [first, second, ..] => {
                let header = (self.header.row, headers);
                let mistake = diags::header_twice(self.file, column, header, first, second);
                Err(Misplaced::Twice(Box::new(mistake)))
            }
        }
    }

    /// A formula with its columns; what they lack is said where they are mapped.
    fn made(&self, formula: &Formula) -> Result<Arc<Made>, Misplaced> {
        let (mut inputs, mut scales) = (Vec::new(), Vec::new());
        for path in formula.arena.columns(formula.root) {
            let name = path.base();
            let column = self.feed.columns.iter().find(|column| column.column == *name);
            let from = column.map_or(Ok(From::Nowhere), |column| self.position(column))?;
            let Some(known) = self.dataset.column(name.as_str()) else { continue };
            let (ty, scale) = (known.ty, if known.ty == Type::Integer { 0 } else { known.scale });
            let want = Want { column: name.clone(), ty, scale, hashed: false };
            inputs.push((path, self.reading(column, &want, from).map_err(Misplaced::Missing)?));
            scales.push(scale);
        }
        let (formula, zone) = (formula.clone(), self.zone.clone());
        Ok(Arc::new(Made { formula, inputs, zone, scales }))
    }

    fn reading(
        &self,
        column: Option<&FeedColumn>,
        want: &Want,
        from: From,
    ) -> Result<Reading, Box<Diagnostic>> {
        let contract = &self.feed.contract;
        let place = column.map_or(&self.feed.place, |c| &c.place);
        let cells = column.map_or_else(|| contract.cells.clone(), |c| c.cells.or(&contract.cells));
        let decimal = cells.decimal.unwrap_or('.');
        if want.ty.is_numeric() && cells.grouping == Some(decimal) {
            return Err(Box::new(diags::marks_equal(place, &want.column, decimal)));
        }
        let formats = if want.ty.is_time() { formats(&cells, place)? } else { Vec::new() };
        let number = NumberForm::new(want.ty, want.scale, &cells);
        let words = Words { yes: contract.true_words.clone(), no: contract.false_words.clone() };
        let kind = Kind::of(want.ty, number, formats, words);
        let zone = cells.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        let reading = Reading { from, kind, meaning: Meaning::new(&cells), zone };
        if let From::Constant(text) = &reading.from
            && let Err(why) = cell::fits(&reading, text, &mut Clock::new(self.zone.clone()))
        {
            return Err(Box::new(diags::constant_unfit(place, want, text, why)));
        }
        Ok(reading)
    }

    /// How the moments of events are read.
    pub(super) fn moments(&self, place: &Place) -> Result<Reading, Failure> {
        let cells = &self.feed.contract.cells;
        let formats = formats(cells, place).map_err(|mistake| Failure::from(*mistake))?;
        let (kind, meaning) = (Kind::DateTime(formats), Meaning::new(cells));
        let zone = cells.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        Ok(Reading { from: From::Nowhere, kind, meaning, zone })
    }
}

fn formats(cells: &CellForm, place: &Place) -> Result<Vec<Format>, Box<Diagnostic>> {
    let format = |text: &String| {
        Format::new(text).ok_or_else(|| Box::new(diags::date_format_unknown(place, text)))
    };
    cells.dates.iter().map(format).collect()
}

/// A name without what stands between its words: `deal_stage` is what others write as “Deal Stage”.
pub fn letters(name: &str) -> String {
    let between = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '-' | '.'));
    normal(name).to_lowercase().chars().filter(between).collect()
}
