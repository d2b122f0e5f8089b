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
    let mut made = Vec::new();
    let written = write_into(folder, files, &mut made);
    if written.is_err() {
        // One that another run has filled meanwhile stays.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    written
}

/// Notes the folders that it makes, so that they can go again.
fn write_into(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    made: &mut Vec<PathBuf>,
) -> Result<(), Fault> {
    let at_folder = |cause| failed(format!("writing to {}", folder.display()), cause);
    make_folder(folder, made).map_err(at_folder)?;
    let _lock = lock(folder).map_err(at_folder)?;
    let mut moves = Vec::new();
    for (name, bytes) in files {
        let target = folder.join(name);
        let written = safe_name(name).and_then(|()| beside(&target, bytes, made));
        match written {
            Ok(new) => moves.push(Move { new, old: None, target, done: false }),
            Err(cause) => {
                undo(&moves);
                return Err(failed(format!("writing {}", target.display()), cause));
            }
        }
    }
    for index in 0..moves.len() {
        if let Err(cause) = moves[index].make() {
            let doing = format!("writing {}", moves[index].target.display());
            undo(&moves);
            return Err(failed(doing, cause));
        }
    }
    for step in &moves {
        step.old.as_ref().map(fs::remove_file);
    }
    Ok(())
}

/// A fault with the way out of it.
pub(super) fn failed(doing: String, cause: io::Error) -> Fault {
    let first = match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room there"
        }
        io::ErrorKind::PermissionDenied => "let yourself write there",
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => "move it away",
        _ => "see whether the place is there",
    };
    let kept = "what was there before is as it was";
    Fault::new(doing, cause).help(format!("{first}, or name another with `--out`; {kept}"))
}

/// Makes a folder and those above it, as far as they are not there.
pub(super) fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let above = folder.ancestors().filter(|path| !path.as_os_str().is_empty());
    let missing: Vec<&Path> = above.take_while(|path| !path.exists()).collect();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => made.push(path.to_owned()),
            // Another run was quicker, or a link leads nowhere.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let why = "a file stands where the folder should be";
    Err(io::Error::new(io::ErrorKind::NotADirectory, why))
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
        replaceable(&self.target)?;
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

/// Whether a file may take the place of what stands there: never of a folder, a device or a pipe.
pub(super) fn replaceable(target: &Path) -> io::Result<()> {
    let Ok(there) = fs::symlink_metadata(target) else { return Ok(()) };
    if target.is_dir() {
        let why = "a folder stands where the file should be";
        return Err(io::Error::new(io::ErrorKind::IsADirectory, why));
    }
    if there.is_file() || there.is_symlink() {
        return Ok(());
    }
    let why = "what stands there is no file";
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
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
fn beside(target: &Path, bytes: &[u8], made: &mut Vec<PathBuf>) -> io::Result<PathBuf> {
    if let Some(parent) = target.parent() {
        make_folder(parent, made)?;
    }
    let (mut file, path) = unique(target)?;
    if let Err(error) = file.write_all(bytes) {
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    Ok(path)
}

/// A new file, to read and to write, of a unique name beside the target.
pub(super) fn unique(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let run = std::process::id();
    for attempt in 0..1000 {
        let path = target.with_file_name(format!(".{name}.{run}-{attempt}.new"));
        match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return Ok((result?, path)),
        }
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
