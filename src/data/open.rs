//! Opens one file of a feed: encoding, form, header, and where the wanted columns stand.

use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::archive;
use super::book::Beyond;
use super::cut::Cutter;
use super::dialect::{self, Declared, Sight};
use super::layout::{Inner, Layout};
use super::leave::Leave;
use super::reshape::Carried;
use super::reshaping::{self, FeedOf, Raw, Table};
use super::shape::{HEAD, Shape, shape};
use super::sheet::SheetRows;
use super::source::Source;
use super::strict::Dialect;
use super::{Exports, Failure, Want, diags, encoding, marks, tolerant};
use crate::catalog::{Dataset, Feed};
use crate::diag::{Diagnostic, Fault};
use crate::text::Place;

/// A file that is ready to be read.
pub struct Opened {
    pub layout: Layout,
    pub cutter: Cutter,
    pub warnings: Vec<Diagnostic>,
}

/// Opens a file of a feed for the wanted columns of its dataset.
///
/// `zone` is where moments without an offset are; blocks have about `block_size` bytes.
pub fn open(
    files: &Exports,
    dataset: &Dataset,
    feed: &Feed,
    file: &str,
    wants: &[Want],
    zone: &TimeZone,
    block_size: usize,
) -> Result<Opened, Failure> {
    let mut warnings = Vec::new();
    let (source, sheet) = source(files, feed, file, &mut warnings)?;
    let of = FeedOf { dataset, feed, zone };
    let (table, source, head) = table(feed, file, sheet.is_some(), source)?;
    let (read, source, head) = match reshaping::made(of, &table, source)? {
        Raw::Same(source) => (table.columns(), source, head),
        Raw::Made(columns, mut source) => {
            let head = sample(&mut source, file)?;
            source.give_back(head.clone());
            (columns, source, head)
        }
    };
    let mapping = read.mapping(of, &table);
    let columns = mapping.readings(wants)?;
    let filter = mapping.filter()?;
    let leave = match &read.origins {
        Some(_) => Leave { filter, ..Leave::default() },
        None => {
            let skips = mapping.skips(&feed.contract.skip)?;
            Leave { filter, ..Leave::new(table.header_row, &table.headers, skips) }
        }
    };
    let (form, row, file) = (read.form, read.first_row, table.file);
    let mut cutter =
        Cutter::new(source, Arc::clone(&file), form.dialect, form.most == 1, row, block_size);
    if let Some(origins) = &read.origins {
        cutter.watch(Arc::clone(origins));
    }
    let (sheet, rows) = sheet.unzip();
    let mut inner = Inner {
        file,
        sheet,
        rows: rows.unwrap_or_default(),
        form,
        header_row: table.header_row,
        headers: read.names,
        columns,
        leave,
        origins: read.origins,
        zone: zone.clone(),
    };
    let questions = marks::settle(feed, &mut inner, wants, &head);
    if !questions.is_empty() {
        return Err(Failure::Mistakes(questions));
    }
    let layout = Layout(Arc::new(inner));
    Ok(Opened { layout, cutter, warnings })
}

/// Finds the table's header; gives the source behind it, and the first bytes there once more.
fn table(
    feed: &Feed,
    file: &str,
    is_sheet: bool,
    mut source: Source,
) -> Result<(Table, Source, Vec<u8>), Failure> {
    let mut sample = sample(&mut source, file)?;
    let whole = sample.len() < HEAD;
    let Sight { dialect, header, .. } = sight(&sample, whole, feed, file, is_sheet)?;
    let Some((header_row, headers)) = header else {
        return Err(diags::header_unclear(feed, file).into());
    };
    let first = header_row.max(1);
    let first = behind(&sample, first - 1, dialect)..behind(&sample, first, dialect);
    if tolerant::has_bare_cr(&sample[first], dialect) {
        return Err(diags::line_ends_mixed(file).into());
    }
    let head = sample.split_off(behind(&sample, header_row, dialect));
    source.give_back(head.clone());
    Ok((Table { dialect, header_row, headers, is_sheet, file: file.into() }, source, head))
}

