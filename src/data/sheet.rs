//! A worksheet as text: a record for every row, so that all rules of reading hold for it too.
//!
//! The cells are streamed, never laid out as a rectangle: a sheet of two cells at its far corners takes
//! no more than its empty lines. Numbers and moments keep their exact form behind the mark [`EXACT`].

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::archive::LARGEST;
use super::pieces::{PIECE, Pieces};
use crate::disk::ReadSeek;

/// Stands before a cell that the workbook holds as a number, a moment or an error: no marks and no formats of the
/// contract apply to it.
pub(super) const EXACT: u8 = 0x1F;

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

/// An open sheet: its name, and its cells as CSV.
pub(super) struct Sheet {
    pub(super) name: Arc<str>,
    pub(super) text: Box<dyn Read + Send>,
}

type Workbook = Xlsx<Box<dyn ReadSeek>>;

/// Opens the sheet of a name, or the only one that is shown.
pub(super) fn open(
    mut reader: Box<dyn ReadSeek>,
    wanted: Option<&str>,
) -> Result<Sheet, Unreadable> {
    bounded(&mut reader)?;
    let opened = catch_unwind(AssertUnwindSafe(|| Workbook::new(reader)));
    let workbook = match opened {
        Ok(Ok(workbook)) => workbook,
        Ok(Err(error)) => return Err(Unreadable::Broken(error.to_string())),
        Err(_) => return Err(Unreadable::Broken("its parts contradict each other".into())),
    };
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
    let Some(name) = name.cloned() else { return Err(Unreadable::NoSuchSheet(all)) };
    let (sender, receiver) = sync_channel(4);
    let sheet = name.clone();
    std::thread::spawn(move || stream(workbook, &sheet, &sender));
    let text = Box::new(Pieces::new(receiver));
    Ok(Sheet { name: name.into(), text })
}

/// Looks at the sizes that the archive states before anything is unpacked.
fn bounded(reader: &mut Box<dyn ReadSeek>) -> Result<(), Unreadable> {
    let broken = |error: &dyn std::fmt::Display| Unreadable::Broken(error.to_string());
    let mut archive = zip::ZipArchive::new(&mut *reader).map_err(|e| broken(&e))?;
    let mut bytes = 0u64;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|e| broken(&e))?;
        bytes = bytes.saturating_add(entry.size());
    }
    drop(archive);
    reader.rewind().map_err(|e| broken(&e))?;
    if bytes > LARGEST { Err(Unreadable::TooLarge) } else { Ok(()) }
}

/// Sends a sheet piece by piece; ends early when nobody listens.
fn stream(mut workbook: Workbook, sheet: &str, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let result = catch_unwind(AssertUnwindSafe(|| write(&mut workbook, sheet, sender)));
    let why = match result {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its parts contradict each other".to_owned(),
    };
    let _ = sender.send(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
}

fn write(
    workbook: &mut Workbook,
    sheet: &str,
    sender: &SyncSender<io::Result<Vec<u8>>>,
) -> Result<(), XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut out = Vec::with_capacity(PIECE * 2);
    let (mut row, mut column, mut last) = (0, 0, None);
    while let Some(cell) = cells.next_cell()? {
        let at = cell.get_position();
        if last >= Some(at) {
            return Err(XlsxError::Unexpected("cells are out of order"));
        }
        if !is_there(cell.get_value()) {
            continue;
        }
        last = Some(at);
        while row < at.0 {
            out.push(b'\n');
            (row, column) = (row + 1, 0);
            if out.len() >= PIECE && sender.send(Ok(std::mem::take(&mut out))).is_err() {
                return Ok(());
            }
        }
        while column < at.1 {
            out.push(b',');
            column += 1;
        }
        put(&mut out, cell.get_value());
    }
    out.push(b'\n');
    let _ = sender.send(Ok(out));
    Ok(())
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
    write!(out, "{mark}{year:04}-{month:02}-{day:02}")?;
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        write!(out, "T{hour:02}:{minute:02}:{second:02}.{milli:03}")?;
    }
    Ok(())
}

fn quoted(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    let text = text.trim_start_matches(char::from(EXACT));
    if !text.contains(['"', ',', '\n', '\r']) {
        return out.write_all(text.as_bytes());
    }
    write!(out, "\"{}\"", text.replace('"', "\"\""))
}
