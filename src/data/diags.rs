//! Words of what can be wrong with a feed's files.

use std::sync::Arc;

use super::book::{Beyond, Strange};
use super::shape::Unfit;
use super::sheet::Unreadable;
use super::{Failure, RejectReason, Want, archive};
use crate::catalog::{ColumnSource, Feed, FeedColumn, HeaderRow};
use crate::diag::{Diagnostic, near};
use crate::disk::FileError;
use crate::domain::Id;
use crate::text::{CellPlace, Place};

fn whole(file: &str) -> Place {
    Place::File(file.into())
}

/// Why a file could not be opened.
pub(super) fn file_error(feed: Option<&Feed>, file: &str, error: FileError) -> Failure {
    match error {
        FileError::Missing => file_missing(feed, file).into(),
        FileError::Outside => file_outside(feed, file).into(),
        FileError::NotAFile => file_not_plain(feed, file).into(),
        // Only `Files::text` finds these two.
        FileError::NotUtf8(_) | FileError::TooLarge(_) => {
            workbook_broken(file, feed, "it is no text").into()
        }
        FileError::Fault(fault) => file_unreadable(feed, file, &fault.cause).into(),
    }
}

pub(super) fn file_missing(feed: Option<&Feed>, file: &str) -> Diagnostic {
    let missing = Diagnostic::data("file-missing", format!("there is no file `{file}`"))
        .at(named(feed, file))
        .help(
            "put the export there, or correct `file`: a path or a glob inside the project's folder",
        );
    match feed {
        Some(feed) => missing.label(format!("feed `{}` reads it", feed.id)),
        None => missing,
    }
}

fn file_outside(feed: Option<&Feed>, file: &str) -> Diagnostic {
    Diagnostic::author("file-outside", format!("`{file}` is outside the project's folder"))
        .at(named(feed, file))
        .help("copy the export into the project, or allow its folder with `reads` in `[project]`; a link must not leave what is allowed")
}

fn file_not_plain(feed: Option<&Feed>, file: &str) -> Diagnostic {
    Diagnostic::data("file-not-plain", format!("`{file}` is not a plain file"))
        .at(named(feed, file))
        .help("name a file, or a glob such as `exports/*.csv`")
}

fn file_unreadable(feed: Option<&Feed>, file: &str, cause: &std::io::Error) -> Diagnostic {
    Diagnostic::data("file-unreadable", format!("`{file}` cannot be opened: {cause}"))
        .at(named(feed, file))
        .help("let yourself read it, or put a copy of the export in its place")
}

pub(super) fn not_text(feed: Option<&Feed>, file: &str, strange: Strange) -> Diagnostic {
    let headline = format!("`{file}` is neither CSV nor a workbook but {}", strange.what);
    Diagnostic::data("file-not-csv", headline).at(named(feed, file)).help(strange.help)
}

/// Where a feed names a file; without a feed, the file.
fn named(feed: Option<&Feed>, file: &str) -> Place {
    feed.map_or_else(|| whole(file), |feed| feed.file_place.clone())
}

/// Why nobody can say what a file is.
pub(super) fn unfit(feed: Option<&Feed>, file: &str, why: Unfit) -> Failure {
    match why {
        Unfit::File(error) => file_error(feed, file, error),
        Unfit::Read(cause) => super::open::reading(file, cause),
        Unfit::Archive(why) => archive(feed, file, why).into(),
        Unfit::Strange(strange) => not_text(feed, file, strange).into(),
    }
}

