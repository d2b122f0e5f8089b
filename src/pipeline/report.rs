//! Reports: asked for together, measured once, rendered, written all or none.

use std::path::Path;

use super::{Loaded, Run, Settled};
use crate::catalog::Report;
use crate::diag::{Diagnostic, Fault};
use crate::disk;
use crate::plan::Ask;
use crate::view::{self, Facts, FeedView, ReportView};

/// Files that reports became, by name, and mistakes in templates.
#[derive(Debug, Default)]
pub struct Rendered {
    pub files: Vec<(String, Vec<u8>)>,
    /// What became of the rows of each feed.
    pub feeds: Vec<FeedView>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything that some reports need.
pub fn needs(loaded: &Loaded, settled: &Settled, reports: &[Report]) -> Vec<Ask> {
    let needs =
        |report: &Report| view::needs(&loaded.catalog, report, &settled.period, settled.as_of);
    reports.iter().flat_map(needs).collect()
}

/// Renders reports in all their formats.
pub fn render(loaded: &mut Loaded, settled: &Settled, run: &Run, reports: &[Report]) -> Rendered {
    let assessment = super::judge(loaded, settled, run);
    let facts = Facts {
        catalog: &loaded.catalog,
        sources: &loaded.sources,
        measurements: &run.measurements,
        assessment: &assessment,
        period: &settled.period,
    };
    let views: Vec<ReportView> = reports.iter().map(|r| view::report(&facts, r)).collect();
    let diagnostics = super::contradictions(&facts);
    let mut rendered = Rendered { feeds: view::feeds(&facts), files: Vec::new(), diagnostics };
    for (report, view) in reports.iter().zip(&views) {
        for format in crate::render::formats(report) {
            match crate::render::render(report, format, view, &mut loaded.sources) {
                Ok(text) => {
                    rendered.files.push((format!("{}.{format}", report.id), text.into_bytes()));
                }
                Err(mistake) => rendered.diagnostics.push(*mistake),
            }
        }
    }
    rendered
}

/// Writes files into a folder, all or none.
///
/// # Errors
/// Where the folder cannot be written to; then nothing in it has changed.
pub fn write(folder: &Path, rendered: &Rendered) -> Result<(), Fault> {
    disk::write_all(folder, &rendered.files)
}
