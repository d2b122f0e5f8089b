//! What is taken out of an export takes out what needs it, by name, and nothing else.
//!
//! Every column of every export of the samples is removed once, then a third of its cells. What needs a column is
//! read from `list metrics`, and that list is held to the text of the rules. Classes of columns:
//!
//! - a key, which the contract requires, and a header that a feed names: nothing is computed, the run says which;
//! - an argument, a filter, a time: exactly the metrics that need it are not computable, and the reason names it.
//!   A literal in `coalesce` stands for a blank cell, never for a column that is not there;
//! - a dimension: totals stay, and every slice by it is not computable, by name;
//! - anything else changes no byte.
//!
//! Cells that are blank lower coverage where the column is an argument or a time. Where it is a filter (a stage, a
//! lead) a blank row is in no population, as rules say, and coverage does not tell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::golden::{copy_of, samples};
use crate::run::{Output, milepost};

/// Headers and their columns.
type Headers = &'static [(&'static str, &'static str)];

/// Headers of Northlight's exports by column; those of no column are not read.
const DEALS: Headers = &[
    ("Record ID", "deal_id"),
    ("Deal Name", "title"),
    ("Associated Company IDs", "account"),
    ("Associated Company", ""),
    ("Deal owner", "owner"),
    ("Original Source", "channel"),
    ("Deal Stage", "stage"),
    ("Deal Type", "kind"),
    ("Create Date", "created_at"),
    ("Close Date", "closed_at"),
    ("Last Stage Change Date", "stage_changed_at"),
    ("Last Activity Date", "last_activity_at"),
    ("Amount", "amount"),
    ("Cost", "cost"),
    ("Currency", "currency"),
    ("Industry", "industry"),
    ("Segment", "segment"),
    ("Region", "region"),
    ("Next step", "next_step"),
    ("Closed Lost Reason", "lost_reason"),
    ("Lead ID", "lead"),
    ("UTM Source", "utm_source"),
    ("UTM Medium", "utm_medium"),
    ("UTM Campaign", "utm_campaign"),
];
const LEADS: Headers = &[
    ("Lead ID", "lead_id"),
    ("Company", ""),
    ("Lead Owner", "owner"),
    ("Lead Source", "channel"),
    ("Created", "created_at"),
    ("Converted", "converted_at"),
    ("Industry", "industry"),
    ("UTM Source", "utm_source"),
    ("UTM Medium", "utm_medium"),
    ("UTM Campaign", "utm_campaign"),
];
const COSTS: Headers = &[
    ("Beleg", "cost_id"),
    ("Buchungstag", "spent_at"),
    ("Betrag", "amount"),
    ("Währung", "currency"),
    ("Konto", "type"),
    ("Kanal", "channel"),
    ("Kampagne", "campaign"),
    ("Auftrag", "deal"),
    ("Lieferant", "vendor"),
    ("Text", "note"),
];
const EXPORTS: [(&str, &str, u8, Headers); 3] = [
    ("deals", "exports/deals.csv", b',', DEALS),
    ("leads", "exports/leads.csv", b';', LEADS),
    ("costs", "exports/costs.csv", b';', COSTS),
];

/// Dimensions that are sliced by, with the column that each rests on.
const SLICED: [(&str, &str); 3] =
    [("channel", "channel"), ("team", "owner"), ("deal_kind", "kind")];

const REQUIRED: [&str; 4] = ["deals.deal_id", "leads.lead_id", "costs.spent_at", "costs.amount"];

fn northlight() -> std::path::PathBuf {
    samples().into_iter().find(|s| s.ends_with("northlight")).unwrap()
}

fn metrics(project: &Path, more: &str) -> Output {
    let words = ["metrics", "--format", "json"].into_iter().chain(more.split(' '));
    milepost(project, words.chain(SLICED.iter().flat_map(|(dimension, _)| ["--by", dimension])))
}

