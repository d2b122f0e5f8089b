//! `init`: what is written from a hand-made folder of exports, word by word; that the first report on it works; and,
//! where `MILEPOST_DATA` is set, that it works on the raw files of the public data as well.

use std::path::Path;

use crate::run::{copy, milepost, same};
use crate::source::root;

/// Folders of the public data that hold what a team exports.
const FOLDERS: &[&str] = &[
    "adventureworks-quota",
    "dbt-attribution",
    "dbt-mrr-playbook",
    "facebook-ads-kag",
    "fivetran-seeds",
    "ga-exports",
    "hubspot-dummy",
    "leads-xeducation",
    "marketing-campaigns-feb2021",
    "maven-crm",
    "meridian-media",
    "olist-funnel-iso",
    "pbpython-sales",
    "product-q1-multisheet",
    "pwc-call-center",
    "ravenstack-saas",
    "telco-churn-csv",
];

/// Runs init, validate and report in a folder with `exports`.
#[track_caller]
fn works(folder: &Path) {
    works_from(folder, "exports");
}

#[track_caller]
fn works_from(folder: &Path, from: &str) {
    milepost(folder, ["init", ".", "--from", from]).ok();
    for words in [&["validate"][..], &["report"]] {
        let output = milepost(folder, words.iter().copied());
        assert_eq!(output.code, 0, "{} {words:?}\n{}", folder.display(), output.stderr);
    }
}

/// Copies a folder to `exports` of another.
fn exports(from: &Path, folder: &Path) {
    let target = folder.join("exports");
    std::fs::create_dir_all(&target).unwrap();
    copy(from, &target);
}

fn written(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

#[test]
fn a_project_is_written_from_exports_and_its_first_report_works() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("brook-and-lund");
    copy(&root().join("tests/init"), &folder);
    let _ = std::fs::remove_dir_all(folder.join("expected"));
    works(&folder);
    let expected = root().join("tests/init/expected");
    let names = written(&folder);
    assert_eq!(
        names,
        [
            "channels.toml",
            "cost-types.toml",
            "datasets.toml",
            "feeds.toml",
            "milepost.toml",
            "people.toml",
            "stages.toml"
        ]
    );
    for name in names {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        if let Some(difference) = same(&text, &expected.join(&name)) {
            panic!("{difference}");
        }
    }
    // Three of five are won: one of them in German.
    let values = milepost(
        &folder,
        ["metrics", ".", "--metric", "win_rate,won_amount", "--period", "all", "--format", "csv"],
    )
    .ok();
    assert!(values.contains(",0.75,") && values.contains(",3761.25,"), "{values}");
}

#[test]
fn nothing_is_written_over_or_from_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    exports(&root().join("tests/init/exports"), place.path());
    let from = ["init", "project", "--from", "exports"];
    let refused = milepost(place.path(), from);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(!place.path().join("project").exists());
    milepost(place.path(), from.into_iter().chain(["--copy"])).ok();
    let feeds = std::fs::read_to_string(place.path().join("project/feeds.toml")).unwrap();
    assert!(place.path().join("project/exports/kosten.csv").is_file());
    let again = milepost(place.path(), ["init", "project", "--from", "project/exports"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(place.path().join("project/feeds.toml")).unwrap(), feeds);
}

#[test]
fn a_day_that_stands_alone_is_not_the_day_to_speak_from() {
    let place = tempfile::tempdir().unwrap();
    let slip = root().join("tests/mistakes/lone-as-of/deals.csv");
    std::fs::copy(slip, place.path().join("deals.csv")).unwrap();
    milepost(place.path(), ["init", ".", "--from", "deals.csv"]).ok();
    let project = std::fs::read_to_string(place.path().join("milepost.toml")).unwrap();
    let told = "as-of = 2026-07-13    # the newest day but 2062-07-03, which stands alone";
    assert!(project.contains(told), "{project}");
    let values = ["metrics", ".", "--metric", "won_deals", "--period", "all", "--format", "csv"];
    assert!(milepost(place.path(), values).ok().contains(",6,"), "without the slip");
}

