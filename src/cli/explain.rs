//! `explain`: where a number comes from, down to the rows and their cells.

use super::args::{Common, ExplainArgs, TextFormat};
use super::diags;
use super::exit::Ending;
use super::session::{Session, Stop};
use super::terminal::Terminal;
use crate::catalog::Catalog;
use crate::domain::{Id, Period};
use crate::formats;
use crate::kinds::Span;
use crate::measure::{EvidenceAsk, Key, Member};
use crate::pipeline;
use crate::plan::Rule;
use crate::view::{self, Facts};

/// How a member that rows lack is written.
const UNSET: &str = "(unset)";

pub(super) fn run(args: &ExplainArgs, common: &Common, terminal: Terminal) -> Result<Ending, Stop> {
    let mut session = Session::project(&args.place.dir, common, terminal)?;
    let rule = rule(args, &mut session)?;
    let slice = slice(args, &mut session)?;
    let settled = session.settle(&args.place.time)?;
    let catalog = &session.loaded.catalog;
    let key = Key { period: period(catalog, &rule, &settled.period), slice };
    let ask = EvidenceAsk { rule: rule.clone(), key: key.clone() };
    let run = pipeline::evidence(&session.loaded, &settled, &ask)?;
    let run = session.measured(run)?;
    let values = run.measurements.values.get(&rule);
    if !key.slice.is_empty() && values.is_none_or(|values| !values.contains_key(&key)) {
        let mistake = diags::no_such_value(&args.by.join(", "), &key.period.label);
        return Err(session.refuse(mistake));
    }
    let assessment = pipeline::judge(&session.loaded, &settled, &run);
    let facts = Facts {
        catalog: &session.loaded.catalog,
        sources: &session.loaded.sources,
        measurements: &run.measurements,
        assessment: &assessment,
        period: &settled.period,
    };
    let catalog = &session.loaded.catalog;
    let view = match &rule {
        Rule::Metric(id) => view::explain_metric(&facts, &catalog.metrics[id], &key, args.rows),
        Rule::Check(id) => view::explain_check(&facts, &catalog.checks[id], &key, args.rows),
    };
    match args.format {
        TextFormat::Text => terminal.text(&formats::explain_text(&view))?,
        TextFormat::Json => terminal.data(&formats::explain_json(&view))?,
    }
    Ok(session.end(Ending::Fine))
}

/// The metric of that id, or the one that it is a second name of; or the check.
fn rule(args: &ExplainArgs, session: &mut Session<'_>) -> Result<Rule, Stop> {
    let catalog = &session.loaded.catalog;
    let id = Id::from(args.id.as_str());
    if let Some(metric) = catalog.metrics.get(&id) {
        return Ok(Rule::Metric(metric.alias_of.clone().unwrap_or(id)));
    }
    if catalog.checks.contains_key(&id) {
        return Ok(Rule::Check(id));
    }
    let known: Vec<&str> =
        catalog.metrics.keys().chain(catalog.checks.keys()).map(Id::as_str).collect();
    let mistake = diags::no_such_rule(&args.id, &known);
    Err(session.refuse(mistake))
}

fn slice(args: &ExplainArgs, session: &mut Session<'_>) -> Result<Vec<(Id, Member)>, Stop> {
    let known = &session.loaded.catalog.dimensions;
    let mut slice = Vec::new();
    for text in &args.by {
        let Some((dimension, member)) = text.split_once('=') else {
            return Err(session.refuse(diags::not_a_slice(text)));
        };
        if !known.contains_key(dimension) {
            let ids: Vec<&str> = known.keys().map(Id::as_str).collect();
            let mistake = diags::no_such_dimension(dimension, &ids);
            return Err(session.refuse(mistake));
        }
        let member = match member {
            UNSET => Member::Unset,
            name => Member::Named(declared(&session.loaded.catalog, dimension, name).into()),
        };
        slice.push((Id::from(dimension), member));
    }
    Ok(slice)
}

/// The key of the config row that a text means, as a feed's cell would; the text itself where none does.
fn declared(catalog: &Catalog, dimension: &str, text: &str) -> String {
    let members = catalog.dimensions.get(dimension).and_then(|d| d.members.as_ref());
    let found = members.and_then(|id| {
        let (dataset, rows) = (catalog.datasets.get(id)?, catalog.rows.get(id)?);
        let row = rows.iter().find(|row| row.spellings.iter().any(|s| **s == *text))?;
        dataset.cell(row, dataset.key()?.id.as_str())?.as_text().map(ToOwned::to_owned)
    });
    found.unwrap_or_else(|| text.to_owned())
}

/// A check may look at all of time, whatever the report's period is.
fn period(catalog: &Catalog, rule: &Rule, report: &Period) -> Period {
    match rule {
        Rule::Check(id) if catalog.checks[id].body.span == Span::All => Period::all(),
        _ => report.clone(),
    }
}
