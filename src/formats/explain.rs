//! `milepost.explain/1` and the text of `explain`.

use std::fmt::Write;

use super::json::{Json, list, maybe, number, object, raw, text, texts};
use super::metrics::period;
use super::table::{self, Cell};
use crate::domain::Decimal;
use crate::view::{ExplainView, PartView, RowView, ValueView, rows_text, say};

/// The JSON of `explain`.
pub fn explain_json(view: &ExplainView) -> String {
    let pairs = |(field, words): &(String, String)| (field.clone(), text(words));
    let mut parts = vec![
        ("schema", text("milepost.explain/1")),
        ("rule", text(view.rule)),
        ("id", text(&view.id)),
        ("title", text(&view.title)),
        ("kind", text(view.kind)),
        ("place", text(&view.place)),
        ("pack", maybe(view.pack.as_deref())),
        ("fingerprint", text(&view.fingerprint)),
        ("definition", Json::Object(view.definition.iter().map(pairs).collect())),
        ("dataset", maybe(view.dataset.as_deref())),
        ("population", maybe(view.population.as_deref())),
        ("filter", maybe(view.filter.as_deref())),
        ("time", maybe(view.time.as_deref())),
        ("leaves", texts(&view.leaves)),
        ("formula", text(&view.formula)),
        ("value", view.value.as_ref().map_or(Json::Null, value)),
        ("parts", list(&view.parts, part)),
        ("files", texts(&view.files)),
    ];
    let rows = view.rows.as_ref();
    parts.push(("rows", rows.map_or(Json::Null, |rows| list(rows, row))));
    let named = parts.into_iter().map(|(key, value)| (key.to_owned(), value));
    Json::Object(named.collect()).pretty()
}

fn value(value: &ValueView) -> Json {
    let members = value.slice.iter();
    let slice = members.map(|m| (m.dimension.clone(), maybe(m.member.as_deref()))).collect();
    object([
        ("period", value.period.as_ref().map_or(Json::Null, period)),
        ("slice", Json::Object(slice)),
        ("value", raw(&value.value)),
        ("unit", text(value.unit)),
        ("n", raw(&value.n)),
        ("numerator", raw(&value.numerator)),
        ("denominator", raw(&value.denominator)),
        ("coverage", raw(&value.coverage)),
        ("status", text(value.status)),
        ("reason", maybe(value.reason.as_deref())),
    ])
}

fn part(part: &PartView) -> Json {
    let reason = ("reason", maybe(part.reason.as_deref()));
    object([("id", text(&part.id)), ("value", raw(&part.value)), reason])
}

fn row(row: &RowView) -> Json {
    let cells = row.cells.iter().map(|(name, cell)| (name.clone(), maybe(cell.as_deref())));
    let leaf = |leaf: &Option<String>| match leaf.as_deref() {
        None => Json::Null,
        Some(literal) if Decimal::parse(literal).is_some() => number(literal),
        Some(other) => text(other),
    };
    object([
        ("place", text(&row.place)),
        ("key", maybe(row.key.as_deref())),
        ("usable", Json::Bool(row.usable)),
        ("cells", Json::Object(cells.collect())),
        ("leaves", list(&row.leaves, leaf)),
    ])
}

/// The text of `explain`.
pub fn explain_text(view: &ExplainView) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} ({} {})\n{}\n", view.title, view.rule, view.id, view.question);
    if let Some(value) = &view.value {
        headline(&mut out, value);
    }
    let place = match &view.pack {
        Some(pack) => say("explain.in-pack", &[("place", &view.place), ("pack", pack)]),
        None => view.place.clone(),
    };
    let rows = [
        ("explain.why", Some(view.why.clone())),
        ("explain.how", Some(view.how.clone()).filter(|h| !h.is_empty())),
        ("explain.kind", Some(view.kind.to_owned())),
        ("explain.population", view.population.clone()),
        ("explain.filter", view.filter.clone()),
        ("explain.time", view.time.clone()),
        ("explain.defined", Some(place)),
        ("explain.fingerprint", Some(view.fingerprint.clone())),
        ("explain.files", Some(view.files.join(", ")).filter(|f| !f.is_empty())),
    ];
    for (key, words) in rows {
        if let Some(words) = words {
            let _ = writeln!(out, "{:<13} {words}", say(key, &[]));
        }
    }
    for (field, words) in &view.definition {
        let _ = writeln!(out, "  {field} = {words}");
    }
    for part in &view.parts {
        let reason = part.reason.as_ref().map(|r| format!(": {r}")).unwrap_or_default();
        let _ = writeln!(out, "  {} ({}) is {}{reason}", part.title, part.id, part.text);
    }
    rows_table(&mut out, view);
    out
}

fn headline(out: &mut String, value: &ValueView) {
    let slice: Vec<String> =
        value.slice.iter().map(|m| format!("{} {}", m.dimension, m.text)).collect();
    let period = value.period.as_ref().map(|p| p.text.clone());
    let at: Vec<String> = period.into_iter().chain(slice).collect();
    let _ = writeln!(out, "{}: {}", at.join(", "), value.text);
    if !value.evidence.is_empty() {
        let _ = writeln!(out, "{}", value.evidence);
    }
    if value.partial {
        let _ = writeln!(out, "{}", say("explain.coverage", &[("share", &value.coverage.text)]));
    }
    if let Some(reason) = &value.reason {
        let _ = writeln!(out, "{reason}");
    }
    for gap in &value.gaps {
        let fill: [(&str, &str); 3] =
            [("column", &gap.column), ("blank", &gap.blank.text), ("rejected", &gap.rejected.text)];
        let _ = writeln!(out, "{}", say("explain.gap", &fill));
    }
    out.push('\n');
}

fn rows_table(out: &mut String, view: &ExplainView) {
    let Some(rows) = &view.rows else { return };
    let _ = writeln!(out, "\n{}\n", rows_text(view));
    let Some(first) = rows.first() else { return };
    let mut head = vec![say("explain.row", &[]), say("explain.key", &[])];
    head.extend(first.cells.iter().map(|(name, _)| name.clone()));
    head.extend(view.leaves.iter().cloned());
    let none = || "–".to_owned();
    let lines: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let mut line = vec![row.place.clone(), row.key.clone().unwrap_or_else(none)];
            line.extend(row.cells.iter().map(|(_, cell)| cell.clone().unwrap_or_else(none)));
            line.extend(row.leaves.iter().map(|leaf| leaf.clone().unwrap_or_else(none)));
            line.into_iter().map(Cell::left).collect()
        })
        .collect();
    let head: Vec<Cell> = head.into_iter().map(Cell::left).collect();
    out.push_str(&table::draw(&head, &lines));
}