/// Runs init in a folder of one file and gives the account of its feed.
fn account(text: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("deals.csv"), text).unwrap();
    milepost(place.path(), ["init", ".", "--from", "deals.csv"]).ok();
    let words = ["-v", "metrics", ".", "--metric", "won_deals", "--format", "csv"];
    let told = milepost(place.path(), words).stderr;
    let line = told.lines().find(|line| line.contains("found = ")).unwrap_or_default();
    line.trim().to_owned()
}

#[test]
fn what_init_writes_takes_no_row_of_a_table_and_leaves_no_total_in_it() {
    let head = "Deal Name,Deal ID,Owner,Stage,Created Date,Close Date,Amount\n";
    let row = |name: &str, at: u32| {
        format!("{name},D{at},Ada,Closed Won,2026-01-0{at},2026-02-0{at},{}\n", 100 << at)
    };
    let rows = |from: u32| row("Alpha", from) + &row("Beta", from + 1);
    let total = ",,,,,,1400\n";
    let named = head.to_owned() + &rows(1) + &row("", 3);
    let two = |above: &str, below: &str| head.to_owned() + &rows(1) + above + &rows(3) + below;
    let groups = |label: &str, count: &str| {
        let of = |sum: u32, counted: &str| format!("{label},,,,,,{sum}\n,,,,,{count},{counted}\n");
        let (above, below) = if count == "Avg" { ("300", "1200") } else { ("2", "2") };
        two(&of(600, above), &of(2400, below))
    };
    for (text, account) in [
        (
            format!("{named}{total}Confidential Information,,,,,,\n"),
            "5 rows found = 3 used + 0 rejected + 2 skipped",
        ),
        (format!("{named}{total}"), "4 rows found = 3 used + 0 rejected + 1 skipped"),
        (groups("Total", "Avg"), "8 rows found = 4 used + 0 rejected + 4 skipped"),
        (groups("Sous-total", "Nombre"), "8 rows found = 4 used + 0 rejected + 4 skipped"),
        (groups("Subtotal", "Count"), "8 rows found = 4 used + 0 rejected + 4 skipped"),
        (groups("Closed Won Total", "Count"), "8 rows found = 4 used + 0 rejected + 4 skipped"),
        (
            head.to_owned() + &rows(1) + &row("Total", 3) + "Total,,,,,,1400\n",
            "4 rows found = 3 used + 0 rejected + 1 skipped",
        ),
    ] {
        let told = self::account(&text);
        assert!(told.contains(account), "{text}\n{told}");
    }
}

#[test]
fn a_year_beside_its_months_is_no_amount_of_each_of_them() {
    let place = tempfile::tempdir().unwrap();
    let text = "Vendor,Jan,Feb,Mar,Q1,YTD\nGoogle,1.5,2.5,3.5,7.5,7.5\nMeta,10,20,30,60,60\n";
    std::fs::write(place.path().join("plan.csv"), text).unwrap();
    works_from(place.path(), "plan.csv");
    let feeds = std::fs::read_to_string(place.path().join("feeds.toml")).unwrap();
    assert!(feeds.contains("columns = [\"Jan\", \"Feb\", \"Mar\"]"), "{feeds}");
    assert!(feeds.contains("# \"YTD\" adds up others") && !feeds.contains("\nytd ="), "{feeds}");
}

#[test]
fn every_starter_is_in_order() {
    let place = tempfile::tempdir().unwrap();
    let starters = milepost::author::starters();
    assert!(starters.len() >= 5, "{starters:?}");
    for starter in starters {
        milepost(place.path(), ["init", starter, "--starter", starter]).ok();
        let output = milepost(place.path(), ["validate", starter]);
        assert_eq!(output.code, 0, "{}", output.stderr);
    }
}

