use proptest::prelude::*;

use super::*;
use crate::domain::{Day, Decimal, Instant};

fn row(cells: &[(&str, Value)]) -> Row {
    let cells = cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Row { cells, zone: None }
}

#[test]
fn the_meaning_of_every_scalar_function() {
    for (text, value) in [
        ("1 + 2 * 3 - 4 / 8", "6.500000000"),
        ("7 / 2", "3.500000000"),
        ("1 / 0", "null"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1 / 3 * 3", "0.999999999"),
        ("case when n is null then 'blank' else 'filled' end", "blank"),
        ("case 2 when 1 then 'a' when 2 then 'b' end", "b"),
        ("case when 1 = 0 then 1 / 0 else 5 end", "5"),
        ("coalesce(n, 3)", "3"),
        ("nullif(3, 3.0)", "null"),
        ("cast('12.50' as number)", "12.50"),
        ("cast('x' as number)", "null"),
        ("cast(2.5 as integer)", "3"),
        ("cast(-2.5 as integer)", "-3"),
        ("cast(1.50 as text)", "1.5"),
        ("cast('2026-02-29' as date)", "null"),
        ("cast(date '2026-02-28' as text)", "2026-02-28"),
        ("abs(-4)", "4"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.5)", "-3"),
        ("round(1234, -2)", "1200"),
        ("round(0.4, -9)", "0"),
        ("greatest(n, 1, 3, 2)", "3"),
        ("least(n, 2, 1)", "1"),
        ("upper(lower('GRÖSSE'))", "GRÖSSE"),
        ("trim('  a b ')", "a b"),
        ("length('größe')", "5"),
        ("substr('größe', 2, 3)", "röß"),
        ("substr('abc', 0, 2)", "a"),
        ("substr('abc', 2)", "bc"),
        ("'abc' like 'a%'", "true"),
        ("'abc' like 'A%'", "false"),
        ("'größe' like 'gr_ße'", "true"),
        ("'a%b' like '%\\%%'", "false"),
        ("'' like '%'", "true"),
        ("'aXbXc' like 'a%X_'", "true"),
        ("2 in (1, 2, n)", "true"),
        ("3 in (1, 2, n)", "null"),
        ("3 not in (1, 2)", "true"),
        ("2 between 2 and 2", "true"),
        ("extract(quarter from date '2026-11-02')", "4"),
        ("extract(week from date '2027-01-01')", "53"),
        ("extract(isodow from date '2026-11-01')", "7"),
        ("date_trunc('week', date '2026-11-01')", "2026-10-26"),
        ("date_trunc('quarter', date '2026-11-02')", "2026-10-01"),
        ("date '2026-03-01' - date '2026-02-01'", "28"),
        ("date_diff('day', date '2026-02-01', date '2026-03-01')", "28"),
        ("date_diff('month', date '2026-01-31', date '2026-02-01')", "1"),
        ("date '2026-02-27' + 2", "2026-03-01"),
        ("date '2026-03-01' - 365", "2025-03-01"),
        ("date_diff('year', date '2026-01-01', date '2025-12-31')", "-1"),
        ("date_diff('week', date '2026-11-01', date '2026-11-02')", "1"),
        ("date_diff('hour', date '2026-11-01', date '2026-11-02')", "24"),
        ("date_diff('minute', '2026-01-01T00:00:59Z', datetime '2026-01-01T00:01:58Z')", "0"),
    ] {
        assert_eq!(shown(text), value, "{text}");
    }
}

#[test]
fn the_day_of_a_moment_is_the_zones() {
    let mut row = row(&[("called_at", Value::DateTime(Instant(1_767_222_000_000_000)))]);
    // 2025-12-31T23:00:00Z
    let ask = |text: &str, row: &Row| value(text, row).unwrap().to_string();
    assert_eq!(ask("cast(called_at as date)", &row), "2025-12-31");
    assert_eq!(ask("date_diff('day', called_at, '2026-01-01T00:30:00Z')", &row), "1");
    row.zone = Some(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
    assert_eq!(ask("cast(called_at as date)", &row), "2026-01-01");
    assert_eq!(ask("extract(hour from called_at)", &row), "0");
    assert_eq!(ask("date_trunc('year', called_at)", &row), "2026-01-01");
    assert_eq!(ask("called_at >= '2026-01-01'", &row), "true");
    assert_eq!(ask("date_diff('day', called_at, '2026-01-01T00:30:00Z')", &row), "0");
    assert_eq!(ask("cast(cast(called_at as text) as datetime) = called_at", &row), "true");
}

#[test]
fn overflow_fails_and_never_wraps() {
    let huge = row(&[("n", Value::Number(Decimal::new(i128::MAX, 0)))]);
    for text in ["n + 1", "n * n", "n * 2"] {
        assert_eq!(value(text, &huge), Err(EvalError::Overflow), "{text}");
    }
    assert_eq!(value("n - n", &huge), Ok(Value::Number(Decimal::ZERO)));
}

#[test]
fn an_aggregate_has_no_scalar_value() {
    let mut arena = Arena::default();
    let id = read("count(*) + 1", In::Many, &mut arena).unwrap();
    assert_eq!(evaluate(&arena, id, &Row::default()), Err(EvalError::NotScalar));
}

#[test]
fn what_cannot_be_null_is_known() {
    for (text, nullable) in [
        ("n", true),
        ("name", false),
        ("stage.order", true),
        ("name = 'x'", false),
        ("n = 1", true),
        ("n is null", false),
        ("coalesce(n, 0)", false),
        ("4 / 2", false),
        ("4 / length(name)", true),
        ("case when n = 1 then 2 end", true),
        ("case when n = 1 then 2 else 3 end", false),
        ("nullif(1, 1)", true),
        ("cast(name as number)", true),
    ] {
        let mut arena = Arena::default();
        let id = read(text, In::Row, &mut arena).unwrap();
        assert_eq!(arena.get(id).nullable, nullable, "{text}");
    }
}

#[test]
fn types_follow_the_rules_of_money() {
    let eur = money("EUR");
    for (text, ty) in [
        ("amount + amount", eur),
        ("amount + 0", eur),
        ("0 - amount", eur),
        ("amount * 2.5", eur),
        ("amount / n", eur),
        ("amount / amount", Type::Number),
        ("coalesce(amount, 0)", eur),
        ("case when won then amount else 0 end", eur),
        ("n + n", Type::Integer),
        ("n / n", Type::Number),
        ("n + rate", Type::Number),
        ("closed_at - created_at", Type::Integer),
        ("coalesce(closed_at, called_at)", Type::DateTime),
        ("amount > 1000.50", Type::Boolean),
    ] {
        let mut arena = Arena::default();
        let id = read(text, In::Row, &mut arena).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(arena.get(id).ty, ty, "{text}");
    }
}

fn truth() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![Just(None), any::<bool>().prop_map(Some)]
}

fn ask(text: &str, a: Option<bool>, b: Option<bool>) -> Option<bool> {
    let cell = |t: Option<bool>| t.map_or(Value::Null, |t| Value::Number(i64::from(t).into()));
    let text = text.replace('a', "(n = 1)").replace('b', "(rate = 1)");
    value(&text.to_lowercase(), &row(&[("n", cell(a)), ("rate", cell(b))])).unwrap().as_bool()
}

proptest! {
    #[test]
    fn the_laws_of_three_valued_logic(a in truth(), b in truth()) {
        let and = match (a, b) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let ask = |text: &str| ask(text, a, b);
        prop_assert_eq!(ask("a AND b"), and);
        prop_assert_eq!(ask("b AND a"), and);
        prop_assert_eq!(ask("NOT (NOT a OR NOT b)"), and);
        prop_assert_eq!(ask("a OR b"), ask("NOT (NOT a AND NOT b)"));
        prop_assert_eq!(ask("a AND (a OR b)"), a);
        prop_assert_eq!(ask("a OR (a AND b)"), a);
        prop_assert_eq!(ask("NOT NOT a"), a);
        prop_assert_eq!(ask("(a OR NOT a) IS NULL"), Some(a.is_none()));
    }

    #[test]
    fn arithmetic_is_the_decimals(
        a in -1_000_000_000i64..1_000_000_000,
        b in -1_000_000_000i64..1_000_000_000,
        scale in 0u8..7,
    ) {
        let (x, y) = (Decimal::new(a.into(), scale), Decimal::new(b.into(), 2));
        let row = row(&[("n", Value::Number(x)), ("rate", Value::Number(y))]);
        let ask = |text: &str| value(text, &row).unwrap().number();
        prop_assert_eq!(ask("n + rate"), x.checked_add(y).ok());
        prop_assert_eq!(ask("n - rate"), x.checked_sub(y).ok());
        prop_assert_eq!(ask("n * rate"), x.checked_mul(y).ok());
        prop_assert_eq!(ask("n / rate"), x.checked_div(y, 9).ok());
        prop_assert_eq!(ask("(n + rate) - rate"), Some(x));
    }

    #[test]
    fn days_count_the_same_both_ways(a in -40_000i32..60_000, b in -40_000i32..60_000) {
        let row = row(&[("created_at", Value::Date(Day(a))), ("closed_at", Value::Date(Day(b)))]);
        let ask = |text: &str| value(text, &row).unwrap().number().unwrap();
        prop_assert_eq!(ask("closed_at - created_at"), i64::from(b - a).into());
        for unit in ["day", "week", "month", "quarter", "year"] {
            let there = ask(&format!("date_diff('{unit}', created_at, closed_at)"));
            let back = ask(&format!("date_diff('{unit}', closed_at, created_at)"));
            prop_assert_eq!(there, back.negated());
        }
    }
}
