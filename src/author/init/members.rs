//! Rows of config datasets that exports name: stages, channels, people. What a name means is guessed from words
//! where it has to be said, and says so.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ids::Ids;
use super::plan::Part;
use super::write::comment;
use crate::author::quoted;
use crate::author::words::words;
use crate::catalog::{Catalog, Column, Dataset};

/// Members of one kind that are written.
const MOST: usize = 400;

/// One member: how exports spell it, and how often.
#[derive(Debug, Default)]
struct Member {
    spellings: Vec<(String, u64)>,
}

/// Texts of the members, by the name of the file.
pub(super) fn all(parts: &[Part<'_>], catalog: &Catalog) -> Vec<(String, String)> {
    let mut found: BTreeMap<&str, BTreeMap<String, Member>> = BTreeMap::new();
    let mut order: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.guess.is_some()) {
        let Some(dataset) = catalog.datasets.get(part.dataset.as_str()) else { continue };
        for slot in &part.columns {
            let Some(target) = target(dataset, &slot.id, catalog) else { continue };
            let Some(texts) = part.table.table.columns[slot.from].texts() else { continue };
            let members = found.entry(target.id.as_str()).or_default();
            let order = order.entry(target.id.as_str()).or_default();
            for (text, count) in texts.filter(|(text, _)| !words().is_null(text)) {
                let key = folded(text);
                if !members.contains_key(&key) {
                    order.push(key.clone());
                }
                let spellings = &mut members.entry(key).or_default().spellings;
                match spellings.iter_mut().find(|(spelling, _)| spelling == text) {
                    Some((_, known)) => *known += count,
                    None => spellings.push((text.to_owned(), count)),
                }
            }
        }
    }
    let mut texts = Vec::new();
    for (id, members) in &found {
        let Some(dataset) =
            catalog.datasets.get(*id).filter(|_| members.len() <= MOST && !members.is_empty())
        else {
            continue;
        };
        let file = Ids::default().kebab(&dataset.title, id);
        texts.push((file, text(dataset, &order[id], members)));
    }
    texts
}

/// What spellings of one name share: letter case, and what stands between its words, say nothing.
fn folded(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let (mut folded, mut before) = (String::new(), ' ');
    while let Some(letter) = letters.next() {
        let inside =
            before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric());
        let between = matches!(letter, '-' | '_') && inside;
        folded.extend(if between { ' ' } else { letter }.to_lowercase());
        before = letter;
    }
    folded
}

/// The config dataset whose rows a column names.
fn target<'a>(dataset: &Dataset, column: &str, catalog: &'a Catalog) -> Option<&'a Dataset> {
    let target = dataset.column(column)?.references.as_ref()?;
    catalog
        .datasets
        .get(target.as_str())
        .filter(|target| target.config && target.spellings.is_some())
}

fn text(dataset: &Dataset, order: &[String], members: &BTreeMap<String, Member>) -> String {
    let mut out = format!(
        "# {} {}\n",
        comment(&dataset.title),
        "that your exports name. Put what belongs together into one table, and its spellings into the list."
    );
    let mut ids = Ids::default();
    let choices: Vec<&Column> =
        dataset.columns.iter().filter(|column| !column.one_of.is_empty()).collect();
    for key in order {
        let Some((first, more)) = members[key].spellings.split_first() else { continue };
        let count: u64 = members[key].spellings.iter().map(|(_, count)| count).sum();
        // An id stands for its row as a spelling does, so no other row may have it as one.
        let another = |id: &str| {
            let said = |other: &&String| {
                members[*other].spellings.iter().any(|(text, _)| text.eq_ignore_ascii_case(id))
            };
            order.iter().filter(|other| *other != key).any(|other| said(&other))
        };
        let mut id = ids.kebab(&first.0, dataset.id.as_str());
        while another(&id) {
            id = ids.kebab(&first.0, dataset.id.as_str());
        }
        let rows = if count == 1 { "row" } else { "rows" };
        let mut lines = vec![format!("[{}.{id}]    # {count} {rows}", dataset.id)];
        if dataset.column("title").is_some() {
            lines.push(format!("title = {}", quoted::text(&first.0)));
        }
        let mut question = None;
        for column in &choices {
            choice(&mut lines, &mut question, column, &first.0);
        }
        let spellings: Vec<String> = more.iter().map(|(text, _)| text.clone()).collect();
        if let Some(list) = dataset.spellings.as_ref().filter(|_| !spellings.is_empty()) {
            lines.push(format!("{list} = {}", quoted::texts(&spellings)));
        }
        out.push('\n');
        if let Some(question) = &question {
            let _ = writeln!(out, "# Question: {question}. Keep one, and take the marks away:");
        }
        for line in lines {
            let _ = writeln!(out, "{}{line}", if question.is_some() { "# " } else { "" });
        }
    }
    out
}

/// What a name means, where words tell; all answers where they do not, or say two things, and it has to be said: a
/// member that nobody knows is not declared, so nothing is computed as if one did.
fn choice(lines: &mut Vec<String>, question: &mut Option<String>, column: &Column, name: &str) {
    let means = |value: &&String| words().means(name, column.id.as_str(), value);
    let mut meant = column.one_of.iter().filter(means);
    let open = match (meant.next(), meant.next()) {
        (Some(one), Some(other)) => format!("its name speaks of “{one}” and of “{other}”"),
        (Some(one), None) if words().doubts(name) => {
            format!("its name speaks of “{one}”, with other words")
        }
        (Some(one), None) => {
            return lines.push(said(column, one, "    # its name says so"));
        }
        (None, _) if !column.required => return,
        (None, _) => match column.one_of.first().filter(|_| words().is_under_way(name)) {
            Some(first) => return lines.push(said(column, first, "    # its name says so")),
            None => "nothing in its name tells".to_owned(),
        },
    };
    *question = Some(open);
    lines.extend(column.one_of.iter().map(|value| said(column, value, "")));
}

fn said(column: &Column, value: &str, why: &str) -> String {
    format!("{} = {}{why}", column.id, quoted::text(value))
}
