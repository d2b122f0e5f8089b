//! Archives that hold one table: gzip, or a zip with one member.
//!
//! The unpacked bytes are streamed, so an archive takes no more memory than its table would.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, sync_channel};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::pieces::{PIECE, Pieces};
use crate::disk::ReadSeek;

/// Unpacked bytes that an archive may have.
pub(super) const LARGEST: u64 = 4 << 30;

/// What a file that begins like a zip is.
pub(super) enum Zipped {
    /// A workbook, or so broken that nobody can say: the reader of workbooks does.
    Workbook,
    /// The bytes of its one member.
    Table(Box<dyn Read + Send>),
}

/// Why an archive cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    Broken(String),
    /// It holds these files.
    Several(Vec<String>),
}

/// Why the unpacked bytes break off; stands in the error of a read.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

/// Looks into a zip.
pub(super) fn zip(mut reader: Box<dyn ReadSeek>) -> Result<Zipped, Unreadable> {
    let broken = |why: &dyn std::fmt::Display| Unreadable::Broken(why.to_string());
    let (at, size) = match ZipArchive::new(&mut reader) {
        Err(_) => (None, 0),
        Ok(archive) => only_member(&archive)?,
    };
    reader.rewind().map_err(|e| broken(&e))?;
    let Some(at) = at else { return Ok(Zipped::Workbook) };
    if size > LARGEST {
        return Err(broken(&too_large(LARGEST)));
    }
    let archive = ZipArchive::new(reader).map_err(|e| broken(&e))?;
    let (sender, receiver) = sync_channel(4);
    std::thread::spawn(move || stream(archive, at, &sender));
    Ok(Zipped::Table(Box::new(Bounded::new(Pieces::new(receiver), LARGEST))))
}

/// The unpacked bytes of a gzip file.
pub(super) fn gzip(reader: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(Bounded::new(MultiGzDecoder::new(reader), LARGEST))
}

/// The place and the stated size of the one file; no place in what is a document of its own.
fn only_member<R: Read + io::Seek>(
    archive: &ZipArchive<R>,
) -> Result<(Option<usize>, u64), Unreadable> {
    let (mut files, mut names) = (Vec::new(), Vec::new());
    for at in 0..archive.len() {
        let broken = |e: zip::result::ZipError| Unreadable::Broken(e.to_string());
        let entry = archive.by_index_data(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        // What Office and LibreOffice write first.
        if matches!(&*name, "[Content_Types].xml" | "mimetype") {
            return Ok((None, 0));
        }
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if !name.ends_with('/') && !hidden {
            files.push((at, entry.size()));
            names.push(name);
        }
    }
    match files[..] {
        [(at, size)] => Ok((Some(at), size)),
        [] => Err(Unreadable::Broken("it holds no file".into())),
        _ => Err(Unreadable::Several(names)),
    }
}

/// Sends a member piece by piece; ends early when nobody listens.
fn stream(
    mut archive: ZipArchive<Box<dyn ReadSeek>>,
    at: usize,
    sender: &SyncSender<io::Result<Vec<u8>>>,
) {
    let result = catch_unwind(AssertUnwindSafe(|| unpack(&mut archive, at, sender)));
    let error = match result {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error,
        Err(_) => invalid("its parts contradict each other"),
    };
    let _ = sender.send(Err(error));
}

fn unpack(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    at: usize,
    sender: &SyncSender<io::Result<Vec<u8>>>,
) -> io::Result<()> {
    let mut member = archive.by_index(at).map_err(|error| invalid(&error.to_string()))?;
    loop {
        let mut piece = vec![0; PIECE];
        let got = member.read(&mut piece)?;
        piece.truncate(got);
        if got == 0 || sender.send(Ok(piece)).is_err() {
            return Ok(());
        }
    }
}

/// Unpacked bytes up to a bound, with the unpacker's errors as [`Broken`].
struct Bounded<R> {
    reader: R,
    left: u64,
    bound: u64,
}

impl<R: Read> Bounded<R> {
    fn new(reader: R, bound: u64) -> Self {
        Self { reader, left: bound, bound }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof, Unsupported};
        let got = match self.reader.read(out) {
            Err(error)
                if matches!(
                    error.kind(),
                    InvalidData | InvalidInput | UnexpectedEof | Unsupported
                ) =>
            {
                return Err(invalid(&error.to_string()));
            }
            result => result?,
        };
        match self.left.checked_sub(got as u64) {
            Some(left) => self.left = left,
            None => return Err(invalid(&too_large(self.bound))),
        }
        Ok(got)
    }
}

fn too_large(bound: u64) -> String {
    format!("it unpacks to more than {} GB", bound >> 30)
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Broken(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_stops_at_the_bound() {
        let read = |bound| {
            let mut bytes = Vec::new();
            Bounded::new(io::repeat(7).take(100), bound)
                .read_to_end(&mut bytes)
                .map(|_| bytes.len())
        };
        assert_eq!(read(100).unwrap(), 100);
        let error = read(99).unwrap_err();
        assert!(error.get_ref().is_some_and(|e| e.is::<Broken>()), "{error}");
    }
}
