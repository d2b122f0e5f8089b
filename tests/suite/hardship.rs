//! Bad input: what a run says, what it still makes, and that nothing is half written.

use std::collections::BTreeMap;
use std::path::Path;

use crate::run::{Output, milepost};
use crate::small;

const HEADER: &str = "Id,Stage,Created,Closed,Amount\n";

pub const DEALS: &str = "Id,Stage,Created,Closed,Amount
1,Won,2026-01-02,2026-03-31,100
2,Talking,2026-02-03,2026-12-31,10
3,Won,2026-02-04,2026-03-20,50
";

/// What reports are called that every project has.
const REPORTS: [&str; 4] = ["maturity.html", "maturity.md", "performance.html", "performance.md"];

pub fn project(deals: &str) -> tempfile::TempDir {
    small::project("", &[("deals.csv", deals)])
}

/// Every file below a folder, with its bytes; folders end in `/`. Links are not followed.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        match entry.file_type().is_file() {
            true => found.insert(name, std::fs::read(entry.path()).unwrap()),
            false => found.insert(name + "/", Vec::new()),
        };
    }
    found
}

/// Both reports in Markdown, all four files being there and none besides.
#[track_caller]
fn made(folder: &Path) -> [String; 2] {
    let out = folder.join("out");
    assert_eq!(files(&out).into_keys().collect::<Vec<_>>(), REPORTS);
    ["performance.md", "maturity.md"].map(|name| std::fs::read_to_string(out.join(name)).unwrap())
}

/// Makes the reports; they must be there whatever the run says.
#[track_caller]
fn report(folder: &Path, words: &[&str]) -> (Output, String) {
    let said = milepost(folder, ["report"].iter().chain(words).copied());
    let [performance, _] = made(folder);
    (said, performance)
}

/// The line of a report's table that begins with a title.
#[track_caller]
fn row<'a>(report: &'a str, title: &str) -> &'a str {
    let head = format!("| {title} |");
    report.lines().find(|line| line.starts_with(&head)).unwrap_or_else(|| panic!("{report}"))
}

/// Fails unless the text holds all of the parts.
#[track_caller]
pub fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

#[test]
fn a_missing_file_leaves_a_report_that_names_its_feed() {
    let folder = small::project("", &[]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("deals*.csv", "deals.csv")).unwrap();
    let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
    assert_eq!(said.code, 3);
    holds(
        &said.stderr,
        &["error[file-missing]: there is no file `deals.csv`", "milepost.toml:8:8"],
    );
    holds(row(&performance, "Won amount"), &["failed", "the feed crm could not be read"]);
    // What it is missing stands where the feeds are listed.
    holds(row(&performance, "crm"), &["not read: there is no file"]);
    let [_, maturity] = made(folder.path());
    holds(&maturity, &["the feed crm could not be read", "not read: there is no file"]);
}

#[test]
fn one_missing_file_does_not_take_the_other_feeds() {
    let config = "\n[feed.companies]\ndataset = \"accounts\"\nfile = \"accounts.csv\"\n";
    let folder = small::project(config, &[("deals.csv", DEALS)]);
    let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
    assert_eq!(said.code, 3);
    holds(&said.stderr, &["there is no file `accounts.csv`"]);
    holds(row(&performance, "Won deals"), &["| 2 |"]);
    holds(row(&performance, "companies"), &["not read: there is no file"]);
}

#[test]
fn what_cannot_be_opened_leaves_a_report_too() {
    let folder = small::project("", &[]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("deals*.csv", "deals.csv")).unwrap();
    let deals = folder.path().join("deals.csv");
    std::fs::create_dir(&deals).unwrap();
    let (said, performance) = report(folder.path(), &[]);
    assert_eq!(said.code, 3);
    holds(&said.stderr, &["error[file-not-plain]: `deals.csv` is not a plain file"]);
    holds(row(&performance, "crm"), &["is not a plain file"]);
    std::fs::remove_dir(&deals).unwrap();
    // A link to itself.
    std::os::unix::fs::symlink("deals.csv", &deals).unwrap();
    let (said, performance) = report(folder.path(), &[]);
    assert_eq!(said.code, 3, "{}", said.stderr);
    holds(&said.stderr, &["error[file-unreadable]: `deals.csv` cannot be opened: ", "= help: "]);
    holds(row(&performance, "crm"), &["cannot be opened: "]);
    std::fs::remove_file(&deals).unwrap();
    std::fs::write(&deals, DEALS).unwrap();
    forbid(&deals);
    if std::fs::read(&deals).is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    let (said, _) = report(folder.path(), &[]);
    assert_eq!(said.code, 3, "{}", said.stderr);
    holds(&said.stderr, &["error[file-unreadable]: `deals.csv` cannot be opened: ", "permission"]);
}

