//! Scripts that check Milepost's numbers by other means, where Python and its packages are.

use std::path::Path;
use std::process::Command;

/// Runs a script that prints JSON; none, with a word on why, where the machine cannot.
pub fn json(script: &Path, words: &[&str], needs: &str) -> Option<serde_json::Value> {
    let can = Command::new("python3").args(["-c", &format!("import {needs}")]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        println!("skipped: {} needs python3 with {needs}", script.display());
        return None;
    }
    let output = Command::new("python3").arg(script).args(words).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", script.display());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
