//! The lines of a feed's contract that follow from what was seen.

use std::collections::BTreeMap;

use super::column::Column;
use super::date::ISO;
use super::file::SeenTable;
use super::quoted;
use super::rules;
use super::verdict::{Kind, Sure, Verdict, list};
use super::words::words;
use crate::data::look::{Known, Look};

/// A line, why it stands there, and whether it is decided.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) why: String,
    pub(super) sure: Sure,
}

impl Line {
    fn new(text: impl Into<String>, why: impl Into<String>, sure: Sure) -> Self {
        Self { text: text.into(), why: why.into(), sure }
    }

    /// It stands as a comment until somebody decides.
    pub(super) fn asks(&self) -> bool {
        let doubtful = ["dates", "skip", "fill-down"];
        self.sure == Sure::Open && doubtful.iter().any(|key| self.text.starts_with(key))
    }
}

/// What all columns of a table share, where most that need it agree.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    pub(super) decimal: Option<char>,
    pub(super) grouping: Option<char>,
    pub(super) dates: Vec<String>,
    pub(super) nulls: Vec<String>,
}

pub(super) fn shared(table: &SeenTable) -> Shared {
    let mut decimals: BTreeMap<(char, Option<char>), usize> = BTreeMap::new();
    let mut dates: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut nulls = Vec::new();
    for verdict in &table.verdicts {
        if let Some(decimal) = verdict.decimal.filter(|_| verdict.kind.is_number()) {
            *decimals.entry((decimal, verdict.grouping)).or_default() += 1;
        }
        if !verdict.dates.is_empty() && verdict.dates != [ISO] && verdict.dates_else.is_empty() {
            *dates.entry(verdict.dates.clone()).or_default() += 1;
        }
        if verdict.kind.is_number() || verdict.kind.is_time() {
            nulls.extend(verdict.nulls.iter().cloned());
        }
    }
    // What is open in one column is not decided for it by the others.
    let open = |is: &dyn Fn(&Verdict) -> bool| {
        table.verdicts.iter().any(|verdict| verdict.sure == Sure::Open && is(verdict))
    };
    if open(&|verdict| verdict.kind.is_number()) {
        decimals.clear();
    }
    if open(&|verdict| verdict.kind.is_time()) {
        dates.clear();
    }
    // A word for nothing among numbers may be a text elsewhere.
    let is_text = |verdict: &Verdict| !(verdict.kind.is_number() || verdict.kind.is_time());
    let columns = table.verdicts.iter().zip(&table.table.columns);
    let texts = columns.filter(|(verdict, _)| is_text(verdict));
    let mut texts = texts.flat_map(|(_, column)| column.texts().into_iter().flatten());
    if texts.any(|(text, _)| nulls.iter().any(|null| null == text)) {
        nulls.clear();
    }
    let most = |counts: &BTreeMap<(char, Option<char>), usize>| {
        counts
            .iter()
            .max_by_key(|(marks, count)| (**count, marks.1.is_some()))
            .map(|(marks, _)| *marks)
    };
    let (decimal, grouping) = most(&decimals).map_or((None, None), |(d, g)| (Some(d), g));
    let dates = dates.into_iter().max_by_key(|(_, count)| *count).map(|(dates, _)| dates);
    nulls.sort_unstable();
    nulls.dedup();
    Shared {
        decimal: decimal.filter(|d| *d != '.' || grouping.is_some()),
        grouping,
        dates: dates.unwrap_or_default(),
        nulls,
    }
}

/// The contract of a feed that reads the table.
pub(super) fn lines(look: &Look, table: &SeenTable) -> Vec<Line> {
    let mut lines = Vec::new();
    text(look, table, &mut lines);
    if table.table.rows > 0 || !table.header.rows.is_empty() {
        header(table, &mut lines);
    }
    let shared = shared(table);
    let mut certain = |text: String, why: &str| lines.push(Line::new(text, why, Sure::Certain));
    if let Some(decimal) = shared.decimal {
        let decimal = quoted::text(&decimal.to_string());
        certain(format!("decimal = {decimal}"), "the decimal mark of its numbers");
    }
    if let Some(grouping) = shared.grouping {
        let grouping = quoted::text(&grouping.to_string());
        certain(format!("grouping = {grouping}"), "stands between thousands");
    }
    if !shared.dates.is_empty() {
        let dates = quoted::texts(&forms(&shared.dates));
        certain(format!("dates = {dates}"), "how its dates are written");
    }
    if !shared.nulls.is_empty() {
        let words = quoted::texts(&shared.nulls);
        certain(format!("null-words = {words}"), "stand for nothing among numbers and dates");
    }
    truths(table, &mut lines);
    left_out(table, &mut lines);
    for shape in &table.shapes {
        lines.push(Line::new(shape.contract.clone(), shape.says.clone(), shape.sure));
    }
    lines
}

