//! What exports say against each other, or against themselves: nothing of it is repaired.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checks::{check, examples};
use super::number::{count, none, share, shown};
use super::time::date;
use super::words::{first_of, say};
use super::{CheckView, ContradictionView, Facts, Shown};
use crate::catalog::{Check, RowDetail};
use crate::domain::{Day, Decimal, Id, Unit, Value};
use crate::measure::{StrayText, Strays};
use crate::text::Place;

/// How many texts or places are shown of each.
const SHOWN: usize = 5;

/// All that the run found: rules that do not hold, keys that stand twice, texts that lead nowhere, currencies mixed.
pub fn contradictions(facts: &Facts<'_>) -> Vec<ContradictionView> {
    let rules = facts.assessment.contradictions.iter();
    let mut all: Vec<ContradictionView> = rules.filter_map(|id| rule(facts, id)).collect();
    let measured = facts.measurements;
    all.extend(measured.doubled.iter().map(|(dataset, found)| {
        let (keys, rows) = (count(found.keys).text(), count(found.rows).text());
        let fill = [("column", found.column.as_str()), ("keys", &keys), ("rows", &rows)];
        let title = say("contradiction.duplicate-keys", &[("dataset", &titled(facts, dataset))]);
        let text = say("contradiction.duplicate-keys-text", &fill);
        let next = say("contradiction.duplicate-keys-next", &[("dataset", dataset.as_str())]);
        let rows = count(found.rows);
        let base = other("duplicate-keys", title, text, next, rows, none());
        ContradictionView { places: places(facts, &found.first), ..base }
    }));
    all.extend(
        measured
            .orphans
            .iter()
            .map(|((dataset, column), met)| orphans(facts, (dataset, column), met)),
    );
    all.extend(measured.foreign.iter().map(|((dataset, column), met)| {
        let rates = facts.catalog.has_rates();
        let codes: Vec<String> = met.codes.iter().map(ToString::to_string).collect();
        let own = facts.catalog.project.currency.code();
        let dataset_title = titled(facts, dataset);
        let title_fill = [("dataset", dataset_title.as_str()), ("column", column.as_str())];
        let (rows, codes) = (count(met.rows).text(), first_of(&codes, SHOWN));
        let days = days(&met.days);
        let fill = [("rows", rows.as_str()), ("codes", &codes), ("own", own), ("days", &days)];
        let keys = match rates {
            true => ["currencies-rates", "currencies-no-rate", "currencies-no-rate-next"],
            false => ["currencies", "currencies-text", "currencies-next"],
        };
        let [title, text, next] = keys.map(|key| format!("contradiction.{key}"));
        let (title, text, next) = (say(&title, &title_fill), say(&text, &fill), say(&next, &fill));
        let base = other("currencies", title, text, next, count(met.rows), none());
        ContradictionView { places: places(facts, met.first.as_slice()), ..base }
    }));
    all
}

fn orphans(facts: &Facts<'_>, (dataset, column): (&Id, &Id), met: &Strays) -> ContradictionView {
    let hidden = facts.catalog.project.rows == RowDetail::None;
    let one = |stray: &StrayText| {
        let n = count(stray.rows).text();
        let fill =
            [("text", &*stray.text), ("rows", &n), ("near", stray.near.as_deref().unwrap_or(""))];
        match &stray.near {
            Some(_) => say("contradiction.orphan-near", &fill),
            None => say("contradiction.orphan", &fill),
        }
    };
    let texts: Vec<String> = met.texts.iter().map(one).collect();
    let (rows, of) = (count(met.rows).text(), count(met.of).text());
    let many = count(met.texts.len() as u64).text();
    let (from, to) = (titled(facts, dataset), titled(facts, &met.target));
    let title_fill = [("dataset", from.as_str()), ("column", column.as_str()), ("target", &to)];
    let names = if hidden { many } else { first_of(&texts, SHOWN) };
    let fill = [("rows", rows.as_str()), ("of", &of), ("names", &names)];
    let near = met.texts.iter().find(|stray| stray.near.is_some() && !hidden);
    let next = match near {
        Some(stray) => {
            let near = stray.near.as_deref().unwrap_or("");
            let quoted = |text: &str| toml::Value::from(text).to_string();
            let map = format!("values = {{ {} = [{}] }}", quoted(near), quoted(&stray.text));
            let fill = [
                ("column", column.as_str()),
                ("text", &*stray.text),
                ("near", near),
                ("map", &map),
            ];
            say("contradiction.orphans-next-near", &fill)
        }
        None => say("contradiction.orphans-next", &[("target", met.target.as_str())]),
    };
    let key = if hidden { "contradiction.orphans-count" } else { "contradiction.orphans-text" };
    let title = say("contradiction.orphans", &title_fill);
    let base = other("orphans", title, say(key, &fill), next, count(met.rows), count(met.of));
    ContradictionView { places: places(facts, met.first.as_slice()), ..base }
}

