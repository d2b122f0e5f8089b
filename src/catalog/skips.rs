//! Which records of a file are no rows: totals, footers, notes.

use super::{ColumnSource, SkipRule, SkipTest, diags};
use crate::decode::{Item, Reader, Tree};

/// `skip = [{ column = "Deal ID", starts-with = ["Grand Total"] }]`.
pub(super) fn skips(reader: &mut Reader<'_>) -> Vec<SkipRule> {
    let Some(list) = reader.list("skip") else { return Vec::new() };
    list.iter().filter_map(|tree| skip(reader, tree)).collect()
}

fn skip(reader: &mut Reader<'_>, tree: &Tree) -> Option<SkipRule> {
    let Item::Table(table) = &tree.item else {
        if !matches!(tree.item, Item::Broken) {
            reader.report(diags::skip_form(tree.place()));
        }
        return None;
    };
    let mut inner = Reader::new(table, format!("skip of {}", reader.what()));
    inner.require("column", "a header, or a column's number");
    let column = inner.tree("column").and_then(|tree| match &tree.item {
        Item::Text(text) => Some(ColumnSource::Header(text.to_string())),
        Item::Integer(at) => {
            u32::try_from(*at).ok().filter(|at| *at > 0).map(ColumnSource::Position)
        }
        _ => None,
    });
    let (blank, is) = (inner.bool("blank"), inner.strings("is"));
    let starts = inner.strings("starts-with");
    let tests = [
        (blank == Some(true)).then_some(SkipTest::Blank),
        (!is.is_empty()).then_some(SkipTest::Is(is)),
        (!starts.is_empty()).then_some(SkipTest::StartsWith(starts)),
    ];
    let mut tests = tests.into_iter().flatten();
    let (first, second) = (tests.next(), tests.next());
    let mut mistakes = Vec::new();
    inner.finish(&mut mistakes);
    let sound = mistakes.is_empty();
    mistakes.into_iter().for_each(|mistake| reader.report(mistake));
    match (column, first, second) {
        (Some(column), Some(test), None) => Some(SkipRule { column, test, place: tree.place() }),
        _ if !sound => None,
        _ => {
            reader.report(diags::skip_form(tree.place()));
            None
        }
    }
}