/// Encoding, sheet, delimiter and quote.
fn text(look: &Look, table: &SeenTable, lines: &mut Vec<Line>) {
    if let Some((encoding, Known::Guessed)) = look.encoding {
        let line = format!("encoding = {}", quoted::text(&encoding.to_lowercase()));
        let why = "guessed from the bytes: look at names with accents";
        lines.push(Line::new(line, why, Sure::Likely));
    }
    if look.sheets.len() > 1
        && let Some(sheet) = &table.sheet
    {
        let why = format!("the workbook shows {} sheets", look.sheets.len());
        lines.push(Line::new(format!("sheet = {}", quoted::text(sheet)), why, Sure::Certain));
    }
    let usual = matches!(table.split.delimiter, b',' | b';' | b'\t' | b'|');
    if table.sheet.is_none()
        && (table.split_sure != Sure::Certain && table.names.len() > 1 || !usual)
    {
        let delimiter = char::from(table.split.delimiter).to_string();
        let line = format!("delimiter = {}", quoted::text(&delimiter));
        lines.push(Line::new(line, table.split_because.clone(), table.split_sure));
    }
    if table.split.quote != b'"' {
        lines.push(Line::new("quote = \"'\"", "texts stand in single quotes", Sure::Likely));
    }
}

fn header(table: &SeenTable, lines: &mut Vec<Line>) {
    let header = &table.header;
    let line = match &header.rows[..] {
        [] => "header-row = \"none\"".to_owned(),
        [1] if header.sure != Sure::Open => return,
        [one] => format!("header-row = {one}"),
        rows => format!("header-row = {rows:?}"),
    };
    lines.push(Line::new(line, header.because.clone(), header.sure));
}

/// Rules for records that are no rows.
fn left_out(table: &SeenTable, lines: &mut Vec<Line>) {
    let rules = &table.rules;
    if !rules.skips.is_empty() {
        let line = format!("skip = {}", rules::written(rules.skips.iter(), &table.names));
        let why = match rules.skipped {
            1 => "a record that is no row".to_owned(),
            count => format!("{count} records that are no rows"),
        };
        lines.push(Line::new(line, why, Sure::Likely));
    }
    if !rules.wide.is_empty() {
        let all = rules.skips.iter().chain(&rules.wide);
        let line = format!("skip = {}", rules::written(all, &table.names));
        let shown: Vec<String> = rules.asked.iter().take(5).map(ToString::to_string).collect();
        let more = match rules.asked.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let why = format!(
            "Question: is there no row in line {}{more}? No test of one cell tells it from rows, so it is read as one. \
             This would leave it out, and rows with it",
            shown.join(", ")
        );
        lines.push(Line::new(line, why, Sure::Open));
    }
    if let Some((rule, row)) = &rules.ends {
        let line = format!("ends = {}", rules::written(std::iter::once(rule), &table.names));
        lines.push(Line::new(
            line,
            format!("row {row} and what follows are no rows"),
            Sure::Likely,
        ));
    }
}

/// Forms as a contract declares them.
fn forms(dates: &[String]) -> Vec<String> {
    dates.iter().map(|date| if date == ISO { "%Y-%m-%d".into() } else { date.clone() }).collect()
}

/// Words of yes and no that the engine does not know by itself.
fn truths(table: &SeenTable, lines: &mut Vec<Line>) {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    let truths = table
        .verdicts
        .iter()
        .zip(&table.table.columns)
        .filter(|(verdict, _)| verdict.kind == Kind::Boolean);
    for (_, column) in truths {
        for (text, _) in column.texts().into_iter().flatten() {
            let known = ["true", "yes", "1", "false", "no", "0"]
                .iter()
                .any(|word| word.eq_ignore_ascii_case(text));
            let list = match words().truth(text).filter(|_| !known) {
                Some(true) => &mut yes,
                Some(false) => &mut no,
                None => continue,
            };
            if !list.contains(&text.to_owned()) {
                list.push(text.to_owned());
            }
        }
    }
    for (key, words) in [("true-words", yes), ("false-words", no)] {
        if !words.is_empty() {
            lines.push(Line::new(format!("{key} = {}", quoted::texts(&words)), "", Sure::Certain));
        }
    }
}

