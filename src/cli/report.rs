//! `report`: all reports of a project, in one pass over its data.

use super::args::{Common, ReportArgs};
use super::diags;
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::catalog::Report;
use crate::domain::Id;
use crate::pipeline;
use crate::view::{self, Facts};

/// The folder in a project that holds what is made of it.
const OUT: &str = "out";

pub(super) fn run(args: &ReportArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let mut session = Session::project(&args.place.dir, common, terminal)?;
    let wanted = wanted(args, &mut session)?;
    let settled = session.settle(&args.place.time)?;
    let needs = |report| {
        view::needs(&session.loaded.catalog, report, &settled.period, settled.as_of.day)
    };
    let asks = wanted.iter().flat_map(needs).collect();
    let run = session.ask(&settled, asks)?;
    let assessment = pipeline::judge(&session.loaded, &settled, &run);
    let facts = Facts {
        catalog: &session.loaded.catalog,
        sources: &session.loaded.sources,
        measurements: &run.measurements,
        assessment: &assessment,
        period: &settled.period,
    };
    let rendered = pipeline::render(&facts, &wanted);
    let folder = args.out.clone().unwrap_or_else(|| args.place.dir.join(OUT));
    for path in pipeline::write(&folder, &rendered)? {
        terminal.words(&format!("wrote {}\n", path.display()));
    }
    Ok(session.end(Ending::Fine))
}

fn wanted(args: &ReportArgs, session: &mut Session<'_>) -> Result<Vec<Report>, Stop> {
    let known = &session.loaded.catalog.reports;
    if let Some(name) = args.report.iter().find(|name| !known.contains_key(name.as_str())) {
        let names: Vec<&str> = known.keys().map(Id::as_str).collect();
        let mistake = diags::no_such_report(name, &names);
        return Err(session.refuse(mistake));
    }
    let asked = |report: &&Report| {
        args.report.is_empty() || args.report.iter().any(|name| report.id == **name)
    };
    Ok(known.values().filter(asked).cloned().collect())
}
