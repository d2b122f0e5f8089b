//! Report folders: `report-templates/<id>/{report.toml, main.<format>.j2}`, and shared templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diags;
use crate::diag::Diagnostic;
use crate::text::Source;

/// The folder of reports, in a project as among what ships.
pub const REPORTS: &str = "report-templates/";

/// Folders whose names start so hold parts for every report.
const SHARED: char = '_';
const HEAD: &str = "report.toml";

/// A report before it is read.
#[derive(Debug, Clone)]
pub struct ReportText {
    pub id: String,
    /// `report.toml`.
    pub head: Source,
    /// Format, such as `md`, and template.
    pub mains: Vec<(String, Source)>,
    /// Templates by the name that others include: shared parts and the report's own.
    pub parts: BTreeMap<String, Source>,
}

/// Whether a project's file belongs to a report folder rather than to config.
pub fn is_report_file(name: &str) -> bool {
    name.starts_with(REPORTS)
}

/// Groups files by report; of two files of one name the later wins, so shipped files come first.
pub fn reports<'a>(
    files: impl IntoIterator<Item = &'a Source>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<ReportText> {
    let mut by_name: BTreeMap<&str, &Source> = BTreeMap::new();
    for file in files {
        if let Some(name) = file.name.strip_prefix(REPORTS) {
            by_name.insert(name, file);
        }
    }
    let in_folder = |(name, file): (&&'a str, &&'a Source)| {
        name.split_once('/').map(|(folder, rest)| (folder, rest, *file))
    };
    let all: Vec<(&str, &str, &Source)> = by_name.iter().filter_map(in_folder).collect();
    let mut folders: Vec<&str> =
        all.iter().map(|(f, ..)| *f).filter(|f| !f.starts_with(SHARED)).collect();
    folders.dedup();
    folders.into_iter().filter_map(|folder| report(folder, &all, sink)).collect()
}

fn report(
    folder: &str,
    all: &[(&str, &str, &Source)],
    sink: &mut Vec<Diagnostic>,
) -> Option<ReportText> {
    let own = || all.iter().filter(|(f, ..)| *f == folder);
    let first = own().next()?.2;
    let Some((.., head)) = own().find(|(_, rest, _)| *rest == HEAD) else {
        sink.push(diags::report_without_toml(folder, &first.name));
        return None;
    };
    let main = |rest: &str| {
        let format = rest.strip_prefix("main.")?.strip_suffix(".j2")?;
        (!format.is_empty() && !format.contains('/')).then(|| format.to_owned())
    };
    let mains: Vec<(String, Source)> =
        own().filter_map(|(_, rest, file)| Some((main(rest)?, (*file).clone()))).collect();
    if mains.is_empty() {
        sink.push(diags::report_without_templates(folder, &head.name));
        return None;
    }
    let parts = all
        .iter()
        .filter(|(f, rest, _)| (*f == folder || f.starts_with(SHARED)) && *rest != HEAD)
        .filter(|(_, rest, _)| main(rest).is_none())
        .map(|(f, rest, file)| (format!("{f}/{rest}"), (*file).clone()))
        .collect();
    Some(ReportText { id: folder.to_owned(), head: (*head).clone(), mains, parts })
}

/// A text by name, for tests and for what is embedded.
pub(super) fn source(name: String, text: &str) -> Source {
    Source { name: Arc::from(name), text: Arc::from(text) }
}