/// What a column needs besides what the feed says for all. What is open is left to be rejected.
pub(super) fn of_column(
    verdict: &Verdict,
    column: &Column,
    shared: &Shared,
) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, value: String| keys.push((key.to_owned(), value));
    let numeric = verdict.kind.is_number();
    let decimal = verdict.decimal.filter(|_| numeric);
    let both = column.numbers.either.contains_key(&'.');
    if verdict.sure == Sure::Open && decimal.is_none() && numeric && both {
        // Neither reading: a point is then a mark that nobody declared.
        add("decimal", quoted::text(","));
    } else if let Some(decimal) =
        decimal.filter(|d| *d != shared.decimal.unwrap_or('.') || *d == '.' && both)
    {
        add("decimal", quoted::text(&decimal.to_string()));
    } else if numeric && decimal.is_none() && shared.decimal.is_none() && both {
        add("decimal", quoted::text("."));
    }
    if let Some(grouping) = verdict.grouping.filter(|grouping| Some(*grouping) != shared.grouping) {
        add("grouping", quoted::text(&grouping.to_string()));
    }
    let iso = verdict.dates == [ISO];
    if verdict.kind.is_time()
        && verdict.dates_else.is_empty()
        && !verdict.dates.is_empty()
        && verdict.dates != shared.dates
        && !(iso && shared.dates.is_empty())
        && column.exact_dates < column.dates.all.max(1)
    {
        let dates = if iso {
            vec!["%Y-%m-%d".to_owned(), "%Y-%m-%d %H:%M:%S".to_owned()]
        } else {
            forms(&verdict.dates)
        };
        add("dates", quoted::texts(&dates));
    }
    if (numeric || verdict.kind.is_time())
        && verdict.nulls != shared.nulls
        && shared.nulls.is_empty()
    {
        add("null-words", quoted::texts(&verdict.nulls));
    }
    if let Some(percent) = verdict.percent {
        add("percent", quoted::text(percent));
    }
    if !verdict.suffixes.is_empty() {
        let words: Vec<String> = verdict
            .suffixes
            .iter()
            .map(|(word, times)| format!("{} = {times}", quoted::key(word)))
            .collect();
        add("suffixes", format!("{{ {} }}", words.join(", ")));
    }
    keys
}

/// What a column of days needs where moments are asked for: a declared form without a time means midnight.
pub(super) fn of_days(verdict: &Verdict, keys: &mut Vec<(String, String)>) -> Option<&'static str> {
    if verdict.kind != Kind::Date || verdict.sure == Sure::Open {
        return None;
    }
    if verdict.dates == [ISO] && keys.iter().all(|(key, _)| key != "dates") {
        keys.push(("dates".to_owned(), quoted::texts(&forms(&verdict.dates))));
    }
    Some("days only: each counts from its midnight")
}

/// Words in a column of texts that mean nothing in other exports, and the contract that reads them so.
pub(super) fn may_be_nothing(
    verdict: &Verdict,
    keys: &[(String, String)],
) -> Option<(String, Vec<(String, String)>)> {
    let of_texts = matches!(verdict.kind, Kind::Text | Kind::Choice);
    if !of_texts || verdict.nulls.is_empty() {
        return None;
    }
    let with = ("null-words".to_owned(), quoted::texts(&verdict.nulls));
    Some((list(&verdict.nulls), keys.iter().cloned().chain([with]).collect()))
}

/// The answers that a question of a column has.
pub(super) fn answers(verdict: &Verdict) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    if !verdict.dates_else.is_empty() {
        answers.push(("dates".to_owned(), quoted::texts(&forms(&verdict.dates))));
        let others = verdict.dates_else.iter();
        answers.extend(others.map(|other| ("dates".to_owned(), quoted::texts(&forms(other)))));
    }
    for (decimal, grouping) in &verdict.marks_else {
        let group =
            grouping.map(|mark| format!(", grouping = {}", quoted::text(&mark.to_string())));
        let marks = quoted::text(&decimal.to_string()) + &group.unwrap_or_default();
        answers.push(("decimal".to_owned(), marks));
    }
    answers
}
