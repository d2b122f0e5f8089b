//! `check`: outcomes of checks, levels of frameworks, and the gate.

use super::args::{CheckArgs, CheckFormat, Common, FailOn};
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::domain::{Id, Outcome};
use crate::formats;
use crate::judge::Assessment;
use crate::pipeline;
use crate::view::{self, Facts};

pub(super) fn run(args: &CheckArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let mut session = Session::project(&args.place.dir, common, terminal)?;
    let settled = session.settle_with(&args.place.time, args.rejects.as_deref())?;
    let catalog = &session.loaded.catalog;
    let asks = view::check_needs(catalog, catalog.checks.keys(), &settled.period);
    let run = session.ask_with_places(&settled, asks)?;
    let assessment = pipeline::judge(&session.loaded, &settled, &run);
    let facts = Facts {
        catalog: &session.loaded.catalog,
        sources: &session.loaded.sources,
        measurements: &run.measurements,
        assessment: &assessment,
        period: &settled.period,
    };
    let view = view::checks(&facts, None);
    let (text, data) = match args.format {
        CheckFormat::Text => (formats::checks_text(&view), false),
        CheckFormat::Json => (formats::checks_json(&view), true),
    };
    session.account(&view.feeds);
    let found = pipeline::contradictions(&facts);
    session.finish(|| session.put(&text, data, args.out.as_deref()))?;
    let gated = |id: &Id| session.loaded.catalog.checks.get(id).is_some_and(|c| !c.contradiction);
    let ending = match args.fail_on {
        Some(gate) if fails(gate, &assessment, gated) => Ending::Gate,
        _ => Ending::Fine,
    };
    session.note(found)?;
    Ok(session.end(ending))
}

/// Whether a check is at or over the gate. Contradictions are of the data: they warn.
fn fails(gate: FailOn, assessment: &Assessment, gated: impl Fn(&Id) -> bool) -> bool {
    let bad: &[Outcome] = match gate {
        FailOn::NotMet => &[Outcome::NotMet, Outcome::Failed],
        FailOn::PartlyMet => &[Outcome::NotMet, Outcome::Failed, Outcome::PartlyMet],
        FailOn::Unknown => &[
            Outcome::NotMet,
            Outcome::Failed,
            Outcome::PartlyMet,
            Outcome::Unknown,
            Outcome::Expired,
        ],
    };
    assessment.checks.values().any(|check| gated(&check.check) && bad.contains(&check.outcome))
}
