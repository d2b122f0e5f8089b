//! Archives that hold one table: gzip, or a zip with one member.
//!
//! The unpacked bytes are streamed, so an archive takes no more memory than its table would.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, sync_channel};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::book::{self, Beyond, Form, Guard, Strange};
use super::pieces::{PIECE, Pieces};
use super::quiet;
use crate::disk::ReadSeek;

/// What a file that begins like a zip is.
pub(super) enum Zipped {
    Book(Form),
    /// A document of another kind.
    Strange(Strange),
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

/// Looks into a zip, of which so many megabytes are unpacked at most.
pub(super) fn zip(mut reader: Box<dyn ReadSeek>, most_mb: u32) -> Result<Zipped, Unreadable> {
    let broken = |why: &dyn std::fmt::Display| Unreadable::Broken(why.to_string());
    let at = match ZipArchive::new(&mut reader) {
        // So broken that nobody can say: the reader of workbooks does.
        Err(_) => return Ok(Zipped::Book(Form::Xlsx)),
        Ok(mut archive) => match book::inside_zip(&mut archive) {
            Some(Ok(form)) => return Ok(Zipped::Book(form)),
            Some(Err(strange)) => return Ok(Zipped::Strange(strange)),
            None => only_member(&archive)?,
        },
    };
    reader.rewind().map_err(|e| broken(&e))?;
    let archive = ZipArchive::new(reader).map_err(|e| broken(&e))?;
    let (sender, receiver) = sync_channel(4);
    std::thread::spawn(move || stream(archive, at, &sender));
    Ok(Zipped::Table(bounded(Pieces::new(receiver), most_mb)))
}

/// The unpacked bytes of a gzip file.
pub(super) fn gzip(reader: impl Read + Send + 'static, most_mb: u32) -> Box<dyn Read + Send> {
    bounded(MultiGzDecoder::new(reader), most_mb)
}

fn bounded(reader: impl Read + Send + 'static, most_mb: u32) -> Box<dyn Read + Send> {
    let most = u64::from(most_mb) << 20;
    Box::new(Guard::new(Unpacked(reader), most, Beyond::Unpacked(most_mb)))
}

/// The place of the one file.
fn only_member<R: Read + io::Seek>(archive: &ZipArchive<R>) -> Result<usize, Unreadable> {
    let (mut files, mut names) = (Vec::new(), Vec::new());
    for at in 0..archive.len() {
        let broken = |e: zip::result::ZipError| Unreadable::Broken(e.to_string());
        let entry = archive.by_index_data(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if !name.ends_with('/') && !hidden {
            files.push(at);
            names.push(name);
        }
    }
    match files[..] {
        [at] => Ok(at),
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
    let result =
        quiet::quietly(|| catch_unwind(AssertUnwindSafe(|| unpack(&mut archive, at, sender))));
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

/// Unpacked bytes, with the unpacker's errors as [`Broken`].
struct Unpacked<R>(R);

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof, Unsupported};
        self.0.read(out).map_err(|error| match error.kind() {
            InvalidData | InvalidInput | UnexpectedEof | Unsupported => invalid(&error.to_string()),
            _ => error,
        })
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Broken(why.to_owned()))
}
