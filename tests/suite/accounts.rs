//! The account of every feed: found = used + rejected + skipped, each with its reasons, and the list of what was
//! rejected.

use std::collections::BTreeMap;
use std::path::Path;

use milepost::disk::Files;
use milepost::measure::{FeedFacts, Options, Skipped};
use milepost::pipeline::{self, Setup};
use milepost::plan::{Ask, Rule};
use proptest::prelude::*;

use crate::run::milepost;
use crate::small;

const PROJECT: &str = r#"
[project]
name = "accounts"
packs = []
as-of = 2026-12-31
[dataset.facts]
title = "Facts"
on-duplicate = "first"
[dataset.facts.columns]
id = { type = "text", key = true }
day = { type = "date" }
x = { type = "number" }
[feed.facts]
dataset = "facts"
file = "facts-*.csv"
delimiter = ","
skip = [{ column = "id", starts-with = ["Total"] }, { column = "day", is = ["n. a."] }]
[metric.sum_x]
kind = "total"
title = "x"
unit = "number"
dataset = "facts"
population = "facts"
question = "?"
why = "?"
value = "sum(x)"
[metric.days]
kind = "total"
title = "days"
unit = "count"
noun = "days"
dataset = "facts"
population = "facts"
question = "?"
why = "?"
value = "count(distinct day)"
"#;

/// A record, by what has to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Good,
    /// A good row with a text of several lines.
    Lines,
    BadCell,
    /// Two cells are bad.
    BadCells,
    Blank,
    Delimiters,
    Header,
    Total,
    NoDay,
    /// The key of the first row once more.
    Double,
    TooFew,
    TooMany,
    Torn,
}

use Kind::{
    BadCell, BadCells, Blank, Delimiters, Double, Good, Header, Lines, NoDay, TooFew, TooMany,
    Torn, Total,
};

impl Kind {
    fn write(self, at: usize) -> String {
        match self {
            Good => format!("r{at},2026-01-02,5"),
            Lines => format!("\"r{at}\n,\n\n\",2026-01-02,5"),
            BadCell => format!("r{at},2026-01-02,five"),
            BadCells => format!("r{at},soon,five"),
            Blank => String::new(),
            Delimiters => " ,,".into(),
            Header => "id, day ,\"x\"".into(),
            Total => "Total of all,,99".into(),
            NoDay => format!("r{at},n. a.,"),
            Double => "first,2026-01-02,7".into(),
            TooFew => format!("r{at},2026-01-02"),
            TooMany => format!("r{at},2026-01-02,5,6"),
            Torn => format!("\"r\"{at},2026-01-02,5"),
        }
    }
}

fn kinds() -> impl Strategy<Value = Vec<Kind>> {
    let all = [
        Good, Good, Good, Lines, BadCell, BadCells, Blank, Delimiters, Header, Total, NoDay,
        Double, TooFew, TooMany, Torn,
    ];
    prop::collection::vec(prop::sample::select(all.to_vec()), 0..60)
}

/// The facts of the feed, and how often it was read.
fn facts(files: &[String], options: Options) -> FeedFacts {
    let project = ("milepost.toml".to_owned(), PROJECT.as_bytes().to_vec());
    let exports = files.iter().enumerate();
    let exports = exports.map(|(at, text)| (format!("facts-{at}.csv"), text.clone().into_bytes()));
    let loaded = pipeline::load_files(Files::memory(exports.chain([project]))).unwrap();
    assert!(!loaded.is_broken(), "{:?}", loaded.diagnostics);
    let setup = Setup { period: Some("all".into()), options, ..Setup::default() };
    let settled = pipeline::settle(&loaded, &setup).unwrap();
    let ask = |id: &str| Ask {
        rule: Rule::Metric(id.into()),
        periods: vec![settled.period.clone()],
        by: vec![Vec::new()],
    };
    let run = pipeline::ask(&loaded, &settled, vec![ask("sum_x"), ask("days")]).unwrap();
    run.measurements.feeds[0].clone()
}

