//! The sections of a report: which metrics, courses and tables stand where, and what must be measured for them.

use std::collections::BTreeSet;

use super::known::caveat;
use super::tables::{table, trend};
use super::{Facts, SectionView, Table};
use crate::catalog::{Catalog, Metric, Report, Section, Show};
use crate::domain::Id;

/// The tables of a report with the sections that show them; without sections, one table for each crossing.
pub(super) fn arranged(
    facts: &Facts<'_>,
    report: &Report,
    shown: &[&Metric],
) -> (Vec<Table>, Vec<SectionView>) {
    if report.sections.is_empty() {
        let tables = report.by.iter().map(|by| table(facts, shown, by)).collect();
        return (tables, Vec::new());
    }
    let (mut tables, mut sections) = (Vec::new(), Vec::new());
    for (place, section) in report.sections.iter().enumerate() {
        let own: Vec<&Metric> =
            section.metrics.iter().filter_map(|id| facts.catalog.metrics.get(id)).collect();
        let first = tables.len();
        if section.show == Show::Slices {
            tables.extend(section.by.iter().map(|by| table(facts, &own, by)));
        }
        let caveats: BTreeSet<String> = own.iter().filter_map(|m| caveat(facts, m)).collect();
        let at = |metric: &&Metric| shown.iter().position(|m| m.id == metric.id);
        sections.push(SectionView {
            id: format!("{}-{}", section.show.word(), place + 1),
            title: section.title.clone(),
            note: section.note.clone(),
            show: section.show.word(),
            metrics: own.iter().filter_map(at).collect(),
            caveats: caveats.into_iter().collect(),
            tables: (first..tables.len()).collect(),
            trend: (section.show == Show::Trend).then(|| trend(facts, report, &own)).flatten(),
        });
    }
    (tables, sections)
}

/// Each metric of a report with the crossings in which it is shown: itself in all, and the wholes that rows are part of.
pub(super) fn crossings(report: &Report, metric: &Id) -> Vec<Vec<Id>> {
    let slices =
        |section: &&Section| section.show == Show::Slices && section.metrics.contains(metric);
    let by: Vec<&Vec<Id>> = match report.sections.is_empty() {
        true => report.by.iter().collect(),
        false => report.sections.iter().filter(slices).flat_map(|section| &section.by).collect(),
    };
    let mut seen = BTreeSet::new();
    let with_wholes =
        by.into_iter().flat_map(|by| [by[..by.len().saturating_sub(1)].to_vec(), by.clone()]);
    with_wholes.filter(|by| !by.is_empty() && seen.insert(by.clone())).collect()
}

/// Whether a report shows the course of a metric over time.
pub(super) fn has_course(catalog: &Catalog, report: &Report, metric: &Id) -> bool {
    let shows = |section: &Section| {
        let over_time = matches!(section.show, Show::Cards | Show::Numbers | Show::Trend);
        over_time && section.metrics.contains(metric)
    };
    catalog.metrics.contains_key(metric)
        && (report.sections.is_empty() || report.sections.iter().any(shows))
}
