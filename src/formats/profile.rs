//! `milepost.profile/1` and the text of `profile`.

use std::fmt::Write;

use super::json::{Json, list, maybe, number, object, text, texts};
use super::table::{self, Cell, harmless};
use crate::view::{
    Finding, ProfileView, ProfiledColumn, ProfiledDataset, ProfiledFile, ProfiledTable,
};

/// The JSON of `profile`.
pub fn profile_json(view: &ProfileView) -> String {
    let files = list(&view.files, file);
    object([("schema", text("milepost.profile/1")), ("files", files)]).pretty()
}

fn file(file: &ProfiledFile) -> Json<'_> {
    object([
        ("file", text(&file.file)),
        ("form", maybe(Some(file.form).filter(|form| !form.is_empty()))),
        ("failed", list(&file.failed, |code| text(code))),
        ("sheets", texts(&file.sheets)),
        ("findings", list(&file.findings, finding)),
        ("tables", list(&file.tables, self::table)),
    ])
}

fn finding(finding: &Finding) -> Json<'_> {
    object([
        ("what", text(&finding.what)),
        ("says", text(&finding.says)),
        ("sure", text(finding.sure)),
        ("because", text(&finding.because)),
    ])
}

fn table(table: &ProfiledTable) -> Json<'_> {
    object([
        ("sheet", maybe(table.sheet.as_deref())),
        ("delimiter", maybe(table.delimiter.as_deref())),
        ("header_rows", list(&table.header_rows, number)),
        ("rows", number(table.rows)),
        ("findings", list(&table.findings, finding)),
        ("columns", list(&table.columns, column)),
        ("datasets", list(&table.datasets, dataset)),
        ("contract", texts(&table.contract)),
    ])
}

fn column(column: &ProfiledColumn) -> Json<'_> {
    let filled = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let filled = |text: &str| filled(text).map_or(Json::Null, Json::from);
    object([
        ("column", text(&column.letters)),
        ("name", text(&column.name)),
        ("type", text(column.kind)),
        ("sure", text(column.sure)),
        ("because", text(&column.because)),
        ("filled", number(column.filled)),
        ("blank", number(column.blank)),
        ("distinct", number(column.distinct)),
        ("distinct_more", Json::Bool(column.distinct_more)),
        ("least", filled(&column.least)),
        ("most", filled(&column.most)),
        ("examples", texts(&column.examples)),
        ("null_words", texts(&column.nulls)),
        ("questions", texts(&column.questions)),
        ("notes", texts(&column.notes)),
        ("fills", maybe(column.fills.as_deref())),
    ])
}

fn dataset(dataset: &ProfiledDataset) -> Json<'_> {
    let mapped = |(column, header): &'_ (String, String)| {
        object([("column", Json::from(column.clone())), ("from", Json::from(header.clone()))])
    };
    object([
        ("id", text(&dataset.id)),
        ("score", number(dataset.score)),
        ("columns", list(&dataset.columns, mapped)),
        ("missing", texts(&dataset.missing)),
        ("unmapped", texts(&dataset.unmapped)),
    ])
}

/// The text of `profile`.
pub fn profile_text(view: &ProfileView) -> String {
    let mut out = String::new();
    for file in &view.files {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        let _ = writeln!(out, "{}", harmless(&file.file));
        let mut rows = Vec::new();
        if !file.form.is_empty() {
            rows.push(["form".into(), file.form.into(), String::new(), String::new()]);
        }
        if file.sheets.len() > 1 {
            rows.push(["sheets".into(), file.sheets.join(", "), String::new(), String::new()]);
        }
        if !file.failed.is_empty() {
            rows.push([
                "cannot be read".into(),
                file.failed.join(", "),
                String::new(),
                String::new(),
            ]);
        }
        rows.extend(file.findings.iter().map(row));
        let one = file.tables.len() == 1;
        if let [table] = &file.tables[..] {
            rows.extend(table.findings.iter().map(row));
        }
        out.push_str(&drawn(rows));
        for table in &file.tables {
            if !one {
                let _ = writeln!(out, "\n{}", harmless(table.sheet.as_deref().unwrap_or_default()));
                out.push_str(&drawn(table.findings.iter().map(row).collect()));
            }
            out.push_str(&table_text(table));
        }
    }
    out
}

