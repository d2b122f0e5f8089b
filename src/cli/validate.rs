//! `validate`: config and rules only, all mistakes at once.

use super::args::{Common, ValidateArgs};
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;

pub(super) fn run(
    args: &ValidateArgs,
    common: &Common,
    terminal: Terminal,
) -> Result<Ending, Stop> {
    let session = Session::validated(&args.dir, common, terminal)?;
    let catalog = &session.loaded.catalog;
    let checks = catalog.checks.values().filter(|check| !check.contradiction).count();
    let counts = [
        (catalog.feeds.len(), "feed"),
        (catalog.metrics.len(), "metric"),
        (checks, "check"),
        (catalog.frameworks.len(), "framework"),
        (catalog.reports.len(), "report"),
    ];
    let counts = counts.map(|(n, word)| format!("{n} {word}{}", if n == 1 { "" } else { "s" }));
    let name = super::draw::harmless(&catalog.project.name);
    session.terminal.words(&format!("{name} is in order: {}\n", counts.join(", ")));
    Ok(session.end(Ending::Fine))
}
