//! The words of mistakes that planning finds.

use crate::diag::Diagnostic;

pub(super) fn shape_not_run(rule: &str, shape: &str) -> Diagnostic {
    Diagnostic::author("shape-not-run", format!("`{rule}` needs {shape}, which is not run here"))
        .help("say the rule with total, ratio or derived metrics")
}

pub(super) fn lookup_cycle(datasets: &str) -> Diagnostic {
    Diagnostic::author(
        "look-up-cycle",
        format!("datasets look each other up in a circle: {datasets}"),
    )
    .help("leave one of the look-ups out of the expressions that rules use")
}