#[test]
fn the_public_data_gives_projects_that_work() {
    let Ok(data) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA is not set");
        return;
    };
    for name in FOLDERS {
        let place = tempfile::tempdir().unwrap();
        exports(&Path::new(&data).join(name), place.path());
        works(place.path());
    }
}

/// A project made from files, as its folder, with what `init` said and the feeds that it wrote.
fn made(files: &[(&str, &str)]) -> (tempfile::TempDir, String, String) {
    let place = tempfile::tempdir().unwrap();
    let mut words = vec!["init", ".", "--from"];
    for (name, text) in files {
        std::fs::write(place.path().join(name), text).unwrap();
        words.push(name);
    }
    let output = milepost(place.path(), words);
    let said = output.stderr.clone() + &output.ok();
    let feeds = std::fs::read_to_string(place.path().join("feeds.toml")).unwrap();
    (place, said, feeds)
}

/// The value of a metric over all time, and what else its line says.
fn value(project: &Path, metric: &str) -> String {
    let words = ["metrics", ".", "--metric", metric, "--period", "all", "--format", "csv"];
    milepost(project, words).ok().lines().nth(1).unwrap_or_default().to_owned()
}

const HEADER: &str = "Deal ID,Deal Name,Owner,Stage,Created Date,Close Date,Amount";

/// Three deals of one stage, with what stands behind each row.
fn deals(first: usize, stage: &str, header: &str, more: &str) -> String {
    let row = |at: usize| {
        format!("D{at},Deal {at},Ada,{stage},2026-01-0{at},2026-02-0{at},{at}00{more}\n")
    };
    format!("{HEADER}{header}\n{}", (first..first + 3).map(row).collect::<String>())
}

#[test]
fn more_rows_of_a_kind_are_a_feed_of_the_same_dataset_and_the_same_rows_are_not() {
    let won = deals(1, "Closed Won", "", "");
    let lost = deals(4, "Closed Lost", ",Lost Reason", ",price");
    let again = deals(4, "Closed Lost", ",Reason", ",price");
    let (place, said, feeds) =
        made(&[("won.csv", &won), ("lost.csv", &lost), ("again.csv", &again)]);
    assert_eq!(feeds.matches("dataset = \"deals\"").count(), 2, "{feeds}");
    assert!(value(place.path(), "win_rate").contains(",0.5,"), "{feeds}");
    assert!(said.contains("Mind again.csv") && feeds.contains("dataset = \"again\""), "{said}");
    assert!(feeds.contains("but lost.csv holds rows of it already"), "{feeds}");
    assert!(!feeds.contains("tickets"), "{feeds}");
    // Without ids a copy is known by all of its cells.
    let spend = "Date,Channel,Campaign,Amount\n2026-01-05,Google,a,100\n2026-01-06,Google,b,150\n";
    let later = "Date,Channel,Campaign,Amount,Note\n2026-02-05,Google,a,120,x\n";
    let (place, _, feeds) =
        made(&[("spend-1.csv", spend), ("spend-2.csv", later), ("spend-3.csv", spend)]);
    assert!(value(place.path(), "total_cost").contains(",370.00,"), "{feeds}");
}

#[test]
fn a_converted_amount_is_the_amount_in_its_own_currency() {
    let text = "Opportunity ID,Opportunity Name,Stage,Created Date,Close Date,Amount Currency,Amount,\
        Amount (converted) Currency,Amount (converted)\n\
        O1,A,Closed Won,2026-01-05,2026-02-05,USD,1000,EUR,900\n\
        O2,B,Closed Won,2026-01-05,2026-02-06,EUR,2000,EUR,2000\n\
        O3,C,Closed Won,2026-01-05,2026-02-07,JPY,5000000,EUR,31000\n";
    for text in [text.to_owned(), text.replace("Amount Currency,", "Region,")] {
        let (place, _, feeds) = made(&[("opportunities.csv", &text)]);
        assert!(value(place.path(), "won_amount").contains(",33900.00,"), "{feeds}");
        assert!(feeds.contains("currency = \"Amount (converted) Currency\""), "{feeds}");
        assert!(!feeds.contains("lead = "), "{feeds}");
    }
}

