//! `milepost.explain/1` and the text of `explain`.

use super::json::{Json, list, maybe, object, text, texts};
use super::metrics::{as_of, metric};
use super::table::{self, Cell, harmless};
use crate::view::{CellView, ExplainView, FigureView, MetricValue, RowView, ValueView, say};

/// The JSON of `explain`.
pub fn explain_json(view: &ExplainView) -> String {
    let definition = view.definition.iter().map(|(field, of)| (field.as_str(), text(of)));
    let json = object([
        ("schema", text("milepost.explain/1")),
        ("id", text(&view.id)),
        ("what", text(view.what)),
        ("kind", text(view.kind)),
        ("title", text(&view.title)),
        ("question", text(&view.question)),
        ("why", text(&view.why)),
        ("owner", text(&view.owner)),
        ("source", text(&view.source)),
        ("place", text(&view.place)),
        ("as_of", as_of(&view.as_of)),
        ("definition", Json::Object(definition.collect())),
        ("fingerprint", text(&view.fingerprint)),
        ("population", maybe(view.population.as_deref())),
        ("outcome", maybe(view.outcome.as_ref().map(|(word, _)| word.as_str()))),
        ("value", view.value.as_ref().map_or(Json::Null, metric)),
        ("parts", list(&view.parts, metric)),
        ("converted", texts(&view.converted)),
        ("rows", view.rows.as_ref().map_or(Json::Null, |rows| list(rows, row))),
    ]);
    json.pretty()
}

fn row(row: &RowView) -> Json<'_> {
    let cells = row.cells.iter().map(|(column, of)| (column.as_str(), cell(of)));
    object([
        ("place", text(&row.place)),
        ("key", cell(&row.key)),
        ("usable", Json::Bool(row.usable)),
        ("short", Json::Bool(row.short)),
        ("lacks", texts(&row.lacks)),
        ("cells", Json::Object(cells.collect())),
        ("gives", list(&row.gives, |of| of.as_ref().map_or(Json::Null, cell))),
    ])
}

fn cell(cell: &CellView) -> Json<'_> {
    match cell {
        CellView::Blank => Json::Null,
        CellView::Number(literal) => Json::Number(literal.clone()),
        CellView::Text(of) => text(of),
        CellView::Bool(truth) => Json::Bool(*truth),
    }
}

/// The text of `explain`: from the question down to the cells.
pub fn explain_text(view: &ExplainView) -> String {
    let mut out = format!("{} ({} {})\n{}\n", view.title, view.what, view.id, view.question);
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some((word, measured)) = &view.outcome {
        facts.push(("outcome", format!("{word}. {measured}")));
    }
    if let Some(value) = &view.value {
        facts.extend(value_lines(&value.value));
    }
    if let Some(population) = &view.population {
        facts.push(("population", population.clone()));
    }
    facts.extend(view.converted.iter().map(|line| ("converted", line.clone())));
    facts.push(("why", view.why.clone()));
    facts.push(("owner", view.owner.clone()));
    facts.push(("source", view.source.clone()));
    facts.push(("declared at", view.place.clone()));
    facts.push(("fingerprint", view.fingerprint.clone()));
    let lines = |facts: Vec<(&str, String)>| {
        let filled = facts.into_iter().filter(|(_, of)| !of.is_empty());
        let cells = filled.map(|(name, of)| vec![Cell::left(name.to_owned()), Cell::left(of)]);
        table::rows(&cells.collect::<Vec<_>>())
    };
    out.push('\n');
    out.push_str(&lines(facts));
    out.push_str("\ndefinition\n");
    let written = view.definition.iter().map(|(field, of)| (field.as_str(), of.clone()));
    out.push_str(&lines(written.collect()));
    if !view.parts.is_empty() {
        out.push_str("\nparts\n");
        let parts = view.parts.iter().map(part_cells);
        out.push_str(&table::rows(&parts.collect::<Vec<_>>()));
    }
    match &view.rows {
        Some(rows) if rows.is_empty() && !view.parts.is_empty() => {
            let fill = [("id", view.parts[0].id.as_str())];
            out.push_str(&format!("\n{}\n", say("explain.rows-of-parts", &fill)));
        }
        Some(rows) => out.push_str(&row_lines(rows)),
        None => {}
    }
    out
}

