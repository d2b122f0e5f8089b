use super::*;
use crate::diag::Diagnostic;
use crate::domain::Id;
use crate::text::{Source, Sources};

/// Collects a pack `p` and project files; gives the tables and `code place` of each mistake.
fn gather(pack: &str, project: &[(&str, &str)]) -> (WrittenConfig, Vec<String>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
    let id = Id::from("p");
    let mut files = vec![read(&mut sources, &source("rules/p/a.toml", pack), Some(&id))];
    for (name, text) in project {
        files.push(read(&mut sources, &source(name, text), None));
    }
    let mut sink = Vec::new();
    let written = collect(files, &mut sink);
    let describe = |d: &Diagnostic| {
        format!("{} {}", d.code, d.place.as_ref().map(|p| sources.describe(p)).unwrap_or_default())
    };
    let list = sink.iter().map(describe).collect();
    (written, list, sink)
}

const PACK: &str = "[dataset.stage]\nconfig = true\n[metric.flow]\ntitle = 'Flow'\n\
                    goal = { met = 1, zero = 0 }\n[stage.won]\n";

#[test]
fn a_config_dataset_makes_its_own_table_legal() {
    let (written, list, sink) =
        gather(PACK, &[("b.toml", "[stage.lost]\n[stages.open]\n[metric.own]\n")]);
    assert_eq!(list, ["unknown-table b.toml:2:2"]);
    assert_eq!(sink[0].help[0], "did you mean `stage`?");
    let ids: Vec<&str> = written.of("stage").iter().map(|d| &*d.id).collect();
    assert_eq!(ids, ["won", "lost"]);
}

#[test]
fn an_id_declared_twice_shows_both_places() {
    let project = [("a.toml", "[metric.x]\n"), ("b.toml", "[metric.x]\n[metric.flow]\n")];
    let (_, list, sink) = gather(PACK, &project);
    assert_eq!(list, ["duplicate-id b.toml:1:9", "takes-pack-id b.toml:2:9"]);
    assert_eq!(sink[0].others.len(), 1);
    assert!(sink[1].help[0].contains("[overlay.metric.flow]"));
}

#[test]
fn an_overlay_merges_tables_and_replaces_the_rest() {
    let over = "[overlay.metric.flow]\ntitle = 'Ours'\ngoal.met = 2\n";
    let (written, list, _) = gather(PACK, &[("b.toml", over)]);
    assert!(list.is_empty());
    let flow = &written.of("metric")[0].table;
    assert_eq!(&*flow.get("title").unwrap().value.as_text().unwrap().text, "Ours");
    let goal = flow.table("goal").unwrap();
    let sources = |key: &str| goal.get(key).unwrap().value.span.source.0;
    assert_eq!((sources("met"), sources("zero")), (1, 0));
}

#[test]
fn an_overlay_disables_or_says_what_it_cannot_find() {
    let over = "[overlay.metric.flow]\ndisable = true\n[overlay.metric.flwo]\n\
                [overlay.metrc.flow]\n[overlay.stage.won]\ndisable = 1\n";
    let (written, list, sink) = gather(PACK, &[("b.toml", over)]);
    assert_eq!(
        list,
        [
            "overlay-of-unknown b.toml:3:17",
            "unknown-table b.toml:4:10",
            "disable-is-no-boolean b.toml:6:11"
        ]
    );
    assert!(written.of("metric").is_empty() && written.disabled("metric", "flow").is_some());
    assert_eq!(sink[1].help[0], "did you mean `metric`?");
}

#[test]
fn a_foreign_file_is_a_warning_and_nothing_of_it_is_read() {
    let foreign = "[project]\nversion = 1\nx = \n";
    let project = [
        ("pyproject.toml", foreign),
        ("b.toml", "[rust]\n"),
        ("c.toml", "[metrc.x]"),
        ("d.toml", ""),
    ];
    let (written, list, sink) = gather(PACK, &project);
    assert_eq!(
        list,
        ["foreign-file pyproject.toml", "foreign-file b.toml", "unknown-table c.toml:1:2"]
    );
    assert!(!sink[0].is_error() && !sink[1].is_error() && written.project.is_none());
}

#[test]
fn values_where_ids_belong_are_mistakes_of_their_own() {
    let text = "metric = 3\ncheck.title = 'T'\ncase = 1\noverlay.x = 1\n[project]\n";
    let (_, list, _) = gather(PACK, &[("milepost.toml", text), ("b.toml", "[project]\n")]);
    assert_eq!(
        list,
        [
            "not-a-table milepost.toml:1:10",
            "id-without-table milepost.toml:2:15",
            "not-a-table milepost.toml:3:8",
            "id-without-table milepost.toml:4:13",
            "second-project b.toml:1:1",
        ]
    );
}

#[test]
fn a_pack_holds_nothing_of_a_projects() {
    let (_, list, _) = gather("[feed.x]\n[dataset.check]\nconfig = true\n", &[]);
    assert_eq!(list, ["reserved-dataset rules/p/a.toml:2:10", "project-only rules/p/a.toml:1:2"]);
}
