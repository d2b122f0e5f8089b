//! The project's files, each line with a word why it stands there.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::plan::{self, Part, Slot};
use crate::author::column::Column as Seen;
use crate::author::contract::{self, Line, Shared};
use crate::author::date;
use crate::author::mapping::By;
use crate::author::quoted;
use crate::author::verdict::{Kind, Sure};
use crate::author::wide;
use crate::author::words::{About, tokens, words};
use crate::catalog::Catalog;
use crate::domain::Day;

/// What the project's own file says.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) currency: String,
    pub(super) currency_why: String,
    pub(super) as_of: Option<Day>,
    /// A later day that stands alone.
    pub(super) lone: Option<Day>,
}

pub(super) fn project(head: &Head) -> String {
    let mut out = String::from(
        "# Made from your own exports. Every line may be changed; `milepost validate` says what does not fit, and\n\
         # `milepost report` makes the reports.\n\n[project]\n",
    );
    let _ = writeln!(out, "name = {}", quoted::text(&head.name));
    let _ = writeln!(out, "currency = {}    # {}", quoted::text(&head.currency), head.currency_why);
    out.push_str(
        "# time-zone = \"Europe/Berlin\"    # of moments that say an offset; UTC unless said\n",
    );
    match head.as_of {
        Some(day) => {
            out.push_str(
                "# The day that reports speak from. Without the line it follows the data.\n",
            );
            let why = match head.lone {
                None => "the newest day on which something happened".to_owned(),
                Some(lone) => format!("the newest day but {lone}, which stands alone: a slip?"),
            };
            let _ = writeln!(out, "as-of = {day}    # {why}");
        }
        None => out.push_str(
            "# as-of = 2026-10-31    # no file tells a day on which something happened\n",
        ),
    }
    out
}

