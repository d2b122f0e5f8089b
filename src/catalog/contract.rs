//! How a feed's files and cells are written, as its table says.

use super::project::zone;
use super::reshapes::{fill_down, reshape};
use super::skips::skips;
use super::{CellForm, Contract, HeaderRow, Percent, diags};
use crate::decode::{Item, Reader};

/// Date formats that are words, for what counts days or seconds.
const SERIALS: [&str; 4] = ["excel", "excel-1904", "unix", "unix-ms"];

pub(super) fn contract(reader: &mut Reader<'_>) -> Contract {
    let byte = |c: char| u8::try_from(c).ok();
    let contract = Contract {
        delimiter: mark(reader, "delimiter").and_then(byte),
        quote: mark(reader, "quote").and_then(byte),
        // What encodings there are is known to the reader of data.
        encoding: reader.text("encoding").map(|t| t.text.to_string()),
        sheet: reader.text("sheet").map(|t| t.text.to_string()),
        header_row: header_row(reader),
        cells: cell_form(reader),
        true_words: reader.strings("true-words"),
        false_words: reader.strings("false-words"),
        skip: skips(reader, "skip"),
        ends: skips(reader, "ends"),
        fill_down: fill_down(reader),
        reshape: reshape(reader),
    };
    clash("delimiter", "quote", reader);
    contract
}

/// How the cells of a feed, or of one of its columns, are written.
pub(super) fn cell_form(reader: &mut Reader<'_>) -> CellForm {
    let form = CellForm {
        decimal: mark(reader, "decimal"),
        grouping: mark(reader, "grouping"),
        dates: dates(reader),
        null_words: reader.strings("null-words"),
        suffixes: suffixes(reader),
        percent: reader.word("percent", &[("sign", Percent::Sign), ("points", Percent::Points)]),
        zone: zone(reader, "zone"),
        values: values(reader),
    };
    clash("decimal", "grouping", reader);
    form
}

fn clash(a: &str, b: &str, reader: &mut Reader<'_>) {
    let (one, other) = (reader.text(a), reader.text(b));
    if let (Some(one), Some(other)) = (one, other)
        && one.text == other.text
    {
        reader.report(diags::marks_clash(a, b, other.place()));
    }
}

fn header_row(reader: &mut Reader<'_>) -> HeaderRow {
    const MOST: u32 = 1_000_000;
    let Some(tree) = reader.tree("header-row") else { return HeaderRow::Found };
    match &tree.item {
        Item::Text(word) if **word == *"none" => HeaderRow::None,
        Item::Integer(_) => {
            let row = reader.count("header-row", 1, MOST);
            row.map_or(HeaderRow::Found, |row| HeaderRow::At { first: row, last: row })
        }
        Item::List(rows) => {
            let number = |item: &Item| match item {
                Item::Integer(row) => u32::try_from(*row).ok().filter(|r| (1..=MOST).contains(r)),
                _ => None,
            };
            let numbers: Option<Vec<u32>> = rows.iter().map(|row| number(&row.item)).collect();
            match numbers.as_deref() {
                Some([first, .., last]) | Some([first @ last])
                    if numbers.iter().flatten().copied().eq(*first..=*last) =>
                {
                    HeaderRow::At { first: *first, last: *last }
                }
                _ => {
                    reader.report(diags::header_rows_form(tree.place()));
                    HeaderRow::Found
                }
            }
        }
        _ => {
            reader.wrong_type("header-row", "a row's number, a list of them, or `none`", tree);
            HeaderRow::Found
        }
    }
}

/// One ASCII character.
fn mark(reader: &mut Reader<'_>, key: &str) -> Option<char> {
    let text = reader.text(key)?;
    let mut chars = text.text.chars();
    match (chars.next(), chars.next()) {
        (Some(mark), None) if mark.is_ascii() && !matches!(mark, '\n' | '\r' | '\0') => Some(mark),
        // A no-break space groups digits in many exports.
        (Some(mark), None) if key == "grouping" => Some(mark),
        _ => {
            reader.report(diags::not_a_mark(key, &text));
            None
        }
    }
}

/// strptime formats that a date can be written with, or words for serial numbers.
fn dates(reader: &mut Reader<'_>) -> Vec<String> {
    let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let mut formats = Vec::new();
    for format in reader.texts("dates") {
        let fits = SERIALS.contains(&&*format.text)
            || format.text.contains('%')
                && jiff::fmt::strtime::format(format.text.as_bytes(), &sample).is_ok();
        if fits {
            formats.push(format.text.to_string());
        } else {
            reader.report(diags::not_a_date_format(&format));
        }
    }
    formats
}

/// `suffixes = { K = 1000, Mn = 1000000 }`, the longest first.
fn suffixes(reader: &mut Reader<'_>) -> Vec<(String, u64)> {
    let Some(table) = reader.table("suffixes") else { return Vec::new() };
    let mut inner = Reader::new(table, format!("`suffixes` of {}", reader.what()));
    let mut suffixes = Vec::new();
    for entry in &table.entries {
        let factor = inner.count(&entry.key, 2, u32::MAX);
        suffixes.extend(factor.map(|factor| (entry.key.trim().to_owned(), u64::from(factor))));
    }
    hand_over(inner, reader);
    suffixes.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    suffixes
}

/// `values = { "Closed Won" = ["won*", "gewonnen"] }`.
fn values(reader: &mut Reader<'_>) -> Vec<(String, Vec<String>)> {
    let Some(table) = reader.table("values") else { return Vec::new() };
    let mut inner = Reader::new(table, format!("`values` of {}", reader.what()));
    let keys = table.entries.iter().map(|entry| &*entry.key);
    let values = keys.map(|key| (key.trim().to_owned(), inner.strings(key))).collect();
    hand_over(inner, reader);
    values
}

/// What a table inside another has to say.
pub(super) fn hand_over(inner: Reader<'_>, outer: &mut Reader<'_>) {
    let mut mistakes = Vec::new();
    inner.finish(&mut mistakes);
    mistakes.into_iter().for_each(|mistake| outer.report(mistake));
}
