//! The only file input and output: a project's folder, what may be read below it, and writing all
//! or none.
//!
//! Nothing outside the project's folder, and folders that it allows besides, is read, whatever a path
//! or a link says. The same calls serve files in memory, for proof cases and tests.

mod glob;
mod spool;
mod tree;
mod write;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diag::Fault;

pub use spool::{Ready, Spool};
pub use write::write_all;

/// Files that a project consists of. Paths are relative, with `/`.
#[derive(Debug, Clone)]
pub enum Files {
    Disk(Disk),
    Memory(BTreeMap<String, Arc<[u8]>>),
}

/// A project's folder, and the others that it may read.
#[derive(Debug, Clone)]
pub struct Disk {
    /// Canonical.
    root: PathBuf,
    /// By the name that the project gives them; none where there is no such folder.
    reads: Vec<(String, Option<PathBuf>)>,
}

/// Why a file cannot be had.
#[derive(Debug)]
pub enum FileError {
    Missing,
    /// A folder, a device, a pipe.
    NotAFile,
    /// The path or a link on it leaves the project's folder.
    Outside,
    /// The offset of the first byte that is not UTF-8.
    NotUtf8(usize),
    /// More bytes than allowed, and how many are.
    TooLarge(u64),
    Fault(Fault),
}

impl Files {
    /// The files below a folder.
    pub fn below(folder: &Path) -> Result<Self, FileError> {
        let root = folder.canonicalize().map_err(|e| FileError::of("opening", folder, e))?;
        if !root.is_dir() {
            return Err(FileError::NotAFile);
        }
        Ok(Self::Disk(Disk { root, reads: Vec::new() }))
    }

    /// With folders that may be read besides the project's, named from there or absolutely. Files in memory have none.
    pub fn allowing(mut self, folders: &[String]) -> Self {
        if let Self::Disk(disk) = &mut self {
            let canonical = |name: &String| {
                let whole = disk.root.join(glob::normal(name)?);
                whole.canonicalize().ok().filter(|folder| folder.is_dir())
            };
            disk.reads = folders.iter().map(|name| (name.clone(), canonical(name))).collect();
        }
        self
    }

    /// Files in memory.
    pub fn memory<N: Into<String>, B: Into<Arc<[u8]>>>(
        files: impl IntoIterator<Item = (N, B)>,
    ) -> Self {
        Self::Memory(files.into_iter().map(|(name, bytes)| (name.into(), bytes.into())).collect())
    }

    /// Files with an ending (no dot), sorted. Left out: hidden files and folders, `out/`, `ignored`
    /// folders (relative paths), folders below that hold a file named `marker` of their own. Links
    /// are not followed.
    pub fn with_ending(
        &self,
        ending: &str,
        marker: &str,
        ignored: &[&str],
    ) -> Result<Vec<String>, FileError> {
        let leave = |folder: &str| folder == "out" || ignored.contains(&folder);
        let has_ending = |path: &String| {
            path.rsplit('/').next().and_then(|n| n.rsplit_once('.')).is_some_and(|n| n.1 == ending)
        };
        let mut paths = self.paths(&leave, Some(marker))?;
        paths.retain(has_ending);
        Ok(paths)
    }

    /// Files that a path or a glob (`*`, `?` in one name, `**` for any folders) means, sorted. A
    /// plain path that does not exist is an error; a glob that meets nothing is an empty list.
    pub fn matching(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let Some(clean) = glob::clean(pattern) else {
            return self.disk().ok_or(FileError::Outside)?.matching(pattern);
        };
        if !glob::is_glob(&clean) {
            self.check(&clean)?;
            return Ok(vec![clean]);
        }
        let mut paths = self.paths(&|folder| !glob::may_hold(&clean, folder), None)?;
        paths.retain(|path| glob::matches(&clean, path));
        Ok(paths)
    }

