//! Reading `milepost.metrics/1`.

use std::collections::BTreeMap;

use serde_json::Value;

/// One value as `metrics --format json` gives it.
#[derive(Debug, Clone)]
pub struct Measured {
    pub id: String,
    pub period: String,
    pub slice: Vec<(String, String)>,
    pub value: Value,
    pub denominator: Value,
    pub status: String,
    pub reason: String,
    pub n: u64,
}

/// Values by `id @ period [slice]`.
pub fn values(text: &str) -> BTreeMap<String, Measured> {
    let all: Value = serde_json::from_str(text).unwrap();
    assert_eq!(all["schema"], "milepost.metrics/1");
    let metrics = all["metrics"].as_array().unwrap();
    let count = metrics.len();
    let found: BTreeMap<String, Measured> = metrics.iter().map(|m| (key(m), measured(m))).collect();
    assert_eq!(found.len(), count, "a value stands twice");
    found
}

/// The key of a value, ours or an oracle's.
pub fn key(value: &Value) -> String {
    let period = match &value["period"] {
        Value::String(label) => label.clone(),
        other => other["label"].as_str().unwrap_or("none").to_owned(),
    };
    let slice: Vec<String> = slice(value).iter().map(|(d, m)| format!("{d}={m}")).collect();
    format!("{} @ {period} [{}]", value["id"].as_str().unwrap(), slice.join(", "))
}

/// Whether two numbers are one to nine digits: more than a float's sum of cents can lose.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 2e-9 * a.abs().max(b.abs()).max(1.0),
        _ => left == right,
    }
}

fn slice(value: &Value) -> Vec<(String, String)> {
    let members = value["slice"].as_object().into_iter().flatten();
    members.map(|(d, m)| (d.clone(), m.as_str().unwrap_or("(unset)").to_owned())).collect()
}

fn measured(value: &Value) -> Measured {
    Measured {
        id: value["id"].as_str().unwrap().to_owned(),
        period: value["period"]["label"].as_str().unwrap_or("none").to_owned(),
        slice: slice(value),
        value: value["value"].clone(),
        denominator: value["denominator"].clone(),
        status: value["status"].as_str().unwrap().to_owned(),
        reason: value["reason"].as_str().unwrap_or_default().to_owned(),
        n: value["n"].as_u64().unwrap_or_default(),
    }
}
