//! `init`: a project from a user's own exports, or a skeleton for those of a program.

use super::args::{Common, InitArgs};
use super::draw;
use super::exit::Ending;
use super::session::Stop;
use super::terminal::Terminal;
use crate::author;
use crate::text::Sources;

pub(super) fn run(args: &InitArgs, _common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let made = match &args.starter {
        Some(starter) => author::start(&args.dir, starter)?,
        None => author::init(&args.dir, &args.from, args.copy)?,
    };
    terminal.words(&draw::diagnostics(&Sources::default(), &made.diagnostics));
    if !made.files.is_empty() {
        let feeds = match made.feeds {
            0 => String::new(),
            1 => " with 1 feed".into(),
            n => format!(" with {n} feeds"),
        };
        let folder = args.dir.display();
        let text = format!(
            "A project{feeds} was written to {folder}:\n  {}\nRead them: each line says why it stands there, and `Question` marks what only you know.\n\
             Then: milepost report {folder}\n",
            made.files.join("\n  ")
        );
        terminal.text(&text)?;
        let minds =
            made.minds.iter().map(|mind| format!("Mind {mind}; it is a dataset of its own\n"));
        terminal.words(&minds.collect::<String>());
    }
    Ok(Ending::of(&made.diagnostics))
}
