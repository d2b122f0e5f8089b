//! `report`: all reports of a project, in one pass over its data.

use super::args::{Common, ReportArgs};
use super::diags;
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::catalog::Report;
use crate::domain::Id;
use crate::pipeline;

/// The folder in a project that holds what is made of it.
const OUT: &str = "out";

pub(super) fn run(args: &ReportArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let mut session = Session::project(&args.place.dir, common, terminal)?;
    let wanted = wanted(args, &mut session)?;
    if wanted.is_empty() {
        terminal.words("this project has no report\n");
        return Ok(session.end(Ending::Fine));
    }
    let settled = session.settle_with(&args.place.time, args.rejects.as_deref())?;
    let asks = pipeline::needs(&session.loaded, &settled, &wanted);
    let run = session.ask_with_rows(&settled, asks)?;
    let mut rendered = pipeline::render(&mut session.loaded, &settled, &run, &wanted);
    session.note(std::mem::take(&mut rendered.diagnostics))?;
    let folder = args.out.clone().unwrap_or_else(|| args.place.dir.join(OUT));
    session.account(&rendered.feeds);
    session.finish(|| pipeline::write(&folder, &rendered))?;
    for (name, _) in &rendered.files {
        terminal.words(&format!("wrote {}\n", folder.join(name).display()));
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