    /// A whole text of at most `limit` bytes.
    pub fn text(&self, path: &str, limit: u64) -> Result<String, FileError> {
        let mut bytes = Vec::new();
        let read = self.open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|e| FileError::of("reading", Path::new(path), e))?;
        if bytes.len() as u64 > limit {
            return Err(FileError::TooLarge(limit));
        }
        String::from_utf8(bytes).map_err(|e| FileError::NotUtf8(e.utf8_error().valid_up_to()))
    }

    /// A file's bytes, in order.
    pub fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        match self {
            Self::Memory(files) => {
                let bytes = glob::clean(path).and_then(|path| files.get(&path).cloned());
                Ok(Box::new(io::Cursor::new(bytes.ok_or(FileError::Missing)?)))
            }
            Self::Disk(_) => Ok(Box::new(self.file(path)?)),
        }
    }

    /// A file's bytes in any order.
    pub fn open_anywhere(&self, path: &str) -> Result<Box<dyn ReadSeek>, FileError> {
        match self {
            Self::Memory(files) => {
                let bytes = glob::clean(path).and_then(|path| files.get(&path).cloned());
                Ok(Box::new(io::Cursor::new(bytes.ok_or(FileError::Missing)?)))
            }
            Self::Disk(_) => Ok(Box::new(io::BufReader::new(self.file(path)?))),
        }
    }

    /// Where a file stands on the disk.
    pub fn whole(&self, path: &str) -> Option<PathBuf> {
        match self {
            Self::Memory(_) => None,
            Self::Disk(_) => self.check(path).ok(),
        }
    }

    fn file(&self, path: &str) -> Result<File, FileError> {
        let whole = self.check(path)?;
        #[expect(clippy::disallowed_methods, reason = "this is disk")]
        let file = File::open(&whole);
        file.map_err(|e| FileError::of("opening", Path::new(path), e))
    }

    /// The file that a path means, inside the project or what it allows.
    fn check(&self, path: &str) -> Result<PathBuf, FileError> {
        match self {
            Self::Disk(disk) => disk.check(path),
            Self::Memory(files) => {
                let clean = glob::clean(path).ok_or(FileError::Outside)?;
                let known = files.contains_key(&clean);
                known.then(|| clean.into()).ok_or(FileError::Missing)
            }
        }
    }

    fn disk(&self) -> Option<&Disk> {
        if let Self::Disk(disk) = self { Some(disk) } else { None }
    }

    fn paths(
        &self,
        leave: &dyn Fn(&str) -> bool,
        marker: Option<&str>,
    ) -> Result<Vec<String>, FileError> {
        match self {
            Self::Disk(disk) => tree::on_disk(&disk.root, leave, marker),
            Self::Memory(files) => Ok(tree::in_memory(files.keys(), leave, marker)),
        }
    }
}

/// The path of a file below a folder, with `/`; none where it is elsewhere, or is not there.
pub fn inside(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (folder.canonicalize().ok()?, file.canonicalize().ok()?);
    let below = file.strip_prefix(&folder).ok()?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The name of a folder, whether it is there or not.
pub fn folder_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Disk {
    /// The file that a path means; a link may lead to any place that may be read.
    fn check(&self, path: &str) -> Result<PathBuf, FileError> {
        let whole = match glob::clean(path) {
            Some(clean) => self.root.join(clean),
            None => {
                let (folder, _, rest) = self.allowed(path)?;
                folder.join(rest)
            }
        };
        let whole =
            whole.canonicalize().map_err(|e| FileError::of("opening", Path::new(path), e))?;
        let mut folders = self.reads.iter().filter_map(|(_, folder)| folder.as_ref());
        if !whole.starts_with(&self.root) && !folders.any(|folder| whole.starts_with(folder)) {
            return Err(FileError::Outside);
        }
        if whole.is_file() { Ok(whole) } else { Err(FileError::NotAFile) }
    }

    /// As [`Files::matching`], of a pattern that leaves the project.
    fn matching(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let (folder, name, rest) = self.allowed(pattern)?;
        let named = |path: &String| format!("{}/{path}", name.trim_end_matches('/'));
        if !glob::is_glob(&rest) {
            self.check(pattern)?;
            return Ok(vec![named(&rest)]);
        }
        let paths = tree::on_disk(folder, &|folder| !glob::may_hold(&rest, folder), None)?;
        Ok(paths.iter().filter(|path| glob::matches(&rest, path)).map(named).collect())
    }

    /// The folder besides the project's in which a path lies, its name there, and the rest of the path.
    fn allowed(&self, path: &str) -> Result<(&Path, &str, String), FileError> {
        let mut found = self.reads.iter().filter_map(|(name, folder)| {
            let rest = glob::below(path, name)?;
            Some((folder.as_deref(), name, rest))
        });
        let (folder, name, rest) = found.next().ok_or(FileError::Outside)?;
        Ok((folder.ok_or(FileError::Missing)?, name, rest))
    }
}

/// Whether a path lies below a folder, by their words alone.
pub fn is_below(path: &str, folder: &str) -> bool {
    glob::below(path, folder).is_some()
}

/// Whether words name a folder that could be allowed: one folder, and not all there is.
pub fn is_folder_name(name: &str) -> bool {
    let normal = glob::normal(name).unwrap_or_default();
    let all = normal.is_empty() || normal == "/" || normal.ends_with(':');
    !all && !glob::is_glob(&normal)
}

/// Bytes that can be read in any order.
pub trait ReadSeek: Read + io::Seek + Send {}

impl<T: Read + io::Seek + Send> ReadSeek for T {}

impl FileError {
    fn of(doing: &str, path: &Path, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            io::ErrorKind::IsADirectory => Self::NotAFile,
            kind => {
                let fault = Fault::new(format!("{doing} {}", path.display()), cause);
                Self::Fault(match kind {
                    io::ErrorKind::PermissionDenied => fault.help("let yourself read it"),
                    _ => fault,
                })
            }
        }
    }
}

impl From<Fault> for FileError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[cfg(test)]
mod tests;
