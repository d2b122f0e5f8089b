use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Whatever the text, the answer is an expression or a mistake, and soon.
fn survives(text: &str) {
    for scope in [In::Row, In::Many, In::Metric] {
        let began = Instant::now();
        let mut arena = Arena::default();
        if let Ok(id) = read(text, scope, &mut arena) {
            arena.walk(id, &mut |_, _| {});
            let _ = evaluate(&arena, id, &Row::default());
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{text}");
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    let found = read(text, In::Row, &mut Arena::default()).err().unwrap_or_default();
    found.iter().map(|d| d.code).collect()
}

#[test]
fn long_chains_are_flat() {
    let chain = vec!["n = 1"; 900].join(" or ");
    let mut arena = Arena::default();
    let id = read(&chain, In::Row, &mut arena).unwrap();
    assert_eq!(arena.get(id).args.len(), 900);
}

#[test]
fn deep_and_long_texts_are_refused_not_followed() {
    assert_eq!(codes(&vec!["n = 1"; 2000].join(" or ")), ["expression-too-long"]);
    assert_eq!(codes(&vec!["1"; 3000].join("+")), ["expression-too-deep"]);
    assert_eq!(
        codes(&format!("{}1{}", "(".repeat(3000), ")".repeat(3000))),
        ["expression-too-deep"]
    );
    assert_eq!(codes(&format!("{} won", "not ".repeat(1500))), ["expression-too-deep"]);
    assert_eq!(codes(&format!("n {}", "is null ".repeat(900))), ["expression-too-deep"]);
    // `between` stands for two uses of its value: the tree would have 2^30 nodes.
    let mut text = "n".to_owned();
    for _ in 0..30 {
        text = format!("cast({text} between 0 and 1 as integer)");
    }
    assert_eq!(codes(&text), ["expression-too-deep"]);
}

/// Half of what a thread has, so that a caller has room too.
const STACK: usize = 1 << 20;

#[test]
fn crooked_texts_survive_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(STACK);
    small.spawn(|| crooked().iter().for_each(|text| survives(text))).unwrap().join().unwrap();
}

fn crooked() -> Vec<String> {
    let deep = 3000;
    vec![
        "a; drop table x".to_owned(),
        format!("{}+)", vec!["1"; deep].join("+")),
        format!("{} )", vec!["n = 1"; 1000].join(" or ")),
        "(".repeat(8000),
        ")".repeat(8000),
        "not(".repeat(1500),
        "- ".repeat(4000),
        "case when ".repeat(800),
        "case n when 1 then ".repeat(400),
        "floor(".repeat(1300),
        "extract(year from ".repeat(400),
        "cast(".repeat(1600),
        "n in (".repeat(1300),
        "coalesce(n,".repeat(700),
        "n between ".repeat(800),
        "interval ".repeat(900),
        "array(".repeat(1300),
        "exists(".repeat(1100),
        "a.".repeat(4000),
        "n::".repeat(2600),
        "n[".repeat(4000),
        "{".repeat(8000),
        "'".repeat(7999),
        "count(*) filter (where ".repeat(300),
        "n like ".repeat(1100),
        "trim(both from ".repeat(500),
        "\u{0}".to_owned(),
        "n = '\u{202e}ü\u{10ffff}' and 名前 > 1".to_owned(),
        "-- only a comment".to_owned(),
        "/* open".to_owned(),
        "99999999999999999999999999999999999999999999 > n".to_owned(),
        "n > .".to_owned(),
        format!("{}n{}", "abs(".repeat(38), ")".repeat(38)),
        format!("{}won", "not ".repeat(38)),
        format!("{}won{}", "case when won then ".repeat(38), " end".repeat(38)),
    ]
}

fn soup() -> impl Strategy<Value = String> {
    let words = [
        "n",
        "amount",
        "name",
        "closed_at",
        "stage.outcome",
        "1",
        "0.5",
        "'x'",
        "'2026-01-01'",
        "null",
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "=",
        "<>",
        "<",
        "and",
        "or",
        "not",
        "is",
        "in",
        "like",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "cast(",
        "as",
        "text",
        "date",
        "extract(year from",
        "count(*)",
        "sum(",
        "filter (where",
        "coalesce(",
        "date_diff('day',",
        "distinct",
        "within group (order by",
        "::",
        ";",
        "select",
        "interval",
        "\"n\"",
        "--",
        ".",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_survives(text in "\\PC{0,60}") {
        survives(&text);
    }

    #[test]
    fn any_words_survive(text in soup()) {
        survives(&text);
    }
}
