//! Expectations against what came out.

use crate::catalog::Catalog;
use crate::domain::{Decimal, Value};
use crate::judge::{CheckResult, FrameworkResult};
use crate::measure::Measured;
use crate::view;

type Expected = [(String, Value)];

/// What differs between a metric's value and what was expected of it.
pub(super) fn metric(catalog: &Catalog, measured: &Measured, expected: &Expected) -> Vec<String> {
    let number = |n: u64| Value::Number(Decimal::from(n));
    let optional = |d: Option<Decimal>| d.map_or(Value::Null, Value::Number);
    let found = |what: &str| match what {
        "value" => Some(measured.value.clone()),
        "n" => Some(number(measured.n)),
        "numerator" => Some(optional(measured.numerator)),
        "denominator" => Some(optional(measured.denominator)),
        "coverage" => Some(optional(measured.coverage)),
        "in-scope" => Some(number(measured.in_scope)),
        "status" => Some(Value::text(measured.status.word())),
        "reason" => {
            let words = measured.reason.as_ref().map(|r| view::reason(catalog, r));
            Some(Value::text(&words.unwrap_or_default()))
        }
        figure => {
            let name = figure.strip_prefix("figures.")?;
            let mut beside = measured.beside.iter();
            beside.find(|(known, _)| known == name).map(|(_, value)| value.clone())
        }
    };
    differences(expected, found)
}

/// What differs between a check's result and what was expected of it.
pub(super) fn check(catalog: &Catalog, result: &CheckResult, expected: &Expected) -> Vec<String> {
    let value = result.value.as_ref();
    let found = |what: &str| match what {
        "outcome" => Some(Value::text(result.outcome.word())),
        "grade" => Some(result.grade.map_or(Value::Null, Value::Number)),
        "evidence" => Some(Value::text(result.evidence.word())),
        "value" => Some(value.map_or(Value::Null, |m| m.value.clone())),
        "n" => Some(value.map_or(Value::Null, |m| Value::Number(Decimal::from(m.n)))),
        "reason" => {
            let words = result.why.as_ref().map(|w| view::why(catalog, w));
            Some(Value::text(&words.unwrap_or_default()))
        }
        _ => None,
    };
    differences(expected, found)
}

/// What differs between a framework's result and what was expected of it.
pub(super) fn framework(result: &FrameworkResult, expected: &Expected) -> Vec<String> {
    let optional = |d: Option<Decimal>| d.map_or(Value::Null, Value::Number);
    let found = |what: &str| match what {
        "level" => {
            let level = result.gate.as_ref().and_then(|g| g.level.as_ref());
            Some(level.map_or(Value::Null, |id| Value::Text(id.text())))
        }
        "share" => Some(optional(result.total.share)),
        "coverage" => Some(optional(result.total.coverage)),
        "headline" => Some(Value::Bool(result.headline)),
        _ => None,
    };
    differences(expected, found)
}

fn differences(expected: &Expected, found: impl Fn(&str) -> Option<Value>) -> Vec<String> {
    let differs = |(what, wanted): &(String, Value)| {
        let Some(found) = found(what) else {
            return Some(format!("`{what}` is nothing that a case can expect of this rule"));
        };
        let same = match (wanted, &found) {
            (Value::Number(wanted), Value::Number(found)) => {
                found.at_scale(wanted.scale()).is_ok_and(|f| f == *wanted)
            }
            (Value::Text(part), Value::Text(all)) if what == "reason" => {
                all.contains(part.as_ref())
            }
            // TOML has no null: an empty text expects no value.
            (Value::Text(none), Value::Null) => none.is_empty(),
            (wanted, found) => wanted == found,
        };
        (!same).then(|| format!("{what}: expected {}, found {}", shown(wanted), shown(&found)))
    };
    expected.iter().filter_map(differs).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Text(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}