/// Chooses one offered answer in place of the line that stands below it.
fn choose(feeds: &str, column: &str, answer: &str) -> String {
    let active = format!("{column} = ");
    let kept = feeds.lines().filter(|line| !line.starts_with(&active));
    kept.map(|line| if line == answer { &line[2..] } else { line })
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The column in doubt, the header of the amounts, amounts and days of closing, and what each answer adds up to.
type Doubt = (&'static str, &'static str, [[&'static str; 2]; 3], &'static [&'static str]);

#[test]
fn every_answer_to_a_question_reads_all_of_the_cells_and_none_reads_them_before() {
    let days = "2026-02-05";
    let cases: [Doubt; 5] = [
        (
            "amount",
            "Amount",
            [["\"1,200\"", days], ["\"2,500\"", days], ["\"3,750\"", days]],
            &[",7450.00,", ",7.45,"],
        ),
        (
            "amount",
            "Amount",
            [["1.200", days], ["2.500", days], ["3.750", days]],
            &[",7450.00,", ",7.45,"],
        ),
        (
            "amount",
            "Amount (k€)",
            [["100", days], ["200", days], ["400", days]],
            &[",700000.00,", ",700.00,"],
        ),
        (
            "closed_at",
            "Amount",
            [["1", "01/02/2026"], ["2", "03/02/2026"], ["3", "2026-02-04"]],
            &[",6.00,", ",6.00,"],
        ),
        (
            "closed_at",
            "Amount",
            [["1", "24-02-25"], ["2", "25-03-24"], ["3", "24-04-25"]],
            &[",6.00,", ",6.00,"],
        ),
    ];
    for (column, name, cells, values) in cases {
        let rows = cells.iter().enumerate().map(|(at, [amount, day])| {
            format!("D{at},Deal {at},Ada,Closed Won,2025-01-05,{day},{amount}\n")
        });
        let header = HEADER.replace("Amount", name);
        let text = format!("{header}\n{}", rows.collect::<String>());
        let (place, _, feeds) = made(&[("deals.csv", &text)]);
        // The day to speak from follows the data, which other answers read as other days.
        let project = place.path().join("milepost.toml");
        let text = std::fs::read_to_string(&project).unwrap();
        std::fs::write(&project, text.replace("\nas-of = ", "\n# as-of = ")).unwrap();
        let before = value(place.path(), "won_amount");
        assert!(values.iter().all(|value| !before.contains(value)), "{before}\n{feeds}");
        let offered = format!("# {column} = ");
        let answers: Vec<&str> = feeds.lines().filter(|line| line.starts_with(&offered)).collect();
        assert_eq!(answers.len(), values.len(), "{feeds}");
        for (answer, value) in answers.into_iter().zip(values) {
            std::fs::write(place.path().join("feeds.toml"), choose(&feeds, column, answer))
                .unwrap();
            let line = self::value(place.path(), "won_amount");
            assert!(line.contains(value) && line.contains(",3,"), "{answer}: {line}");
        }
    }
}

#[test]
fn a_stage_of_which_nobody_knows_how_it_ends_is_not_declared() {
    let odd = deals(4, "Abgehakt", "", "").replace("D6,Deal 6,Ada,Abgehakt", "D6,Deal 6,Ada,Demo");
    let (place, ..) = made(&[("deals.csv", &odd)]);
    let stages = std::fs::read_to_string(place.path().join("stages.toml")).unwrap();
    let declared: Vec<&str> = stages.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(declared, ["[stage.demo]    # 1 row"], "{stages}");
    for outcome in ["open", "won", "lost", "excluded"] {
        assert!(stages.contains(&format!("# outcome = \"{outcome}\"\n")), "{stages}");
    }
}
