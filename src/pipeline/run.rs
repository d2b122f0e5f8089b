//! Measuring and judging what a command asks for.

use super::{Loaded, Settled};
use crate::diag::{Diagnostic, Fault};
use crate::judge::{self, Assessment};
use crate::measure::{self, EvidenceAsk, Measurements, Measuring};
use crate::plan::{self, Ask, Plan, Question, Rule};
use crate::view;

/// A plan that was run.
#[derive(Debug)]
pub struct Run {
    pub plan: Plan,
    pub measurements: Measurements,
    pub diagnostics: Vec<Diagnostic>,
}

impl Run {
    pub fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Measures what is asked.
///
/// # Errors
/// Where the machine fails while a file is read.
pub fn ask(loaded: &Loaded, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Fault> {
    run(loaded, settled, asks, None, false)
}

/// Measures what is asked, with the first rows that checks count against.
///
/// # Errors
/// Where the machine fails while a file is read.
pub fn ask_with_rows(loaded: &Loaded, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Fault> {
    run(loaded, settled, asks, None, true)
}

/// Measures one value together with its rows.
///
/// # Errors
/// Where the machine fails while a file is read.
pub fn evidence(loaded: &Loaded, settled: &Settled, ask: &EvidenceAsk) -> Result<Run, Fault> {
    let by = ask.key.slice.iter().map(|(dimension, _)| dimension.clone()).collect();
    let periods = vec![ask.key.period.clone()];
    let mut asks = vec![Ask { rule: ask.rule.clone(), periods, by: vec![by] }];
    if let Rule::Check(id) = &ask.rule {
        // What plans or another check's data say of it.
        asks.extend(view::check_needs(&loaded.catalog, [id], &settled.period));
    }
    run(loaded, settled, asks, Some(ask), false)
}

fn run(
    loaded: &Loaded,
    settled: &Settled,
    asks: Vec<Ask>,
    evidence: Option<&EvidenceAsk>,
    short: bool,
) -> Result<Run, Fault> {
    let as_of = settled.as_of.told();
    let (period, with_keys) = (Some(settled.period.clone()), evidence.is_some() || short);
    let question = Question { asks, period, as_of, with_keys };
    let (plan, mut diagnostics) = plan::compile(&loaded.catalog, &question);
    let (mut measurements, found) = measure::measure(Measuring {
        catalog: &loaded.catalog,
        plan: &plan,
        files: &loaded.files,
        zone: &settled.zone,
        as_of: settled.as_of,
        options: settled.options,
        survey: false,
        evidence,
        short,
        refused: settled.refused.as_deref(),
    })?;
    diagnostics.extend(found);
    measurements.scans.survey += settled.survey;
    Ok(Run { plan, measurements, diagnostics })
}

/// Judges a run.
pub fn judge(loaded: &Loaded, settled: &Settled, run: &Run) -> Assessment {
    judge::judge(&loaded.catalog, &run.measurements, &settled.period)
}
