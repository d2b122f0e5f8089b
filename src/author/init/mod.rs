//! A project written from exports: feeds, what they name, and datasets for what none that ships holds.
//!
//! Writes all files or none, and over none that is there.

mod ids;
mod members;
mod plan;
mod starter;
mod write;

use std::io::Read;
use std::path::{Path, PathBuf};

use super::file::{self, Seen};
use super::{diags, files};
use crate::data::Exports;
use crate::diag::{Diagnostic, Fault};
use crate::disk::{self, Files};
use crate::domain::Day;
use crate::pipeline::{self, Setup};

pub use starter::starters;

/// What was written, or why nothing was.
#[derive(Debug, Default)]
pub struct Made {
    /// Relative to the folder.
    pub files: Vec<String>,
    pub feeds: usize,
    /// What a user would expect of a table, and it is not.
    pub minds: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The file that makes a folder a project.
const PROJECT: &str = "milepost.toml";

type Texts = Vec<(String, Vec<u8>)>;

/// Writes a project into a folder, from exports.
///
/// # Errors
/// Where the machine fails.
pub fn init(folder: &Path, from: &[PathBuf], copy: bool) -> Result<Made, Fault> {
    let mut made = Made::default();
    let mut texts = Texts::new();
    let mut seen = Vec::new();
    for path in from {
        match files::find(path)? {
            Ok(found) => {
                for name in &found.names {
                    exports(
                        folder,
                        path,
                        (&found.files, name),
                        copy,
                        &mut seen,
                        &mut texts,
                        &mut made,
                    )?;
                }
            }
            Err(mistake) => made.diagnostics.push(mistake),
        }
    }
    if made.diagnostics.iter().any(Diagnostic::is_error)
        && seen.iter().all(|(_, seen): &(String, Seen)| seen.tables.is_empty())
    {
        return Ok(made);
    }
    let shipped = pipeline::load_files(Files::memory::<String, Vec<u8>>([]))?;
    let parts = plan::parts(&seen, &shipped.catalog);
    made.feeds = parts.len();
    let mind = |part: &&plan::Part<'_>| part.told && part.but.is_some();
    let told = |part: &plan::Part<'_>| Some(format!("{}: {}", part.file, part.but.as_ref()?));
    made.minds = parts.iter().filter(mind).filter_map(told).collect();
    let (currency, why) = write::currency(&parts);
    let mut head =
        write::Head { name: name(folder), currency, currency_why: why, as_of: None, lone: None };
    let mut add = |name: &str, text: String| texts.push((name.to_owned(), text.into_bytes()));
    add(PROJECT, write::project(&head));
    add("feeds.toml", write::feeds(&parts));
    if let Some(datasets) = write::datasets(&parts) {
        add("datasets.toml", datasets);
    }
    for (name, text) in write::members(&parts, &shipped.catalog) {
        add(&name, text);
    }
    let made = put(folder, texts, made)?;
    // Which day is the newest on which something happened, the project itself can tell.
    if !made.files.is_empty() {
        (head.as_of, head.lone) = newest(folder)?;
    }
    if head.as_of.is_some() {
        disk::write_all(folder, &[(PROJECT.to_owned(), write::project(&head).into_bytes())])?;
    }
    Ok(made)
}

/// The day to speak from; where the newest one stands alone, the one before it, and which that is.
fn newest(folder: &Path) -> Result<(Option<Day>, Option<Day>), Fault> {
    let loaded = pipeline::load(folder)?;
    let settled = pipeline::settle(&loaded, &Setup::default())?;
    Ok(match settled.lone {
        Some(lone) => (Some(lone.before), settled.as_of.day),
        None => (settled.as_of.day, None),
    })
}

/// Writes a project's skeleton for a program of which we know the exports.
///
/// # Errors
/// Where the machine fails.
pub fn start(folder: &Path, starter: &str) -> Result<Made, Fault> {
    match starter::texts(starter, &name(folder)) {
        Ok(texts) => put(folder, texts, Made::default()),
        Err(mistake) => Ok(Made { diagnostics: vec![*mistake], ..Made::default() }),
    }
}

/// Looks at one file as the project will name it.
fn exports(
    folder: &Path,
    path: &Path,
    (files, name): (&Exports, &str),
    copy: bool,
    seen: &mut Vec<(String, Seen)>,
    texts: &mut Texts,
    made: &mut Made,
) -> Result<(), Fault> {
    let inside = files.whole(name).and_then(|whole| disk::inside(folder, &whole));
    let named = match inside {
        Some(inside) => inside,
        None if copy => {
            let mut bytes = Vec::new();
            if let Ok(mut reader) = files.open(name) {
                reader
                    .read_to_end(&mut bytes)
                    .map_err(|cause| Fault::new(format!("reading {name}"), cause))?;
            }
            let target = free(name.rsplit('/').next().unwrap_or(name), texts);
            texts.push((target.clone(), bytes));
            target
        }
        None => {
            made.diagnostics.push(diags::outside_project(path, folder));
            return Ok(());
        }
    };
    if seen.iter().any(|(known, _)| *known == named) {
        return Ok(());
    }
    let mut one = file::see(files, name)?;
    made.diagnostics.append(&mut one.diagnostics);
    seen.push((named, one));
    Ok(())
}

/// A name below `exports/` that no other copy has.
fn free(file: &str, texts: &Texts) -> String {
    let (stem, ending) = file.split_once('.').unwrap_or((file, ""));
    let numbered = |n: usize| match (n, ending) {
        (1, _) => format!("exports/{file}"),
        (n, "") => format!("exports/{stem}-{n}"),
        (n, ending) => format!("exports/{stem}-{n}.{ending}"),
    };
    let taken = |name: &String| texts.iter().any(|(known, _)| known == name);
    (1..).map(numbered).find(|name| !taken(name)).unwrap_or_else(|| format!("exports/{file}"))
}

/// Writes all files, if none of them is there.
fn put(folder: &Path, texts: Texts, mut made: Made) -> Result<Made, Fault> {
    let there = Files::below(folder).ok();
    let taken = |name: &str| there.as_ref().is_some_and(|files| files.open(name).is_ok());
    if let Some((name, _)) = texts.iter().find(|(name, _)| taken(name)) {
        made.diagnostics.push(diags::would_overwrite(folder, name));
        return Ok(made);
    }
    disk::write_all(folder, &texts)?;
    made.files = texts.into_iter().map(|(name, _)| name).collect();
    Ok(made)
}

/// The project's name: its folder's.
fn name(folder: &Path) -> String {
    let own = disk::folder_name(folder);
    let words: Vec<String> = own
        .split(['-', '_', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        })
        .collect();
    if words.is_empty() { "My company".to_owned() } else { words.join(" ") }
}
