//! The files that words of the command line mean.

use std::path::{Component, Path};

use super::diags;
use crate::data::Exports;
use crate::diag::{Diagnostic, Fault};
use crate::disk::{FileError, Files};

/// Endings of files that may hold tables; what a file is, its content says.
const ENDINGS: [&str; 14] = [
    "csv", "tsv", "tab", "psv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "gz", "zip", "dat",
    "parquet",
];

/// Files below one folder.
pub(super) struct Found {
    pub(super) files: Exports,
    pub(super) names: Vec<String>,
}

/// A file, or all of a folder that may hold tables, in order of name.
pub(super) fn find(path: &Path) -> Result<Result<Found, Diagnostic>, Fault> {
    let missing = || Ok(Err(diags::no_such_file(path)));
    match Files::below(path) {
        Ok(_) => match folder(path) {
            Ok(found) if found.names.is_empty() => Ok(Err(diags::no_tables(path))),
            Ok(found) => Ok(Ok(found)),
            Err(FileError::Fault(fault)) => Err(fault),
            Err(_) => missing(),
        },
        Err(FileError::NotAFile) => file(path).map_or_else(missing, |found| Ok(Ok(found))),
        Err(FileError::Fault(fault)) => Err(fault),
        Err(_) => missing(),
    }
}

/// Names stay as they were typed where they lead down from here.
fn leads_down(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn folder(path: &Path) -> Result<Found, FileError> {
    let typed = path.to_string_lossy();
    let typed = typed.trim_start_matches("./").trim_end_matches('/');
    let below = if leads_down(path) && !matches!(typed, "" | ".") { Some(typed) } else { None };
    let here = Files::below(if below.is_some() { Path::new(".") } else { path })?;
    let pattern = below.map_or_else(|| "**".to_owned(), |folder| format!("{folder}/**"));
    let mut names = here.matching(&pattern)?;
    names.retain(|name| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
    });
    Ok(Found { files: Exports::new(here), names })
}

fn file(path: &Path) -> Option<Found> {
    if leads_down(path)
        && let Ok(here) = Files::below(Path::new("."))
        && let Some(name) = path.to_str()
        && here.open(name).is_ok()
    {
        let name = name.trim_start_matches("./").to_owned();
        return Some(Found { files: Exports::new(here), names: vec![name] });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name()?.to_str()?.to_owned();
    let here = Files::below(folder.unwrap_or(Path::new("."))).ok()?;
    Some(Found { files: Exports::new(here), names: vec![name] })
}
