//! `snapshot`: the state at the end of a period.

use super::rows::{DATASET, POPULATION, WHERE};
use super::{Body, Context, MetricKind, Written, build, diags, optional, required, rows};
use crate::decode::Reader;
use crate::domain::Id;
use crate::rel::{ExprId, When};

pub(super) const KIND: MetricKind = MetricKind {
    name: "snapshot",
    doc: "An aggregate of the rows that are there at the end of the period: from a date on, until the day that is \
          the first without them. Never added up over time: a quarter's is that of its last day.",
    fields: &[
        DATASET,
        WHERE,
        POPULATION,
        required("from", "the date since when a row is there: a row expression"),
        required("until", "the first date without it"),
        optional(
            "ended",
            "whether it has gone: a row condition; unless said, where `until` has a date",
        ),
        required("value", "an aggregate expression"),
    ],
    example: r#"
        unit = "count"
        noun = "deals"
        dataset = "deals"
        population = "deals that were open then"
        from = "created_at"
        until = "closed_at"
        ended = "stage.outcome <> 'open'"
        value = "count(*)"

        period = "2026-Q1"
        tables.deals = """
        deal_id, stage, created_at, closed_at
        1, won, 2026-01-10, 2026-02-20
        2, won, 2026-01-10, 2026-04-01
        3, open, 2026-03-31, 2026-03-31
        4, open, 2026-04-01,
        """
        expect = { value = 2 }
    "#,
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let (from, until) = (reader.required_text("from"), reader.required_text("until"));
    let (ended, value) = (reader.text("ended"), reader.required_text("value"));
    let mut population = rows::population_without_time(reader, cx)?;
    let dataset = population.dataset.clone();
    let from = from.and_then(|text| date(cx, &dataset, &text));
    let until = until.and_then(|text| date(cx, &dataset, &text));
    let ended = match ended {
        Some(text) => Some(cx.condition(&dataset, &text)?),
        None => None,
    };
    let value = cx.aggregate(&dataset, &value?)?;
    population.time = Some(When::Stay { from: from?, until: until?, ended });
    let cubed = build::cube(cx.arena(), build::rows(&population), population.time, &[value]);
    Some(build::over_rows(population, cubed))
}

fn date(cx: &mut dyn Context, dataset: &Id, text: &Written) -> Option<ExprId> {
    let id = cx.row(dataset, text)?;
    let ty = cx.arena().get(id).ty;
    if !ty.is_time() {
        cx.report(diags::not_a_time(text, ty));
        return None;
    }
    Some(id)
}
