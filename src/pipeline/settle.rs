//! The as-of date and the period that a run speaks of.

use jiff::tz::TimeZone;

use super::Loaded;
use crate::data::{self, Failure};
use crate::diag::{Diagnostic, Fault};
use crate::domain::{Day, Period};
use crate::measure::{AsOf, AsOfFrom, Options};

/// What the command line says of a run.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub as_of: Option<Day>,
    /// As written; the last complete month unless said.
    pub period: Option<String>,
    pub options: Options,
}

/// A run's date, period and zone.
#[derive(Debug, Clone)]
pub struct Settled {
    pub as_of: AsOf,
    pub period: Period,
    pub zone: TimeZone,
    pub options: Options,
    /// How many feeds were surveyed for the as-of date.
    pub survey: u32,
    pub diagnostics: Vec<Diagnostic>,
}

/// Settles the as-of date (flag, project, newest date that occurred) and the period.
///
/// # Errors
/// Where the machine fails while the newest date is looked for.
pub fn settle(loaded: &Loaded, setup: &Setup) -> Result<Settled, Fault> {
    let project = &loaded.catalog.project;
    let mut diagnostics = Vec::new();
    let zone = TimeZone::get(&project.zone).unwrap_or(TimeZone::UTC);
    let mut survey = 0;
    let as_of = match (setup.as_of, project.as_of) {
        (Some(day), _) => AsOf { day: Some(day), from: AsOfFrom::Flag },
        (None, Some(day)) => AsOf { day: Some(day), from: AsOfFrom::Project },
        (None, None) => {
            let day = newest(loaded, &zone, &mut survey)?;
            let from = if day.is_some() { AsOfFrom::Data } else { AsOfFrom::Nowhere };
            AsOf { day, from }
        }
    };
    let calendar = &project.calendar;
    let fallback = || match as_of.day {
        Some(day) => Period::last_complete_month(day, calendar),
        None => Period::all(),
    };
    let period = match &setup.period {
        Some(text) => Period::parse(text, calendar).unwrap_or_else(|error| {
            diagnostics.push(super::diags::bad_period(&error));
            Period::all()
        }),
        None => fallback(),
    };
    let options = setup.options;
    Ok(Settled { as_of, period, zone, options, survey, diagnostics })
}

/// The newest day of columns that are marked as occurred. A feed that cannot be read is the measuring scan's to
/// report.
fn newest(loaded: &Loaded, zone: &TimeZone, survey: &mut u32) -> Result<Option<Day>, Fault> {
    let mut newest = None;
    for feed in &loaded.catalog.feeds {
        let Some(dataset) = loaded.catalog.datasets.get(&feed.dataset) else { continue };
        let occurred = dataset.columns.iter().filter(|c| c.occurred);
        let columns: Vec<_> = occurred.map(|c| c.id.clone()).collect();
        if columns.is_empty() {
            continue;
        }
        *survey += 1;
        match data::newest(&loaded.files, dataset, feed, &columns, zone) {
            Ok(day) => newest = newest.max(day),
            Err(Failure::Fault(fault)) => return Err(fault),
            Err(Failure::Mistakes(_)) => {}
        }
    }
    Ok(newest)
}
