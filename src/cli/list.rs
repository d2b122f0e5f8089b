//! `list`: what ships, or what a project enables.

use super::args::{Common, ListArgs, ListWhat, TextFormat};
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::formats::{self, Listed};
use crate::view;

pub(super) fn run(args: &ListArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let session = Session::any(&args.dir, common, terminal)?;
    let view = view::list(&session.loaded.catalog);
    let wanted = [match args.what {
        ListWhat::Frameworks => Listed::Frameworks,
        ListWhat::Metrics => Listed::Metrics,
        ListWhat::Checks => Listed::Checks,
        ListWhat::Reports => Listed::Reports,
        ListWhat::Datasets => Listed::Datasets,
    }];
    match args.format {
        TextFormat::Text => terminal.text(&formats::list_text(&view, &wanted))?,
        TextFormat::Json => terminal.data(&formats::list_json(&view, &wanted))?,
    }
    Ok(session.end(Ending::Fine))
}