pub(super) fn workbook(feed: Option<&Feed>, file: &str, why: Unreadable) -> Diagnostic {
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let place = feed.map_or_else(|| whole(file), |feed| feed.place.clone());
    match why {
        Unreadable::Broken(why) => workbook_broken(file, feed, &why),
        Unreadable::Strange(strange) => not_text(feed, file, strange),
        Unreadable::Beyond(beyond) => beyond_limit(named(feed, file), file, beyond),
        Unreadable::NoSuchSheet(sheets) => {
            let wanted = feed.and_then(|feed| feed.contract.sheet.as_deref()).unwrap_or_default();
            let found = near(wanted, sheets.iter().map(String::as_str));
            Diagnostic::author("no-such-sheet", format!("`{file}` has no sheet `{wanted}`"))
                .at(place)
                .near(found)
                .help(format!("its sheets are {}", list(&sheets)))
        }
        Unreadable::SheetUnclear(sheets) => {
            let id = feed.map_or("…", |feed| feed.id.as_str());
            Diagnostic::author("sheet-unclear", format!("`{file}` shows {} sheets", sheets.len()))
                .at(place)
                .help(format!("say which: `sheet = \"…\"` in `[feed.{id}]`"))
                .help(format!("they are {}", list(&sheets)))
        }
    }
}

/// Sheets that are not shown, and may hold what somebody looks for.
pub(super) fn sheets_unseen(feed: &Feed, file: &str, sheets: &[String]) -> Diagnostic {
    let mut list: Vec<String> = sheets.iter().take(5).map(|name| format!("`{name}`")).collect();
    if sheets.len() > list.len() {
        list.push("…".into());
    }
    let headline = match sheets.len() {
        1 => format!("a hidden sheet of `{file}` holds cells: {}", list.concat()),
        count => format!("{count} hidden sheets of `{file}` hold cells: {}", list.join(", ")),
    };
    let id = &feed.id;
    Diagnostic::warning("sheets-unseen", headline)
        .at(feed.file_place.clone())
        .label(format!("feed `{id}` reads another sheet"))
        .help(format!("if rows of `{id}` stand there, name it in another feed: `sheet = \"…\"`"))
}

pub(super) fn beyond_limit(place: Place, file: &str, beyond: Beyond) -> Diagnostic {
    let (key, most) = beyond.key();
    Diagnostic::data("beyond-limit", format!("`{file}` {beyond}")).at(place).help(format!(
        "if it is what it should be, write a greater `{key}` than {most} in `[limits]`"
    ))
}

pub(super) fn workbook_broken(file: &str, feed: Option<&Feed>, why: &str) -> Diagnostic {
    Diagnostic::data("workbook-broken", format!("`{file}` cannot be read as a workbook: {why}"))
        .at(named(feed, file))
        .help("open it in a spreadsheet program and save it again as .xlsx or CSV (UTF-8)")
}

pub(super) fn archive(feed: Option<&Feed>, file: &str, why: archive::Unreadable) -> Diagnostic {
    let names = match why {
        archive::Unreadable::Broken(why) => return archive_broken(file, &why),
        archive::Unreadable::Several(names) => names,
    };
    let mut list: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    if names.len() > list.len() {
        list.push("…".into());
    }
    Diagnostic::author("archive-of-many", format!("`{file}` holds {} files", names.len()))
        .at(named(feed, file))
        .help("unpack it, and name the files that the feed reads")
        .help(format!("they are {}", list.join(", ")))
}

pub(super) fn archive_broken(file: &str, why: &str) -> Diagnostic {
    Diagnostic::data("archive-broken", format!("`{file}` cannot be unpacked: {why}"))
        .at(whole(file))
        .help("fetch it again, or unpack it and name the file inside")
}

pub(super) fn position_beyond(
    feed: &Feed,
    file: &str,
    column: &FeedColumn,
    (position, width): (u32, u32),
) -> Diagnostic {
    let headline = format!("`{}` is column {position}, and `{file}` has {width}", column.column);
    Diagnostic::author("position-beyond", headline)
        .at(column.place.clone())
        .label(format!("feed `{}`", feed.id))
        .help("positions count from 1; if the file is split wrongly, say `delimiter`")
}

pub(super) fn file_empty(file: &str) -> Diagnostic {
    Diagnostic::data("file-empty", format!("`{file}` is empty: it has no header"))
        .at(whole(file))
        .help("export it again; a file without rows still has its header")
}

