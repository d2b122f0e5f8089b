//! Numbers that can be read in two ways: `12.500` is twelve and a half, or twelve thousand five hundred.
//!
//! Where a feed does not say which marks it uses, the head of the file must tell: one number that fits one
//! reading only is enough. If none does, that is a question, never a guess; and where the head has no such
//! number at all, those that come later are rejected.

use std::borrow::Cow;
use std::sync::Arc;

use super::cut::Cutter;
use super::layout::{From, Inner, Kind, Layout, Reading};
use super::leave::Leave;
use super::meaning::Meaning;
use super::sheet::{EXACT, SheetRows};
use super::source::Source;
use super::{Chunk, Dictionary, Parser, Want, diags, number};
use crate::catalog::Feed;
use crate::diag::Diagnostic;
use crate::domain::Type;

/// Says of each column whether its numbers are sure to have a decimal point; gives the questions that the
/// records at the file's head leave open.
pub(super) fn settle(
    feed: &Feed,
    inner: &mut Inner,
    wants: &[Want],
    head: &[u8],
) -> Vec<Diagnostic> {
    let doubtful = |want: &&Want| {
        let column = feed.columns.iter().find(|column| column.column == want.column);
        let cells = column.map(|c| c.cells.or(&feed.contract.cells));
        let said = cells.is_some_and(|c| c.decimal.is_some() || c.grouping.is_some());
        want.ty.is_numeric() && !want.hashed && !said
    };
    let columns: Vec<(usize, &Want, From)> = (0..wants.len())
        .map(|at| (at, &wants[at], inner.columns[at].from.clone()))
        .filter(|(_, want, from)| doubtful(want) && matches!(from, From::Cell(_)))
        .collect();
    columns.iter().for_each(|(at, ..)| unsure(inner, *at, true));
    // A record that the sample cuts off says nothing.
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head.len(), |at| at + 1);
    let head = without_exact(&head[..whole]);
    if columns.is_empty() || !head.contains(&b'.') {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for ((at, want, _), texts) in columns.iter().zip(texts(inner, &columns, &head)) {
        match shown(texts.iter()) {
            Shown::Nothing => {}
            Shown::Point => unsure(inner, *at, false),
            Shown::Question(text) => {
                let column = feed.columns.iter().find(|column| column.column == want.column);
                let place = column.map_or(&feed.place, |column| &column.place);
                let named = (&want.column, place);
                questions.push(diags::decimal_unclear(feed, &inner.file, named, text));
            }
        }
    }
    questions
}

fn unsure(inner: &mut Inner, column: usize, unsure: bool) {
    if let Kind::Number(form) = &mut inner.columns[column].kind {
        form.unsure = unsure;
    }
}

/// Without the numbers of a workbook, which are what they are; its texts go by the contract.
fn without_exact(head: &[u8]) -> Cow<'_, [u8]> {
    if !head.contains(&EXACT) {
        return head.into();
    }
    let (mut kept, mut exact, mut before) = (Vec::with_capacity(head.len()), false, b'\n');
    for byte in head {
        let is_edge = |byte: u8| byte == b',' || byte == b'\n';
        exact = !is_edge(*byte) && (exact || *byte == EXACT && is_edge(before));
        before = *byte;
        kept.extend((!exact).then_some(byte));
    }
    kept.into()
}

/// The distinct texts of some columns.
fn texts(inner: &Inner, wants: &[(usize, &Want, From)], head: &[u8]) -> Vec<Dictionary> {
    let reading = |(_, _, from): &(usize, &Want, From)| Reading {
        from: from.clone(),
        kind: Kind::Text,
        meaning: Meaning::default(),
        zone: None,
    };
    let layout = Layout(Arc::new(Inner {
        file: Arc::clone(&inner.file),
        sheet: None,
        rows: SheetRows::default(),
        form: inner.form,
        header_row: inner.header_row,
        headers: inner.headers.clone(),
        columns: wants.iter().map(reading).collect(),
        leave: Leave::default(),
        origins: None,
        zone: inner.zone.clone(),
    }));
    let as_text = |(_, want, _): &(usize, &Want, From)| Want { ty: Type::Text, ..(*want).clone() };
    let wants: Vec<Want> = wants.iter().map(as_text).collect();
    let source = Source::new(Box::new(std::io::empty()), head.to_vec(), None);
    let (one_column, row) = (inner.form.most == 1, inner.header_row + 1);
    let file = Arc::clone(&inner.file);
    let mut cutter = Cutter::new(source, file, inner.form.dialect, one_column, row, head.len());
    let (mut parser, mut chunk) = (Parser::new(&wants), Chunk::default());
    while let Ok(Some(block)) = cutter.next(Vec::new()) {
        parser.parse(&layout, &block, &mut chunk);
    }
    (0..wants.len()).map(|want| parser.take_dictionary(want)).collect()
}

/// What the numbers of a column show of its marks.
enum Shown<'a> {
    /// None of them has a point.
    Nothing,
    /// One of them can only have a decimal point.
    Point,
    /// This one has two readings, and no other decides.
    Question(&'a str),
}

fn shown<'a>(texts: impl Iterator<Item = &'a str>) -> Shown<'a> {
    let mut shown = Shown::Nothing;
    for text in texts {
        match (reading(text), &shown) {
            (Reads::Point, _) => return Shown::Point,
            (Reads::Two, Shown::Nothing) => shown = Shown::Question(text),
            _ => {}
        }
    }
    shown
}

enum Reads {
    /// `12.500`.
    Two,
    /// The point is a decimal mark, as in `0.125` and `12.5`.
    Point,
    /// It has no point, or is no number that this is about.
    Neither,
}

fn reading(text: &str) -> Reads {
    let is_digit = |c: char| c.is_ascii_digit();
    let from = text.find(is_digit).unwrap_or(0);
    let to = text.rfind(is_digit).map_or(0, |at| at + 1);
    let number = text.get(from..to).unwrap_or_default();
    let Some((whole, part)) = number.split_once('.') else { return Reads::Neither };
    if !whole.chars().chain(part.chars()).all(is_digit) {
        return Reads::Neither;
    }
    if number::may_be_group(whole, part) { Reads::Two } else { Reads::Point }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_that_fits_one_reading_decides() {
        let open = |texts: &[&str]| match shown(texts.iter().copied()) {
            Shown::Question(text) => Some(text.to_owned()),
            _ => None,
        };
        assert_eq!(open(&["12.500", "3.000", "€ 1.200"]).as_deref(), Some("12.500"));
        assert_eq!(open(&["7", "-1.200,50", "3.000"]).as_deref(), Some("3.000"));
        for decides in ["12.5", "0.125", "1200.500", "3.14159"] {
            assert_eq!(open(&["12.500", decides]), None, "{decides}");
        }
        assert_eq!(open(&["12", "1,250", "n/a", "", "2026.01.31"]), None);
    }
}