/// The feeds, in the order of the files.
pub(super) fn feeds(parts: &[Part<'_>]) -> String {
    let mut out = String::from(
        "# What is read, and how. What was certain stands here as it is; what was only likely says why; what is a\n\
         # question stands as a comment with all its answers, and until one is chosen, such cells are rejected and counted, or\n\
         # the column is not there at all.\n",
    );
    for part in parts {
        out.push('\n');
        feed(&mut out, part);
    }
    out
}

fn feed(out: &mut String, part: &Part<'_>) {
    let rows = part.table.table.rows;
    let _ =
        write!(out, "# {}: {rows} row{}", comment(&part.file), if rows == 1 { "" } else { "s" });
    match &part.guess {
        Some(guess) => {
            let most = if part.but.is_none() { "most like" } else { "taken as" };
            let score = guess.score.min(1000) / 10;
            let _ = writeln!(out, "; {most} `{}` ({score} of 100).", guess.dataset);
        }
        None => out.push_str("; a dataset of your own.\n"),
    }
    if let Some(but) = &part.but {
        let _ = writeln!(out, "# Mind: {}.", comment(but));
    }
    let _ = writeln!(
        out,
        "[feed.{}]\ndataset = {}\nfile = {}",
        part.feed,
        quoted::text(&part.dataset),
        quoted::text(&part.file)
    );
    let Some(look) = &part.seen.look else { return };
    for line in contract::lines(look, part.table) {
        self::line(out, part, &line);
    }
    let _ = writeln!(out, "\n[feed.{}.columns]", part.feed);
    if let Some(key) = part.guess.as_ref().and_then(|guess| guess.row_key.as_ref()) {
        let _ = writeln!(
            out,
            "{key} = {{ row = true }}    # no column is an id: each row is one of its own, in a second export too"
        );
    }
    let shared = contract::shared(part.table);
    let mut own = false;
    for slot in &part.columns {
        if slot.known.is_none() && part.guess.is_some() && !own {
            own = true;
            out.push_str("# Columns that the dataset does not have: yours to slice by, and to compute with.\n");
        }
        column(out, part, slot, &shared);
    }
    unpivoted(out, part);
}

fn line(out: &mut String, part: &Part<'_>, line: &Line) {
    let shape = part.table.shapes.iter().find(|shape| shape.contract == line.text);
    // A shape of other rows is written where the dataset is made for it.
    let applied =
        shape.is_none_or(|shape| shape.applies && part.guess.is_none() || shape.same_rows);
    let mark = if applied && !line.asks() { "" } else { "# " };
    let why = comment(&line.why);
    if line.text.len() + why.len() > 110 {
        let _ = writeln!(out, "# {why}:\n{mark}{}", line.text);
    } else if line.sure == Sure::Certain && shape.is_none() {
        let _ = writeln!(out, "{mark}{}", line.text);
    } else {
        let _ = writeln!(out, "{mark}{}    # {why}", line.text);
    }
}

fn column(out: &mut String, part: &Part<'_>, slot: &Slot, shared: &Shared) {
    let verdict = part.verdict(slot);
    let source = part.source(slot.from);
    let mut keys = contract::of_column(verdict, &part.table.table.columns[slot.from], shared);
    keys.extend(currency_names(&part.table.table.columns[slot.from]));
    if part.guess.is_some() && slot.known.is_none() {
        keys.insert(0, ("type".to_owned(), quoted::text(slot.ty)));
        if let Some(target) = &slot.references {
            keys.insert(1, ("references".to_owned(), quoted::text(target)));
        }
    }
    let days = (slot.known.is_some() && slot.ty == "datetime")
        .then(|| contract::of_days(verdict, &mut keys))
        .flatten();
    for question in &verdict.questions {
        let _ = writeln!(out, "# Question: {}.", comment(question));
    }
    if let Some(times) = verdict.scaled.filter(|_| slot.known.is_some()) {
        keys.insert(0, ("type".to_owned(), quoted::text(verdict.kind.type_word())));
        return scaled(out, &slot.id, times, &table(&source, &keys));
    }
    for (key, value) in contract::answers(verdict) {
        let mut with = keys.clone();
        with.retain(|(other, _)| *other != key);
        with.push((key, value));
        let _ = writeln!(out, "# {} = {}", slot.id, table(&source, &with));
    }
    if let Some((words, keys)) = contract::may_be_nothing(verdict, &keys) {
        let _ = writeln!(out, "# Question: does {} stand for nothing? If so:", comment(&words));
        let _ = writeln!(out, "# {} = {}", slot.id, table(&source, &keys));
    }
    let why = match slot.known {
        Some(By::Word) => Some("by a word of its name: look whether it is meant"),
        Some(By::Left) => {
            Some("the only column of its kind that is left: look whether it is meant")
        }
        Some(By::Cells) => Some("it says how rows ended: look whether it is meant"),
        Some(By::Unique) => Some("no column is an id, and this one names each row just once"),
        _ => None,
    };
    let alike = part.called_alike(slot.from);
    let name = comment(&quoted::text(&part.table.names[slot.from]));
    let alike = (alike > 1 && name.len() > 2)
        .then(|| format!("one of {alike} columns called {name}: look which is meant"));
    let whys: Vec<&str> = [why, days, alike.as_deref()].into_iter().flatten().collect();
    let why = if whys.is_empty() { String::new() } else { format!("    # {}", whys.join("; ")) };
    let misfits = verdict.notes.iter().find(|note| note.contains("rejected"));
    let misfits = misfits
        .filter(|_| why.is_empty())
        .map_or(String::new(), |note| format!("    # {}", comment(note)));
    let _ = writeln!(out, "{} = {}{why}{misfits}", slot.id, table(&source, &keys));
}

/// A column whose numbers may be meant many times over: it is read under another name until somebody says.
fn scaled(out: &mut String, id: &str, times: u64, read: &str) {
    for by in [format!(" * {times}"), String::new()] {
        let _ = writeln!(out, "# {id} = {{ expression = \"{id}_as_written{by}\" }}");
    }
    let _ = writeln!(out, "{id}_as_written = {read}");
}

/// A source, alone where there is nothing else to say.
fn table(source: &str, keys: &[(String, String)]) -> String {
    if keys.is_empty() {
        return source.to_owned();
    }
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ from = {source}, {} }}", keys.join(", "))
}

