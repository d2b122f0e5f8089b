//! `profile`: what files are, before any project reads them.

use super::args::{Common, ProfileArgs, TextFormat};
use super::draw;
use super::exit::Ending;
use super::session::Stop;
use super::terminal::Terminal;
use crate::author;
use crate::formats;
use crate::text::Sources;

pub(super) fn run(
    args: &ProfileArgs,
    _common: &Common,
    terminal: Terminal,
) -> Result<Ending, Stop> {
    let profiled = author::profile(&args.files)?;
    match args.format {
        TextFormat::Text => terminal.text(&formats::profile_text(&profiled.view))?,
        TextFormat::Json => terminal.data(&formats::profile_json(&profiled.view))?,
    }
    terminal.words(&draw::diagnostics(&Sources::default(), &profiled.diagnostics));
    Ok(Ending::of(&profiled.diagnostics))
}
