//! One run of a subcommand: what it loaded, what it has to say, how it will end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Common, Time};
use super::diags;
use super::draw;
use super::exit::Ending;
use super::terminal::Terminal;
use crate::diag::{Blame, Diagnostic, Fault};
use crate::disk::{self, Ready};
use crate::domain::Day;
use crate::formats;
use crate::measure::{Options, Refused, ScanCounts};
use crate::pipeline::{self, Loaded, Run, Settled, Setup};
use crate::plan::Ask;
use crate::view::FeedView;

/// Why a subcommand ends before its work is done.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The mistakes have been shown.
    Said(Ending),
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub(crate) struct Session<'a> {
    pub(crate) terminal: Terminal,
    pub(crate) loaded: Loaded,
    common: &'a Common,
    /// Where rejected rows and cells are listed, if they are, and the file's name.
    refused: Option<(Arc<Refused>, PathBuf)>,
    /// Shown when the run ends.
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Session<'a> {
    /// Loads a project that must be there and be free of mistakes.
    pub(crate) fn project(
        dir: &Path,
        common: &'a Common,
        terminal: Terminal,
    ) -> Result<Self, Stop> {
        Self::open(dir, common, terminal)?.with_project(dir).checked()
    }

    fn with_project(mut self, dir: &Path) -> Self {
        if !self.loaded.has_project && self.diagnostics.is_empty() {
            self.diagnostics.push(diags::no_project(dir));
        }
        self
    }

    /// Loads a project, or what ships where there is none.
    pub(crate) fn any(dir: &Path, common: &'a Common, terminal: Terminal) -> Result<Self, Stop> {
        Self::open(dir, common, terminal)?.checked()
    }

    /// As [`Session::project`], with what only a look at the config itself is about: declarations without use.
    pub(crate) fn validated(
        dir: &Path,
        common: &'a Common,
        terminal: Terminal,
    ) -> Result<Self, Stop> {
        let mut session = Self::open(dir, common, terminal)?;
        let unused = std::mem::take(&mut session.loaded.unused);
        session.diagnostics.extend(unused);
        session.with_project(dir).checked()
    }

    fn open(dir: &Path, common: &'a Common, terminal: Terminal) -> Result<Self, Stop> {
        let mut loaded = pipeline::load(dir)?;
        let diagnostics = std::mem::take(&mut loaded.diagnostics);
        Ok(Self { terminal, loaded, common, refused: None, diagnostics })
    }

    /// Settles the date and the period.
    pub(crate) fn settle(&mut self, time: &Time) -> Result<Settled, Stop> {
        self.settle_with(time, None)
    }

    /// As [`Session::settle`], for a run that lists what it rejects.
    pub(crate) fn settle_with(
        &mut self,
        time: &Time,
        rejects: Option<&Path>,
    ) -> Result<Settled, Stop> {
        let as_of = time.as_of.as_deref().map(|text| (text, Day::parse(text)));
        if let Some((text, None)) = as_of {
            return Err(self.refuse(diags::as_of_not_a_date(text)));
        }
        let setup = Setup {
            as_of: as_of.and_then(|(_, day)| day),
            period: time.period.clone(),
            options: options(self.common),
        };
        let mut settled = pipeline::settle(&self.loaded, &setup)?;
        self.diagnostics.append(&mut settled.diagnostics);
        self.go_on()?;
        if let Some(path) = rejects {
            let refused = Arc::new(Refused::new(path)?);
            settled.refused = Some(Arc::clone(&refused));
            self.refused = Some((refused, path.to_owned()));
        }
        Ok(settled)
    }

    /// Measures; goes on where only data is at fault, since the values say so themselves.
    pub(crate) fn ask(&mut self, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Stop> {
        let run = pipeline::ask(&self.loaded, settled, asks)?;
        self.measured(run)
    }

    /// As [`Session::ask`], with the first places where checks fall short, and texts that lead nowhere.
    pub(crate) fn ask_with_places(
        &mut self,
        settled: &Settled,
        asks: Vec<Ask>,
    ) -> Result<Run, Stop> {
        let run = pipeline::ask_with_places(&self.loaded, settled, asks)?;
        self.measured(run)
    }

    /// As [`Session::ask_with_places`], with the keys of these rows.
    pub(crate) fn ask_with_rows(&mut self, settled: &Settled, asks: Vec<Ask>) -> Result<Run, Stop> {
        let run = pipeline::ask_with_rows(&self.loaded, settled, asks)?;
        self.measured(run)
    }

    /// Notes what a run had to say.
    pub(crate) fn measured(&mut self, mut run: Run) -> Result<Run, Stop> {
        self.note(std::mem::take(&mut run.diagnostics))?;
        if self.common.verbose {
            self.terminal.words(&scans(&run.measurements.scans));
        }
        Ok(run)
    }

    /// Keeps what is to be said; ends the run where an author has to act first.
    pub(crate) fn note(&mut self, mut diagnostics: Vec<Diagnostic>) -> Result<(), Stop> {
        self.diagnostics.append(&mut diagnostics);
        self.go_on()
    }

    /// Writes a result, and only when that is done the list of what was rejected.
    pub(crate) fn finish(&self, write: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
        let Some((refused, path)) = &self.refused else { return write() };
        let ready = refused.in_order()?;
        write()?;
        ready.map_or(Ok(()), Ready::publish)?;
        self.terminal.words(&format!("wrote {}\n", path.display()));
        Ok(())
    }

    /// Says what became of the rows of each feed, where much is to be said.
    pub(crate) fn account(&self, feeds: &[FeedView]) {
        if self.common.verbose {
            self.terminal.words(&formats::feeds_text(feeds));
        }
    }

    /// Prints a result, or writes it to a file.
    pub(crate) fn put(&self, text: &str, data: bool, file: Option<&Path>) -> Result<(), Fault> {
        let Some(file) = file else {
            return if data { self.terminal.data(text) } else { self.terminal.text(text) };
        };
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty());
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        disk::write_all(folder.unwrap_or(Path::new(".")), &[(name, text.as_bytes().to_vec())])
    }

    /// Shows a mistake in what was typed, with all that there is to say.
    pub(crate) fn refuse(&mut self, diagnostic: Diagnostic) -> Stop {
        self.diagnostics.push(diagnostic);
        Stop::Said(self.say())
    }

    /// Shows what there is to say; the worse of that and how the command found things.
    pub(crate) fn end(self, ending: Ending) -> Ending {
        self.say().max(ending)
    }

    fn checked(self) -> Result<Self, Stop> {
        self.go_on().map(|()| self)
    }

    fn go_on(&self) -> Result<(), Stop> {
        let author = |d: &Diagnostic| d.is_error() && d.blame == Blame::Author;
        if self.diagnostics.iter().any(author) {
            return Err(Stop::Said(self.say()));
        }
        Ok(())
    }

    fn say(&self) -> Ending {
        self.terminal.words(&draw::diagnostics(&self.loaded.sources, &self.diagnostics));
        Ending::of(&self.diagnostics)
    }
}

fn options(common: &Common) -> Options {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let fallback = Options::default();
    Options {
        threads: common.threads.map_or_else(cores, usize::from),
        block_size: common.block_size.unwrap_or(fallback.block_size),
    }
}

/// "deals: read once" and the like.
fn scans(counts: &ScanCounts) -> String {
    let mut text = String::new();
    for (dataset, times) in &counts.measuring {
        text.push_str(&format!("{dataset}: {times} measuring scan{}\n", plural(*times)));
    }
    let (survey, evidence) = (counts.survey, counts.evidence);
    text.push_str(&format!("surveys: {survey}, evidence scans: {evidence}\n"));
    text.push_str(&format!("{} rows, {} bytes\n", counts.rows, counts.bytes));
    text
}

fn plural(times: u32) -> &'static str {
    if times == 1 { "" } else { "s" }
}
