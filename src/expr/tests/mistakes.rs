use super::*;
use crate::text::Place;

/// Code and the text under the marker of each mistake.
fn mistakes(text: &str, scope: In) -> Vec<(&'static str, String)> {
    let found = read(text, scope, &mut Arena::default()).err().unwrap_or_default();
    let under = |d: &Diagnostic| match &d.place {
        Some(Place::Text(span)) => {
            let raw = format!("\"{text}\"");
            raw[span.start as usize..span.end as usize].to_owned()
        }
        _ => panic!("{d:?} has no place"),
    };
    found.iter().map(|d| (d.code, under(d))).collect()
}

#[test]
fn every_mistake_has_its_code_and_its_place() {
    use In::{Many, Metric, Row};
    let mut wrong = Vec::new();
    for (text, scope, code, marked) in [
        ("amont > 0", Row, "unknown-column", "amont"),
        ("stage.outcme = 'won'", Row, "unknown-column", "outcme"),
        ("name = \u{2019}x\u{2019}", Row, "expression-syntax", "\u{2019}"),
        ("name.first = 'x'", Row, "no-reference", "first"),
        ("stage.outcome = 'Won'", Row, "unknown-value", "'Won'"),
        ("n > 0 and", Row, "expression-syntax", "d"),
        ("(n > 0", Row, "expression-syntax", "0"),
        ("name = 'open", Row, "expression-syntax", "'"),
        ("n > 0; drop table x", Row, "expression-syntax", ";"),
        ("n > 0 n", Row, "expression-syntax", "n"),
        ("now() > closed_at", Row, "not-in-the-language", "now"),
        ("uper(name) = 'A'", Row, "not-in-the-language", "uper"),
        ("n::text = '1'", Row, "not-in-the-language", "n"),
        ("n in (select 1)", Row, "not-in-the-language", "select"),
        ("sum(n) over ()", Many, "not-in-the-language", "sum"),
        ("name || 'x' = 'y'", Row, "not-in-the-language", "name || 'x'"),
        ("won is true", Row, "not-in-the-language", "won"),
        ("date_trunc('months', closed_at) = closed_at", Row, "not-in-the-language", "'months'"),
        ("extract(yer from closed_at) = 1", Row, "not-in-the-language", "closed_at"),
        ("name > 1", Row, "type-mismatch", "1"),
        ("amount > rate", Row, "type-mismatch", "rate"),
        ("amount + 1 > 0", Row, "type-mismatch", "amount + 1"),
        ("amount * amount > 0", Row, "type-mismatch", "amount * amount"),
        ("amount + cost_usd > 0", Row, "mixed-currencies", "cost_usd"),
        ("amount > cost_usd", Row, "mixed-currencies", "cost_usd"),
        ("closed_at > '2026-13-01'", Row, "bad-literal", "'2026-13-01'"),
        ("n = 1e3", Row, "bad-literal", "1e3"),
        ("closed_at = null", Row, "compared-with-null", "null"),
        ("sum(n) > 1", Row, "aggregate-in-row", "sum"),
        ("sum(revenue)", Metric, "aggregate-of-metrics", "sum"),
        ("revenu / spend", Metric, "unknown-metric", "revenu"),
        ("amount", Many, "column-outside-aggregate", "amount"),
        ("sum(n + count(*))", Many, "nested-aggregate", "count"),
        ("percentile_cont(n, 0.5)", Many, "type-mismatch", "n"),
        ("nullif(n)", Row, "wrong-arguments", "nullif"),
        ("count(*) filter", Many, "expression-syntax", "filter"),
        ("  ", Row, "expression-empty", "  "),
    ] {
        let found = mistakes(text, scope);
        if found != [(code, marked.to_owned())] {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn all_mistakes_of_an_expression_are_told_together() {
    let found = mistakes("amont > 0 and nam = 'x' or closd_at < 'y'", In::Row);
    assert_eq!(
        found.iter().map(|(_, m)| m.as_str()).collect::<Vec<_>>(),
        ["amont", "nam", "closd_at"]
    );
}

#[test]
fn near_names_and_hints_are_given() {
    let help =
        |text: &str, scope| read(text, scope, &mut Arena::default()).unwrap_err()[0].help.join(" ");
    assert!(help("amont > 0", In::Row).contains("`amount`"));
    assert!(help("uper(name) = 'A'", In::Row).contains("`upper`"));
    assert!(help("extract(yer from closed_at) = 1", In::Row).contains("`year`"));
    assert!(help("revenu / spend", In::Metric).contains("`revenue`"));
    assert!(help("stage.outcome = 'Won'", In::Row).contains("`won`"));
    assert!(help("now() > closed_at", In::Row).contains("clock"));
    assert!(help("deals.n > 1", In::Row).contains("without the name"));
}

#[test]
fn a_place_is_exact_only_where_the_source_says_the_same_bytes() {
    let span = Span { source: SourceId(3), start: 10, end: 10 };
    let place = |text: &str, raw: &str, at: std::ops::Range<usize>| {
        let end = 10 + u32::try_from(raw.len()).unwrap();
        let origin = Origin { text, span: Span { end, ..span }, raw };
        match origin.place(&at) {
            Place::Text(span) => raw[span.start as usize - 10..span.end as usize - 10].to_owned(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(place("a = 'ü' or bc", "'''a = 'ü' or bc'''", 12..14), "bc");
    assert_eq!(place("ab > 1", "\"ab > 1\"", 0..2), "ab");
    assert_eq!(place("x\nab > 1", "\"\"\"\nx\nab > 1\"\"\"", 2..4), "ab");
    assert_eq!(place("x\nab > 1", "\"\"\"\r\nx\nab > 1\"\"\"", 2..4), "ab");
    // An escape moved the bytes: the whole value is marked.
    assert_eq!(place("a\tb", "\"a\\tb\"", 2..3), "\"a\\tb\"");
    assert_eq!(place("a", "", 0..1), "");
}

#[test]
fn columns_of_a_place_count_characters_over_lines() {
    let text = "name = 'größe – ähnlich'\n  and amont > 0";
    let found = mistakes(text, In::Row);
    assert_eq!(found, [("unknown-column", "amont".to_owned())]);
}
