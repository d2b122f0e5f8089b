//! Scripts that check Milepost's numbers by other means, where Python and its packages are.

use std::path::Path;
use std::process::Command;

/// Whether the machine has Python and a package; says so where it does not.
pub fn has(package: &str, script: &Path) -> bool {
    let can = Command::new("python3").args(["-c", &format!("import {package}")]).output();
    let can = can.is_ok_and(|output| output.status.success());
    if !can {
        println!("skipped: {} needs python3 with {package}", script.display());
    }
    can
}

/// Runs a script that prints JSON; none, with a word on why, where the machine cannot.
pub fn json(script: &Path, words: &[&str], needs: &str) -> Option<serde_json::Value> {
    has(needs, script).then(|| {
        let output = Command::new("python3").arg(script).args(words).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", script.display());
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

/// What a script prints, whatever it thinks of it.
pub fn lines(script: &Path, words: &[&str]) -> String {
    let output = Command::new("python3").arg(script).args(words).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}
