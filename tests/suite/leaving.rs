//! Records that are no rows: the header once more, totals and footers. They are left out, counted and told, and what is
//! left is what there would be without them.

use crate::run::{Output, milepost, without_feeds};
use crate::small::project;

const SKIP: &str = r#"
[overlay.metric.won_deals]
owner = "sales"
"#;

const PLAIN: &str = "Id,Stage,Created,Closed,Amount\n\
    a,Won,2026-01-02,2026-01-10,100\n\
    b,Talking,2026-01-03,,n/a\n\
    c,Won,2026-01-04,2026-01-11,50.50\n";

/// The same, as a report of a CRM writes it: pages with a header each, a total of each, and a footer.
const PAGES: &str = "Id,Stage,Created,Closed,Amount\n\
    a,Won,2026-01-02,2026-01-10,100\n\
    Subtotal,,,,100\n\
    \"Id\",\"Stage\",\"Created\",\"Closed\",\"Amount\"\n\
    b,Talking,2026-01-03,,n/a\n\
    \n\
    Id, Stage ,Created,Closed,Amount\n\
    c,Won,2026-01-04,2026-01-11,50.50\n\
    Grand Total,,,,150.50\n\
    \"Copyright, Harbour\"\n\
    \"Confidential \"\"Information\"\"\"\n";

fn ours(text: &str, words: &[&str]) -> Output {
    let skip = r#"skip = [
  { column = "Id", starts-with = ["Grand ", "Copyright", "Confidential"] },
  { column = 1, is = ["Subtotal"] },
]
"#;
    let folder = project(SKIP, &[("deals.csv", text)]);
    let file = folder.path().join("milepost.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let config =
        config.replace("file = \"deals*.csv\"\n", &format!("file = \"deals*.csv\"\n{skip}"));
    std::fs::write(&file, config).unwrap();
    milepost(folder.path(), words.iter().copied())
}

#[test]
fn what_is_left_is_what_there_would_be_without_them() {
    for block in ["1", "40", "100000"] {
        let words = ["metrics", "--period", "2026-01", "--format", "json", "--block-size", block];
        let said = |text| without_feeds(&ours(text, &words).ok());
        assert_eq!(said(PAGES), said(PLAIN), "{block}");
    }
}

#[test]
fn they_are_counted_and_places_stay_true() {
    let said = ours(PAGES, &["report", "--out", "out", "-v"]);
    let said = format!("{}{}", said.stdout, said.stderr);
    assert!(said.contains("deals.csv!E5"), "{said}");
    let folder = project("", &[("deals.csv", PLAIN)]);
    let rows = milepost(folder.path(), ["explain", "won_deals", "--rows", "--period", "all"]).ok();
    assert!(rows.contains("deals.csv!4:4"), "{rows}");
    let rows = ours(PAGES, &["explain", "won_deals", "--rows", "--period", "all"]).ok();
    assert!(rows.contains("deals.csv!2:2") && rows.contains("deals.csv!8:8"), "{rows}");
}

#[test]
fn the_report_says_how_many_there_are() {
    let skip = "skip = [{ column = \"Amount\", blank = true }]\n";
    let folder = project("", &[("deals.csv", PAGES)]);
    let file = folder.path().join("milepost.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let config =
        config.replace("file = \"deals*.csv\"\n", &format!("file = \"deals*.csv\"\n{skip}"));
    std::fs::write(&file, config).unwrap();
    milepost(folder.path(), ["report"]).ok();
    let page = std::fs::read_to_string(folder.path().join("out/performance.md")).unwrap();
    let line = page.lines().find(|line| line.starts_with("| crm |")).unwrap();
    let account = "| 10 | 5 (1 with a cell that does not fit) | 0 | \
                   5 (1 × blank, 2 × the header once more, 2 × where Amount is blank) |";
    assert!(line.contains(account), "{line}");
}
