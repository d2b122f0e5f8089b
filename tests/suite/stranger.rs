//! A stranger's rules work as well as ours: a pack, a dataset, a dimension, a metric, a check, a framework,
//! a proof and a report under random ids, in a project's own folders, without a line of Rust.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use serde_json::Value;

use crate::run::milepost;
use crate::source::root;

/// A copy of `tests/projects/stranger` with a random word for every `@name@`, in paths and texts alike.
struct Stranger {
    words: BTreeMap<String, String>,
    seed: u64,
    folder: tempfile::TempDir,
}

impl Stranger {
    fn new() -> Self {
        let seed = match std::env::var("MILEPOST_SEED") {
            Ok(seed) => seed.parse().unwrap(),
            Err(_) => RandomState::new().build_hasher().finish(),
        };
        println!("MILEPOST_SEED={seed}");
        let mut stranger =
            Self { words: BTreeMap::new(), seed, folder: tempfile::tempdir().unwrap() };
        let from = root().join("tests/projects/stranger");
        let files = walkdir::WalkDir::new(&from).sort_by_file_name().into_iter();
        for file in files.map(Result::unwrap).filter(|e| e.file_type().is_file()) {
            let inside = file.path().strip_prefix(&from).unwrap().to_str().unwrap();
            let inside = stranger.fill(inside);
            let to = stranger.folder.path().join(inside);
            let text = stranger.fill(&std::fs::read_to_string(file.path()).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, text).unwrap();
        }
        stranger
    }

    /// The word that stands for a name.
    fn word(&mut self, name: &str) -> String {
        if !self.words.contains_key(name) {
            let mut word = String::from("z");
            for _ in 0..9 {
                let next = self.seed.wrapping_mul(6_364_136_223_846_793_005);
                self.seed = next.wrapping_add(0x1405_7B7E_F767_814F);
                word.push(char::from(b'a' + u8::try_from((self.seed >> 33) % 26).unwrap()));
            }
            self.words.insert(name.to_owned(), word);
        }
        self.words[name].clone()
    }

    fn fill(&mut self, text: &str) -> String {
        let parts = text.split('@').enumerate();
        parts.map(|(n, part)| if n % 2 == 0 { part.into() } else { self.word(part) }).collect()
    }

    fn run(&self, words: &str) -> String {
        milepost(self.folder.path(), words.split_whitespace()).ok()
    }

    fn json(&self, words: &str) -> Value {
        serde_json::from_str(&self.run(&format!("{words} --format json"))).unwrap()
    }
}

#[test]
fn lists_and_validation_serve_a_stranger() {
    let mut s = Stranger::new();
    s.run("validate");
    for (what, name) in [
        ("datasets", "dataset"),
        ("metrics", "metric"),
        ("checks", "check"),
        ("frameworks", "framework"),
        ("reports", "report"),
    ] {
        let id = s.word(name);
        let list = s.json(&format!("list {what}"));
        let ids = list[what].as_array().unwrap().iter().map(|entry| &entry["id"]);
        assert!(ids.into_iter().any(|found| *found == *id), "{what}: {list}");
    }
}

#[test]
fn values_and_outcomes_serve_a_stranger() {
    let mut s = Stranger::new();
    let (metric, dimension) = (s.word("metric"), s.word("dimension"));
    let values = s.json(&format!("metrics --metric {metric} --period all --by {dimension}"));
    let of = |member: Option<&str>| {
        let values = values["metrics"].as_array().unwrap();
        let mut of = values.iter().filter(|v| v["slice"][&dimension].as_str() == member);
        of.next().unwrap()["value"].clone()
    };
    assert_eq!(of(None), 11.5, "{values}");
    assert_eq!(of(Some("x")), 6.5, "{values}");

    let checks = s.json("check");
    let id = s.word("check");
    let check = checks["checks"].as_array().unwrap().iter().find(|c| c["id"] == *id).unwrap();
    assert_eq!(check["outcome"], "partly-met", "{check}");
    let id = s.word("framework");
    assert!(checks["frameworks"].as_array().unwrap().iter().any(|f| f["id"] == *id));
}

#[test]
fn evidence_proofs_and_reports_serve_a_stranger() {
    let mut s = Stranger::new();
    let (metric, framework, report) = (s.word("metric"), s.word("framework"), s.word("report"));
    let explained = s.run(&format!("explain {metric} --rows --period all"));
    assert!(explained.contains("rows.csv!"), "{explained}");
    let tested = milepost(s.folder.path(), ["test"]);
    assert_eq!(tested.code, 0, "{}", tested.stderr);
    assert!(tested.stdout.contains(" 0 failed"), "{}", tested.stdout);

    s.run("report");
    let made = s.folder.path().join("out").join(format!("{report}.md"));
    let text = std::fs::read_to_string(made).unwrap();
    assert!(text.contains(&format!("{metric}: 11.5")), "{text}");
    assert!(text.contains(&format!("{framework}: Ways of things")), "{text}");
}
