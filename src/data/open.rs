//! Opens one file of a feed: encoding, form, header, and where the wanted columns stand.

use std::io::{Cursor, Read};
use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::archive::{self, Zipped};
use super::cut::Cutter;
use super::dialect::{self, Declared, Sight, normal};
use super::layout::{From, Inner, Kind, Layout, Reading, Words};
use super::leave::Skip;
use super::moment::{Clock, Format};
use super::number::NumberForm;
use super::sheet::SheetRows;
use super::source::Source;
use super::split::Form;
use super::strict::Dialect;
use super::{Exports, Failure, Want, cell, diags, encoding, marks, tolerant};
use crate::catalog::{ColumnSource, Dataset, Feed, FeedColumn, SkipRule};
use crate::diag::{Diagnostic, Fault};

/// Bytes that decide on encoding and form.
const HEAD: usize = 256 * 1024;

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
    let (mut source, sheet) = source(files, feed, file, &mut warnings)?;
    let mut sample = vec![0; HEAD];
    let length = source.fill(&mut sample).map_err(|cause| reading(file, cause))?;
    sample.truncate(length);
    let sight = sight(&sample, length < HEAD, feed, file, sheet.is_some())?;
    let Some((header_row, headers)) = sight.header else {
        return Err(diags::header_unclear(feed, file).into());
    };
    let first = header_row.max(1);
    let first = behind(&sample, first - 1, sight.dialect)..behind(&sample, first, sight.dialect);
    if tolerant::has_bare_cr(&sample[first], sight.dialect) {
        return Err(diags::line_ends_mixed(file).into());
    }
    let head = sample.split_off(behind(&sample, header_row, sight.dialect));
    source.give_back(head.clone());

    let file: Arc<str> = file.into();
    let width = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let header = Header {
        row: header_row,
        names: &headers,
        // Rows of a sheet may end before a column that only later ones fill.
        width: if header_row == 0 && sheet.is_some() { u32::MAX } else { width(headers.len()) },
    };
    let columns = readings(dataset, feed, &file, header, wants, zone)?;
    let named = headers.iter().rposition(|header| !header.is_empty()).map_or(0, |at| at + 1);
    let named = if header_row == 0 { headers.len() } else { named };
    let (least, most) = match sheet {
        // Rows of a sheet end with their last cell, and notes may stand beside the table.
        Some(_) => (0, u32::MAX),
        None => (width(named), width(headers.len())),
    };
    let form = Form { dialect: sight.dialect, least, most };
    let (one_column, row) = (form.most == 1, header_row + 1);
    let cutter = Cutter::new(source, Arc::clone(&file), sight.dialect, one_column, row, block_size);
    let zone = zone.clone();
    let (sheet, rows) = sheet.unzip();
    let rows = rows.unwrap_or_default();
    let skips = skips(feed, &file, header_row, &headers)?;
    let mut inner = Inner { file, sheet, rows, form, header_row, headers, columns, skips, zone };
    let questions = marks::settle(feed, &mut inner, wants, &head);
    if !questions.is_empty() {
        return Err(Failure::Mistakes(questions));
    }
    let layout = Layout(Arc::new(inner));
    Ok(Opened { layout, cutter, warnings })
}

