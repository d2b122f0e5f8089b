//! What was seen of a file, as the view shows it.

use super::contract;
use super::file::{Seen, SeenTable};
use super::mapping::{self, Guess, Named};
use super::refine::refine;
use super::split;
use super::table::{Left, NoRow};
use super::verdict::{Sure, cells, list};
use crate::catalog::Catalog;
use crate::data::look::{Known, Look};
use crate::diag::Diagnostic;
use crate::text::column_letters;
use crate::view::{Finding, ProfiledColumn, ProfiledDataset, ProfiledFile, ProfiledTable};

/// Guesses that are shown.
const MOST_GUESSES: usize = 2;
/// Below this, a table is none of the datasets.
pub(super) const LEAST_SCORE: usize = 250;

pub(super) fn file(seen: &Seen, mistakes: &[Diagnostic], catalog: &Catalog) -> ProfiledFile {
    let failed = mistakes.iter().filter(|mistake| mistake.is_error()).map(|mistake| mistake.code);
    let mut shown = ProfiledFile {
        file: seen.file.clone(),
        failed: failed.collect(),
        ..ProfiledFile::default()
    };
    let Some(look) = &seen.look else { return shown };
    shown.form = look.form.word();
    shown.sheets.clone_from(&look.sheets);
    if !look.hidden.is_empty() {
        let why = "nobody sees them in the workbook, and no feed reads them unless it names them";
        shown.findings.push(finding("hidden sheets", look.hidden.join(", "), Sure::Certain, why));
    }
    if let Some((encoding, known)) = look.encoding {
        let (sure, because) = match known {
            Known::Mark => (Sure::Certain, "its first bytes are the mark of it"),
            Known::Found => {
                (Sure::Certain, "its bytes are legal as such, and hardly any other text's are")
            }
            Known::Guessed => {
                (Sure::Likely, "nothing in the file says so: look at names with accents")
            }
        };
        shown.findings.push(finding("encoding", encoding, sure, because));
    }
    if let Some(line_end) = seen.line_end {
        let name = match line_end {
            "\r\n" => "CR LF",
            "\n" => "LF",
            _ => "CR",
        };
        shown.findings.push(finding("line ends", name, Sure::Certain, ""));
    }
    shown.tables =
        seen.tables.iter().map(|table| self::table(seen, look, table, catalog)).collect();
    shown
}

fn finding(what: &str, says: impl Into<String>, sure: Sure, because: impl Into<String>) -> Finding {
    Finding { what: what.into(), says: says.into(), sure: sure.word(), because: because.into() }
}

fn table(seen: &Seen, look: &Look, table: &SeenTable, catalog: &Catalog) -> ProfiledTable {
    let guesses = guesses(&seen.file, table, catalog);
    let best = guesses.first();
    let mut shown = ProfiledTable {
        sheet: table.sheet.clone(),
        delimiter: table.sheet.is_none().then(|| split::name(table.split.delimiter)),
        header_rows: table.header.rows.clone(),
        rows: table.table.rows,
        ..ProfiledTable::default()
    };
    if let Some(delimiter) = &shown.delimiter {
        shown.findings.push(finding(
            "delimiter",
            delimiter,
            table.split_sure,
            &table.split_because,
        ));
    }
    if table.split.quote != b'"' {
        shown.findings.push(finding(
            "quote",
            "'",
            Sure::Likely,
            "most texts stand in single quotes",
        ));
    }
    if table.table.rows > 0 || !table.header.rows.is_empty() {
        shown.findings.push(header(table));
    }
    shown.findings.extend(records(table));
    for shape in &table.shapes {
        shown.findings.push(finding(shape.what, &shape.contract, shape.sure, &shape.says));
    }
    shown.columns = columns(table, best);
    shown.datasets = guesses.iter().take(MOST_GUESSES).map(|guess| dataset(table, guess)).collect();
    let line =
        |line: contract::Line| if line.asks() { format!("# {}", line.text) } else { line.text };
    shown.contract = contract::lines(look, table).into_iter().map(line).collect();
    shown
}

/// The datasets that a table may be.
pub(super) fn guesses(file: &str, table: &SeenTable, catalog: &Catalog) -> Vec<Guess> {
    let named: Vec<Named<'_>> = table
        .names
        .iter()
        .zip(&table.verdicts)
        .map(|(name, verdict)| Named { name, verdict })
        .collect();
    let stem = file.rsplit('/').next().unwrap_or(file);
    let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem);
    let names: Vec<&str> = std::iter::once(stem).chain(table.sheet.as_deref()).collect();
    let mut guesses = mapping::guesses(catalog, &names, &named);
    guesses.retain(|guess| guess.score >= LEAST_SCORE);
    guesses.iter_mut().for_each(|guess| refine(guess, table, catalog));
    guesses
}

fn header(table: &SeenTable) -> Finding {
    let header = &table.header;
    let rows: Vec<String> = header.rows.iter().map(ToString::to_string).collect();
    let says = match &rows[..] {
        [] => "none".to_owned(),
        [one] => format!("row {one}"),
        rows => format!("rows {}", rows.join(" and ")),
    };
    let first = header.first_column();
    let says = if first > 0 && !header.rows.is_empty() {
        format!("{says}, from column {}", column_letters(u32::try_from(first + 1).unwrap_or(1)))
    } else {
        says
    };
    let above = header.above;
    let because = match above {
        0 => header.because.clone(),
        1 => format!("{}; 1 row above is none of the table", header.because),
        _ => format!("{}; {above} rows above are none of the table", header.because),
    };
    finding("header", says, header.sure, because)
}

