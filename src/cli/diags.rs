//! The words of mistakes in what was typed.

use std::path::Path;

use crate::diag::{Diagnostic, near};
use crate::domain::Id;
use crate::text::Place;

fn flag(name: &str) -> Place {
    Place::Flag(name.into())
}

pub(super) fn no_project(dir: &Path) -> Diagnostic {
    let dir = dir.display().to_string();
    Diagnostic::author("no-project", format!("`{dir}` holds no milepost.toml"))
        .at(Place::File(dir.into()))
        .help("name the project's folder, or make one: a milepost.toml with `[project]` and a name")
}

pub(super) fn as_of_not_a_date(text: &str) -> Diagnostic {
    Diagnostic::author("as-of-not-a-date", format!("`{text}` is not a date"))
        .at(flag("--as-of"))
        .help("write it as 2026-10-31")
}

pub(super) fn no_date_for_buckets() -> Diagnostic {
    Diagnostic::author("no-date-for-buckets", "`--grain` has no date to count back from")
        .help("no column that is mapped tells of a day when things happened; give `--as-of` or `--period`")
}

pub(super) fn no_such_dimension(text: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-dimension", format!("there is no dimension `{text}`"))
        .at(flag("--by"))
        .near(near(text, known.iter().copied()))
        .help(format!("dimensions are {}", known.join(", ")))
}

pub(super) fn not_a_slice(text: &str) -> Diagnostic {
    Diagnostic::author("not-a-slice", format!("`{text}` is not a slice"))
        .at(flag("--by"))
        .help("write a dimension and its member: --by channel=partner")
}

pub(super) fn no_such_metric(text: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-metric", format!("there is no metric `{text}`"))
        .at(flag("--metric"))
        .near(near(text, known.iter().copied()))
        .help("`milepost list metrics` shows every metric")
}

/// Metrics whose rows lack what `--where` asks for.
pub(super) fn not_narrowed(metrics: &[Id]) -> Option<Diagnostic> {
    let shown: Vec<&str> = metrics.iter().take(5).map(Id::as_str).collect();
    let more =
        if metrics.len() > 5 { format!(" and {} more", metrics.len() - 5) } else { String::new() };
    let headline = format!("`--where` cannot be asked of the rows of {}{more}", shown.join(", "));
    let found = Diagnostic::warning("not-narrowed", headline);
    (!metrics.is_empty()).then(|| {
        found
            .at(flag("--where"))
            .help("they are left out; name the metrics that you want with `--metric`")
    })
}

pub(super) fn no_such_report(text: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-report", format!("there is no report `{text}`"))
        .at(flag("--report"))
        .near(near(text, known.iter().copied()))
        .help(format!("reports are {}", known.join(", ")))
}

pub(super) fn no_such_rule(text: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-rule", format!("there is no metric or check `{text}`"))
        .at(flag("ID"))
        .near(near(text, known.iter().copied()))
        .help("`milepost list metrics` and `milepost list checks` show them")
}

pub(super) fn no_such_value(slice: &str, period: &str) -> Diagnostic {
    let headline = format!("{slice} has no rows in {period}");
    Diagnostic::author("no-such-value", headline)
        .at(flag("--by"))
        .help("`milepost metrics --by …` shows the members that have rows")
}
