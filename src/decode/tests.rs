use super::*;
use crate::diag::Diagnostic;
use crate::domain::{Day, Decimal};
use crate::text::{Place, Sources};

struct Decoded {
    sources: Sources,
    table: Table,
    diagnostics: Vec<Diagnostic>,
}

fn read(text: &str) -> Decoded {
    let mut sources = Sources::default();
    let id = sources.add("a.toml", text);
    let mut diagnostics = Vec::new();
    let table = decode(id, text, &mut diagnostics);
    Decoded { sources, table, diagnostics }
}

impl Decoded {
    /// `code line:column` of each mistake.
    fn list(&self) -> Vec<String> {
        let place = |d: &Diagnostic| match d.place {
            Some(Place::Text(span)) => self.sources.line_column(span),
            _ => None,
        };
        let line = |d: &Diagnostic| {
            let (line, column) = place(d).unwrap_or_default();
            format!("{} {line}:{column}", d.code)
        };
        self.diagnostics.iter().map(line).collect()
    }

    fn ask(&mut self, ask: impl FnOnce(&mut Reader<'_>)) -> Vec<String> {
        let table = self.table.clone();
        let mut reader = Reader::new(&table, "thing `x`");
        ask(&mut reader);
        reader.finish(&mut self.diagnostics);
        self.list()
    }
}

#[test]
fn all_syntax_mistakes_of_a_file_are_reported_and_the_rest_is_read() {
    let text = "a = 1\nb = \n[t]\nc = 'open\nd = 2\n[u]\ne = tru\nf = 3\n";
    let got = read(text);
    assert_eq!(got.list(), ["toml-syntax 2:5", "toml-syntax 4:10", "toml-syntax 7:5"]);
    assert!(matches!(got.table.get("a").map(|e| &e.value.item), Some(Item::Integer(1))));
    let u = got.table.table("u").unwrap();
    assert!(matches!(u.get("f").map(|e| &e.value.item), Some(Item::Integer(3))));
}

#[test]
fn a_key_that_a_syntax_mistake_hides_is_not_missing_too() {
    let mut got = read("[t]\nname = \n");
    got.table = got.table.table("t").unwrap().clone();
    let list = got.ask(|r| {
        assert!(r.required_text("name").is_none());
        assert!(r.required_text("title").is_none());
    });
    assert_eq!(list, ["toml-syntax 2:8"]);
}

#[test]
fn numbers_are_exact_and_those_without_a_decimal_are_refused() {
    let got = read("a = 0.1\nb = 1_000.250\nc = -1.5e-3\nd = 2e3\ne = 0xff\nf = inf\ng = 1e99\n");
    let number = |key: &str| match got.table.get(key).unwrap().value.item {
        Item::Number(n) => n.to_string(),
        Item::Integer(n) => n.to_string(),
        _ => "broken".into(),
    };
    let all = ["a", "b", "c", "d", "e", "f", "g"].map(number);
    assert_eq!(all, ["0.1", "1000.250", "-0.0015", "2000", "255", "broken", "broken"]);
    assert_eq!(got.list(), ["number-out-of-range 6:5", "number-out-of-range 7:5"]);
}

#[test]
fn keys_stay_in_file_order_and_spans_count_characters_after_unicode() {
    let mut got = read("z = 'ü'\n\"ключ\" = 'я'\nm = \"\"\"\nén\n\"\"\"\na = ['é', 1]\n");
    let keys: Vec<String> = got.table.entries.iter().map(|e| e.key.to_string()).collect();
    assert_eq!(keys, ["z", "ключ", "m", "a"]);
    let list = got.ask(|r| {
        assert_eq!(&*r.text("m").unwrap().text, "én\n");
        assert_eq!(r.strings("a"), ["é"]);
        assert!(r.integer("z").is_none());
    });
    assert_eq!(list, ["wrong-entry 6:11", "wrong-type 1:5", "unknown-key 2:1"]);
}

#[test]
fn a_reader_reports_every_wrong_field_with_what_was_meant() {
    let mut got = read(
        "titel = 'T'\nbetter = 'highr'\nfloor = 1.2\neffort = 9\nday = '2026-01-01'\nwhy = ' '\n",
    );
    let list = got.ask(|r| {
        assert!(r.required_text("title").is_none());
        assert!(r.word("better", &[("higher", 1), ("lower", 2)]).is_none());
        assert!(r.share("floor").is_none());
        assert!(r.count("effort", 1, 5).is_none());
        assert!(r.day("day").is_none());
        assert!(r.required_text("why").is_none());
    });
    assert_eq!(
        list,
        [
            "missing-key 1:1",
            "unknown-word 2:10",
            "value-out-of-bounds 3:9",
            "value-out-of-bounds 4:10",
            "wrong-type 5:7",
            "empty-text 6:7",
            "unknown-key 1:1",
        ]
    );
    assert_eq!(got.diagnostics[1].help[0], "did you mean `higher`?");
    assert_eq!(got.diagnostics[6].help[0], "did you mean `title`?");
}

#[test]
fn dates_and_times_are_told_apart() {
    let mut got = read("a = 2026-02-28\nb = 2026-02-28T10:00:00Z\nc = 2026-02-30\n");
    assert!(matches!(got.table.get("b").unwrap().value.item, Item::DateTime(_)));
    let list = got.ask(|r| {
        assert_eq!(r.day("a"), Day::ymd(2026, 2, 28));
        assert!(r.day("b").is_none());
        assert!(r.day("c").is_none());
    });
    assert_eq!(list, ["toml-syntax 3:5", "wrong-type 2:5"]);
}

#[test]
fn shares_are_thousandths_and_finer_ones_are_refused() {
    let mut got = read("a = 0.875\nb = 1\nc = 0.8751\n");
    let list = got.ask(|r| {
        assert_eq!((r.share("a"), r.share("b"), r.share("c")), (Some(875), Some(1000), None));
        assert_eq!(r.number("a"), Decimal::parse("0.875"));
    });
    assert_eq!(list, ["value-out-of-bounds 3:5"]);
}

#[test]
fn a_broken_nested_table_does_not_quiet_its_neighbours() {
    let got = read("[m.a]\nx = \n[m.b]\ny = 1\n");
    let m = got.table.table("m").unwrap();
    assert!(m.table("a").unwrap().broken);
    assert!(!m.table("b").unwrap().broken);
}

#[test]
fn what_stands_twice_in_a_file_shows_both_places() {
    let got = read("[m.'ü']\na = 1\n[m.b]\na = 2\n a= 3\n[ m.'ü' ] # again\n");
    assert_eq!(got.list(), ["toml-syntax 5:2", "toml-syntax 6:5"]);
    let first = |d: &Diagnostic| match d.others[..] {
        [(Place::Text(span), _)] => got.sources.line_column(span),
        _ => None,
    };
    let firsts: Vec<_> = got.diagnostics.iter().map(first).collect();
    assert_eq!(firsts, [Some((4, 1)), Some((1, 1))]);
}
