use proptest::prelude::*;

use super::*;

fn normal(text: &str, scope: In) -> String {
    let mut arena = Arena::default();
    let id = read(text, scope, &mut arena).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let normal = to_text(&arena, id);
    let again = read(&normal, scope, &mut arena).unwrap_or_else(|e| panic!("{normal}: {e:?}"));
    assert_eq!(id, again, "{text} → {normal} → {}", to_text(&arena, again));
    normal
}

#[test]
fn one_form_for_many_ways_to_write() {
    use In::{Many, Metric, Row};
    for (text, scope, form) in [
        ("N IS NOT NULL".replace('N', "n").as_str(), Row, "n is not null"),
        ("not n in (1,2)", Row, "n not in (1, 2)"),
        ("n != 1.50", Row, "n <> 1.5"),
        ("n between 1 and 2 and won", Row, "n >= 1 and n <= 2 and won"),
        ("(won or n = 1) and (won and n = 2)", Row, "(won or n = 1) and won and n = 2"),
        ("n - (1 - rate) > -(-3)", Row, "n - (1 - rate) > 3"),
        ("-(n + 1) * 2 = 0", Row, "-(n + 1) * 2 = 0"),
        ("case n when 1 then 'a' end = 'a'", Row, "case when n = 1 then 'a' else null end = 'a'"),
        ("closed_at >= '2026-01-01'", Row, "closed_at >= date '2026-01-01'"),
        ("called_at >= '2026-01-01'", Row, "called_at >= cast(date '2026-01-01' as datetime)"),
        (
            "called_at > '2026-01-01T10:00:00+02:00'",
            Row,
            "called_at > datetime '2026-01-01T08:00:00Z'",
        ),
        ("name = 'it''s' and \"order\" like 'a%'", Row, "name = 'it''s' and order like 'a%'"),
        ("(n = 1) is null", Row, "(n = 1) is null"),
        ("percentile_cont(0.750) within group (order by n)", Many, "percentile_cont(0.75, n)"),
        ("percentile_cont(0.5, n)", Many, "median(n)"),
        (
            "count(distinct name) filter (where n > 1)",
            Many,
            "count(distinct name) filter (where n > 1)",
        ),
        ("sum(amount) / count(*)", Many, "sum(amount) / count(*)"),
        ("revenue / (spend + 0)", Metric, "revenue / (spend + 0)"),
        ("EXTRACT(month FROM closed_at) = 1 -- why", Row, "extract(month from closed_at) = 1"),
        ("round(rate) = round(rate, 0)", Row, "round(rate, 0) = round(rate, 0)"),
    ] {
        assert_eq!(normal(text, scope), form);
    }
}

/// A dataset that has every column, each an integer.
struct Anything;

impl Columns for Anything {
    fn column(&self, _dataset: &Id, _name: &str) -> Option<ColumnInfo> {
        Some(ColumnInfo { ty: Type::Integer, references: Some(Id::from("x")), nullable: true })
    }

    fn names(&self, _dataset: &Id) -> Vec<String> {
        Vec::new()
    }
}

#[test]
fn a_column_may_have_the_name_of_any_keyword() {
    let dataset = Id::from("x");
    let scope = Scope::Row { dataset: &dataset, columns: &Anything };
    let mut wrong = Vec::new();
    for word in adapter::keywords() {
        let mut arena = Arena::default();
        let span = Span { source: SourceId(0), start: 0, end: 0 };
        let forms =
            ["{} + 1 > 0", "{} is null or {}.{} in ({}, 1)", "case when {} = 1 then {} end"];
        for form in forms {
            let quoted = form.replace("{}", &format!("\"{word}\""));
            let origin = Origin { text: &quoted, span, raw: "" };
            let mut sink = Vec::new();
            let id = parse(&origin, &scope, &mut arena, &mut sink).unwrap();
            let normal = to_text(&arena, id);
            let origin = Origin { text: &normal, span, raw: "" };
            if parse(&origin, &scope, &mut arena, &mut sink) != Some(id) {
                wrong.push(normal);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Numbers, conditions, texts and dates that are well typed by construction.
fn condition() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        Just("n".to_owned()),
        Just("rate".to_owned()),
        (0u32..1000, 0u32..4)
            .prop_map(|(n, s)| crate::domain::Decimal::new(n.into(), s as u8).to_string()),
    ];
    let number = number.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("- {a}")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("coalesce({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} - {b}")),
            inner.clone().prop_map(|a| format!("cast({a} as integer)")),
            (inner.clone(), inner)
                .prop_map(|(a, b)| format!("case when won then {a} else {b} end")),
        ]
    });
    let test = prop_oneof![
        (
            number.clone(),
            prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]),
            number.clone()
        )
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number.clone(), number.clone(), number.clone())
            .prop_map(|(a, b, c)| format!("{a} between {b} and {c}")),
        (number.clone(), number.clone()).prop_map(|(a, b)| format!("{a} not in ({b}, 2)")),
        number.clone().prop_map(|a| format!("{a} is not null")),
        Just("won".to_owned()),
        Just("name like 'a_%'".to_owned()),
        Just("date_diff('week', created_at, closed_at) > 3".to_owned()),
        Just("closed_at - created_at < 9".to_owned()),
    ];
    test.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("({a}) is null")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) = ({b})")),
            (inner.clone(), inner)
                .prop_map(|(a, b)| format!("case when {a} then {b} else won end")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_normal_form_reads_back_to_the_same_node(text in condition()) {
        normal(&text, In::Row);
        normal(&format!("count(*) filter (where {text})"), In::Many);
    }
}
