//! A raw look at a file, before any feed says how to read it: its form, its encoding, its sheets, and every
//! record of a table as texts.
//!
//! The files go through the same doors as those of feeds, so whatever a feed cannot read is refused here with
//! the same words. What the texts mean is for the one who looks.

mod records;

use encoding_rs::Encoding;

use super::book::{self, Found, SheetKind};
use super::moment::{Format, Moment};
use super::shape::{HEAD, Shape, shape};
use super::source::Source;
use super::{Exports, Failure, diags, dialect, encoding, open, sheets_of};
use crate::catalog::{Contract, Feed};
use crate::text::Place;

pub use super::months::is_month;
pub use records::{Cell, Records, Row, Split, Test};

/// What holds the tables of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A text that is packed.
    Gzip,
    /// The only file of an archive.
    Zip,
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Form {
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Gzip => "text in gzip",
            Self::Zip => "text in zip",
            Self::Xlsx => "XLSX workbook",
            Self::Xlsb => "XLSB workbook",
            Self::Xls => "XLS workbook",
            Self::Ods => "ODS workbook",
        }
    }

    pub fn is_workbook(self) -> bool {
        !matches!(self, Self::Text | Self::Gzip | Self::Zip)
    }
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
    /// Of a workbook: the sheets that it hides.
    pub hidden: Vec<String>,
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
    let shaped = shape(files, file).map_err(|why| diags::unfit(None, file, why))?;
    let head = match shaped {
        Shape::Text(_, head) => head,
        Shape::Book(form) => return workbook(files, file, form),
    };
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
    let (sheets, hidden) = (Vec::new(), Vec::new());
    Ok(Look { form: packing(files, file), encoding: Some((name, known)), sheets, hidden })
}

fn workbook(files: &Exports, file: &str, form: book::Form) -> Result<Look, Failure> {
    let form = match form {
        book::Form::Xlsx => Form::Xlsx,
        book::Form::Xlsb => Form::Xlsb,
        book::Form::Xls => Form::Xls,
        book::Form::Ods | book::Form::FlatOds => Form::Ods,
    };
    let all = sheets_of(files, file)?;
    let named = |visible: bool| -> Vec<String> {
        let tables = all.iter().filter(|sheet| sheet.kind == SheetKind::Table);
        tables.filter(|sheet| sheet.visible == visible).map(|sheet| sheet.name.clone()).collect()
    };
    Ok(Look { form, encoding: None, sheets: named(true), hidden: named(false) })
}

/// How a text is packed.
fn packing(files: &Exports, file: &str) -> Form {
    let mut first = [0; 8];
    let read = files.open(file).map(|mut reader| std::io::Read::read(&mut reader, &mut first));
    match read.map(|_| book::find(&first)) {
        Ok(Found::Gzip) => Form::Gzip,
        Ok(Found::Zip) => Form::Zip,
        _ => Form::Text,
    }
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