/// The two columns that unpivoted ones become.
fn unpivoted(out: &mut String, part: &Part<'_>) {
    let columns = plan::unpivoted(part);
    if columns.is_empty() {
        return;
    }
    let forms: Vec<String> = forms(part, &columns).into_iter().filter(|f| f != date::ISO).collect();
    for at in plan::summed(part) {
        let source = comment(&part.source(at));
        let _ = writeln!(
            out,
            "# {source} adds up others of its row: on each row made of it, it would count again"
        );
    }
    let (period, amount) = wide::made_names(&part.table.names);
    let dates = (!forms.is_empty()).then(|| ("dates".to_owned(), quoted::texts(&forms)));
    let dates: Vec<_> = dates.into_iter().collect();
    let _ = writeln!(out, "period = {}", table(&quoted::text(period), &dates));
    // All of them are one column now: what one of them needs, they need.
    let shared = contract::shared(part.table);
    let mut keys: Vec<(String, String)> = Vec::new();
    for at in &columns {
        let (verdict, column) = (&part.table.verdicts[*at], &part.table.table.columns[*at]);
        for (key, value) in contract::of_column(verdict, column, &shared) {
            if keys.iter().all(|(known, _)| *known != key) {
                keys.push((key, value));
            }
        }
        for question in &verdict.questions {
            let _ = writeln!(out, "# Question: {}.", comment(question));
        }
    }
    let _ = writeln!(out, "amount = {}", table(&quoted::text(amount), &keys));
}

