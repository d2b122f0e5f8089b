//! A worksheet as text: a record for every row, so that all rules of reading hold for it too.
//!
//! The cells are streamed, never laid out as a rectangle: a sheet of two cells at its far corners takes
//! no more than its empty lines. Numbers and moments keep their exact form behind the mark [`EXACT`].

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use calamine::{
    DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError,
    XlsxFormulaMetadata,
};

use super::archive::LARGEST;
use super::exports::{self, Whole};
use super::pieces::{PIECE, Pieces};
use super::rows::{self, Bits, Rows};
use crate::disk::ReadSeek;

/// Stands before a cell that the workbook holds as a number, a moment or an error: no marks and no formats of the
/// contract apply to it.
pub(super) const EXACT: u8 = 0x1F;

/// Stands behind that mark and before a formula of which the workbook holds no result.
pub(super) const UNSTORED: char = '=';

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is no workbook, or a broken one.
    Broken(String),
    /// It unpacks to more than [`LARGEST`] bytes.
    TooLarge,
    /// It has these sheets, and none of that name.
    NoSuchSheet(Vec<String>),
    /// It shows these sheets, and nobody said which.
    SheetUnclear(Vec<String>),
}

/// An open sheet: its name, its cells as CSV and, once these are read, its rows.
pub(super) struct Sheet {
    pub(super) name: Arc<str>,
    pub(super) text: Box<dyn Read + Send>,
    pub(super) rows: SheetRows,
}

/// Set when a sheet was read to its end.
pub(super) type SheetRows = Arc<OnceLock<Arc<Rows>>>;

impl Sheet {
    /// A sheet that was read before.
    pub(super) fn again(whole: Whole) -> Self {
        let (sender, receiver) = sync_channel(whole.pieces.len().max(1));
        whole.pieces.into_iter().for_each(|piece| drop(sender.send(Ok(piece))));
        let text = Box::new(Pieces::new(receiver));
        Self { name: whole.name, text, rows: Arc::new(OnceLock::from(whole.rows)) }
    }
}

type Workbook = Xlsx<Tracked>;
type Piece = io::Result<Arc<[u8]>>;

/// Takes a sheet that was read to its end and is small enough.
pub(super) type Keep = Box<dyn FnOnce(Whole) + Send>;

/// Opens the sheet of a name, or the only one that is shown; `beside` is the same file once more.
pub(super) fn open(
    mut reader: Box<dyn ReadSeek>,
    beside: Box<dyn ReadSeek>,
    wanted: Option<&str>,
    keep: Keep,
) -> Result<Sheet, Unreadable> {
    let parts = bounded(&mut reader)?;
    let at = Arc::new(AtomicU64::new(0));
    let tracked = Tracked { reader, at: Arc::clone(&at) };
    let opened = catch_unwind(AssertUnwindSafe(|| Workbook::new(tracked)));
    let workbook = match opened {
        Ok(Ok(workbook)) => workbook,
        Ok(Err(error)) => return Err(Unreadable::Broken(error.to_string())),
        Err(_) => return Err(Unreadable::Broken("its parts contradict each other".into())),
    };
    let name: Arc<str> = choose(&workbook, wanted)?.into();
    let (sender, receiver) = sync_channel(4);
    let rows = SheetRows::default();
    let known = Arc::clone(&rows);
    let (beside, stop, hidden) = (Some(beside), Arc::default(), None);
    let reading = Reading { name: Arc::clone(&name), beside, parts, at, stop, hidden };
    std::thread::spawn(move || stream(workbook, reading, &known, keep, &sender));
    let text = Box::new(Pieces::new(receiver));
    Ok(Sheet { name, text, rows })
}

/// The name of the sheet of a name, or of the only one that is shown.
fn choose(workbook: &Workbook, wanted: Option<&str>) -> Result<String, Unreadable> {
    let sheets = workbook.sheets_metadata();
    let tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let shown = tables.clone().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |list: &mut dyn Iterator<Item = &calamine::Sheet>| -> Vec<String> {
        list.map(|sheet| sheet.name.clone()).collect()
    };
    let shown = names(&mut shown.into_iter());
    let all = names(&mut tables.into_iter());
    let name = match (wanted, &shown[..]) {
        (Some(wanted), _) => all.iter().find(|name| *name == wanted),
        (None, [only]) => Some(only),
        (None, _) => return Err(Unreadable::SheetUnclear(shown)),
    };
    name.cloned().ok_or(Unreadable::NoSuchSheet(all))
}

