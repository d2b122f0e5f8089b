use super::reports::source;
use super::*;
use crate::diag::Diagnostic;
use crate::text::Sources;

fn files(names: &[(&str, &str)]) -> Vec<Source> {
    names.iter().map(|(name, text)| source((*name).to_owned(), text)).collect()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn a_projects_template_wins_by_name_and_shared_parts_reach_every_report() {
    let all = files(&[
        ("report-templates/a/report.toml", "title = 'A'"),
        ("report-templates/a/main.md.j2", "shipped"),
        ("report-templates/a/parts/row.md.j2", "row"),
        ("report-templates/b/report.toml", "title = 'B'"),
        ("report-templates/b/main.html.j2", "b"),
        ("report-templates/_shared/head.html.j2", "head"),
        ("report-templates/a/main.md.j2", "own"),
    ]);
    let mut sink = Vec::new();
    let got = reports(&all, &mut sink);
    assert!(sink.is_empty());
    assert_eq!(got.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((got[0].mains[0].0.as_str(), &*got[0].mains[0].1.text), ("md", "own"));
    let parts = |r: &ReportText| r.parts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(parts(&got[0]), ["_shared/head.html.j2", "a/parts/row.md.j2"]);
    assert_eq!(parts(&got[1]), ["_shared/head.html.j2"]);
}

#[test]
fn half_a_report_is_a_mistake() {
    let all = files(&[
        ("report-templates/a/main.md.j2", "x"),
        ("report-templates/b/report.toml", "title = 'B'"),
    ]);
    let mut sink = Vec::new();
    assert!(reports(&all, &mut sink).is_empty());
    assert_eq!(codes(&sink), ["report-without-toml", "report-without-templates"]);
}

#[test]
fn a_pack_bears_its_folders_name() {
    let head = source("rules/x/pack.toml".into(), "id = 'y'\ntitle = 'T'\nversion = '1'\n");
    let pack = PackText { folder: "x".into(), head, files: Vec::new() };
    let mut sink = Vec::new();
    let mut sources = Sources::default();
    assert!(read_head(&mut sources, &pack, &mut sink).is_none());
    assert_eq!(codes(&sink), ["pack-id"]);
    assert_eq!(sources.describe(sink[0].place.as_ref().unwrap()), "rules/x/pack.toml:1:6");
}

#[test]
fn every_shipped_pack_has_a_head_that_reads() {
    let mut sink = Vec::new();
    let mut sources = Sources::default();
    let packs = shipped().packs;
    let heads: Vec<Head> =
        packs.iter().filter_map(|p| read_head(&mut sources, p, &mut sink)).collect();
    assert_eq!((heads.len(), codes(&sink)), (packs.len(), Vec::new()));
    assert!(heads.iter().any(|h| h.default));
}
