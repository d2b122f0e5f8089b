//! Numbers that can be read in two ways: `12.500` is twelve and a half, or twelve thousand five hundred.
//!
//! Where a feed does not say which marks it uses, the head of the file must tell: one number that fits one
//! reading only is enough. If none does, that is a question, never a guess.

use std::borrow::Cow;
use std::sync::Arc;

use super::cut::Cutter;
use super::layout::{From, Inner, Kind, Layout, Reading};
use super::sheet::{EXACT, SheetRows};
use super::source::Source;
use super::{Chunk, Parser, Want, diags};
use crate::catalog::Feed;
use crate::diag::Diagnostic;
use crate::domain::Type;

/// The columns of a file whose numbers the records at its head leave open.
pub(super) fn unclear(feed: &Feed, inner: &Inner, wants: &[Want], head: &[u8]) -> Vec<Diagnostic> {
    let doubtful = |want: &&Want| {
        let column = feed.columns.iter().find(|column| column.column == want.column);
        let said = column.is_some_and(|c| c.decimal.is_some() || c.grouping.is_some())
            || feed.contract.decimal.is_some()
            || feed.contract.grouping.is_some();
        want.ty.is_numeric() && !want.hashed && !said
    };
    let wants: Vec<(&Want, From)> = wants
        .iter()
        .zip(&inner.columns)
        .filter(|(want, reading)| doubtful(want) && matches!(reading.from, From::Cell(_)))
        .map(|(want, reading)| (want, reading.from.clone()))
        .collect();
    // A record that the sample cuts off says nothing.
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head.len(), |at| at + 1);
    let head = without_exact(&head[..whole]);
    if wants.is_empty() || !head.contains(&b'.') {
        return Vec::new();
    }
    let texts = texts(inner, &wants, &head);
    let found = wants.iter().zip(texts).filter_map(|((want, _), texts)| {
        let text = open_question(texts.iter().map(|text| &**text))?;
        let column = feed.columns.iter().find(|column| column.column == want.column);
        let place = column.map_or(&feed.place, |column| &column.place);
        Some(diags::decimal_unclear(feed, &inner.file, (&want.column, place), text))
    });
    found.collect()
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
fn texts(inner: &Inner, wants: &[(&Want, From)], head: &[u8]) -> Vec<Vec<Arc<str>>> {
    let reading = |(_, from): &(&Want, From)| Reading {
        from: from.clone(),
        kind: Kind::Text,
        nulls: Vec::new(),
    };
    let layout = Layout(Arc::new(Inner {
        file: Arc::clone(&inner.file),
        sheet: None,
        rows: SheetRows::default(),
        form: inner.form,
        header_row: inner.header_row,
        headers: inner.headers.clone(),
        columns: wants.iter().map(reading).collect(),
        zone: inner.zone.clone(),
    }));
    let as_text = |(want, _): &(&Want, From)| Want { ty: Type::Text, ..(*want).clone() };
    let wants: Vec<Want> = wants.iter().map(as_text).collect();
    let source = Source::new(Box::new(std::io::empty()), head.to_vec(), None);
    let (one_column, row) = (inner.form.most == 1, inner.header_row + 1);
    let file = Arc::clone(&inner.file);
    let mut cutter = Cutter::new(source, file, inner.form.dialect, one_column, row, head.len());
    let (mut parser, mut chunk) = (Parser::new(&wants), Chunk::default());
    while let Ok(Some(block)) = cutter.next(Vec::new()) {
        parser.parse(&layout, &block, &mut chunk);
    }
    parser.dictionaries().iter().map(|known| known.texts.clone()).collect()
}

/// A number that can be read in two ways, if there is one and no other number decides.
fn open_question<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut open = None;
    for text in texts {
        match reading(text) {
            Reads::Two => open = open.or(Some(text)),
            Reads::Point => return None,
            Reads::Neither => {}
        }
    }
    open
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
    let may_be_grouped =
        part.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if may_be_grouped { Reads::Two } else { Reads::Point }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_that_fits_one_reading_decides() {
        let open = |texts: &[&str]| open_question(texts.iter().copied()).map(str::to_owned);
        assert_eq!(open(&["12.500", "3.000", "€ 1.200"]).as_deref(), Some("12.500"));
        assert_eq!(open(&["7", "-1.200,50", "3.000"]).as_deref(), Some("3.000"));
        for decides in ["12.5", "0.125", "1200.500", "3.14159"] {
            assert_eq!(open(&["12.500", decides]), None, "{decides}");
        }
        assert_eq!(open(&["12", "1,250", "n/a", "", "2026.01.31"]), None);
    }
}