/// One that no rule names.
fn other(
    kind: &'static str,
    title: String,
    text: String,
    next: String,
    rows: Shown,
    of: Shown,
) -> ContradictionView {
    let (check, share, places) = (None, none(), Vec::new());
    ContradictionView { kind, check, title, text, rows, of, share, places, next }
}

/// A rule that does not hold.
fn rule(facts: &Facts<'_>, id: &Id) -> Option<ContradictionView> {
    let rule = facts.catalog.checks.get(id)?;
    let result = facts.assessment.checks.get(id)?;
    let view = check(facts, rule)?;
    let value = result.value.as_ref()?;
    let parts =
        value.denominator.zip(value.numerator).filter(|_| rule.body.source.body().is_some());
    let short = parts.and_then(|(all, met)| all.checked_sub(met).ok().map(|short| (short, all)));
    let (rows, of, part) = match short {
        Some((short, all)) => {
            let part = short.checked_div(all, 6).ok();
            (number(short), number(all), share(part))
        }
        None => (none(), none(), none()),
    };
    let text = match short {
        Some(_) => {
            let words = rule.body.source.body().and_then(|body| body.population.as_ref());
            let words = words.map_or("", |population| population.words.as_str());
            let texts = [rows.text(), of.text(), part.text()];
            let fill = [("rows", texts[0].as_str()), ("of", &texts[1]), ("share", &texts[2])];
            say("contradiction.rows", &[&fill[..], &[("population", words)]].concat())
        }
        None => disagreement(facts, rule, &view),
    };
    let next = rule.words.remedy.lines().map(|line| line.trim_start_matches(['-', '*', ' ']));
    let next = next.into_iter().find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    let examples = examples(facts, rule, result);
    let place = |row: &super::ExampleView| match &row.key {
        Some(key) => say("contradiction.place", &[("place", &row.place), ("key", key)]),
        None => row.place.clone(),
    };
    Some(ContradictionView {
        kind: "rule",
        check: Some(id.to_string()),
        title: rule.title.clone(),
        text,
        rows,
        of,
        share: part,
        places: examples.iter().map(place).collect(),
        next,
    })
}

/// Two sources of one figure: both, and which of them is counted on.
fn disagreement(facts: &Facts<'_>, rule: &Check, view: &CheckView) -> String {
    let written = |field: &str| {
        let found = rule.written.iter().find(|(name, _)| name == field);
        found.map(|(_, id)| facts.catalog.computed_as(id))
    };
    let (Some(used), Some(other)) = (written("metric"), written("with")) else {
        return view.measured.clone();
    };
    let told = |id: &Id| {
        let title = facts.catalog.metrics.get(id).map_or(id.as_str(), |m| m.title.as_str());
        let value = view.values.iter().find(|value| *value.metric == *id.as_str());
        let value = value.map(|value| value.text.text()).unwrap_or_default();
        say("contradiction.source", &[("title", title), ("value", &value)])
    };
    let (one, two) = (told(&used), told(&other));
    let gap = facts.assessment.checks.get(&rule.id).and_then(|result| result.value.as_ref());
    let gap = gap.map(|value| shown(&value.value, &Unit::Ratio).text()).unwrap_or_default();
    let fill = [("one", one.as_str()), ("two", &two), ("gap", &gap), ("most", &view.wanted)];
    say("contradiction.sources", &fill)
}

/// The days of which rates are missing.
fn days(found: &BTreeMap<Arc<str>, (Day, Day)>) -> String {
    let one = |(code, (first, last)): (&Arc<str>, &(Day, Day))| {
        let (first, last) = (date(*first), date(*last));
        let fill = [("code", &**code), ("first", first.as_str()), ("last", &last)];
        let key = if first == last { "currencies-day" } else { "currencies-days" };
        say(&format!("contradiction.{key}"), &fill)
    };
    let all: Vec<String> = found.iter().map(one).collect();
    match all.is_empty() {
        true => say("contradiction.currencies-no-day", &[]),
        false => first_of(&all, SHOWN),
    }
}

fn number(value: Decimal) -> Shown {
    shown(&Value::Number(value), &Unit::Number)
}

fn places(facts: &Facts<'_>, found: &[Place]) -> Vec<String> {
    let shows = facts.catalog.project.rows != RowDetail::None;
    found.iter().filter(|_| shows).map(|place| facts.place(place)).collect()
}

/// The title of a dataset.
fn titled(facts: &Facts<'_>, id: &Id) -> String {
    facts.catalog.datasets.get(id).map_or_else(|| id.to_string(), |d| d.title.clone())
}
