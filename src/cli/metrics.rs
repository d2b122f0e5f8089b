//! `metrics`: values, in total and by slices, in one period or in buckets of time.

use super::args::{Common, MetricsArgs, MetricsFormat};
use super::diags;
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::catalog;
use crate::domain::{Grain, Id, Period};
use crate::formats;
use crate::judge::Assessment;
use crate::pipeline::Settled;
use crate::view::{self, Facts};

/// Buckets of time unless said.
const LAST: u32 = 12;

pub(super) fn run(args: &MetricsArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let mut session = Session::project(&args.place.dir, common, terminal)?;
    let mut wanted = wanted(args, &mut session)?;
    if let Some(text) = &args.condition {
        narrow(text, &mut wanted, &mut session)?;
    }
    let by = crossings(args, &mut session)?;
    let settled = session.settle_with(&args.place.time, args.rejects.as_deref())?;
    let periods = periods(args, &mut session, &settled)?;
    let asks =
        view::metric_needs(&session.loaded.catalog, &wanted, &periods, &by, settled.as_of.told());
    let run = session.ask(&settled, asks)?;
    let facts = Facts {
        catalog: &session.loaded.catalog,
        sources: &session.loaded.sources,
        measurements: &run.measurements,
        assessment: &Assessment::default(),
        period: &settled.period,
    };
    let view = view::metrics(&facts, &wanted, &periods);
    let (text, data) = match args.format {
        MetricsFormat::Table => (formats::metrics_table(&view), false),
        MetricsFormat::Json => (formats::metrics_json(&view), true),
        MetricsFormat::Csv => (formats::metrics_csv(&view), true),
    };
    session.account(&view.feeds);
    session.finish(|| session.put(&text, data, args.out.as_deref()))?;
    Ok(session.end(Ending::Fine))
}

fn wanted(args: &MetricsArgs, session: &mut Session<'_>) -> Result<Vec<Id>, Stop> {
    let known = &session.loaded.catalog.metrics;
    let unknown = args.metric.iter().find(|name| !known.contains_key(name.as_str()));
    if let Some(name) = unknown {
        let names: Vec<&str> = known.keys().map(Id::as_str).collect();
        let mistake = diags::no_such_metric(name, &names);
        return Err(session.refuse(mistake));
    }
    if args.metric.is_empty() {
        return Ok(known.keys().cloned().collect());
    }
    Ok(args.metric.iter().map(|name| Id::from(name.as_str())).collect())
}

/// Lays the condition over the metrics; those whose rows it cannot be asked of are left out, and named.
fn narrow(text: &str, wanted: &mut Vec<Id>, session: &mut Session<'_>) -> Result<(), Stop> {
    let loaded = &mut session.loaded;
    let condition = ("--where", text);
    match catalog::narrow(&mut loaded.catalog, &mut loaded.sources, condition, wanted) {
        Ok(left) => {
            wanted.retain(|id| !left.contains(id));
            session.note(diags::not_narrowed(&left).into_iter().collect())
        }
        Err(mistakes) => {
            session.note(mistakes)?;
            Ok(())
        }
    }
}

/// The total first, then each crossing that was asked for.
fn crossings(args: &MetricsArgs, session: &mut Session<'_>) -> Result<Vec<Vec<Id>>, Stop> {
    let known = &session.loaded.catalog.dimensions;
    let mut by = vec![Vec::new()];
    for text in &args.by {
        let names: Vec<&str> = text.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
        if let Some(name) = names.iter().find(|name| !known.contains_key(**name)) {
            let ids: Vec<&str> = known.keys().map(Id::as_str).collect();
            let mistake = diags::no_such_dimension(name, &ids);
            return Err(session.refuse(mistake));
        }
        let crossing: Vec<Id> = names.into_iter().map(Id::from).collect();
        if !by.contains(&crossing) {
            by.push(crossing);
        }
    }
    Ok(by)
}

/// The period, or the last buckets up to its end; both where both were asked for.
fn periods(
    args: &MetricsArgs,
    session: &mut Session<'_>,
    settled: &Settled,
) -> Result<Vec<Period>, Stop> {
    let Some(grain) = args.grain else { return Ok(vec![settled.period.clone()]) };
    let grain: Grain = grain.into();
    let (last, as_of) = (args.last.unwrap_or(LAST), settled.as_of.day);
    // Buckets lead up to the period that was asked for, else to the as-of date.
    let asked = args.place.time.period.as_ref().map(|_| settled.period.clone());
    let end = asked.unwrap_or_else(Period::all);
    let mut periods = view::buckets(&session.loaded.catalog, grain, last, &end, as_of);
    if periods.is_empty() && last > 0 {
        return Err(session.refuse(diags::no_date_for_buckets()));
    }
    if args.place.time.period.is_some() && !periods.contains(&settled.period) {
        periods.insert(0, settled.period.clone());
    }
    Ok(periods)
}
