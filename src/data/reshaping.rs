//! What a feed makes of the records of one file before they are read: nothing, most of the time.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::cut::Cutter;
use super::dialect::normal;
use super::leave::Leave;
use super::mapping::{Header, Mapping};
use super::moment::Clock;
use super::patterns::Pattern;
use super::reshape::{Clocked, Entities, Origins, Plan, Reshaper, Step};
use super::source::Source;
use super::split::Form;
use super::strict::Dialect;
use super::{Failure, diags};
use crate::catalog::{ColumnSource, Dataset, Events, Feed, Placed, Reshape, Unpivot};

/// Records that are made are cut from blocks of about this many bytes.
const BLOCK: usize = 1 << 18;

/// A feed, for one of its files.
#[derive(Clone, Copy)]
pub(super) struct FeedOf<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) feed: &'a Feed,
    pub(super) zone: &'a TimeZone,
}

/// The table in a file, as it stands.
pub(super) struct Table {
    pub(super) dialect: Dialect,
    pub(super) header_row: u64,
    pub(super) headers: Vec<String>,
    pub(super) is_sheet: bool,
    pub(super) file: Arc<str>,
}

/// The columns of the table that is read.
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) form: Form,
    /// Row of the first record.
    pub(super) first_row: u64,
    pub(super) origins: Option<Arc<Origins>>,
    kept: Option<Vec<u32>>,
}

/// The text of the table that is read.
pub(super) enum Raw {
    Same(Source),
    Made(Columns, Source),
}

impl Table {
    fn form(&self) -> Form {
        let named = self.headers.iter().rposition(|header| !header.is_empty());
        let named = named.map_or(0, |at| at + 1);
        let named = if self.header_row == 0 { self.headers.len() } else { named };
        let (least, most) = match self.is_sheet {
            // Rows of a sheet end with their last cell, and notes may stand beside the table.
            true => (0, u32::MAX),
            false => (count(named), count(self.headers.len())),
        };
        Form { dialect: self.dialect, least, most }
    }

    pub(super) fn columns(&self) -> Columns {
        Columns {
            names: self.headers.clone(),
            form: self.form(),
            first_row: self.header_row + 1,
            origins: None,
            kept: None,
        }
    }

    /// How many columns there are to be named by their number.
    fn width(&self) -> u32 {
        // Rows of a sheet may end before a column that only later ones fill.
        if self.header_row == 0 && self.is_sheet { u32::MAX } else { count(self.headers.len()) }
    }
}

impl Columns {
    pub(super) fn mapping<'a>(&'a self, of: FeedOf<'a>, table: &'a Table) -> Mapping<'a> {
        let FeedOf { dataset, feed, zone } = of;
        let header = Header {
            row: table.header_row,
            names: &self.names,
            width: table.width(),
            kept: self.kept.as_deref(),
        };
        Mapping { dataset, feed, file: &table.file, header, zone }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Makes the feed's records of the file's, where it asks for that.