/// Looks at the sizes that the archive states before anything is unpacked; gives where each part begins.
fn bounded(reader: &mut Box<dyn ReadSeek>) -> Result<Vec<u64>, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| Unreadable::Broken(error.to_string());
    let mut archive = zip::ZipArchive::new(&mut *reader).map_err(|e| broken(&e))?;
    let (mut bytes, mut parts) = (0u64, Vec::new());
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|e| broken(&e))?;
        bytes = bytes.saturating_add(entry.size());
        parts.push(entry.header_start());
    }
    drop(archive);
    reader.rewind().map_err(|e| broken(&e))?;
    if bytes > LARGEST { Err(Unreadable::TooLarge) } else { Ok(parts) }
}

/// What reading a sheet takes, besides its workbook.
struct Reading {
    name: Arc<str>,
    /// The file once more, until its rows are looked at.
    beside: Option<Box<dyn ReadSeek>>,
    /// Where the parts of the archive begin.
    parts: Vec<u64>,
    /// Where the workbook was read last.
    at: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    hidden: Option<JoinHandle<Option<Bits>>>,
}

impl Reading {
    /// Looks for hidden rows in the part that is being read, on a thread of its own.
    fn look_beside(&mut self) {
        let at = self.at.load(Ordering::Relaxed);
        let before = self.parts.iter().enumerate().filter(|(_, start)| **start < at);
        let part = before.max_by_key(|(_, start)| **start).map(|(part, _)| part);
        if let (Some(part), Some(beside)) = (part, self.beside.take()) {
            let stop = Arc::clone(&self.stop);
            let look = move || rows::hidden(beside, part, LARGEST, &stop);
            self.hidden = Some(std::thread::spawn(look));
        }
    }
}

/// Sends a sheet piece by piece; ends early when nobody listens.
fn stream(
    mut workbook: Workbook,
    mut reading: Reading,
    known: &SheetRows,
    keep: Keep,
    sender: &SyncSender<Piece>,
) {
    let mut out = Out { sender, pieces: Some(Vec::new()), bytes: 0, buffer: Vec::new() };
    let result = catch_unwind(AssertUnwindSafe(|| write(&mut workbook, &mut reading, &mut out)));
    let pieces = out.pieces.take();
    let filled = match result {
        Ok(Ok(Some(filled))) => Ok(filled),
        // Nobody listens.
        Ok(Ok(None)) => return reading.stop.store(true, Ordering::Relaxed),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its parts contradict each other".to_owned()),
    };
    match filled {
        Ok(filled) => {
            let hidden = reading.hidden.and_then(|looking| looking.join().ok().flatten());
            let rows = Arc::new(Rows { filled, hidden: hidden.unwrap_or_default() });
            let _ = known.set(Arc::clone(&rows));
            if let Some(pieces) = pieces {
                keep(Whole { name: reading.name, pieces, rows });
            }
        }
        Err(why) => {
            reading.stop.store(true, Ordering::Relaxed);
            let _ = sender.send(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
        }
    }
}

/// Where a sheet's text goes.
struct Out<'a> {
    sender: &'a SyncSender<Piece>,
    /// What was sent, while it is small enough to be kept.
    pieces: Option<Vec<Arc<[u8]>>>,
    bytes: usize,
    buffer: Vec<u8>,
}

impl Out<'_> {
    /// Hands on what there is; none when nobody listens.
    fn hand_on(&mut self) -> Option<()> {
        let piece: Arc<[u8]> = self.buffer.as_slice().into();
        self.buffer.clear();
        self.bytes += piece.len();
        self.pieces = self.pieces.take().filter(|_| exports::is_small(self.bytes));
        self.pieces.iter_mut().for_each(|pieces| pieces.push(Arc::clone(&piece)));
        self.sender.send(Ok(piece)).ok()
    }
}