/// The first bytes of a source, which are taken from it.
fn sample(source: &mut Source, file: &str) -> Result<Vec<u8>, Failure> {
    let mut sample = vec![0; HEAD];
    let length = source.fill(&mut sample).map_err(|cause| reading(file, cause))?;
    sample.truncate(length);
    Ok(sample)
}

/// An archive or a workbook that breaks off is the data's fault, a disk that does is the machine's.
pub(super) fn reading(file: &str, cause: std::io::Error) -> Failure {
    let cause = match cause.downcast::<Carried>() {
        Ok(Carried(failure)) => return failure,
        Err(cause) => cause,
    };
    if let Some(broken) = cause.get_ref().and_then(|error| error.downcast_ref::<archive::Broken>())
    {
        return diags::archive_broken(file, &broken.0).into();
    }
    if let Some(beyond) = cause.get_ref().and_then(|error| error.downcast_ref::<Beyond>()) {
        return diags::beyond_limit(Place::File(file.into()), file, *beyond).into();
    }
    if cause.kind() == std::io::ErrorKind::InvalidData {
        return diags::workbook_broken(file, None, &cause.to_string()).into();
    }
    Failure::Fault(Fault::new(format!("reading {file}"), cause))
}

/// A file's text; of a workbook the sheet's name and rows as well.
pub(super) type Unpacked = (Source, Option<(Arc<str>, SheetRows)>);

pub(super) fn source(
    files: &Exports,
    feed: &Feed,
    file: &str,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Unpacked, Failure> {
    let (reader, mut head) =
        match shape(files, file).map_err(|e| diags::unfit(Some(feed), file, e))? {
            Shape::Text(reader, head) => (reader, head),
            Shape::Book(form) => {
                let sheet = files
                    .sheet(file, form, feed.contract.sheet.as_deref())
                    .map_err(|error| diags::file_error(Some(feed), file, error))?
                    .map_err(|why| diags::workbook(Some(feed), file, why))?;
                if !sheet.unseen.is_empty() {
                    warnings.push(diags::sheets_unseen(feed, file, &sheet.unseen));
                }
                let source = Source::new(sheet.text, Vec::new(), None);
                return Ok((source, Some((sheet.name, sheet.rows))));
            }
        };
    let declared = match &feed.contract.encoding {
        None => None,
        Some(label) => match encoding::by_label(label) {
            Some(encoding) => Some(encoding),
            None => return Err(diags::encoding_unknown(feed, label).into()),
        },
    };
    let found = encoding::find(&head, declared, head.len() < HEAD);
    if found.guessed {
        let name = found.encoding.map_or("UTF-8", Encoding::name);
        warnings.push(diags::encoding_guessed(file, name));
    }
    head.drain(..found.skip);
    Ok((Source::new(reader, head, found.encoding), None))
}

fn sight(
    sample: &[u8],
    whole: bool,
    feed: &Feed,
    file: &str,
    sheet: bool,
) -> Result<Sight, Failure> {
    if sample.iter().all(u8::is_ascii_whitespace) {
        return Err(diags::file_empty(file).into());
    }
    let declared = Declared {
        delimiter: if sheet { Some(b',') } else { feed.contract.delimiter },
        quote: feed.contract.quote.filter(|_| !sheet).unwrap_or(b'"'),
        header_row: feed.contract.header_row,
    };
    let possible = |byte: u8| byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0);
    let delimiter = declared.delimiter.unwrap_or(b',');
    if !possible(delimiter) || !possible(declared.quote) || delimiter == declared.quote {
        return Err(diags::form_impossible(feed).into());
    }
    dialect::find(sample, whole, declared, &feed.columns).map_err(|unclear| {
        let diagnostic = match unclear {
            dialect::Unclear::Delimiter(a, b) => diags::delimiter_unclear(feed, file, a, b),
            dialect::Unclear::Header => diags::header_unclear(feed, file),
            dialect::Unclear::Beyond => diags::header_row_beyond(feed, file),
        };
        diagnostic.into()
    })
}

/// Where some records end.
fn behind(sample: &[u8], records: u64, dialect: Dialect) -> usize {
    let mut end = 0;
    for _ in 0..records {
        end += tolerant::first_end(&sample[end..], dialect).unwrap_or(sample.len() - end);
    }
    end
}