pub(super) fn line_ends_mixed(file: &str) -> Diagnostic {
    Diagnostic::data("line-ends-mixed", format!("the header of `{file}` runs into its rows"))
        .at(whole(file))
        .help("its first lines end in CR, others in LF: save it again with one kind of line end")
}

pub(super) fn encoding_unknown(feed: &Feed, label: &str) -> Diagnostic {
    Diagnostic::author("encoding-unknown", format!("`{label}` is not an encoding"))
        .at(feed.place.clone())
        .help("use a name such as `utf-8`, `windows-1252` or `utf-16le`")
}

pub(super) fn encoding_guessed(file: &str, name: &str) -> Diagnostic {
    let headline = format!("`{file}` is not UTF-8; it is read as {name}, which is a guess");
    Diagnostic::warning("encoding-guessed", headline).at(whole(file)).help(format!(
        "say `encoding = \"{}\"` in the feed, or export as UTF-8",
        name.to_lowercase()
    ))
}

pub(super) fn delimiter_unclear(feed: &Feed, file: &str, first: u8, second: u8) -> Diagnostic {
    let show = |byte: u8| if byte == b'\t' { "tab".to_owned() } else { char::from(byte).into() };
    let headline = format!("`{file}` could be split at `{}` or at `{}`", show(first), show(second));
    Diagnostic::author("delimiter-unclear", headline)
        .at(feed.place.clone())
        .help("say which: `delimiter = \"…\"` in the feed")
}

pub(super) fn decimal_unclear(
    feed: &Feed,
    file: &str,
    (column, place): (&Id, &Place),
    text: &str,
) -> Diagnostic {
    let headline =
        format!("`{text}` in `{column}` of `{file}` has two readings, and no other cell decides");
    Diagnostic::author("decimal-unclear", headline)
        .at(place.clone())
        .help(format!(
            "if the point is a decimal mark, write `decimal = \".\"` in `[feed.{}]`",
            feed.id
        ))
        .help("if it groups thousands, write `decimal = \",\"` and `grouping = \".\"`")
}

pub(super) fn form_impossible(feed: &Feed) -> Diagnostic {
    let headline = format!("feed `{}` cannot be split by its `delimiter` and `quote`", feed.id);
    Diagnostic::author("form-impossible", headline)
        .at(feed.place.clone())
        .help("give two different ASCII characters that end no line, or leave them out")
}

pub(super) fn header_unclear(feed: &Feed, file: &str) -> Diagnostic {
    Diagnostic::author("header-unclear", format!("cannot tell which row of `{file}` is the header"))
        .at(feed.place.clone())
        .help("say `header-row = 3` (counted from 1, as a spreadsheet shows it) in the feed")
}

pub(super) fn header_row_beyond(feed: &Feed, file: &str) -> Diagnostic {
    let row = if let HeaderRow::At { last, .. } = feed.contract.header_row { last } else { 1 };
    Diagnostic::author("header-row-beyond", format!("row {row} of `{file}` holds no header"))
        .at(feed.place.clone())
        .help("`header-row` counts from 1, blank lines included")
}

pub(super) fn header_missing(
    feed: &Feed,
    file: &Arc<str>,
    column: &FeedColumn,
    names: &[String],
    headers: &[String],
) -> Diagnostic {
    let mut wanted: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    if names.len() > wanted.len() {
        wanted.push(format!("another of {} known names", names.len() - wanted.len()));
    }
    let wanted = wanted.join(" or ");
    let headline = format!("`{file}` has no column {wanted}");
    let known = headers.iter().map(String::as_str).filter(|header| !header.is_empty());
    let near = names.iter().find_map(|name| near(name, known.clone()));
    let mut list: Vec<String> = known.map(|header| format!("`{header}`")).take(40).collect();
    if headers.len() > list.len() {
        list.push("…".into());
    }
    Diagnostic::author("header-missing", headline)
        .at(column.place.clone())
        .label(format!("`{}` of feed `{}`", column.column, feed.id))
        .near(near)
        .help(format!("its header is: {}", list.join(", ")))
}