/// Writes all cells and gives the rows that hold something; none when nobody listens.
fn write(
    workbook: &mut Workbook,
    reading: &mut Reading,
    out: &mut Out<'_>,
) -> Result<Option<Bits>, XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(&reading.name)?;
    reading.look_beside();
    let (mut row, mut column, mut last) = (0, 0, None);
    let mut filled = Bits::default();
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        let at = cell.pos;
        if last >= Some(at) {
            return Err(XlsxError::Unexpected("cells are out of order"));
        }
        let unstored = cell.formula.filter(|_| cell.value == DataRef::Empty);
        if !is_there(&cell.value) && unstored.is_none() {
            continue;
        }
        last = Some(at);
        while row < at.0 {
            out.buffer.push(b'\n');
            (row, column) = (row + 1, 0);
            if out.buffer.len() >= PIECE && out.hand_on().is_none() {
                return Ok(None);
            }
        }
        while column < at.1 {
            out.buffer.push(b',');
            column += 1;
        }
        let before = out.buffer.len();
        match unstored {
            Some(formula) => put_formula(&mut out.buffer, &formula),
            None => put(&mut out.buffer, &cell.value),
        }
        if !out.buffer[before..].trim_ascii().is_empty() {
            filled.set(row.into());
        }
    }
    out.buffer.push(b'\n');
    Ok(out.hand_on().map(|()| filled))
}

fn is_there(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => false,
        DataRef::String(text) => !text.is_empty(),
        DataRef::SharedString(text) => !text.is_empty(),
        _ => true,
    }
}

fn put(out: &mut Vec<u8>, value: &DataRef<'_>) {
    // Writing to memory does not fail.
    let _ = match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) => quoted(out, text),
        DataRef::SharedString(text) => quoted(out, text),
        DataRef::DurationIso(text) => quoted(out, text),
        DataRef::Int(number) => write!(out, "{}{number}", char::from(EXACT)),
        // The shortest decimal that is this float.
        DataRef::Float(number) => write!(out, "{}{number}", char::from(EXACT)),
        DataRef::Bool(truth) => write!(out, "{truth}"),
        DataRef::DateTime(moment) => put_moment(out, moment),
        DataRef::DateTimeIso(text) => write!(out, "{}{text}", char::from(EXACT)),
        DataRef::Error(error) => write!(out, "{}{error}", char::from(EXACT)),
    };
}

fn put_moment(out: &mut Vec<u8>, moment: &ExcelDateTime) -> io::Result<()> {
    let mark = char::from(EXACT);
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if moment.is_duration() {
        return write!(out, "{mark}{}", moment.as_f64());
    }
    if moment.as_f64() < 1.0 {
        return write!(out, "{hour:02}:{minute:02}:{second:02}");
    }
    // A workbook may have a million of them.
    let mut digits = |before: u8, number: u16, width: usize| {
        let (mut all, mut rest) = ([b'0'; 4], number);
        for digit in all[..width].iter_mut().rev() {
            *digit = b'0' + (rest % 10).to_le_bytes()[0];
            rest /= 10;
        }
        out.push(before);
        out.extend_from_slice(&all[..width]);
    };
    digits(EXACT, year, 4);
    digits(b'-', month.into(), 2);
    digits(b'-', day.into(), 2);
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        digits(b'T', hour.into(), 2);
        digits(b':', minute.into(), 2);
        digits(b':', second.into(), 2);
        digits(b'.', milli, 3);
    }
    Ok(())
}

/// A formula of which the workbook holds no result.
fn put_formula(out: &mut Vec<u8>, formula: &XlsxFormulaMetadata) {
    let text = match formula {
        XlsxFormulaMetadata::Normal { formula } => formula,
        XlsxFormulaMetadata::Shared { formula, .. } => formula,
        _ => "…",
    };
    // Writing to memory does not fail.
    let _ = escaped(out, &format!("{}{UNSTORED}{text}", char::from(EXACT)));
}

fn quoted(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    escaped(out, text.trim_start_matches(char::from(EXACT)))
}

fn escaped(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'"', b',', b'\n', bytes).or_else(|| memchr::memchr(b'\r', bytes)).is_none()
    {
        return out.write_all(bytes);
    }
    write!(out, "\"{}\"", text.replace('"', "\"\""))
}

/// A reader that says where it is: the only way to learn which part of the archive a sheet is.
pub(super) struct Tracked {
    reader: Box<dyn ReadSeek>,
    at: Arc<AtomicU64>,
}

impl Read for Tracked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(out)?;
        self.at.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Tracked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.reader.seek(to)?;
        self.at.store(at, Ordering::Relaxed);
        Ok(at)
    }
}