fn sum<T>(counts: &[(T, u64)]) -> u64 {
    counts.iter().map(|(_, count)| count).sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_record_is_used_rejected_or_skipped(
        lists in prop::collection::vec(kinds(), 1..3),
        sizes in prop::collection::vec((1usize..4, 1usize..200), 2),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut expected: BTreeMap<Kind, u64> = BTreeMap::new();
        let (mut files, mut at) = (Vec::new(), 0);
        for (file, list) in lists.iter().enumerate() {
            let first = if file == 0 { "first,2026-01-01,1" } else { "other,2026-01-01,1" };
            let mut text = format!("id,day,x{end}{first}{end}");
            for kind in list {
                at += 1;
                text += &kind.write(at);
                text += end;
                *expected.entry(*kind).or_default() += 1;
            }
            files.push(text);
        }
        let count = |kinds: &[Kind]| kinds.iter().filter_map(|k| expected.get(k)).sum::<u64>();
        let whole = facts(&files, Options { threads: 1, block_size: 1 << 20 });
        prop_assert_eq!(whole.found, at as u64 + files.len() as u64);
        prop_assert_eq!(whole.found, whole.used + sum(&whole.rejected) + sum(&whole.skipped));
        let skipped: BTreeMap<Skipped, u64> = whole.skipped.iter().copied().collect();
        for (why, kinds) in [
            (Skipped::BlankLine, &[Blank, Delimiters][..]),
            (Skipped::HeaderAgain, &[Header]),
            (Skipped::ByRule(0), &[Total]),
            (Skipped::ByRule(1), &[NoDay]),
            (Skipped::SameKey, &[Double]),
        ] {
            prop_assert_eq!(skipped.get(&why).copied().unwrap_or(0), count(kinds), "{:?}", why);
        }
        prop_assert_eq!(sum(&whole.rejected), count(&[TooMany, Torn]));
        prop_assert_eq!(whole.rows_with_rejects, count(&[BadCell, BadCells, TooFew]));
        let cells: u64 = whole.rejects.iter().map(|r| r.cells).sum();
        prop_assert_eq!(cells, count(&[BadCell, BadCells, BadCells, TooFew, TooMany, Torn]));
        for (threads, block_size) in sizes {
            prop_assert_eq!(&facts(&files, Options { threads, block_size }), &whole);
        }
    }
}

/// Rows of all sorts: three used (one with a bad cell), two rejected, three skipped.
const DEALS: &str = "Id,Stage,Created,Closed,Amount
a,Won,2026-01-02,2026-01-20,100
b,Won,2026-01-02,2026-01-20,=1+1

c,Won,2026-01-02,2026-01-20,300
d,Won
Id,Stage,Created,Closed,Amount
e,Won,2026-01-02,2026-01-20,1,2
Total,,,,400
";

/// A later file, with a cell that holds all that a spreadsheet could stumble over.
const MORE: &str = "Id,Stage,Created,Closed,Amount
f,Won,2026-01-02,\"@x, \"\"y\"\"\",500
";

const LIST: &str = "feed,file,sheet,row,column,header,text,reason
crm,deals-1.csv,,3,E,Amount,'=1+1,not a number
crm,deals-1.csv,,6,,,\"d,Won\",fewer cells than the header
crm,deals-1.csv,,8,,,\"e,Won,2026-01-02,2026-01-20,1,2\",more cells than the header
crm,deals-2.csv,,2,D,Closed,\"'@x, \"\"y\"\"\",not a date of the declared form (ISO 8601 unless `dates` says otherwise)
";

fn deals() -> tempfile::TempDir {
    let skip = "skip = [{ column = \"Id\", starts-with = [\"Total\"] }]\n[feed.crm.columns]";
    let folder = small::project("", &[("deals-1.csv", DEALS), ("deals-2.csv", MORE)]);
    let path = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text.replace("[feed.crm.columns]", skip)).unwrap();
    folder
}

fn list(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap().replace("\r\n", "\n")
}

#[test]
fn what_is_rejected_is_listed_alike_by_any_thread_and_block() {
    let folder = deals();
    for (command, flags) in [
        ("metrics", &[][..]),
        ("metrics", &["--threads", "1"]),
        ("metrics", &["--threads", "7", "--block-size", "1"]),
        ("check", &["--threads", "3", "--block-size", "30"]),
        ("report", &["--block-size", "30"]),
    ] {
        let words = [command, "--period", "all", "--as-of", "2026-03-01", "--rejects", "new/r.csv"];
        let said = milepost(folder.path(), words.iter().chain(flags).copied());
        assert_eq!(said.code, 0, "{}", said.stderr);
        assert_eq!(list(folder.path(), "new/r.csv"), LIST, "{command} {flags:?}");
        std::fs::remove_dir_all(folder.path().join("new")).unwrap();
    }
}

