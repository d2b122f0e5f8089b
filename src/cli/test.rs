//! `test`: the proof cases of packs and project.

use super::args::{Common, TestArgs};
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::proof;

pub(super) fn run(args: &TestArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let session = Session::any(&args.dir, common, terminal)?;
    let proofs = proof::prove(&session.loaded, None)?;
    let failed: Vec<_> = proofs.proofs.iter().filter(|p| !p.failures.is_empty()).collect();
    let mut text = String::new();
    for proof in &failed {
        text.push_str(&format!("failed: {} ({})\n", proof.title, proof.at));
        for failure in &proof.failures {
            text.push_str(&format!("  {failure}\n"));
        }
    }
    let passed = proofs.proofs.len() - failed.len();
    text.push_str(&format!("{passed} passed, {} failed\n", failed.len()));
    terminal.text(&text)?;
    // A rule that does not hold its own proof is its author's mistake.
    let ending = if failed.is_empty() { Ending::Fine } else { Ending::Author };
    Ok(session.end(ending))
}