/// Values by id, period and slice.
fn values(text: &str) -> BTreeMap<(String, String, String), Value> {
    let said: Value = serde_json::from_str(text).unwrap();
    let key = |m: &Value| {
        (m["id"].as_str().unwrap().to_owned(), m["period"].to_string(), m["slice"].to_string())
    };
    said["metrics"].as_array().unwrap().iter().map(|m| (key(m), m.clone())).collect()
}

/// The dataset whose rows a metric counts, as `list` says; none of those made of others.
fn datasets() -> BTreeMap<String, String> {
    let said = milepost(&northlight(), ["list", "metrics", "--format", "json"]).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    let metrics = said["metrics"].as_array().unwrap().iter();
    let own = metrics.filter_map(|m| Some((m["id"].as_str()?, m["dataset"].as_str()?)));
    own.map(|(id, dataset)| (id.to_owned(), dataset.to_owned())).collect()
}

/// What each metric needs, as `list` says.
fn needs() -> BTreeMap<String, BTreeSet<String>> {
    let said = milepost(&northlight(), ["list", "metrics", "--format", "json"]).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    let texts = |list: &Value| -> BTreeSet<String> {
        let all = list.as_array().unwrap().iter();
        all.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let metrics = said["metrics"].as_array().unwrap().iter();
    metrics.map(|m| (m["id"].as_str().unwrap().to_owned(), texts(&m["needs"]))).collect()
}

/// Reads an export, changes its records, and writes it.
fn rewrite(project: &Path, file: &str, delimiter: u8, change: impl FnOnce(&mut Vec<Vec<String>>)) {
    let path = project.join(file);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_path(&path).unwrap();
    let records =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
    let mut records: Vec<Vec<String>> = records.collect();
    change(&mut records);
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_path(&path).unwrap();
    records.iter().for_each(|record| writer.write_record(record).unwrap());
    writer.flush().unwrap();
}

/// Removes a column, and what a feed says of its header.
fn drop(project: &Path, file: &str, delimiter: u8, header: &str) {
    rewrite(project, file, delimiter, |records| {
        let at = records[0].iter().position(|h| h == header).unwrap();
        records.iter_mut().for_each(|record| {
            record.remove(at);
        });
    });
}

/// Takes a feed's word on a header back; true where there was one.
fn unsay(project: &Path, dataset: &str, header: &str) -> bool {
    let path = project.join("feeds.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let from = text.find(&format!("dataset = \"{dataset}\"")).unwrap();
    let to = text[from..].find("\n[feed.crm-leads]").map_or(text.len(), |at| from + at);
    let line = format!(" = \"{header}\"\n");
    let Some(at) = text[from..to].find(&line) else { return false };
    let begin = text[..from + at].rfind('\n').unwrap() + 1;
    let said = format!("{}{}", &text[..begin], &text[from + at + line.len()..]);
    std::fs::write(path, said).unwrap();
    true
}

#[test]
fn a_column_that_is_gone_takes_with_it_what_needs_it_and_nothing_else() {
    let (needs, datasets) = (needs(), datasets());
    let flags = "--grain month --last 6";
    let before = values(&metrics(&northlight(), flags).ok());
    let mut gone = 0;
    for (dataset, file, delimiter, columns) in EXPORTS {
        for (header, column) in columns {
            let copy = copy_of(&northlight());
            drop(copy.path(), file, delimiter, header);
            let said = metrics(copy.path(), flags);
            if unsay(copy.path(), dataset, header) {
                refuses(&said, header);
            }
            let said = metrics(copy.path(), flags);
            if REQUIRED.contains(&format!("{dataset}.{column}").as_str()) {
                refuses(&said, column);
                continue;
            }
            let after = values(&said.ok());
            gone +=
                knocked_out(&before, &after, (&needs, &datasets), &format!("{dataset}.{column}"));
        }
    }
    assert!(gone > 5000, "only {gone} values need a column");
}

/// What a rule only looks at beside others: it takes the first of them that is there, so none is needed.
const ONE_OF: [(&str, &[&str]); 1] = [(
    "attributed_cost_share",
    &["costs.deal", "costs.channel", "costs.account", "costs.campaign"],
)];

