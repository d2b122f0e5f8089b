//! The rows that keep a check from being met stand in the report: the first by place, as far as the project shows rows.

use crate::run::milepost;
use crate::small::project;

const RULES: &str = r#"
[check.deals-have-a-next-step]
kind = "filled"
title = "Deals have a step"
dataset = "deals"
column = "next_step"
where = "amount >= 100"
population = "deals of 100 and more"
met = 1
question = "?"
why = "?"
how = "?"
remedy = "?"

[framework.own]
title = "Own"
groups = [{ id = "all", title = "All", doc = "All." }]

[framework.own.element.steps]
title = "Steps"
groups = ["all"]
checks = ["deals-have-a-next-step"]

[report.maturity]
frameworks = ["own"]
"#;

/// Rows 3, 5, 6, 7 and 9 fall short; row 4 is no deal of 100.
const DEALS: &str = "Id,Stage,Created,Closed,Amount,Next Step\n\
    a,Talking,2026-01-01,,100,call\n\
    b,Talking,2026-01-01,,200,\n\
    c,Talking,2026-01-01,,50,\n\
    d,Talking,2026-01-01,,100,\n\
    e,Talking,2026-01-01,,400, \n\
    f,Talking,2026-01-01,,500,\n\
    g,Talking,2026-01-01,,600,visit\n\
    h,Talking,2026-01-01,,700,\n";

fn report(rows: &str, more: &[&str]) -> String {
    let rules = format!("{RULES}\n{rows}\n");
    let folder = project(&rules, &[("deals.csv", DEALS)]);
    milepost(folder.path(), [&["report"], more].concat()).ok();
    std::fs::read_to_string(folder.path().join("out/maturity.md")).unwrap()
}

#[test]
fn the_first_rows_are_named_by_their_keys() {
    let said = report("", &[]);
    assert!(said.contains("28.6%: 2 of 7 deals of 100 and more"), "{said}");
    let named =
        "5 rows fall short, the first: `deals.csv!3:3` b, `deals.csv!5:5` d, `deals.csv!6:6` e ·";
    assert!(said.contains(named), "{said}");
    for block in ["1", "60", "4096"] {
        assert_eq!(report("", &["--block-size", block, "--threads", "2"]), said, "{block}");
    }
}

#[test]
fn a_project_may_show_no_rows_or_their_cells() {
    let none = report("[report]\nrows = \"none\"", &[]);
    assert!(none.contains("2 of 7") && !none.contains("fall short"), "{none}");
    let folder = project(&format!("{RULES}\n[report]\nrows = \"full\"\n"), &[("deals.csv", DEALS)]);
    milepost(folder.path(), ["report"]).ok();
    let page = std::fs::read_to_string(folder.path().join("out/maturity.html")).unwrap();
    assert!(page.contains("b: amount <code>200</code>"), "{page}");
    assert!(!report("", &[]).contains("200"));
}

/// Whoever asks of one check gets the outcome that the whole run has.
#[test]
fn explain_and_check_agree_on_every_outcome() {
    let sample = crate::source::root().join("samples/northlight");
    let run = |words: &[&str]| -> serde_json::Value {
        let words = words.iter().copied().chain(["--format", "json"]);
        serde_json::from_str(&milepost(&sample, words).ok()).unwrap()
    };
    let all = run(&["check"]);
    let checks = all["checks"].as_array().unwrap();
    assert!(checks.len() > 60);
    for check in checks {
        let said = run(&["explain", check["id"].as_str().unwrap()]);
        let outcome = check["outcome"].as_str().unwrap().replace('-', " ");
        assert_eq!(said["outcome"], outcome.as_str(), "{}", check["id"]);
    }
}
