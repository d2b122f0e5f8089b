//! Which files stand below a folder, in a fixed order.

use std::collections::BTreeSet;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::FileError;
use crate::diag::Fault;

const DEEPEST: usize = 32;

/// Relative paths of plain files, sorted; hidden names and links are left out.
pub(super) fn on_disk(
    root: &Path,
    leave: &dyn Fn(&str) -> bool,
    marker: Option<&str>,
) -> Result<Vec<String>, FileError> {
    let mut paths = Vec::new();
    let enter = |entry: &DirEntry| {
        let Some(path) = relative(root, entry) else { return true };
        let nested = || marker.is_some_and(|m| entry.path().join(m).is_file());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        !(hidden || entry.file_type().is_dir() && (leave(&path) || nested()))
    };
    let walk = WalkDir::new(root).follow_links(false).max_depth(DEEPEST).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(enter) {
        let entry = entry.map_err(|e| FileError::Fault(Fault::new("listing files", e.into())))?;
        if entry.file_type().is_file() {
            paths.extend(relative(root, &entry));
        }
    }
    paths.sort();
    Ok(paths)
}

/// None of the root itself.
fn relative(root: &Path, entry: &DirEntry) -> Option<String> {
    let path = entry.path().strip_prefix(root).ok()?;
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The same rules for names in memory.
pub(super) fn in_memory<'a>(
    names: impl Iterator<Item = &'a String> + Clone,
    leave: &dyn Fn(&str) -> bool,
    marker: Option<&str>,
) -> Vec<String> {
    let nested: BTreeSet<&str> =
        names.clone().filter_map(|n| n.strip_suffix(marker?)?.strip_suffix('/')).collect();
    let keep = |name: &&String| {
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        let mut folders = name.match_indices('/').map(|(at, _)| &name[..at]);
        !hidden && !folders.any(|folder| leave(folder) || nested.contains(folder))
    };
    names.filter(keep).cloned().collect()
}