/// A metric that the value is computed from, in its period.
fn part_cells(part: &MetricValue) -> Vec<Cell> {
    let period = part.value.period.as_ref().map(|p| p.label().to_owned());
    let texts = [part.id.clone(), period.unwrap_or_default(), part.value.text.text()];
    texts.map(Cell::left).into()
}

fn value_lines(value: &ValueView) -> Vec<(&'static str, String)> {
    let slice = value.slice.iter().map(|m| format!("{} = {}", m.dimension, m.text));
    let gaps = value.gaps.iter().map(|gap| format!("{} {}", gap.column, gap.text));
    let mut gaps: Vec<String> = gaps.collect();
    gaps.dedup();
    let figure = |f: &FigureView| format!("{} {}", f.name, f.value.text());
    let told = value.figures.iter().filter(|_| value.status == "ok");
    let figures: Vec<String> = told.map(figure).collect();
    let target = value.target.as_ref().map(|target| {
        let wanted = match target.pro_rata {
            true => say("table.pro-rata", &[("target", &target.value.text())]),
            false => target.value.text(),
        };
        let (attained, plans) = (shown(&target.attainment), target.plans.join(", "));
        let key = if attained.is_empty() { "explain.target-alone" } else { "explain.target" };
        say(key, &[("target", &wanted), ("attained", &attained), ("plans", &plans)])
    });
    vec![
        ("value", value.text.text()),
        ("beside it", figures.join(", ")),
        ("target", target.unwrap_or_default()),
        ("period", value.period.as_ref().map_or(String::new(), |p| p.text())),
        ("slice", slice.collect::<Vec<_>>().join(", ")),
        ("rests on", value.evidence.text()),
        ("numerator", shown(&value.numerator)),
        ("denominator", shown(&value.denominator)),
        ("coverage", shown(&value.coverage)),
        ("gaps", gaps.join("; ")),
        ("reason", value.reason.clone().unwrap_or_default()),
    ]
}

fn shown(number: &crate::view::Shown) -> String {
    if number.is_none() { String::new() } else { number.text() }
}

/// One line a row: place, key, cells, and whether it counts.
fn row_lines(rows: &[RowView]) -> String {
    let count = rows.iter().filter(|row| row.usable).count();
    let short = rows.iter().filter(|row| row.usable && row.short).count();
    let short = if short > 0 { format!(", {short} fall short") } else { String::new() };
    let mut out = format!("\nrows: {count} count{short}, {} do not\n", rows.len() - count);
    let Some(first) = rows.first() else { return out };
    let mut heads = vec![Cell::left("place".into()), Cell::left("key".into())];
    heads.extend(first.cells.iter().map(|(column, _)| Cell::left(column.clone())));
    heads.push(Cell::left("counts".into()));
    let line = |row: &RowView| {
        let mut line = vec![Cell::left(row.place.clone()), plain(&row.key)];
        line.extend(row.cells.iter().map(|(_, of)| plain(of)));
        line.push(Cell::left(match (row.usable, row.lacks.is_empty()) {
            (true, _) if row.short => "yes, falls short".to_owned(),
            (true, _) => "yes".to_owned(),
            (false, true) => "no".to_owned(),
            (false, false) => format!("no: {}", row.lacks.join("; ")),
        }));
        line
    };
    out.push_str(&table::draw(&heads, &rows.iter().map(line).collect::<Vec<_>>()));
    out
}

fn plain(cell: &CellView) -> Cell {
    match cell {
        CellView::Blank => Cell::left(String::new()),
        CellView::Number(literal) => Cell::right(literal.clone()),
        CellView::Text(of) => Cell::left(harmless(of)),
        CellView::Bool(truth) => Cell::left(truth.to_string()),
    }
}