#[test]
fn a_list_of_nothing_is_its_header_and_a_run_that_fails_leaves_the_old_one() {
    let good = "Id,Stage,Created,Closed,Amount\na,Won,2026-01-02,2026-01-20,100\n";
    let folder = small::project("", &[("deals.csv", good)]);
    milepost(folder.path(), ["metrics", "--rejects", "r.csv"]).ok();
    let head = "feed,file,sheet,row,column,header,text,reason\n";
    assert_eq!(list(folder.path(), "r.csv"), head);
    std::fs::write(folder.path().join("out"), "a file where the folder should be").unwrap();
    std::fs::write(folder.path().join("r.csv"), "old").unwrap();
    let said = milepost(folder.path(), ["report", "--rejects", "r.csv"]);
    assert_eq!(said.code, 74, "{}", said.stderr);
    assert_eq!(list(folder.path(), "r.csv"), "old");
    let names = std::fs::read_dir(folder.path()).unwrap();
    let left = names.filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(left.count(), 0, "nothing is left over");
    let said = milepost(folder.path(), ["metrics", "--rejects", "."]);
    assert_eq!(said.code, 74, "{}", said.stderr);
}

#[test]
fn reports_tables_and_json_give_the_same_account() {
    let folder = deals();
    let time = ["--period", "all", "--as-of", "2026-03-01"];
    let said = milepost(folder.path(), ["metrics", "-v"].into_iter().chain(time));
    let line = "crm: 9 rows found = 5 used + 1 rejected + 3 skipped\n\
        \x20 used, with a cell that does not fit: 3\n\
        \x20 of these: 1 × fewer cells than the header\n\
        \x20 rejected: 1 × more cells than the header\n";
    assert!(said.stderr.contains(line), "{}", said.stderr);
    let rule = "skipped: 1 × where Id starts with “Total”";
    assert!(said.stderr.contains(rule), "{}", said.stderr);
    for command in ["metrics", "check"] {
        let words = [command, "--format", "json"].into_iter().chain(time);
        let json: serde_json::Value =
            serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
        let feed = &json["feeds"][0];
        let number = |key: &str| feed[key].as_u64().unwrap();
        let parts = ["used", "rejected", "skipped"].map(number);
        assert_eq!((number("found"), parts), (9, [5, 1, 3]));
        assert_eq!(feed["skipped_by"].as_array().unwrap().len(), 3, "{feed}");
        assert_eq!(number("used_with_rejected_cells"), 3);
    }
    milepost(folder.path(), ["report"].into_iter().chain(time)).ok();
    for name in ["performance.md", "performance.html"] {
        let page = std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        for words in
            ["1 × fewer cells than the header", "1 × the header once more", "starts with “Total”"]
        {
            assert!(page.contains(words), "{name} lacks {words}");
        }
    }
}

#[test]
fn a_project_reads_a_folder_beside_it_only_where_it_says_so() {
    let folder = deals();
    let inner = folder.path().join("project");
    std::fs::create_dir(&inner).unwrap();
    let text = std::fs::read_to_string(folder.path().join("milepost.toml")).unwrap();
    let text = text.replace("file = \"deals*.csv\"", "file = \"../deals-*.csv\"");
    std::fs::write(inner.join("milepost.toml"), &text).unwrap();
    let words = ["metrics", "--period", "all", "--metric", "won_amount", "--format", "json"];
    let said = milepost(&inner, words);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("feed-outside"), "{}", said.stderr);
    let allowed = text.replace("currency = \"EUR\"", "currency = \"EUR\"\nreads = [\"..\"]");
    std::fs::write(inner.join("milepost.toml"), allowed).unwrap();
    let json: serde_json::Value = serde_json::from_str(&milepost(&inner, words).ok()).unwrap();
    assert_eq!(json["feeds"][0]["files"], serde_json::json!(["../deals-1.csv", "../deals-2.csv"]));
    assert_eq!(json["feeds"][0]["found"], 9);
}
