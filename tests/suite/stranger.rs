//! A stranger's rules work as well as ours: a pack, a dataset, a dimension, a metric, a check, a framework,
//! a proof and a report under random ids, in a project's own folders, without a line of Rust.

use std::hash::{BuildHasher, Hasher};
use std::path::Path;

use serde_json::Value;

use crate::run::milepost;

/// Words that no list in the source can hold.
struct Words(u64);

impl Words {
    fn new() -> Self {
        let seed = match std::env::var("MILEPOST_SEED") {
            Ok(seed) => seed.parse().unwrap(),
            Err(_) => std::collections::hash_map::RandomState::new().build_hasher().finish(),
        };
        println!("MILEPOST_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> String {
        let mut word = String::from("z");
        for _ in 0..7 {
            self.0 =
                self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(0x1405_7B7E_F767_814F);
            word.push(char::from(b'a' + u8::try_from((self.0 >> 33) % 26).unwrap()));
        }
        word
    }
}

struct Stranger {
    pack: String,
    dataset: String,
    dimension: String,
    metric: String,
    check: String,
    framework: String,
    report: String,
    folder: tempfile::TempDir,
}

fn stranger() -> Stranger {
    let mut words = Words::new();
    let folder = tempfile::tempdir().unwrap();
    let pack = words.next();
    let (a, b) = (words.next(), words.next());
    let dataset = format!("{a}_{b}");
    let all = Stranger {
        dimension: words.next(),
        metric: format!("{}_{}", words.next(), words.next()),
        check: format!("{}-{}", words.next(), words.next()),
        framework: words.next(),
        report: words.next(),
        pack,
        dataset,
        folder,
    };
    write(&all, &mut words);
    all
}

fn write(s: &Stranger, words: &mut Words) {
    let (key, size, kind) = (words.next(), words.next(), words.next());
    let (level, group, element) = (words.next(), words.next(), words.next());
    let Stranger { pack, dataset, dimension, metric, check, framework, report, folder } = s;
    let put = |path: &str, text: String| put(folder.path(), path, &text);
    put(
        "milepost.toml",
        format!(
            "[project]\nname = \"Stranger\"\ncurrency = \"USD\"\nas-of = 2026-03-01\n\
             packs = [\"{pack}\"]\nreports = [\"{report}\"]\n\n\
             [feed.{key}]\ndataset = \"{dataset}\"\nfile = \"rows.csv\"\n"
        ),
    );
    put("rows.csv", format!("{key},{size},{kind}\n1,2.5,x\n2,,y\n3,4,x\n4,5,\n"));
    put(
        &format!("rules/{pack}/pack.toml"),
        format!("id = \"{pack}\"\ntitle = \"P\"\nversion = \"1\"\nsource = \"ours\"\n"),
    );
    put(
        &format!("rules/{pack}/datasets/{dataset}.toml"),
        format!(
            "[dataset.{dataset}]\ntitle = \"Things\"\ndoc = \"Things.\"\n\
             [dataset.{dataset}.columns]\n\
             {key} = {{ type = \"text\", key = true, required = true, doc = \"Its name.\" }}\n\
             {size} = {{ type = \"number\", doc = \"Its size.\" }}\n\
             {kind} = {{ type = \"text\", doc = \"Its kind.\" }}\n\n\
             [dimension.{dimension}]\ntitle = \"Kind\"\n{dataset} = \"{kind}\"\n"
        ),
    );
    put(
        &format!("rules/{pack}/metrics/{metric}.toml"),
        format!(
            "[metric.{metric}]\nkind = \"total\"\ntitle = \"Size\"\nunit = \"number\"\n\
             dataset = \"{dataset}\"\nvalue = \"sum({size})\"\ncoverage-floor = 0.5\n\
             question = \"How much?\"\nwhy = \"To know.\"\n"
        ),
    );
    put(
        &format!("rules/{pack}/checks/{check}.toml"),
        format!(
            "[check.{check}]\nkind = \"filled\"\ntitle = \"Things have a size\"\n\
             dataset = \"{dataset}\"\ncolumn = \"{size}\"\nmet = 0.9\nquestion = \"Is it?\"\n\
             why = \"To know.\"\nhow = \"Count.\"\nremedy = \"Fill it.\"\n\n\
             [framework.{framework}]\ntitle = \"Ways\"\nsource = \"ours\"\n\
             levels = [{{ id = \"{level}\", title = \"One\", doc = \"First.\" }}]\n\
             groups = [{{ id = \"{group}\", title = \"All\", doc = \"All.\" }}]\n\
             [framework.{framework}.element.{element}]\ntitle = \"Sizes\"\nlevel = \"{level}\"\n\
             groups = [\"{group}\"]\nchecks = [\"{check}\"]\ndoc = \"Sizes.\"\n"
        ),
    );
    put(
        &format!("rules/{pack}/cases/cases.toml"),
        format!(
            "[[case]]\ntitle = \"sizes add up\"\nmetric = \"{metric}\"\n\
             tables.{dataset} = \"\"\"\n{key}, {size}\na, 1\nb, 2\n\"\"\"\n\
             expect = {{ value = 3, n = 2 }}\n"
        ),
    );
    put(
        &format!("report-templates/{report}/report.toml"),
        format!(
            "title = \"Sizes\"\nmetrics = [\"{metric}\"]\nby = [[\"{dimension}\"]]\n\
             frameworks = [\"{framework}\"]\n"
        ),
    );
    put(
        &format!("report-templates/{report}/main.md.j2"),
        "{% for m in metrics %}{{ m.id }}: {{ m.value.text }}\n{% endfor %}\
         {% for f in frameworks %}{{ f.id }}: {{ f.title }}\n{% endfor %}"
            .into(),
    );
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn every_command_serves_a_stranger() {
    let s = stranger();
    let run = |words: &str| milepost(s.folder.path(), words.split_whitespace()).ok();
    let json = |words: &str| serde_json::from_str::<Value>(&run(words)).unwrap();

    run("validate");
    let lists = [
        ("datasets", &s.dataset),
        ("metrics", &s.metric),
        ("checks", &s.check),
        ("frameworks", &s.framework),
        ("reports", &s.report),
    ];
    for (what, id) in lists {
        let list = json(&format!("list {what} --format json"));
        let ids: Vec<&str> =
            list[what].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect();
        assert!(ids.contains(&id.as_str()), "list {what}: {ids:?}");
    }

    let values = json(&format!("metrics --metric {} --period all --format json", s.metric));
    assert_eq!(values["metrics"][0]["value"], 11.5, "{values}");
    let values = json(&format!(
        "metrics --metric {} --period all --by {} --format json",
        s.metric, s.dimension
    ));
    let slices = values["metrics"].as_array().unwrap();
    let of_x = slices.iter().find(|v| v["slice"][&s.dimension] == "x").unwrap();
    assert_eq!(of_x["value"], 6.5, "{values}");

    let checks = json("check --format json");
    let check = checks["checks"].as_array().unwrap().iter().find(|c| c["id"] == *s.check).unwrap();
    assert_eq!(check["outcome"], "partly-met", "{check}");
    let frameworks = checks["frameworks"].as_array().unwrap();
    assert!(frameworks.iter().any(|f| f["id"] == *s.framework));

    let explained = run(&format!("explain {} --rows --period all", s.metric));
    assert!(explained.contains("rows.csv!"), "{explained}");
    let tested = run("test");
    assert!(tested.contains(&s.metric) || tested.contains("1 passed"), "{tested}");

    run("report");
    let made = s.folder.path().join("out").join(format!("{}.md", s.report));
    let text = std::fs::read_to_string(made).unwrap();
    assert!(text.contains(&format!("{}: 11.5", s.metric)), "{text}");
    assert!(text.contains(&format!("{}: Ways", s.framework)), "{text}");
}