pub(super) fn header_twice(
    file: &Arc<str>,
    column: &FeedColumn,
    (row, headers): (u64, &[String]),
    first: usize,
    second: usize,
) -> Diagnostic {
    let cell = |at: usize| {
        let column = u32::try_from(at + 1).unwrap_or(0);
        Place::Cell(CellPlace { file: Arc::clone(file), sheet: None, row, column })
    };
    let headline = format!("two columns of `{file}` could be `{}`", column.column);
    Diagnostic::author("header-twice", headline)
        .at(column.place.clone())
        .also(cell(first), format!("`{}`", headers[first]))
        .also(cell(second), format!("`{}`", headers[second]))
        .help(if headers[first] == headers[second] {
            format!(
                "rename one of them in the export, or take one by its place: `{} = {}`",
                column.column,
                first + 1
            )
        } else {
            format!("choose one: `{} = \"{}\"`", column.column, headers[first])
        })
}

pub(super) fn marks_equal(place: &Place, column: &Id, mark: char) -> Diagnostic {
    let headline = format!("`{mark}` is both decimal and grouping mark of `{column}`");
    Diagnostic::author("marks-equal", headline)
        .at(place.clone())
        .help("say both marks, such as `decimal = \",\"` with `grouping = \".\"`")
}

pub(super) fn date_format_unknown(place: &Place, format: &str) -> Diagnostic {
    Diagnostic::author("date-format-unknown", format!("`{format}` is not a date format"))
        .at(place.clone())
        .help("write it as `%d/%m/%Y` or `%m/%d/%Y %H:%M`")
}

pub(super) fn constant_unfit(
    place: &Place,
    want: &Want,
    text: &str,
    why: RejectReason,
) -> Diagnostic {
    let headline = format!("`{text}` is no {}: {}", want.ty.word(), why.words());
    Diagnostic::author("constant-unfit", headline)
        .at(place.clone())
        .help(format!("give a value that fits `{}`", want.column))
}

pub(super) fn stray_quote(place: Place) -> Diagnostic {
    Diagnostic::warning("stray-quote", "a quote stands inside a cell")
        .at(place)
        .help("quotes inside a quoted cell are written double: `\"27\"\" TV\"`")
        .help("a row with text behind a closing quote is rejected; others are read as they stand")
}

pub(super) fn unterminated_quote(place: Place) -> Diagnostic {
    Diagnostic::data("quote-unterminated", "a quote is opened and never closed")
        .at(place)
        .help("close it, or export the file again: it may have been cut off")
}

pub(super) fn record_too_long(place: Place, megabytes: usize) -> Diagnostic {
    let headline = format!("a row has more than {megabytes} MB");
    Diagnostic::data("record-too-long", headline)
        .at(place)
        .help("a quote may be open, or the file's line ends may be damaged")
}

/// A skip looks at a column that the file does not have.
pub(super) fn no_such_column(
    file: &str,
    column: &ColumnSource,
    place: &Place,
    why: &str,
    headers: &[String],
) -> Diagnostic {
    let name = match column {
        ColumnSource::Header(name) => name.clone(),
        ColumnSource::Position(at) => at.to_string(),
        _ => String::new(),
    };
    let known = headers.iter().map(String::as_str).filter(|header| !header.is_empty());
    let times = headers.iter().filter(|header| **header == name).count();
    let found = if times > 1 { format!("{times} columns") } else { "no column".to_owned() };
    Diagnostic::author("no-such-column", format!("`{file}` has {found} `{name}` to {why}"))
        .at(place.clone())
        .near(near(&name, known))
        .help("name a header as it stands, or the column by its number, from 1")
}

pub(super) fn became_rows(file: &str, column: &FeedColumn, at: u32) -> Diagnostic {
    let headline =
        format!("column {at} of `{file}` became rows, so `{}` is not in it", column.column);
    Diagnostic::author("became-rows", headline)
        .at(column.place.clone())
        .help("map what `unpivot` calls `value`, or leave this column out of its `columns`")
}
