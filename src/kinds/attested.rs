//! `attested`: what only a person can say.

use super::{
    Bounds, CheckBody, CheckKind, CheckSource, Context, EachAnswer, Span, diags, optional, required,
};
use crate::decode::{Item, Reader, Text, Tree};
use crate::domain::{Decimal, Unit};

pub(super) const KIND: CheckKind = CheckKind {
    name: "attested",
    doc: "A named person gave a dated answer on a declared scale, for the whole or for each row of a config \
          dataset.",
    fields: &[
        required("scale", "words and their grades"),
        optional("valid-for", "days for which an answer is good"),
        optional("each", "a config dataset: one answer for each of its rows"),
        optional("each-where", "which of its rows"),
        optional("met", "grade that is enough; 1 unless said"),
        optional("shown-by", "a check of data, which answers instead where its data is there"),
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let scale = scale(reader);
    let valid_for = reader.count("valid-for", 1, 36_500);
    let (each, filter) = (reader.text("each"), reader.text("each-where"));
    let shown_by = reader.text("shown-by");
    let met = reader.number("met").unwrap_or(Decimal::ONE);
    let mut sound = true;
    let each = each.and_then(|name| {
        let found = each_answer(cx, &name, filter.as_ref());
        sound &= found.is_some();
        found
    });
    let shown_by = shown_by.and_then(|name| {
        let found = cx.check(&name);
        sound &= found.is_some();
        found
    });
    let source = CheckSource::Answer { scale: scale?, valid_for, each, shown_by };
    let bounds = Bounds { at_least: true, met, zero: Decimal::ZERO };
    let (span, when_none, unit) = (Span::Report, None, Unit::Ratio);
    sound.then_some(CheckBody { source, bounds, span, when_none, needs_rows: None, unit })
}

fn each_answer(cx: &mut dyn Context, name: &Text, filter: Option<&Text>) -> Option<EachAnswer> {
    let dataset = cx.dataset(name)?;
    let filter = match filter {
        Some(text) => Some(cx.condition(&dataset, text)?),
        None => None,
    };
    Some(EachAnswer { dataset, filter })
}

fn scale(reader: &mut Reader<'_>) -> Option<Vec<(String, u32)>> {
    let place = reader.place("scale");
    reader.require("scale", "a table of words and grades");
    let table = reader.table("scale")?;
    let mut scale = Vec::new();
    for entry in &table.entries {
        match grade(&entry.value) {
            Some(grade) => scale.push((entry.key.to_string(), grade)),
            None => reader.wrong_type(&entry.key, "a grade from 0 to 1", &entry.value),
        }
    }
    if table.entries.is_empty() {
        let found = diags::empty_scale(reader.what(), place);
        reader.report(found);
        return None;
    }
    (scale.len() == table.entries.len()).then_some(scale)
}

/// A grade from 0 to 1, in thousandths.
fn grade(tree: &Tree) -> Option<u32> {
    let number = match tree.item {
        Item::Integer(whole) => Decimal::from(whole),
        Item::Number(number) => number,
        _ => return None,
    };
    let thousandths = number.at_scale(3).ok().filter(|t| *t == number)?;
    u32::try_from(thousandths.units()).ok().filter(|t| *t <= 1000)
}
