//! Contradictions: counted to the row, the same for any threads and blocks, silent where they cannot be told.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::run::milepost;

const PROJECT: &str = r#"
[project]
name = "Harbour"
currency = "EUR"
as-of = 2026-12-31

[feed.crm]
dataset = "deals"
file = "deals.csv"

[feed.crm.columns]
deal_id = "id"
account = "account"
created_at = "created"
closed_at = "closed"

[feed.companies]
dataset = "accounts"
file = "accounts.csv"

[stage.won]
outcome = "won"
"#;

fn project(deals: &str, accounts: &str, more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("milepost.toml", &format!("{PROJECT}{more}"));
    write("deals.csv", deals);
    write("accounts.csv", accounts);
    folder
}

fn found(folder: &Path, more: &[&str]) -> Vec<Value> {
    let words = ["check", "--format", "json"];
    let output = milepost(folder, words.iter().chain(more).copied()).ok();
    let all: Value = serde_json::from_str(&output).unwrap();
    all["contradictions"].as_array().unwrap().clone()
}

/// Deals of which every third names an account that is not there, and every seventh ends before it begins.
fn deals() -> (String, BTreeMap<String, u64>, u64) {
    let mut text = "id,account,stage,created,closed\n".to_owned();
    let (mut strays, mut backwards) = (BTreeMap::new(), 0);
    for n in 0..3000u64 {
        let account =
            if n % 3 == 0 { format!("Lost {}", n % 12) } else { format!("Known {}", n % 5) };
        if n % 3 == 0 {
            *strays.entry(account.clone()).or_default() += 1;
        }
        let closed = if n % 7 == 0 { "2026-01-09" } else { "2026-01-10" };
        backwards += u64::from(n % 7 == 0);
        writeln!(text, "D{n},{account},won,2026-01-10,{closed}").unwrap();
    }
    (text, strays, backwards)
}

const ACCOUNTS: &str = "Account ID\nKnown 0\nKnown 1\nKnown 2\nKnown 3\nKnown 4\n";

#[test]
fn rows_are_counted_exactly_whatever_threads_and_blocks() {
    let (deals, strays, backwards) = deals();
    let folder = project(&deals, ACCOUNTS, "");
    let first = found(folder.path(), &[]);
    assert_eq!(first.len(), 2, "{first:?}");
    assert_eq!(first[0]["check"], "deals-close-after-they-begin");
    assert_eq!((first[0]["rows"].as_u64(), first[0]["of"].as_u64()), (Some(backwards), Some(3000)));
    assert_eq!(first[0]["places"][0], "deals.csv!2:2 (D0)");
    assert_eq!(first[1]["kind"], "orphans");
    let all: u64 = strays.values().sum();
    assert_eq!((first[1]["rows"].as_u64(), first[1]["of"].as_u64()), (Some(all), Some(3000)));
    let text = first[1]["text"].as_str().unwrap();
    for (name, rows) in &strays {
        assert!(text.contains(&format!("“{name}” ({rows} rows)")), "{name} in {text}");
    }
    for (threads, block) in [("1", "64"), ("3", "100"), ("7", "4096")] {
        let again = found(folder.path(), &["--threads", threads, "--block-size", block]);
        assert_eq!(again, first, "{threads} threads, blocks of {block}");
    }
}

#[test]
fn they_are_silent_where_the_data_say_nothing_and_where_a_project_says_so() {
    let (deals, ..) = deals();
    let more = "[overlay.check.deals-close-after-they-begin]\ndisable = true\n";
    let folder = project(&deals, ACCOUNTS, more);
    let kinds = |found: Vec<Value>| -> Vec<String> {
        found.iter().map(|c| c["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(found(folder.path(), &[])), ["orphans"]);
    let more = "[waiver.old]\ncheck = \"deals-close-after-they-begin\"\nreason = \"moved over\"\n\
        owner = \"Ada\"\nuntil = 2027-01-31\n";
    let folder = project(&deals, ACCOUNTS, more);
    assert_eq!(kinds(found(folder.path(), &[])), ["orphans"]);
    let folder =
        project(&deals, ACCOUNTS, "[overlay.check.deals-close-after-they-begin]\nmet = 0.5\n");
    assert_eq!(kinds(found(folder.path(), &[])), ["orphans"], "a tolerance of its own");
    // No accounts at all: what deals name is only text.
    let alone = project(&deals, ACCOUNTS, "");
    let text = std::fs::read_to_string(alone.path().join("milepost.toml")).unwrap();
    let text =
        text.replace("[feed.companies]\ndataset = \"accounts\"\nfile = \"accounts.csv\"\n", "");
    std::fs::write(alone.path().join("milepost.toml"), text).unwrap();
    assert_eq!(kinds(found(alone.path(), &[])), ["rule"]);
}

#[test]
fn they_warn_and_do_not_close_the_gate() {
    let (deals, ..) = deals();
    let folder = project(&deals, ACCOUNTS, "");
    let output = milepost(folder.path(), ["check", "--format", "json"]);
    assert!(output.stderr.contains("warning[contradiction]"), "{}", output.stderr);
    let all: Value = serde_json::from_str(&output.stdout).unwrap();
    let listed = all["checks"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap());
    assert!(listed.into_iter().all(|id| id != "deals-close-after-they-begin"));
    let report = milepost(folder.path(), ["report"]);
    assert_eq!(report.code, 0, "{}", report.stderr);
    let told = std::fs::read_to_string(folder.path().join("out/performance.md")).unwrap();
    assert!(told.contains("### Contradictions"), "{told}");
    assert!(told.contains("not so on 429 of 3,000 closed deals with both days (14.3%)"), "{told}");
}

#[test]
fn a_failed_or_keyless_export_makes_no_orphans() {
    let (deals, ..) = deals();
    for (accounts, why, code) in [
        ("Account ID\n\"Known 0\nKnown 1\n", "error[quote-unterminated]", 3),
        ("Account\nKnown 0\nKnown 1\n", "", 0),
        ("Town\nLeeds\nYork\n", "error[header-missing]", 2),
    ] {
        let folder = project(&deals, accounts, "");
        let output = milepost(folder.path(), ["check", "--format", "json"]);
        assert_eq!(output.code, code, "{}", output.stderr);
        assert!(output.stderr.contains(why), "{}", output.stderr);
        let orphans = why.is_empty();
        assert_eq!(output.stderr.contains("[orphans]"), orphans, "{}", output.stderr);
    }
}
