//! The as-of date and the period that a run speaks of.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Loaded;
use crate::diag::{Diagnostic, Fault};
use crate::domain::{Day, Period};
use crate::measure::{self, AsOf, AsOfFrom, Lone, Measuring, Newest, Options, Refused};
use crate::plan;

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
    /// Where the as-of date comes from the data, and stands alone there.
    pub lone: Option<Lone>,
    pub period: Period,
    pub zone: TimeZone,
    pub options: Options,
    /// How many feeds were surveyed for the as-of date.
    pub survey: u32,
    /// Where rejected rows and cells are listed, if they are.
    pub refused: Option<Arc<Refused>>,
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
    let (mut survey, mut lone) = (0, None);
    let as_of = match (setup.as_of, project.as_of) {
        (Some(day), _) => AsOf { day: Some(day), from: AsOfFrom::Flag },
        (None, Some(day)) => AsOf { day: Some(day), from: AsOfFrom::Project },
        (None, None) => {
            let Newest { day, lone: found } = newest(loaded, &zone, setup.options, &mut survey)?;
            let from = if day.is_some() { AsOfFrom::Data } else { AsOfFrom::Nowhere };
            lone = found;
            AsOf { day, from }
        }
    };
    if let (Some(day), Some(lone)) = (as_of.day, &lone) {
        diagnostics.push(super::diags::lone_as_of(day, lone));
    }
    let calendar = &project.calendar;
    if let (Some(weeks), Some(day)) = (&calendar.weeks, as_of.day) {
        let (first, last) = weeks.ends();
        if day < first || day > last {
            let place = project.place.clone();
            diagnostics.push(super::diags::outside_fiscal_years(day, first, last, place));
        }
    }
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
    Ok(Settled { as_of, lone, period, zone, options, survey, refused: None, diagnostics })
}

/// The newest day of columns that tell of things that happened.
fn newest(
    loaded: &Loaded,
    zone: &TimeZone,
    options: Options,
    survey: &mut u32,
) -> Result<Newest, Fault> {
    let plan = plan::newest(&loaded.catalog);
    *survey += u32::try_from(plan.scans.len()).unwrap_or(u32::MAX);
    measure::newest(Measuring {
        catalog: &loaded.catalog,
        plan: &plan,
        files: &loaded.files,
        zone,
        as_of: AsOf::default(),
        options,
        survey: true,
        evidence: None,
        short: false,
        refused: None,
    })
}