fn row(finding: &Finding) -> [String; 4] {
    [finding.what.clone(), finding.says.clone(), finding.sure.to_owned(), finding.because.clone()]
}

fn drawn(rows: Vec<[String; 4]>) -> String {
    table::rows(&rows.into_iter().map(|row| row.map(Cell::left).into()).collect::<Vec<_>>())
}

fn table_text(shown: &ProfiledTable) -> String {
    let mut out = String::new();
    let rows = shown.rows;
    let _ = writeln!(
        out,
        "\n{rows} row{}, {} column{}\n",
        if rows == 1 { "" } else { "s" },
        shown.columns.len(),
        if shown.columns.len() == 1 { "" } else { "s" }
    );
    if !shown.columns.is_empty() {
        let heads = [
            "",
            "Column",
            "Type",
            "Sure",
            "Filled",
            "Blank",
            "Different",
            "From",
            "To",
            "Fills",
            "Such as",
        ];
        let heads: Vec<Cell> =
            heads.iter().enumerate().map(|(at, head)| aligned(at, (*head).to_owned())).collect();
        let rows: Vec<Vec<Cell>> = shown.columns.iter().map(column_row).collect();
        out.push_str(&table::draw(&heads, &rows));
    }
    let told: Vec<[String; 4]> = shown.columns.iter().flat_map(told).collect();
    if !told.is_empty() {
        out.push('\n');
        out.push_str(&drawn(told));
    }
    datasets(shown, &mut out);
    if !shown.contract.is_empty() {
        out.push_str("\nA feed that reads it says\n");
        shown.contract.iter().for_each(|line| out.push_str(&format!("  {}\n", harmless(line))));
    }
    out
}

fn aligned(at: usize, text: String) -> Cell {
    if (4..=6).contains(&at) { Cell::right(text) } else { Cell::left(text) }
}

fn column_row(column: &ProfiledColumn) -> Vec<Cell> {
    let more = if column.distinct_more { ">" } else { "" };
    let short = |text: &String| text.chars().take(24).collect::<String>();
    let examples: Vec<String> = column.examples.iter().map(short).collect();
    let fills = column.fills.clone().unwrap_or_default();
    let cells = [
        column.letters.clone(),
        column.name.chars().take(32).collect(),
        column.kind.to_owned(),
        column.sure.to_owned(),
        column.filled.to_string(),
        if column.blank > 0 { column.blank.to_string() } else { String::new() },
        format!("{more}{}", column.distinct),
        short(&column.least),
        short(&column.most),
        fills,
        examples.join(" · "),
    ];
    cells.into_iter().enumerate().map(|(at, text)| aligned(at, text)).collect()
}

/// Why, where that is not plain, and what is open.
fn told(column: &ProfiledColumn) -> Vec<[String; 4]> {
    let name = if column.name.is_empty() { column.letters.clone() } else { column.name.clone() };
    let mut rows = Vec::new();
    let mut add = |sure: &str, text: &str| {
        let first = if rows.is_empty() { name.clone() } else { String::new() };
        rows.push([first, sure.to_owned(), text.to_owned(), String::new()]);
    };
    if !column.because.is_empty() {
        add(column.sure, &column.because);
    }
    column.questions.iter().for_each(|question| add("open", question));
    column.notes.iter().for_each(|note| add("", note));
    rows
}

fn datasets(shown: &ProfiledTable, out: &mut String) {
    let Some(best) = shown.datasets.first() else {
        out.push_str("\nNo dataset that ships fits it: a dataset of one's own can hold it.\n");
        return;
    };
    let _ = writeln!(out, "\nMost like the dataset {} ({} of 100)", best.id, best.score);
    let mut rows: Vec<[String; 4]> = Vec::new();
    for (column, header) in &best.columns {
        rows.push([column.clone(), "from".into(), header.clone(), String::new()]);
    }
    for column in &best.missing {
        rows.push([column.clone(), "is missing".into(), String::new(), String::new()]);
    }
    out.push_str(&drawn(rows));
    if !best.unmapped.is_empty() {
        let _ = writeln!(out, "  not used: {}", harmless(&best.unmapped.join(", ")));
    }
    if let Some(next) = shown.datasets.get(1) {
        let _ = writeln!(out, "  else {} ({} of 100)", next.id, next.score);
    }
}
