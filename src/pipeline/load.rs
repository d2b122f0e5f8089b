//! From a folder to a catalog.

use std::path::Path;

use crate::catalog::{self, Catalog};
use crate::data::Exports;
use crate::diag::{Diagnostic, Fault};
use crate::disk::{FileError, Files};
use crate::pack;
use crate::text::{Place, Source, Sources};

/// A project, read and checked.
#[derive(Debug)]
pub struct Loaded {
    pub sources: Sources,
    pub files: Exports,
    pub catalog: Catalog,
    pub diagnostics: Vec<Diagnostic>,
    /// Warnings of what nothing in the config uses.
    pub unused: Vec<Diagnostic>,
    /// Whether a project file was found; without one there is only what ships.
    pub has_project: bool,
    /// The project's own texts, for its proof cases.
    project: Vec<Source>,
}

impl Loaded {
    /// Whether a mistake forbids going on.
    pub fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The file that makes a folder a project.
const MARKER: &str = "milepost.toml";

/// Config files beyond this size are not config.
const LARGEST_TEXT: u64 = 4 << 20;

/// Reads and checks the project in a folder.
///
/// # Errors
/// Where the machine fails; a folder that is no project is a diagnostic.
pub fn load(folder: &Path) -> Result<Loaded, Fault> {
    match Files::below(folder) {
        Ok(files) => load_files(files),
        Err(FileError::Fault(fault)) => Err(fault),
        Err(_) => {
            let missing = super::diags::no_folder(&folder.display().to_string());
            Ok(nothing(Files::memory::<String, Vec<u8>>([]), missing))
        }
    }
}

/// As [`load`], of files that are there already.
///
/// # Errors
/// Where the machine fails.
pub fn load_files(files: Files) -> Result<Loaded, Fault> {
    let mut sink = Vec::new();
    let mut project = Vec::new();
    let ignored = ignored(&files)?;
    let ignored: Vec<&str> = ignored.iter().map(String::as_str).collect();
    for ending in ["toml", "j2"] {
        let paths = match files.with_ending(ending, MARKER, &ignored) {
            Ok(paths) => paths,
            Err(FileError::Fault(fault)) => return Err(fault),
            Err(_) => Vec::new(),
        };
        for path in paths {
            if ending == "j2" && !pack::is_report_file(&path) {
                continue;
            }
            match files.text(&path, LARGEST_TEXT) {
                Ok(text) => project.push(Source { name: path.into(), text: text.into() }),
                Err(FileError::Fault(fault)) => return Err(fault),
                Err(error) => sink.push(super::diags::unreadable(&path, &error)),
            }
        }
    }
    project.sort_by(|a, b| a.name.cmp(&b.name));
    let unread = sink.iter().any(|d: &Diagnostic| d.place == Some(Place::File(MARKER.into())));
    if !unread && !project.iter().any(|f| &*f.name == MARKER) {
        // Other programs have TOML too: without a project file, what lies here is none of ours.
        project.clear();
        sink.clear();
    }
    Ok(build(files, project, &[], sink))
}

fn build(
    files: Files,
    project: Vec<Source>,
    rules_of: &[Source],
    mut sink: Vec<Diagnostic>,
) -> Loaded {
    let has_project = project.iter().any(|f| &*f.name == MARKER);
    let mut sources = Sources::default();
    let checked = catalog::build_case(&mut sources, &pack::shipped(), &project, rules_of);
    sink.extend(checked.diagnostics);
    for report in checked.catalog.reports.values() {
        sink.extend(crate::render::check(report, &mut sources));
    }
    let (catalog, diagnostics, unused) = (checked.catalog, sink, checked.unused);
    let (reads, limits) = (&catalog.project.reads, catalog.project.limits);
    let files = Exports::new(files.allowing(reads)).within(limits);
    Loaded { sources, files, catalog, diagnostics, unused, has_project, project }
}

/// A proof case's own project: its files, and the rules of the project that it belongs to.
pub fn load_case(loaded: &Loaded, files: Vec<(String, String)>) -> Loaded {
    let mut project = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".toml")) {
        project.push(Source { name: name.as_str().into(), text: text.as_str().into() });
    }
    let files = Files::memory(files.into_iter().map(|(name, text)| (name, text.into_bytes())));
    build(files, project, &loaded.project, Vec::new())
}

fn nothing(files: Files, diagnostic: Diagnostic) -> Loaded {
    let (sources, catalog, files) = (Sources::default(), Catalog::default(), Exports::new(files));
    let (diagnostics, unused, project) = (vec![diagnostic], Vec::new(), Vec::new());
    Loaded { sources, files, catalog, diagnostics, unused, has_project: false, project }
}

/// The folders that `[project] ignore` names: they must be known before the rest is read.
fn ignored(files: &Files) -> Result<Vec<String>, Fault> {
    let text = match files.text(MARKER, LARGEST_TEXT) {
        Ok(text) => text,
        Err(FileError::Fault(fault)) => return Err(fault),
        Err(_) => return Ok(Vec::new()),
    };
    let mut sources = Sources::default();
    let source = sources.add(MARKER, text.as_str());
    let table = crate::decode::decode(source, &text, &mut Vec::new());
    let Some(project) = table.table("project") else { return Ok(Vec::new()) };
    let mut reader = crate::decode::Reader::new(project, "the project");
    Ok(reader.strings("ignore"))
}