pub(super) fn made(of: FeedOf<'_>, table: &Table, source: Source) -> Result<Raw, Failure> {
    let contract = &of.feed.contract;
    let same = contract.fill_down.is_empty() && contract.ends.is_empty();
    if same && contract.reshape.is_none() {
        return Ok(Raw::Same(source));
    }
    let raw = table.columns();
    let mapping = raw.mapping(of, table);
    let fill = |placed: &Placed| mapping.named(&placed.column, &placed.place, "fill down");
    let fill_down = contract.fill_down.iter().map(fill).collect::<Result<_, _>>()?;
    let mut behind = Vec::new();
    let step = match &contract.reshape {
        None => Step::Keep,
        Some(Reshape::Unpivot(unpivot)) => {
            behind.extend([normal(&unpivot.name), normal(&unpivot.value)]);
            Step::Unpivot(unpivoted(&mapping, table, unpivot)?)
        }
        Some(Reshape::Events(events)) => {
            behind.extend(events.times.iter().map(|time| normal(&time.header)));
            Step::Events(Box::new(entities(&mapping, events)?))
        }
    };
    let skips = mapping.skips(&contract.skip)?;
    let width = width(of.feed, table);
    let plan = Plan {
        form: raw.form,
        header_row: table.header_row,
        width,
        leave: Leave::new(table.header_row, &table.headers, skips),
        ends: mapping.skips(&contract.ends)?,
        fill_down,
        step,
    };
    let kept = plan.keep();
    let mut names: Vec<String> = kept
        .iter()
        .map(|at| table.headers.get(*at as usize).cloned().unwrap_or_default())
        .collect();
    names.append(&mut behind);
    let origins = Arc::new(plan.origins());
    let (file, row) = (Arc::clone(&table.file), raw.first_row);
    let one_column = raw.form.most == 1;
    let cutter = Cutter::new(source, file, table.dialect, one_column, row, BLOCK);
    let reshaper = Reshaper::new(cutter, plan, Arc::clone(&origins));
    let dialect = Dialect { delimiter: b',', quote: b'"', terminator: b'\n' };
    // In a file of one column, and of nothing else, blank lines are rows.
    let most = if one_column && names.len() == 1 { 1 } else { u32::MAX };
    let columns = Columns {
        names,
        form: Form { dialect, least: 0, most },
        first_row: 1,
        origins: Some(origins),
        kept: Some(kept),
    };
    Ok(Raw::Made(columns, Source::new(Box::new(reshaper), Vec::new(), None)))
}

/// Columns of the table. Rows of a sheet without a header may end before one that the feed names.
fn width(feed: &Feed, table: &Table) -> u32 {
    let named = feed.columns.iter().filter_map(|column| match &column.from {
        ColumnSource::Position(at) if table.header_row == 0 => Some(*at),
        _ => None,
    });
    named.chain([count(table.headers.len())]).max().unwrap_or(0)
}

/// The columns that become rows, from the left, with what they are called.
fn unpivoted(
    mapping: &Mapping<'_>,
    table: &Table,
    unpivot: &Unpivot,
) -> Result<Vec<(u32, String)>, Failure> {
    let mut found: Vec<u32> = Vec::new();
    for column in &unpivot.columns {
        match column {
            ColumnSource::Header(name) if name.contains('*') => {
                let pattern = Pattern::new(name);
                let fits = |at: &usize| {
                    !table.headers[*at].is_empty() && pattern.fits(&table.headers[*at])
                };
                let fitting: Vec<u32> = (0..table.headers.len()).filter(fits).map(count).collect();
                if fitting.is_empty() {
                    let names = &table.headers;
                    let why = "turn into rows";
                    let file = &table.file;
                    return Err(
                        diags::no_such_column(file, column, &unpivot.place, why, names).into()
                    );
                }
                found.extend(fitting);
            }
            column => found.push(mapping.named(column, &unpivot.place, "turn into rows")?),
        }
    }
    found.sort_unstable();
    found.dedup();
    let name = |at: u32| table.headers.get(at as usize).cloned().unwrap_or_default();
    Ok(found.into_iter().map(|at| (at, name(at))).collect())
}

fn entities(mapping: &Mapping<'_>, events: &Events) -> Result<Entities, Failure> {
    let named = |column| mapping.named(column, &events.place, "tell events by");
    let event = events.event.as_ref().map(named).transpose()?;
    let columns = (named(&events.entity)?, named(&events.at)?, event);
    let made = events.times.iter().map(|time| (time.first, Pattern::all(&time.events)));
    let reading = mapping.moments(&events.place)?;
    let zone = reading.zone.clone().unwrap_or_else(|| mapping.zone.clone());
    let clocked = Clocked { reading, clock: Clock::new(zone) };
    Ok(Entities::new(columns, clocked, made.collect()))
}
