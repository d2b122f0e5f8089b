//! The words of this stage's mistakes.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::text::Place;

pub(super) fn pack_id(id: &str, folder: &str, place: Place) -> Diagnostic {
    Diagnostic::author("pack-id", format!("pack `{id}` stands in the folder `{folder}`"))
        .at(place)
        .help("a pack's id is its folder's name, in kebab-case")
}

pub(super) fn report_without_templates(folder: &str, name: &Arc<str>) -> Diagnostic {
    let headline = format!("report `{folder}` has no template");
    Diagnostic::author("report-without-templates", headline)
        .at(Place::File(Arc::clone(name)))
        .help("add `main.md.j2` or `main.html.j2` beside it")
}

pub(super) fn report_without_toml(folder: &str, name: &Arc<str>) -> Diagnostic {
    Diagnostic::author("report-without-toml", format!("report `{folder}` has no `report.toml`"))
        .at(Place::File(Arc::clone(name)))
        .help("add a `report.toml` with at least a `title`")
}
