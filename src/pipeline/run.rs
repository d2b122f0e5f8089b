//! Measuring and judging what a command asks for.

use super::{Loaded, Settled};
use crate::diag::{Diagnostic, Fault};
use crate::judge::{self, Assessment};
use crate::measure::{self, EvidenceAsk, Measurements, Measuring};
use crate::plan::{self, Ask, Plan, Question, Rule};
use crate::view::{self, Facts};

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
    run(loaded, settled, asks, With::Values)
}

/// Measures what is asked, with the first places where checks fall short, and with texts that lead nowhere.
///
/// # Errors
/// Where the machine fails while a file is read.
pub fn ask_with_places(loaded: &Loaded, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Fault> {
    run(loaded, settled, asks, With::Places)
}

/// As [`ask_with_places`], with the keys of these rows.
///
/// # Errors
/// Where the machine fails while a file is read.
pub fn ask_with_rows(loaded: &Loaded, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Fault> {
    run(loaded, settled, asks, With::Rows)
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
    run(loaded, settled, asks, With::Evidence(ask))
}

/// What is wanted beside values.
#[derive(Clone, Copy)]
enum With<'a> {
    Values,
    Places,
    Rows,
    Evidence(&'a EvidenceAsk),
}

fn run(loaded: &Loaded, settled: &Settled, asks: Vec<Ask>, with: With<'_>) -> Result<Run, Fault> {
    let short = matches!(with, With::Places | With::Rows);
    let evidence = match with {
        With::Evidence(ask) => Some(ask),
        _ => None,
    };
    let as_of = settled.as_of.told();
    let period = Some(settled.period.clone());
    let with_keys = matches!(with, With::Rows | With::Evidence(_));
    let question = Question { asks, period, as_of, with_keys, with_ties: short };
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

/// What exports say against each other or themselves, as warnings; what measuring finds has been said there.
pub fn contradictions(facts: &Facts<'_>) -> Vec<Diagnostic> {
    let found = view::contradictions(facts);
    let warning = |found: &view::ContradictionView| {
        let id = found.check.as_deref()?;
        let short = facts.measurements.short.get(id).and_then(|rows| rows.first());
        let place = short.map(|row| row.place.clone());
        let place = place.or_else(|| Some(facts.catalog.checks.get(id)?.place.clone()));
        Some(super::diags::contradiction(found, id).at(place))
    };
    found.iter().filter_map(warning).collect()
}
