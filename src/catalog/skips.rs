//! Which records of a file are no rows: totals, footers, notes.

use super::contract::hand_over;
use super::reshapes::column_of;
use super::{ColumnSource, SkipRule, SkipTest, diags};
use crate::decode::{Item, Reader, Tree};

/// `skip = [{ column = "Deal ID", starts-with = ["Grand Total"] }]`.
pub(super) fn skips(reader: &mut Reader<'_>, key: &str) -> Vec<SkipRule> {
    let Some(list) = reader.list(key) else { return Vec::new() };
    list.iter().filter_map(|tree| skip(reader, key, tree)).collect()
}

fn skip(reader: &mut Reader<'_>, key: &str, tree: &Tree) -> Option<SkipRule> {
    let Item::Table(table) = &tree.item else {
        if !matches!(tree.item, Item::Broken) {
            reader.report(diags::skip_form(tree.place()));
        }
        return None;
    };
    let mut inner = Reader::new(table, format!("{key} of {}", reader.what()));
    if key == "ends" && inner.bool("blank-line") == Some(true) {
        let rule = SkipRule {
            column: ColumnSource::Position(1),
            test: SkipTest::BlankLine,
            place: tree.place(),
        };
        hand_over(inner, reader);
        return Some(rule);
    }
    inner.require("column", "a header, or a column's number");
    let column = inner.tree("column").and_then(|tree| column_of(&tree.item));
    let (blank, is) = (inner.bool("blank"), inner.strings("is"));
    let (starts, like) = (inner.strings("starts-with"), inner.strings("like"));
    let tests = [
        (blank == Some(true)).then_some(SkipTest::Blank),
        (!is.is_empty()).then_some(SkipTest::Is(is)),
        (!starts.is_empty()).then_some(SkipTest::StartsWith(starts)),
        (!like.is_empty()).then_some(SkipTest::Like(like)),
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
