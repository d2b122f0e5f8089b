//! From a user's own files to a project: what they are, and the feeds that read them.
//!
//! Owns the evidence and its words: each finding says how sure it is and why, and what no evidence decides stays
//! a question with all its readings. Computes no metric.

mod column;
mod contract;
mod date;
mod diags;
mod file;
mod files;
mod header;
mod init;
mod mapping;
mod number;
mod quoted;
mod refine;
mod rules;
mod show;
mod split;
mod sums;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod wide;
mod words;

use std::path::PathBuf;

use crate::diag::{Diagnostic, Fault};
use crate::disk::Files;
use crate::pipeline;
use crate::view::ProfileView;

pub use init::{Made, init, start, starters};

/// What was found, and what is wrong.
#[derive(Debug, Default)]
pub struct Profiled {
    pub view: ProfileView,
    pub diagnostics: Vec<Diagnostic>,
}

/// Looks at files, and at all files of folders that may hold tables.
///
/// # Errors
/// Where the machine fails.
pub fn profile(paths: &[PathBuf]) -> Result<Profiled, Fault> {
    let shipped = pipeline::load_files(Files::memory::<String, Vec<u8>>([]))?;
    let mut profiled = Profiled::default();
    for path in paths {
        let found = match files::find(path)? {
            Ok(found) => found,
            Err(mistake) => {
                profiled.diagnostics.push(mistake);
                continue;
            }
        };
        for name in &found.names {
            let mut seen = file::see(&found.files, name)?;
            let mistakes = std::mem::take(&mut seen.diagnostics);
            profiled.view.files.push(show::file(&seen, &mistakes, &shipped.catalog));
            profiled.diagnostics.extend(mistakes);
        }
    }
    Ok(profiled)
}
