//! One file that is written in pieces whose order is known only at the end.
//!
//! The pieces wait in a file of a unique name beside the target, so that memory does not grow with them; what is there
//! at the target stays until all of them were put in order.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::write::{failed, make_folder, replaceable, unique};
use crate::diag::Fault;

/// Pieces on their way to a file.
#[derive(Debug)]
pub struct Spool {
    target: PathBuf,
    pieces: Temporary,
    length: u64,
}

/// A file that only has to take its place.
#[derive(Debug)]
pub struct Ready {
    target: PathBuf,
    whole: Temporary,
}

/// Gone when it is dropped, unless it took its place.
#[derive(Debug)]
struct Temporary {
    file: File,
    path: PathBuf,
    /// Folders that were made for it.
    made: Vec<PathBuf>,
}

impl Temporary {
    fn beside(target: &Path) -> io::Result<Self> {
        let (file, path) = unique(target)?;
        Ok(Self { file, path, made: Vec::new() })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        // One that holds something stays.
        self.made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

fn writing(target: &Path) -> impl Fn(io::Error) -> Fault {
    move |cause| failed(format!("writing {}", target.display()), cause)
}

/// Whether what stands there, if anything, begins as what is written.
fn is_older(target: &Path, head: &[u8]) -> io::Result<()> {
    let mut there = Vec::new();
    if target.is_file() {
        #[expect(clippy::disallowed_methods, reason = "this is disk")]
        let file = File::open(target)?;
        file.take(head.len() as u64).read_to_end(&mut there)?;
    }
    if there.is_empty() || there == head {
        return Ok(());
    }
    let why = "another file stands there, which it would replace";
    Err(io::Error::new(io::ErrorKind::AlreadyExists, why))
}

impl Spool {
    /// Makes the target's folder where it is not there. Takes the place of an older file with the same head alone: of no
    /// export that was named by mistake.
    ///
    /// # Errors
    /// Where nothing can be written there, or something else stands there.
    pub fn new(target: &Path, head: &[u8]) -> Result<Self, Fault> {
        let fault = writing(target);
        replaceable(target).and_then(|()| is_older(target, head)).map_err(&fault)?;
        let mut made = Vec::new();
        let made_it = target.parent().map_or(Ok(()), |parent| make_folder(parent, &mut made));
        let mut pieces = made_it.and_then(|()| Temporary::beside(target)).map_err(&fault)?;
        pieces.made = made;
        Ok(Self { target: target.to_owned(), pieces, length: 0 })
    }

    /// Keeps a piece, and says where.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, piece: &[u8]) -> Result<Range<u64>, Fault> {
        self.pieces.file.write_all(piece).map_err(writing(&self.target))?;
        let start = self.length;
        self.length += piece.len() as u64;
        Ok(start..self.length)
    }

    /// Puts the pieces in order, behind a head.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn in_order(
        self,
        head: &[u8],
        order: impl IntoIterator<Item = Range<u64>>,
    ) -> Result<Ready, Fault> {
        let Self { target, mut pieces, .. } = self;
        let put = || {
            let mut whole = Temporary::beside(&target)?;
            whole.made = std::mem::take(&mut pieces.made);
            let mut out = BufWriter::new(&whole.file);
            out.write_all(head)?;
            for range in order {
                pieces.file.seek(SeekFrom::Start(range.start))?;
                io::copy(&mut (&pieces.file).take(range.end - range.start), &mut out)?;
            }
            out.flush()?;
            drop(out);
            Ok(whole)
        };
        let whole = put().map_err(writing(&target))?;
        Ok(Ready { target, whole })
    }
}

impl Ready {
    /// Takes the place of what was there.
    ///
    /// # Errors
    /// Where it cannot.
    pub fn publish(self) -> Result<(), Fault> {
        fs::rename(&self.whole.path, &self.target).map_err(writing(&self.target))
    }
}
