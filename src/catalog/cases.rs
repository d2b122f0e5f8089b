//! Proof cases: what they name must be there; `proof` runs them.

use super::{Case, CaseRule, build::Build, diags};
use crate::decode::{Entry, Item, Reader, Table, Text};
use crate::domain::{Decimal, Id, Outcome, Period, Status, Value};
use crate::text::Place;

const OF_METRICS: &[&str] =
    &["value", "n", "numerator", "denominator", "coverage", "status", "reason"];
const OF_CHECKS: &[&str] = &["outcome", "grade", "value", "n", "reason"];
const OF_FRAMEWORKS: &[&str] = &["level", "share", "coverage"];

impl Build<'_> {
    pub(super) fn cases(&mut self) {
        for written in &self.written.cases {
            let place =
                written.table.get("title").map_or(written.table.place(), |e| e.value.place());
            let mut reader = Reader::new(&written.table, "this case");
            let case = self.case(&mut reader, place);
            reader.finish(&mut self.sink);
            self.catalog.cases.extend(case);
        }
    }

    fn case(&mut self, reader: &mut Reader<'_>, place: Place) -> Option<Case> {
        let title = reader.required_words("title");
        let named = |reader: &mut Reader<'_>, key: &'static str| Some((key, reader.text(key)?));
        let rules: Vec<(&'static str, Text)> = ["metric", "check", "framework"]
            .into_iter()
            .filter_map(|key| named(reader, key))
            .collect();
        let period = self.period(reader);
        let as_of = reader.day("as-of");
        let tables = self.tables(reader);
        let config = reader.words("config");
        let by = self.slice(reader);
        reader.require("expect", "what must come out, such as { value = 100 }");
        let expect = reader.table("expect");
        let [(table, name)] = &rules[..] else {
            reader.report(diags::case_of_one_rule(place));
            return None;
        };
        let id = self.find_enabled(table, name, reader.what())?;
        let (rule, keys) = match *table {
            "metric" => (CaseRule::Metric(id), OF_METRICS),
            "check" => (CaseRule::Check(id), OF_CHECKS),
            _ => (CaseRule::Framework(id), OF_FRAMEWORKS),
        };
        let expect = self.expect(expect?, keys);
        Some(Case { title, rule, period, as_of, tables, config, by, expect, place })
    }

    fn period(&mut self, reader: &mut Reader<'_>) -> Option<String> {
        let text = reader.text("period")?;
        if let Err(error) = Period::parse(&text.text, &self.catalog.project.calendar) {
            reader.report(diags::not_a_period(&text, &error.0));
        }
        Some(text.text.to_string())
    }

    fn tables(&mut self, reader: &mut Reader<'_>) -> Vec<(Id, String)> {
        let user = reader.what().to_owned();
        let mut tables = Vec::new();
        for entry in reader.table("tables").map_or(&[][..], |t| &t.entries) {
            let name = Text { text: entry.key.clone(), span: entry.key_span };
            let Some(text) = entry.value.as_text() else {
                reader.wrong_type(&entry.key, "a CSV text", &entry.value);
                continue;
            };
            if let Some(id) = self.find("dataset", &name, &user) {
                tables.push((id, text.text.to_string()));
            }
        }
        tables
    }

    fn slice(&mut self, reader: &mut Reader<'_>) -> Vec<(Id, String)> {
        let user = reader.what().to_owned();
        let mut by = Vec::new();
        for entry in reader.table("by").map_or(&[][..], |t| &t.entries) {
            let name = Text { text: entry.key.clone(), span: entry.key_span };
            let Some(member) = entry.value.as_text() else {
                reader.wrong_type(&entry.key, "a member of the dimension", &entry.value);
                continue;
            };
            if let Some(id) = self.find("dimension", &name, &user) {
                by.push((id, member.text.to_string()));
            }
        }
        by
    }

    fn expect(&mut self, table: &Table, keys: &[&str]) -> Vec<(String, Value)> {
        let mut reader = Reader::new(table, "`expect`");
        let mut expect = Vec::new();
        if keys == OF_METRICS {
            for entry in reader.table("figures").map_or(&[][..], |t| &t.entries) {
                match value(entry) {
                    Some(value) => expect.push((format!("figures.{}", entry.key), value)),
                    None => reader.wrong_type(&entry.key, "a number", &entry.value),
                }
            }
        }
        for key in keys {
            // Asking makes the key known; the value's own form decides its type.
            let Some(entry) = reader.tree(key).and_then(|_| table.get(key)) else { continue };
            match value(entry) {
                Some(value) => {
                    if let (Some(words), Some(text)) = (words(key), entry.value.as_text())
                        && !words.contains(&&*text.text)
                    {
                        reader.report(diags::no_such_outcome(key, &text, &words));
                    }
                    expect.push(((*key).to_owned(), value));
                }
                None => reader.wrong_type(key, "a number or a text", &entry.value),
            }
        }
        reader.finish(&mut self.sink);
        expect
    }
}

fn value(entry: &Entry) -> Option<Value> {
    match &entry.value.item {
        Item::Text(text) => Some(Value::Text(text.clone())),
        Item::Integer(whole) => Some(Value::Number(Decimal::from(*whole))),
        Item::Number(number) => Some(Value::Number(*number)),
        Item::Bool(truth) => Some(Value::Bool(*truth)),
        _ => None,
    }
}

/// The words that a key may hold, where they are closed.
fn words(key: &str) -> Option<Vec<&'static str>> {
    let statuses =
        [Status::Ok, Status::NoData, Status::TooFew, Status::NotComputable, Status::Failed];
    match key {
        "status" => Some(statuses.map(Status::word).to_vec()),
        "outcome" => Some(Outcome::ALL.map(Outcome::word).to_vec()),
        _ => None,
    }
}
