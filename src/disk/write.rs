//! Writing files all or none.
//!
//! New content goes to files of unique names beside the old ones; only when all of it is there are
//! they renamed. A lock on the folder keeps two runs apart.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::diag::Fault;

/// Replaces or creates all files in the folder, or leaves everything as it was. Names may hold
/// folders.
pub fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Fault> {
    let fault = |cause| Fault::new(format!("writing to {}", folder.display()), cause);
    fs::create_dir_all(folder).map_err(fault)?;
    let _lock = lock(folder).map_err(fault)?;
    let mut moves = Vec::new();
    for (name, bytes) in files {
        let target = folder.join(name);
        let written = safe_name(name).and_then(|()| beside(&target, bytes));
        match written {
            Ok(new) => moves.push(Move { new, old: None, target, done: false }),
            Err(cause) => {
                undo(&moves);
                return Err(Fault::new(format!("writing {}", folder.join(name).display()), cause));
            }
        }
    }
    for index in 0..moves.len() {
        if let Err(cause) = moves[index].make() {
            let doing = format!("writing {}", moves[index].target.display());
            undo(&moves);
            return Err(Fault::new(doing, cause));
        }
    }
    for step in &moves {
        step.old.as_ref().map(fs::remove_file);
    }
    Ok(())
}

/// One file on its way.
struct Move {
    new: PathBuf,
    /// Where the file that stood there waits.
    old: Option<PathBuf>,
    target: PathBuf,
    done: bool,
}

impl Move {
    fn make(&mut self) -> io::Result<()> {
        if self.target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if self.target.exists() {
            let old = self.new.with_extension("old");
            fs::rename(&self.target, &old)?;
            self.old = Some(old);
        }
        fs::rename(&self.new, &self.target)?;
        self.done = true;
        Ok(())
    }
}

/// Puts back what was moved, as far as the machine lets us, and removes what is left over.
fn undo(moves: &[Move]) {
    for step in moves.iter().rev() {
        let _ = fs::remove_file(if step.done { &step.target } else { &step.new });
        if let Some(old) = &step.old {
            let _ = fs::rename(old, &step.target);
        }
    }
}

fn safe_name(name: &str) -> io::Result<()> {
    match super::glob::clean(name) {
        Some(_) => Ok(()),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "the name leaves the folder")),
    }
}

/// Writes to a new file of a unique name beside the target.
fn beside(target: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let run = std::process::id();
    for attempt in 0..1000 {
        let path = target.with_file_name(format!(".{name}.{run}-{attempt}.new"));
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            result => result?,
        };
        if let Err(error) = file.write_all(bytes) {
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        return Ok(path);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Held until dropped; the system lets go of it when the process ends, however it ends.
fn lock(folder: &Path) -> io::Result<File> {
    #[expect(clippy::disallowed_methods, reason = "this is disk")]
    let file = match File::open(folder) {
        Ok(file) => file,
        // Where folders cannot be opened (Windows), a hidden file stands in.
        Err(_) => File::create(folder.join(".lock"))?,
    };
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}