/// The forms of dates in which names of columns are written; none where one of them is no date.
fn forms(part: &Part<'_>, columns: &[usize]) -> Vec<String> {
    let mut forms = Vec::new();
    for at in columns {
        let first =
            date::read(&part.table.names[*at]).and_then(|date| date.forms.into_iter().next());
        let Some((form, _)) = first else { return Vec::new() };
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// Datasets of the project's own; none where it needs none.
pub(super) fn datasets(parts: &[Part<'_>]) -> Option<String> {
    let mut out = String::from(
        "# Rows that no dataset which ships holds. Metrics and checks can be written on them at once:\n#\n\
         # [metric.rows_of_mine]\n# kind = \"total\"\n# title = \"Rows of mine\"\n# unit = \"count\"\n# noun = \"rows\"\n\
         # dataset = \"…\"\n# value = \"count(*)\"\n# question = \"How many are there?\"\n# why = \"…\"\n",
    );
    let mut written: Vec<&str> = Vec::new();
    for part in parts.iter().filter(|part| part.guess.is_none()) {
        if written.contains(&part.dataset.as_str()) {
            continue;
        }
        written.push(&part.dataset);
        let _ = writeln!(
            out,
            "\n[dataset.{}]\ntitle = {}    # what a row is, in the plural",
            part.dataset,
            quoted::text(&part.title)
        );
        let _ = writeln!(out, "\n[dataset.{}.columns]", part.dataset);
        for slot in &part.columns {
            let mut keys = vec![format!("type = \"{}\"", slot.ty)];
            if slot.key {
                keys.push("key = true".into());
            }
            if happened(part, slot) {
                keys.push("occurred = true".into());
            }
            if let Some(target) = &slot.references {
                keys.push(format!("references = {}", quoted::text(target)));
            }
            let _ = writeln!(
                out,
                "{} = {{ {} }}    # {}",
                slot.id,
                keys.join(", "),
                comment(&part.verdict(slot).because)
            );
        }
        if !plan::unpivoted(part).is_empty() {
            let columns = plan::unpivoted(part);
            let ty = if forms(part, &columns).is_empty() { "text" } else { "date" };
            let of_money = |at: &usize| part.table.verdicts[*at].kind == Kind::Money;
            let amount = if columns.iter().any(of_money) {
                "{ type = \"money\" }"
            } else if words().speaks(&part.title, About::Money) {
                "{ type = \"money\" }    # the name of its file speaks of money"
            } else {
                "{ type = \"number\" }"
            };
            let _ = writeln!(out, "period = {{ type = \"{ty}\" }}\namount = {amount}");
        }
    }
    (!written.is_empty()).then_some(out)
}

/// Members of config datasets that the columns of feeds name: by file.
pub(super) fn members(parts: &[Part<'_>], catalog: &Catalog) -> Vec<(String, String)> {
    super::members::all(parts, catalog)
        .into_iter()
        .map(|(file, text)| (format!("{file}.toml"), text))
        .collect()
}

/// The currency of the amounts, and why.
pub(super) fn currency(parts: &[Part<'_>]) -> (String, String) {
    let mut counts: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for part in parts {
        for (at, verdict) in part.table.verdicts.iter().enumerate() {
            let place = format!("`{}` of {}", part.table.names[at], part.file);
            for (code, count) in codes(&part.table.table.columns[at]) {
                let why = format!("by the codes in {place}");
                counts.entry(code).or_insert((0, why)).0 += count;
            }
            let named = tokens(&part.table.names[at]);
            let named =
                named.iter().map(|token| token.to_uppercase()).find(|t| words().is_currency(t));
            let column = &part.table.table.columns[at];
            for (sign, count) in &column.numbers.money {
                let codes = words().signs.get(sign).cloned().unwrap_or_else(|| vec![sign.clone()]);
                let Some(code) = codes.first().cloned() else { continue };
                let why = match codes.len() {
                    1 => format!("by the signs in {place}"),
                    _ => format!("`{sign}` in {place} may be any of {}", codes.join(", ")),
                };
                counts.entry(code).or_insert((0, why)).0 += count;
            }
            let of_name = named.filter(|_| verdict.kind.is_number());
            if let Some(code) = of_name.filter(|_| column.numbers.money.is_empty()) {
                let why = format!("by the name of {place}");
                counts.entry(code).or_insert((0, why)).0 += column.filled;
            }
        }
    }
    let most = counts.into_iter().max_by_key(|(_, (count, _))| *count);
    most.map_or(
        ("EUR".to_owned(), "no file says it: put yours, amounts in others are rejected".to_owned()),
        |(code, (_, why))| (code, comment(&why)),
    )
}

/// The currencies that a column names, where it names nothing else.
fn codes(column: &Seen) -> Vec<(String, u64)> {
    let Some(texts) = column.texts() else { return Vec::new() };
    let known = |(text, count): (&str, u64)| Some((words().currency(text)?, count));
    texts.map(known).collect::<Option<_>>().unwrap_or_default()
}

/// Names of currencies where codes should stand: `US Dollar`.
fn currency_names(column: &Seen) -> Option<(String, String)> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (text, _) in column.texts()? {
        let code = words().currency(text)?;
        if !code.eq_ignore_ascii_case(text) {
            names.entry(code).or_default().push(text.to_owned());
        }
    }
    let all = names.iter().map(|(code, names)| format!("{code} = {}", quoted::texts(names)));
    let all: Vec<String> = all.collect();
    (!all.is_empty()).then(|| ("values".to_owned(), format!("{{ {} }}", all.join(", "))))
}

/// Whether a column of a dataset of the project's own holds days on which something happened.
fn happened(part: &Part<'_>, slot: &Slot) -> bool {
    let verdict = part.verdict(slot);
    let planned = words().speaks(&part.table.names[slot.from], About::Planned);
    slot.ty.starts_with("date") && verdict.sure != Sure::Open && !planned
}

/// A text that may stand behind `#`.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
