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