/// Findings about records: which are none, and which are damaged.
fn records(table: &SeenTable) -> Vec<Finding> {
    let seen = &table.table;
    let mut found = Vec::new();
    for (why, what) in [
        (NoRow::Header, "header once more"),
        (NoRow::Units, "units"),
        (NoRow::Total, "totals"),
        (NoRow::Comment, "comments"),
        (NoRow::Note, "lines between"),
        (NoRow::Table, "another table"),
    ] {
        let inside: Vec<&Left> = seen.inside.iter().filter(|left| left.why == why).collect();
        if let Some(first) = inside.first() {
            let sure = if why == NoRow::Header { Sure::Certain } else { Sure::Likely };
            let says = format!("{} among the rows", count(inside.len() as u64, "record"));
            let because = format!("the first in row {}{}", first.row, begins(first));
            found.push(finding(what, says, sure, because));
        }
    }
    found.extend(end(&seen.end));
    for ((rows, first), what) in [
        (seen.wide, "more cells than the header"),
        (seen.short, "fewer cells than the header"),
        (seen.torn, "quotes that do not close at the end of a cell"),
    ] {
        if rows > 0 {
            let has = if rows == 1 { "has" } else { "have" };
            let says = format!("{} {has} {what}", count(rows, "row"));
            let because = format!("the first is row {first}: such rows are rejected");
            found.push(finding("damage", says, Sure::Certain, because));
        }
    }
    if seen.thin > 0 {
        let says = format!("{} of hardly any cells", count(seen.thin, "row"));
        found.push(finding("thin rows", says, Sure::Certain, "one or two cells are filled"));
    }
    match seen.doubles {
        Some(0) => {}
        Some(doubles) => {
            let says = format!("{} once more, cell by cell", count(doubles, "row"));
            found.push(finding("doubles", says, Sure::Certain, ""));
        }
        None => {
            let because = "there are too many rows to compare";
            found.push(finding("doubles", "not looked for", Sure::Open, because));
        }
    }
    found
}

/// What stands behind the last row.
fn end(end: &[Left]) -> Option<Finding> {
    let first = end.first()?;
    let totals = end.iter().filter(|left| left.why == NoRow::Total).count();
    let mut because = format!("from row {}{}", first.row, begins(first));
    if totals > 0 {
        because.push_str(&format!("; totals among them: {totals}"));
    }
    if let Some(other) = end.iter().find(|left| left.why == NoRow::Table) {
        because.push_str(&format!("; another table begins in row {}", other.row));
    }
    let says = format!("{} behind the last row", count(end.len() as u64, "record"));
    Some(finding("end", says, Sure::Likely, because))
}

fn begins(left: &Left) -> String {
    if left.text.is_empty() {
        return String::new();
    }
    let short: String = left.text.chars().take(40).collect();
    format!(", `{short}`")
}

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn columns(table: &SeenTable, best: Option<&Guess>) -> Vec<ProfiledColumn> {
    let all = table.names.iter().zip(&table.table.columns).zip(&table.verdicts).enumerate();
    let shown = all.filter(|(_, ((name, column), _))| !name.is_empty() || column.filled > 0);
    shown
        .map(|(at, ((name, column), verdict))| {
            let (distinct, distinct_more) = column.distinct();
            let fills =
                best.and_then(|guess| guess.columns.iter().find(|mapped| mapped.from == at));
            let mut notes = verdict.notes.clone();
            if name.is_empty() && !table.header.rows.is_empty() {
                notes.push("it has no name".into());
            }
            if distinct == 1 && column.blank == 0 && table.table.rows > 1 {
                notes.push("the same on every row".into());
            }
            if verdict.kind.is_number() || verdict.kind.is_time() {
                let nulls: u64 = column.nulls.values().sum();
                if nulls > 0 {
                    notes.push(format!("{} for nothing: {}", cells(nulls), list(&verdict.nulls)));
                }
            }
            ProfiledColumn {
                letters: column_letters(u32::try_from(at + 1).unwrap_or(0)),
                name: name.clone(),
                kind: verdict.kind.word(),
                sure: verdict.sure.word(),
                because: verdict.because.clone(),
                filled: column.filled,
                blank: column.blank,
                distinct,
                distinct_more,
                least: verdict.least.clone(),
                most: verdict.most.clone(),
                examples: column.examples(),
                nulls: verdict.nulls.clone(),
                questions: verdict.questions.clone(),
                notes,
                fills: fills.map(|mapped| mapped.column.clone()),
            }
        })
        .collect()
}

fn dataset(table: &SeenTable, guess: &Guess) -> ProfiledDataset {
    let is_used = |at: &usize| guess.columns.iter().any(|mapped| mapped.from == *at);
    let unmapped =
        (0..table.names.len()).filter(|at| !is_used(at)).map(|at| table.names[at].clone());
    ProfiledDataset {
        id: guess.dataset.clone(),
        score: guess.score.min(1000) / 10,
        columns: guess
            .columns
            .iter()
            .map(|mapped| (mapped.column.clone(), table.names[mapped.from].clone()))
            .collect(),
        missing: guess.missing.clone(),
        unmapped: unmapped.filter(|name| !name.is_empty()).collect(),
    }
}
