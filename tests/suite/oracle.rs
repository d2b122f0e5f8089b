//! A sample's numbers, computed by a script that shares no line with Milepost.

use serde_json::Value;

use crate::golden::{copy_of, samples};
use crate::run::milepost;
use crate::{json, python};

#[test]
fn samples_agree_with_their_oracle() {
    let mut compared = 0;
    for sample in samples() {
        let script = sample.join("oracle.py");
        if !script.is_file() {
            continue;
        }
        let Some(oracle) = python::json(&script, &[], "duckdb, pandas") else { return };
        for case in oracle.as_array().expect("a list of runs") {
            compared += compare(&sample, case);
        }
    }
    assert!(compared > 0, "no value was compared");
}

/// One run of the oracle: `{"words": […], "values": [{id, period, slice, value, n}]}`.
fn compare(sample: &std::path::Path, case: &Value) -> usize {
    let copy = copy_of(sample);
    let words = case["words"].as_array().unwrap().iter().map(|w| w.as_str().unwrap());
    let output = milepost(copy.path(), ["metrics", "--format", "json"].into_iter().chain(words));
    let ours = json::values(&output.ok());
    let values = case["values"].as_array().unwrap();
    for value in values {
        let key = json::key(value);
        let mine = ours.get(&key).unwrap_or_else(|| panic!("{key} is missing"));
        assert!(json::equal(&mine.value, &value["value"]), "{key}: {mine:?}, oracle {value}");
        if let Some(n) = value["n"].as_u64() {
            assert_eq!(mine.n, n, "{key}");
        }
    }
    values.len()
}