/// Takes all rights away.
pub fn forbid(path: &Path) {
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o000);
    std::fs::set_permissions(path, rights).unwrap();
}

#[test]
fn an_empty_file_is_no_file_of_no_deals() {
    for text in ["", "\n\n", "\u{feff}"] {
        let folder = project(text);
        let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
        assert_eq!(said.code, 3, "{text:?}");
        holds(&said.stderr, &["error[file-empty]: `deals.csv` is empty: it has no header"]);
        holds(row(&performance, "Flow"), &["failed", "the feed crm could not be read"]);
        holds(row(&performance, "crm"), &["deals.csv: not read: ", "is empty"]);
    }
}

#[test]
fn a_header_without_rows_counts_nothing_and_says_so() {
    let folder = project(HEADER);
    let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    holds(&said.stderr, &["warning[feed-without-rows]: feed `crm` has no rows"]);
    holds(row(&performance, "Flow"), &["| 0 |"]);
    holds(row(&performance, "Won amount"), &["no data", "there are no won deals to look at"]);
    holds(row(&performance, "crm"), &["deals.csv", "| 0 | 0 | 0 |"]);
}

#[test]
fn an_authors_mistake_leaves_the_reports_of_the_run_before() {
    let folder = project(DEALS);
    milepost(folder.path(), ["report"]).ok();
    let before = files(&folder.path().join("out"));
    let config = std::fs::read_to_string(folder.path().join("milepost.toml")).unwrap();
    let mapped = config.replace("amount = \"Amount\"", "amount = \"Amout\"");
    let open = HEADER.replace("Amount", "Amount,Amount");
    std::fs::create_dir_all(folder.path().join("report-templates/board")).unwrap();
    let template = "title = \"Board\"\n";
    type Writes<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Writes<'_>, &str); 4] = [
        (
            "a missing column",
            &[("milepost.toml", &mapped)],
            "[header-missing]: `deals.csv` has no column `Amout`",
        ),
        (
            "two columns of one role",
            &[("milepost.toml", &config), ("deals.csv", &open)],
            "[header-twice]: two columns of `deals.csv` could be `amount`",
        ),
        (
            "a template that cannot be read",
            &[
                ("deals.csv", DEALS),
                ("report-templates/board/report.toml", template),
                ("report-templates/board/main.md.j2", "{% for m in metrics %}"),
            ],
            "[template-syntax]",
        ),
        (
            "a template that cannot be filled",
            &[("report-templates/board/main.md.j2", "{{ project.nmae.first }}")],
            "[template-failed]",
        ),
    ];
    for (what, writes, message) in cases {
        for (name, text) in writes {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let said = milepost(folder.path(), ["report"]);
        assert_eq!(said.code, 2, "{what}: {}", said.stderr);
        holds(&said.stderr, &[message, "= help: "]);
        assert_eq!(files(&folder.path().join("out")), before, "{what}");
    }
}

