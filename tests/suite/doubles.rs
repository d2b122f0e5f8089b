//! Rows of one key: an error unless the dataset says which of them counts.

use std::path::Path;

use crate::run::milepost;
use crate::small;

const A: &str = "Id,Stage,Created,Closed,Amount
A 1,Won,2026-01-02,2026-01-20,100

b,Won,2026-01-03,2026-01-21,10
,Won,2026-01-04,2026-01-21,1
c,Won,2026-01-04,2026-01-21,x
";

/// `A 1` again, changed later; `b` again, as it was; blank keys are no doubles.
const B: &str = "Amount,Id,Stage,Created,Closed
200, A 1 ,Won,2026-01-02,2026-02-20
10,b,Won,2026-01-03,2026-01-21
1,,Won,2026-01-04,2026-01-21
1000,B,Won,2026-01-04,2026-01-21
";

fn project(policy: Option<&str>) -> tempfile::TempDir {
    let policy = policy.map(|p| format!("\n[overlay.dataset.deals]\non-duplicate = \"{p}\"\n"));
    small::project(&policy.unwrap_or_default(), &[("deals-a.csv", A), ("deals-b.csv", B)])
}

/// Value and rows of the amount won in all of time.
fn won(folder: &Path, flags: &[&str]) -> (f64, u64) {
    let words = ["metrics", "--period", "all", "--metric", "won_amount", "--format", "json"];
    let said = milepost(folder, words.iter().chain(flags).copied());
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let value = &json["metrics"][0];
    (value["value"].as_f64().unwrap(), value["n"].as_u64().unwrap())
}

#[test]
fn the_policy_says_which_row_counts() {
    let cases =
        [("first", 1112.0, 5), ("last-by closed_at", 1212.0, 5), ("last-by amount", 1212.0, 5)];
    for (policy, value, n) in cases {
        let folder = project(Some(policy));
        for flags in [&[][..], &["--threads", "1", "--block-size", "1"], &["--block-size", "40"]] {
            let found = won(folder.path(), flags);
            assert_eq!(found, (value, n), "{policy} {flags:?}");
        }
    }
}

#[test]
fn rows_left_out_are_told_and_places_stay_true() {
    let folder = project(Some("first"));
    milepost(folder.path(), ["report", "--as-of", "2026-03-01"]).ok();
    let report = std::fs::read_to_string(folder.path().join("out/performance.md")).unwrap();
    assert!(report.contains("2 × left out: another row of the same key counts"), "{report}");
    assert!(report.contains("deals-a.csv!E6"), "{report}");
    let rows = milepost(folder.path(), ["explain", "won_amount", "--period", "all", "--rows"]).ok();
    assert!(rows.contains("deals-b.csv!5:5"), "{rows}");
    assert!(!rows.contains("deals-b.csv!2") && !rows.contains("deals-b.csv!3"), "{rows}");
}

#[test]
fn without_a_policy_nothing_is_counted_twice() {
    let folder = project(None);
    let said = milepost(folder.path(), ["metrics", "--period", "all", "--metric", "won_amount"]);
    assert_eq!(said.code, 3);
    assert!(said.stdout.contains("withheld"), "{}", said.stdout);
    for place in
        ["`A 1` at deals-a.csv!A2, deals-b.csv!B2", "`b` at deals-a.csv!A4, deals-b.csv!B3"]
    {
        assert!(said.stderr.contains(place), "{}", said.stderr);
    }
}

#[test]
fn no_value_looks_up_through_doubles() {
    let config = "\n[feed.companies]\ndataset = \"accounts\"\nfile = \"accounts.csv\"\n\
                  [feed.companies.columns]\naccount_id = \"Id\"\nindustry = \"Industry\"\n";
    let deals = "Id,Stage,Created,Closed,Amount,Account ID\n1,Won,2026-01-02,2026-01-20,100,A\n";
    let accounts = "Id,Industry\nA,Steel\nA,Glass\n";
    let folder = small::project(config, &[("deals.csv", deals), ("accounts.csv", accounts)]);
    let words = ["metrics", "--metric=won_amount", "--by=industry", "--period=all", "--format=csv"];
    let said = milepost(folder.path(), words);
    assert_eq!(said.code, 3);
    let lines: Vec<&str> = said.stdout.lines().skip(1).collect();
    assert!(lines[0].contains(",ok,") && lines[0].contains("100"), "the total needs no account");
    assert!(lines[1..].iter().all(|line| line.contains("not-computable")), "{}", said.stdout);
    assert!(lines.len() > 1, "{}", said.stdout);
}

#[test]
fn the_row_that_counts_sets_the_as_of_date() {
    let deals =
        "Id,Stage,Created,Closed,Amount\n1,Talking,2026-01-01,,5\n1,Talking,2026-06-27,,5\n";
    let policy = "\n[overlay.dataset.deals]\non-duplicate = \"first\"\n";
    let folder = small::project(policy, &[("deals.csv", deals)]);
    let words = ["metrics", "--metric", "flow", "--period", "all", "--format", "json"];
    let said = milepost(folder.path(), words).ok();
    assert!(said.contains("\"date\": \"2026-01-01\""), "{said}");
}

#[test]
fn last_by_needs_something_to_go_by() {
    let policy = "\n[overlay.dataset.deals]\non-duplicate = \"last-by next_step\"\n";
    let folder = small::project(policy, &[("deals-a.csv", A), ("deals-b.csv", B)]);
    let said = milepost(folder.path(), ["metrics", "--period", "all", "--metric", "won_amount"]);
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert!(
        said.stderr.contains("none of these rows has a `next_step` to go by"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_row_that_may_be_the_last_one_is_not_left_out() {
    let policy = "\n[overlay.dataset.deals]\non-duplicate = \"last-by created_at\"\n";
    let deals = "Id,Stage,Created,Closed,Amount\na,Won,2026-01-02,2026-01-20,10\n\
        a,Won,31.12.2026,2026-01-21,20\nb,Won,2026-01-03,2026-01-21,1\n";
    let folder = small::project(policy, &[("deals.csv", deals)]);
    let words = "metrics --period all --metric won_amount,flow --rejects no.csv --format json";
    let said = milepost(folder.path(), words.split(' '));
    assert_eq!(said.code, 3, "{}", said.stderr);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let values = json["metrics"].as_array().unwrap();
    assert!(values.len() == 2 && values.iter().all(|value| value["value"].is_null()), "{json}");
    let rejects = std::fs::read_to_string(folder.path().join("no.csv")).unwrap();
    assert!(rejects.contains("31.12.2026"), "{rejects}");
}
