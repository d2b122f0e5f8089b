//! A worksheet as text: a record for every row, so that all rules of reading hold for it too.
//!
//! A thread of its own reads the cells; a sheet of two cells at its far corners takes no more than its empty lines.

use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};

use super::book::{self, Beyond, Book, Form, Out, SheetKind, Stop, Strange, Written};
use super::exports::Whole;
use super::pieces::Pieces;
use super::rows::Rows;
use crate::catalog::Limits;
use crate::disk::ReadSeek;

pub(super) use super::book::{EXACT, UNSTORED};

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is no workbook, or a broken one.
    Broken(String),
    /// It is something else.
    Strange(Strange),
    /// It goes over a limit.
    Beyond(Beyond),
    /// It has these sheets, and none of that name.
    NoSuchSheet(Vec<String>),
    /// It shows these sheets, and nobody said which.
    SheetUnclear(Vec<String>),
}

impl From<Stop> for Unreadable {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Strange(strange) => Self::Strange(strange),
            Stop::Beyond(beyond) => Self::Beyond(beyond),
            Stop::Broken(why) => Self::Broken(why),
            Stop::Deaf => Self::Broken("it was not read to its end".into()),
        }
    }
}

/// An open sheet: its name, its cells as CSV and, once these are read, its rows.
pub(super) struct Sheet {
    pub(super) name: Arc<str>,
    pub(super) text: Box<dyn Read + Send>,
    pub(super) rows: SheetRows,
    /// Names of sheets that hold cells and are not shown.
    pub(super) unseen: Arc<[String]>,
}

/// Set when a sheet was read to its end.
pub(super) type SheetRows = Arc<OnceLock<Arc<Rows>>>;

impl Sheet {
    /// A sheet that was read before.
    pub(super) fn again(whole: Whole) -> Self {
        let (sender, receiver) = sync_channel(whole.pieces.len().max(1));
        whole.pieces.into_iter().for_each(|piece| drop(sender.send(Ok(piece))));
        let text = Box::new(Pieces::new(receiver));
        let rows = Arc::new(OnceLock::from(whole.rows));
        Self { name: whole.name, text, rows, unseen: whole.unseen }
    }
}

type Piece = io::Result<Arc<[u8]>>;

/// Takes a sheet that was read to its end and is small enough.
pub(super) type Keep = Box<dyn FnOnce(Whole) + Send>;

/// Opens the sheet of a name, or the only one that is shown.
pub(super) fn open(
    reader: Box<dyn ReadSeek>,
    form: Form,
    limits: Limits,
    wanted: Option<&str>,
    keep: Keep,
) -> Result<Sheet, Unreadable> {
    let mut book = book::open(form, reader, limits)?;
    let at = choose(&*book, wanted)?;
    let name: Arc<str> = book.sheets()[at].name.as_str().into();
    let unseen: Arc<[String]> = unseen(&mut *book, at).into();
    let (sender, receiver) = sync_channel(4);
    let rows = SheetRows::default();
    let known = Arc::clone(&rows);
    let reading = Reading { name: Arc::clone(&name), unseen: Arc::clone(&unseen), limits, at };
    std::thread::spawn(move || stream(book, reading, &known, keep, &sender));
    let text = Box::new(Pieces::new(receiver));
    Ok(Sheet { name, text, rows, unseen })
}

/// The sheet of a name, or the only one that is shown.
fn choose(book: &dyn Book, wanted: Option<&str>) -> Result<usize, Unreadable> {
    let tables = || {
        let sheets = book.sheets().iter().enumerate();
        sheets.filter(|(_, sheet)| sheet.kind == SheetKind::Table)
    };
    let named = || tables().map(|(_, sheet)| sheet.name.clone()).collect();
    if let Some(wanted) = wanted {
        let found = tables().find(|(_, sheet)| sheet.name == wanted);
        return found.map(|(at, _)| at).ok_or_else(|| Unreadable::NoSuchSheet(named()));
    }
    let mut shown = tables().filter(|(_, sheet)| sheet.visible);
    match (shown.next(), shown.next()) {
        (Some((only, _)), None) => Ok(only),
        _ => {
            let shown = tables().filter(|(_, sheet)| sheet.visible);
            Err(Unreadable::SheetUnclear(shown.map(|(_, sheet)| sheet.name.clone()).collect()))
        }
    }
}

/// The sheets that are not shown, hold something and are not the one that is read.
fn unseen(book: &mut dyn Book, read: usize) -> Vec<String> {
    let sheets = book.sheets().to_vec();
    let hidden = sheets
        .into_iter()
        .enumerate()
        .filter(|(at, sheet)| *at != read && !sheet.visible && sheet.kind == SheetKind::Table);
    // The first cell ends the reading, and what is too large holds some; a sheet that cannot be read is for who reads it
    // to tell.
    let holds = |at: usize, book: &mut dyn Book| {
        let first = book::guarded(|| book.write(at, &mut Out::nowhere(u32::MAX)));
        matches!(first, Err(Stop::Deaf | Stop::Beyond(_)))
    };
    hidden.filter(|(at, _)| holds(*at, book)).map(|(_, sheet)| sheet.name).collect()
}

/// Which sheet is read, and within what.
struct Reading {
    name: Arc<str>,
    unseen: Arc<[String]>,
    limits: Limits,
    at: usize,
}

/// Sends a sheet piece by piece; ends early when nobody listens.
fn stream(
    mut book: Box<dyn Book>,
    reading: Reading,
    known: &SheetRows,
    keep: Keep,
    sender: &SyncSender<Piece>,
) {
    let write = || {
        let mut out = Out::new(sender, reading.limits.cells);
        book.write(reading.at, &mut out)?;
        out.finish()
    };
    let error = match book::guarded(write) {
        Ok(Written { pieces, filled, hidden }) => {
            let rows = Arc::new(Rows { filled, hidden });
            let _ = known.set(Arc::clone(&rows));
            if let Some(pieces) = pieces {
                keep(Whole { name: reading.name, pieces, rows, unseen: reading.unseen });
            }
            return;
        }
        Err(Stop::Deaf) => return,
        Err(Stop::Beyond(beyond)) => io::Error::other(beyond),
        Err(Stop::Broken(why)) => io::Error::new(io::ErrorKind::InvalidData, why),
        Err(Stop::Strange(strange)) => io::Error::new(io::ErrorKind::InvalidData, strange.what),
    };
    let _ = sender.send(Err(error));
}