#[test]
fn a_wrong_sheet_is_named_with_those_that_are_there() {
    let folder = small::project("", &[]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("\"deals*.csv\"", "\"deals.xlsx\"\nsheet = \"Dials\"");
    std::fs::write(&config, text).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["Deals", "Notes"] {
        book.add_worksheet().set_name(name).unwrap().write_row(0, 0, ["Id", "Stage"]).unwrap();
    }
    book.save(folder.path().join("deals.xlsx")).unwrap();
    let said = milepost(folder.path(), ["report"]);
    assert_eq!(said.code, 2);
    holds(&said.stderr, &["`deals.xlsx` has no sheet `Dials`", "did you mean `Deals`?", "`Notes`"]);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_column_that_nothing_maps_is_named_by_what_needs_it() {
    let folder = small::project("", &[]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("amount = \"Amount\"\n", "")).unwrap();
    std::fs::write(folder.path().join("deals.csv"), DEALS.replace("Amount", "Sum")).unwrap();
    let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    holds(row(&performance, "Won amount"), &["withheld", "no feed maps deals.amount"]);
    holds(row(&performance, "Won deals"), &["| 2 |"]);
}

#[test]
fn rows_that_are_all_rejected_are_withheld_and_told_cell_by_cell() {
    let deals = DEALS.replace("2026-", "in 2026, ").replace(", ", " ");
    let folder = project(&deals);
    let (said, performance) = report(folder.path(), &["--period", "2026-03"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let parts =
        ["3 cells of `created_at` cannot be read", "deals.csv!C2", "3 cells of `closed_at`"];
    holds(&said.stderr, &parts);
    let why = "created_at is blank or unreadable on 3 of 3 deals that entered";
    holds(row(&performance, "Flow"), &["withheld", why]);
    holds(
        row(&performance, "crm"),
        &["deals.csv", "| 3 | 3 (3 with a cell that does not fit) | 0 | 0 |"],
    );
    holds(&performance, &["### Rejected in crm", "`deals.csv!C2` not a date"]);
}

#[test]
fn a_period_without_deals_has_counts_of_nothing_and_no_rates() {
    let deals = DEALS.replace("2026-02", "2026-01");
    let folder = project(&deals);
    let words = ["--period", "2026-02", "--as-of", "2026-03-31"];
    let (said, performance) = report(folder.path(), &words);
    assert_eq!(said.code, 0, "{}", said.stderr);
    holds(row(&performance, "Flow"), &["| 0 |"]);
    holds(row(&performance, "Won deals"), &["no data", "the data begin on 20 March 2026"]);
    holds(row(&performance, "Conversion rate"), &["no data", "the data begin on 20 March 2026"]);
    holds(row(&performance, "Average sale price"), &["no data", "the data begin on 20 March 2026"]);
}

#[test]
fn without_a_period_before_nothing_is_compared() {
    let folder = project(DEALS);
    let (said, performance) = report(folder.path(), &["--period", "2026-01"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    holds(row(&performance, "Flow"), &["| 1 | December 2025: the data begin on 2 January 2026"]);
    let (said, performance) = report(folder.path(), &["--period", "all"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    holds(&performance, &["there is no earlier period", "all time"]);
    holds(row(&performance, "Won deals"), &["| 2 |  |"]);
}

#[test]
fn what_is_divided_by_nothing_is_no_number() {
    let plans = "\n[plan.year]\nstarts = 2026-01-01\nends = 2026-12-31\ntargets = { won_amount = 0 }\n\
        [metric.won_share]\nkind = \"ratio\"\ntitle = \"Won share\"\nunit = \"ratio\"\nbetter = \"higher\"\n\
        dataset = \"deals\"\ntime = \"created_at\"\nquestion = \"?\"\nwhy = \"Test.\"\npopulation = \"deals that entered\"\n\
        sample-floor = 0\nnumerator = \"sum(amount) filter (where stage.outcome = 'won')\"\ndenominator = \"sum(amount)\"\n";
    let deals = DEALS.replace(",100\n", ",0\n").replace(",10\n", ",0\n").replace(",50\n", ",0\n");
    let folder = small::project(plans, &[("deals.csv", &deals)]);
    let words = ["metrics", "--metric=won_share", "--period=all", "--by=stage", "--format=csv"];
    let said = milepost(folder.path(), words);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(!said.stdout.contains(",ok,"), "{}", said.stdout);
    holds(&said.stdout, &["the divisor is 0 over these deals that entered"]);
    for period in ["2026-03", "2026-02", "all"] {
        let (said, performance) = report(folder.path(), &["--period", period]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        for (name, bytes) in files(&folder.path().join("out")) {
            let text = String::from_utf8(bytes).unwrap();
            for number in ["NaN", "∞", "Infinity", " inf"] {
                assert!(!text.contains(number), "{number} in {name} of {period}");
            }
        }
        if period == "2026-03" {
            holds(row(&performance, "Won amount"), &["€0.00"]);
        }
    }
}

#[test]
fn stages_of_unknown_names_withhold_what_is_told_by_them() {
    let folder = project(&DEALS.replace("Won", "Signed"));
    let words = ["--period", "2026-03", "--as-of", "2026-03-31"];
    let (said, performance) = report(folder.path(), &words);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let parts = [
        "deals.stage holds a value on ",
        "that no `stage` declares: `Signed`",
        "milepost.toml:6:7",
    ];
    holds(&said.stderr, &parts);
    let why = "but stage holds values that nothing declares";
    holds(row(&performance, "Won amount"), &["withheld", why]);
    holds(&performance, &["### Not declared", "- deals, stage: `Signed`"]);
}