/// An archive or a workbook that breaks off is the data's fault, a disk that does is the machine's.
pub(super) fn reading(file: &str, cause: std::io::Error) -> Failure {
    if let Some(broken) = cause.get_ref().and_then(|error| error.downcast_ref::<archive::Broken>())
    {
        return diags::archive_broken(file, &broken.0).into();
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
    let mut reader = files.open(file).map_err(|error| diags::file_error(feed, file, error))?;
    let mut head = head(&mut reader, file)?;
    if encoding::is_zip(&head) {
        let anywhere =
            files.open_anywhere(file).map_err(|error| diags::file_error(feed, file, error))?;
        match archive::zip(anywhere).map_err(|why| diags::archive(feed, file, why))? {
            Zipped::Table(inside) => reader = inside,
            Zipped::Workbook => {
                let sheet = files
                    .sheet(file, feed.contract.sheet.as_deref())
                    .map_err(|error| diags::file_error(feed, file, error))?
                    .map_err(|why| diags::workbook(feed, file, why))?;
                let source = Source::new(sheet.text, Vec::new(), None);
                return Ok((source, Some((sheet.name, sheet.rows))));
            }
        }
        head = self::head(&mut reader, file)?;
    } else if encoding::is_gzip(&head) {
        reader = archive::gzip(Cursor::new(head).chain(reader));
        head = self::head(&mut reader, file)?;
    }
    if let Some(form) = encoding::binary_form(&head) {
        return Err(diags::not_text(feed, file, form).into());
    }
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

/// A file's first bytes.
fn head(reader: &mut Box<dyn Read + Send>, file: &str) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::new();
    let read = reader.by_ref().take(HEAD as u64).read_to_end(&mut head);
    read.map_err(|cause| reading(file, cause))?;
    Ok(head)
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

/// How each want is read, or all that is wrong with the feed's mapping.
fn readings(
    dataset: &Dataset,
    feed: &Feed,
    file: &Arc<str>,
    header: Header<'_>,
    wants: &[Want],
    zone: &TimeZone,
) -> Result<Vec<Reading>, Failure> {
    let mut mistakes = Vec::new();
    let unwanted = |c: &&FeedColumn| !wants.iter().any(|want| want.column == c.column);
    for column in feed.columns.iter().filter(unwanted) {
        if let Err(Misplaced::Missing(mistake)) = position(dataset, feed, file, header, column) {
            mistakes.push(*mistake);
        }
    }
    let mut readings = Vec::new();
    for want in wants {
        let column = feed.columns.iter().find(|column| column.column == want.column);
        let from = match column.map(|c| position(dataset, feed, file, header, c)) {
            None => From::Nowhere,
            Some(Ok(from)) => from,
            Some(Err(Misplaced::Missing(mistake) | Misplaced::Twice(mistake))) => {
                mistakes.push(*mistake);
                continue;
            }
        };
        match reading_of(feed, column, want, from, zone) {
            Ok(reading) => readings.push(reading),
            Err(mistake) => mistakes.push(*mistake),
        }
    }
    if mistakes.is_empty() { Ok(readings) } else { Err(Failure::Mistakes(mistakes)) }
}

/// Where the feed's skips look.
fn skips(
    feed: &Feed,
    file: &Arc<str>,
    header_row: u64,
    headers: &[String],
) -> Result<Vec<Skip>, Failure> {
    let cell = |column: &ColumnSource| match column {
        ColumnSource::Position(at) => Some(at.saturating_sub(1)),
        ColumnSource::Header(name) if header_row > 0 => {
            let at = headers.iter().position(|header| *header == normal(name))?;
            u32::try_from(at).ok()
        }
        _ => None,
    };
    let skip = |rule: &SkipRule| match cell(&rule.column) {
        Some(cell) => Ok(Skip { cell, test: rule.test.clone() }),
        None => Err(Failure::from(diags::skip_column_missing(file, rule, headers))),
    };
    feed.contract.skip.iter().map(skip).collect()
}

/// What the file's columns are called, if they are.
#[derive(Clone, Copy)]
struct Header<'a> {
    /// 0 where there is none.
    row: u64,
    names: &'a [String],
    width: u32,
}

enum Misplaced {
    Missing(Box<Diagnostic>),
    /// A mistake only where the column is wanted.
    Twice(Box<Diagnostic>),
}

/// Where a column of the feed comes from.
fn position(
    dataset: &Dataset,
    feed: &Feed,
    file: &Arc<str>,
    header: Header<'_>,
    column: &FeedColumn,
) -> Result<From, Misplaced> {
    let headers = header.names;
    let required = dataset.column(column.column.as_str()).is_some_and(|c| c.required);
    let (names, exact): (&[String], bool) = match &column.from {
        ColumnSource::Value(text) => return Ok(From::Constant(text.clone())),
        ColumnSource::Position(at) => {
            if *at > header.width {
                let mistake = diags::position_beyond(feed, file, column, (*at, header.width));
                return Err(Misplaced::Missing(Box::new(mistake)));
            }
            return Ok(From::Cell(at.saturating_sub(1)));
        }
        _ if header.row == 0 => return Ok(From::Nowhere),
        ColumnSource::Header(name) => (std::slice::from_ref(name), true),
        ColumnSource::Any(names) => (names, false),
    };
    let fold = |text: &str| if exact { normal(text) } else { normal(text).to_lowercase() };
    let wanted: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let mut found: Vec<usize> =
        (0..headers.len()).filter(|at| wanted.contains(&fold(&headers[*at]))).collect();
    if found.is_empty() && !exact {
        // `deal_stage` is what others write as “Deal Stage”.
        let wanted: Vec<String> = names.iter().map(|name| letters(name)).collect();
        let same = |at: &usize| wanted.contains(&letters(&headers[*at]));
        found = (0..headers.len()).filter(|at| !headers[*at].is_empty()).filter(same).collect();
    }
    match found[..] {
        [] if exact || required => {
            let mistake = diags::header_missing(feed, file, column, names, headers);
            Err(Misplaced::Missing(Box::new(mistake)))
        }
        [] => Ok(From::Nowhere),
        [one] => Ok(From::Cell(u32::try_from(one).unwrap_or(u32::MAX))),
        [first, second, ..] => {
            let mistake = diags::header_twice(file, column, (header.row, headers), first, second);
            Err(Misplaced::Twice(Box::new(mistake)))
        }
    }
}

/// A name without what stands between its words.
fn letters(name: &str) -> String {
    let between = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '-' | '.'));
    normal(name).to_lowercase().chars().filter(between).collect()
}

fn reading_of(
    feed: &Feed,
    column: Option<&FeedColumn>,
    want: &Want,
    from: From,
    zone: &TimeZone,
) -> Result<Reading, Box<Diagnostic>> {
    let contract = &feed.contract;
    let place = column.map_or(&feed.place, |c| &c.place);
    let decimal = column.and_then(|c| c.decimal).or(contract.decimal).unwrap_or('.');
    let grouping = column.and_then(|c| c.grouping).or(contract.grouping);
    if want.ty.is_numeric() && grouping == Some(decimal) {
        return Err(Box::new(diags::marks_equal(place, &want.column, decimal)));
    }
    let written = column.map(|c| &c.dates).filter(|d| !d.is_empty()).unwrap_or(&contract.dates);
    let mut formats = Vec::new();
    for text in written.iter().filter(|_| want.ty.is_time()) {
        match Format::new(text) {
            Some(format) => formats.push(format),
            None => return Err(Box::new(diags::date_format_unknown(place, text))),
        }
    }
    let number = NumberForm::new(want.ty, want.scale, decimal, grouping);
    let words = Words { yes: contract.true_words.clone(), no: contract.false_words.clone() };
    let nulls = contract.null_words.iter().map(|word| normal(word)).collect();
    let kind = Kind::of(want.ty, number, formats, words);
    let reading = Reading { from, kind, nulls };
    if let From::Constant(text) = &reading.from
        && let Err(why) = cell::fits(&reading, text, &mut Clock::new(zone.clone()))
    {
        return Err(Box::new(diags::constant_unfit(place, want, text, why)));
    }
    Ok(reading)
}