/// A run that computes nothing, and says of what it has none.
fn refuses(said: &Output, name: &str) {
    let told = said.stderr.contains("header-missing") && said.stderr.contains(&format!("`{name}`"));
    assert!(said.code == 2 && told && said.stdout.is_empty(), "{name}: {}", said.stderr);
}

type Values = BTreeMap<(String, String, String), Value>;

/// How many values need the column; each of them says so, and no other changes.
fn knocked_out(
    before: &Values,
    after: &Values,
    (needs, datasets): (&BTreeMap<String, BTreeSet<String>>, &BTreeMap<String, String>),
    column: &str,
) -> usize {
    let (dataset, name) = column.split_once('.').unwrap();
    let dimension = SLICED.iter().find(|(_, rests_on)| *rests_on == name).map(|(d, _)| *d);
    let sliced = |value: &Value| {
        let of = needs[value["id"].as_str().unwrap()].iter();
        let mut of = of.filter_map(|need| need.strip_prefix(dataset));
        // Of a value that looks several datasets up, only the one whose rows it counts is sliced by its column.
        let own = datasets.get(value["id"].as_str().unwrap());
        own.is_none_or(|own| own == dataset)
            && dimension.is_some_and(|d| value["slice"].get(d).is_some())
            && of.any(|rest| rest.starts_with('.'))
    };
    let mut count = 0;
    for (key, value) in after {
        let mut one_of = ONE_OF.iter();
        if one_of.any(|(metric, columns)| key.0.starts_with(metric) && columns.contains(&column)) {
            continue;
        }
        if needs[&key.0].contains(column) || sliced(value) {
            count += 1;
            let reason = value["reason"].as_str().unwrap_or("no reason");
            let honest = value["status"] == "not-computable" && reason.contains(column);
            // A derived value names the first part that lacks; one that had no value before may say so still.
            let reason = |value: &Value| (value["value"].clone(), value["reason"].clone());
            let said = honest || before.get(key).map(reason) == Some(reason(value));
            assert!(said && value["value"].is_null(), "without {column}: {key:?} {value}");
        } else {
            assert_eq!(before.get(key), Some(value), "{key:?} changed without {column}");
        }
    }
    for (key, value) in before {
        assert!(after.contains_key(key) || sliced(value), "{key:?} is gone without {column}");
    }
    count
}

/// Arguments and times: a blank one is a row that should count and cannot.
const TOLD: [&str; 4] = ["deals.amount", "deals.created_at", "deals.closed_at", "leads.created_at"];
/// Filters, and the date of what need not happen: a row without one is in no population.
const UNTOLD: [&str; 4] = ["deals.stage", "deals.lead", "deals.channel", "leads.converted_at"];

#[test]
fn cells_that_are_blank_lower_the_coverage_of_what_needs_them_and_of_nothing_else() {
    let needs = needs();
    let before = values(&metrics(&northlight(), "--period all").ok());
    for column in TOLD.iter().chain(&UNTOLD) {
        let (dataset, name) = column.split_once('.').unwrap();
        let (_, file, delimiter, columns) = EXPORTS.into_iter().find(|e| e.0 == dataset).unwrap();
        let (header, _) = columns.iter().find(|(_, c)| *c == name).unwrap();
        let copy = copy_of(&northlight());
        rewrite(copy.path(), file, delimiter, |records| blank(records, header));
        let after = values(&metrics(copy.path(), "--period all").ok());
        let totals = before.iter().filter(|(key, _)| key.2 == "{}");
        for (key, then) in totals {
            let now = &after[key];
            if !needs[&key.0].contains(*column) {
                assert_eq!(then, now, "{key:?} changed with blanks in {column}");
                continue;
            }
            if then["value"].is_null() {
                continue;
            }
            assert_ne!(then, now, "{key:?} is the same with blanks in {column}");
            // A row without its argument and one without its time are both told; a hole of the
            // filter is not.
            if TOLD.contains(column) {
                let (then, now) = (then["coverage"].as_f64(), now["coverage"].as_f64());
                assert!(now < then, "{key:?} with blanks in {column}: {now:?} of {then:?}");
            }
        }
    }
}

