//! What the README shows works as it stands there.

use std::path::Path;

use crate::golden::copy_of;
use crate::run::milepost;
use crate::source::root;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn the_first_command_makes_what_it_says() {
    let readme = readme();
    let command = "cargo run --release -- report samples/";
    let line = readme.lines().find(|l| l.starts_with(command)).expect("the first command");
    assert!(readme.lines().any(|l| l == "cargo test"), "the second command");
    let sample = line.trim_start_matches(command).trim();
    let copy = copy_of(&root().join("samples").join(sample));
    milepost(copy.path(), ["report"]).ok();
    let said: Vec<&str> = readme
        .split('`')
        .filter_map(|word| word.strip_prefix(&format!("samples/{sample}/out/")))
        .filter(|name| !name.is_empty())
        .collect();
    assert!(!said.is_empty(), "the README names no report that the first command makes");
    for name in said {
        assert!(copy.path().join("out").join(name).is_file(), "out/{name} was not made");
    }
}

/// The TOML that it shows, together a project: with an export, it has a report and its proof holds.
#[test]
fn the_project_that_it_shows_works() {
    let readme = readme();
    let blocks: Vec<&str> =
        readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [project, rules @ ..] = &blocks[..] else { panic!("no TOML") };
    assert!(project.contains("[project]") && rules.len() >= 3, "{blocks:?}");
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    // What is said of the feed belongs to its table, the rest may stand anywhere.
    let (of_feed, rules): (Vec<&str>, Vec<&str>) =
        rules.iter().partition(|b| b.starts_with("[feed."));
    assert!(!of_feed.is_empty(), "no column of one's own");
    put("milepost.toml", &[project, of_feed.concat().as_str()].concat());
    for (number, text) in rules.iter().enumerate() {
        put(&format!("rules-{number}.toml"), text);
    }
    put(
        "exports/deals-1.csv",
        "Deal ID,Deal owner,Deal Stage,Create Date,Close Date,Deal Value,Warehouse Name\n\
         1,Ada Brook,Closed Won,2026-09-01,2026-09-20,60000,North\n",
    );
    let sliced =
        ["metrics", "--metric=won_deals", "--by=warehouse", "--period=all", "--format=csv"];
    let values = milepost(folder.path(), sliced).ok();
    assert!(values.contains(",North,1,"), "{values}");
    let metric = "large_deals_won";
    let values = milepost(folder.path(), ["metrics", "--metric", metric, "--format", "csv"]).ok();
    assert!(values.contains("large_deals_won,2026-08") || values.contains(",2026-"), "{values}");
    let tested = milepost(folder.path(), ["test"]);
    assert_eq!(tested.code, 0, "{}{}", tested.stdout, tested.stderr);
    milepost(folder.path(), ["report"]).ok();
}
