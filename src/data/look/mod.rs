//! A raw look at a file, before any feed says how to read it: its form, its encoding, its sheets, and every
//! record of a table as texts.
//!
//! The files go through the same doors as those of feeds, so whatever a feed cannot read is refused here with
//! the same words. What the texts mean is for the one who looks.

mod records;

use std::io::{Cursor, Read};

use encoding_rs::Encoding;

use super::archive::{self, Zipped};
use super::moment::{Format, Moment};
use super::sheet::Unreadable;
use super::source::Source;
use super::{Exports, Failure, diags, dialect, encoding, open};
use crate::catalog::{Contract, Feed};
use crate::text::Place;

pub use records::{Cell, Records, Row, Split};

/// Bytes of a file's start that are looked at first.
const HEAD: usize = 256 * 1024;

/// What holds the tables of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A text that is packed.
    Gzip,
    /// The only file of an archive.
    Zip,
    Workbook,
}

/// How it is known in which encoding a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// By the mark at its start.
    Mark,
    /// Its bytes are legal as such, and hardly any other text's are.
    Found,
    /// It looks like it.
    Guessed,
}

/// A file, before its tables are read.
#[derive(Debug, Clone)]
pub struct Look {
    pub form: Form,
    /// Of a text: the encoding's name.
    pub encoding: Option<(&'static str, Known)>,
    /// Of a workbook: the sheets that it shows.
    pub sheets: Vec<String>,
}

/// The first bytes of a table as UTF-8, and whether they are all.
#[derive(Debug, Clone)]
pub struct Sample {
    pub bytes: Vec<u8>,
    pub whole: bool,
    /// `\r\n`, `\n` or `\r`; none in a file of one line.
    pub line_end: Option<&'static str>,
}

/// Looks at what a file is.
///
/// # Errors
/// Where it cannot be read as any table, with the words that a feed would get.
pub fn look(files: &Exports, file: &str) -> Result<Look, Failure> {
    let feed = feed(file, None);
    let (form, head) = unpacked(files, &feed, file)?;
    if form == Form::Workbook {
        return Ok(Look { form, encoding: None, sheets: sheets(files, &feed, file)? });
    }
    if let Some(form) = encoding::binary_form(&head) {
        return Err(diags::not_text(&feed, file, form).into());
    }
    let found = encoding::find(&head, None, head.len() < HEAD);
    if head.len() < HEAD && head[found.skip..].trim_ascii().is_empty() {
        return Err(diags::file_empty(file).into());
    }
    let known = match (found.skip, found.guessed) {
        (0, true) => Known::Guessed,
        (0, false) => Known::Found,
        _ => Known::Mark,
    };
    let name = match found.encoding {
        None if known == Known::Found && head.is_ascii() => "ASCII",
        encoding => encoding.map_or("UTF-8", Encoding::name),
    };
    Ok(Look { form, encoding: Some((name, known)), sheets: Vec::new() })
}

/// A table's first bytes.
///
/// # Errors
/// As [`look`].
pub fn sample(files: &Exports, file: &str, sheet: Option<&str>) -> Result<Sample, Failure> {
    let mut source = source(files, file, sheet)?;
    let mut bytes = vec![0; HEAD];
    let length = source.fill(&mut bytes).map_err(|cause| open::reading(file, cause))?;
    bytes.truncate(length);
    let whole = length < HEAD;
    let crlf = memchr::memmem::find(&bytes, b"\r\n").is_some();
    let line_end = match dialect::terminator(&bytes, whole) {
        b'\r' => Some("\r"),
        _ if crlf => Some("\r\n"),
        _ => bytes.contains(&b'\n').then_some("\n"),
    };
    Ok(Sample { bytes, whole, line_end })
}

fn source(files: &Exports, file: &str, sheet: Option<&str>) -> Result<Source, Failure> {
    Ok(open::source(files, &feed(file, sheet), file, &mut Vec::new())?.0)
}

/// A feed of which only the file is known.
fn feed(file: &str, sheet: Option<&str>) -> Feed {
    let place = Place::File(file.into());
    Feed {
        id: "profile".into(),
        dataset: "profile".into(),
        file: file.to_owned(),
        contract: Contract { sheet: sheet.map(ToOwned::to_owned), ..Contract::default() },
        columns: Vec::new(),
        filter: None,
        place: place.clone(),
        file_place: place,
    }
}

/// The form, and the first bytes of the text inside.
fn unpacked(files: &Exports, feed: &Feed, file: &str) -> Result<(Form, Vec<u8>), Failure> {
    let unopened = |error| diags::file_error(feed, file, error);
    let mut reader = files.open(file).map_err(unopened)?;
    let head = first(&mut reader, file)?;
    if encoding::is_zip(&head) {
        let anywhere = files.open_anywhere(file).map_err(unopened)?;
        return match archive::zip(anywhere).map_err(|why| diags::archive(feed, file, why))? {
            Zipped::Table(mut inside) => Ok((Form::Zip, first(&mut inside, file)?)),
            Zipped::Workbook => Ok((Form::Workbook, Vec::new())),
        };
    }
    if encoding::is_gzip(&head) {
        let mut inside = archive::gzip(Cursor::new(head).chain(reader));
        return Ok((Form::Gzip, first(&mut inside, file)?));
    }
    Ok((Form::Text, head))
}

fn first(reader: &mut Box<dyn Read + Send>, file: &str) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::new();
    let read = reader.by_ref().take(HEAD as u64).read_to_end(&mut head);
    read.map_err(|cause| open::reading(file, cause))?;
    Ok(head)
}

fn sheets(files: &Exports, feed: &Feed, file: &str) -> Result<Vec<String>, Failure> {
    let found = files.sheet(file, None).map_err(|error| diags::file_error(feed, file, error))?;
    match found {
        Ok(only) => Ok(vec![only.name.to_string()]),
        Err(Unreadable::SheetUnclear(shown)) if !shown.is_empty() => Ok(shown),
        Err(why) => Err(diags::workbook(feed, file, why).into()),
    }
}

/// A form in which dates may be written, as a contract declares it.
#[derive(Debug, Clone)]
pub struct DateForm(Option<Format>);

impl DateForm {
    /// ISO 8601.
    pub fn iso() -> Self {
        Self(None)
    }

    /// None where nobody knows the form.
    pub fn new(text: &str) -> Option<Self> {
        Format::new(text).map(Some).map(Self)
    }

    /// Days since 1970-01-01, and whether a time of day stands beside them.
    pub fn read(&self, text: &str) -> Option<(i32, bool)> {
        let moment = |m: Moment| (m.day, m.time.is_some());
        match &self.0 {
            None => super::moment::iso(text.as_bytes()).map(moment),
            Some(format) => format.read(text.as_bytes()).map(moment),
        }
    }
}

/// A number that equal texts share, the same in every run.
pub fn hash(text: &str) -> u64 {
    super::cell::hashed(text.as_bytes())
}