/// Blanks three cells of ten, always the same.
fn blank(records: &mut [Vec<String>], header: &str) {
    let at = records[0].iter().position(|h| h == header).unwrap();
    for (number, record) in records.iter_mut().enumerate().skip(1) {
        if (number * 7 + number / 10) % 10 < 3 {
            record[at].clear();
        }
    }
}

#[test]
fn a_look_up_into_a_dataset_that_nothing_feeds_is_no_zero() {
    let rule = r#"
[metric.retail]
kind = "total"
title = "Retail deals"
unit = "count"
noun = "deals"
dataset = "deals"
where = "account.industry = 'retail'"
value = "count(*)"
question = "?"
why = "?"
"#;
    let deals = ("deals.csv", "Id,Account ID,Stage,Created,Closed,Amount\n1,a,Won,,2026-03-01,5\n");
    let retail = |more: &str, files: &[(&str, &str)]| {
        let folder = crate::small::project(&[rule, more].concat(), files);
        let words = ["metrics", "--format", "json", "--metric", "retail"];
        let said: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
        said["metrics"][0].clone()
    };
    let value = retail("", &[deals]);
    assert_eq!((&value["value"], &value["status"]), (&Value::Null, &"not-computable".into()));
    assert_eq!(value["reason"], "no feed maps accounts.industry");
    let feed = "[feed.accounts]\ndataset = \"accounts\"\nfile = \"accounts.csv\"\n";
    let value = retail(feed, &[deals, ("accounts.csv", "Account ID,Industry\na,retail\n")]);
    assert_eq!((&value["value"], &value["status"]), (&1.into(), &"ok".into()));
}

/// `list` reads needs from the program's own tree; this reads the text of the rules.
#[test]
fn needs_are_what_the_text_of_the_rules_names() {
    let tables = tables();
    for (metric, listed) in needs() {
        let mut found = BTreeSet::new();
        named(&tables, &metric, &mut found);
        assert_eq!(found, listed, "{metric}");
    }
}

/// All tables of the shipped packs, by kind and id.
fn tables() -> BTreeMap<(String, String), toml::Table> {
    let mut all = BTreeMap::new();
    for path in crate::source::files_below(&crate::source::root().join("rules"), "toml") {
        let text = std::fs::read_to_string(path).unwrap();
        for (kind, tables) in text.parse::<toml::Table>().unwrap() {
            for (id, table) in tables.as_table().into_iter().flatten() {
                if let Some(table) = table.as_table() {
                    all.insert((kind.clone(), id.clone()), table.clone());
                }
            }
        }
    }
    all
}

fn named(
    tables: &BTreeMap<(String, String), toml::Table>,
    metric: &str,
    found: &mut BTreeSet<String>,
) {
    let Some(rule) = tables.get(&("metric".to_owned(), metric.to_owned())) else { return };
    if let Some(target) = rule.get("alias-of") {
        return named(tables, target.as_str().unwrap(), found);
    }
    for link in rule.get("chain").and_then(|c| c.as_array()).into_iter().flatten() {
        named(tables, link["metric"].as_str().unwrap(), found);
    }
    let texts = [
        "where",
        "time",
        "value",
        "numerator",
        "denominator",
        "from",
        "to",
        "until",
        "ended",
        "metric",
    ];
    for text in texts.iter().filter_map(|key| rule.get(*key)?.as_str()) {
        for path in words(text) {
            let Some(dataset) = rule.get("dataset") else {
                named(tables, &path, found);
                continue;
            };
            let mut dataset = dataset.as_str().unwrap().to_owned();
            for step in path.split('.') {
                let declared = &tables[&("dataset".to_owned(), dataset.clone())];
                let Some(column) = declared["columns"].get(step) else { break };
                found.insert(format!("{dataset}.{step}"));
                let Some(target) = column.get("references") else { break };
                dataset = target.as_str().unwrap().split('.').next().unwrap().to_owned();
            }
        }
    }
}

/// Names and paths of an expression; what stands in quotes is no name.
fn words(text: &str) -> Vec<String> {
    let bare: String = text.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    bare.split(|c: char| !part(c)).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}
