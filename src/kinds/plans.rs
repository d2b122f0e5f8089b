//! What checks about plans read: `planned`, `attained` and `covered`.

use super::rows::{MET, ZERO};
use super::{
    Bounds, CheckBody, CheckKind, CheckSource, Context, PlanAsk, PlanBody, Span, diags, optional,
    required, rows, threshold,
};
use crate::decode::{Reader, Text};
use crate::domain::{Decimal, Id, Outcome, Unit};

const WORDS: super::Field = required("population", "what is counted, in words");

pub(super) const PLANNED: CheckKind = CheckKind {
    name: "planned",
    doc: "Every active member of a dimension has a plan whose days overlap the period. The members without \
          one are named.",
    fields: &[
        required("metric", "what makes a member active"),
        required("by", "the dimension"),
        optional(
            "from-share",
            "the share of the whole from which a member counts; any value above 0 unless said",
        ),
        optional("targets", "metrics of which one must be planned; any unless said"),
        WORDS,
        MET,
        ZERO,
        rows::WHEN_NONE,
    ],
    read: planned,
};

pub(super) const ATTAINED: CheckKind = CheckKind {
    name: "attained",
    doc: "A metric reaches its target of the period; unknown where no plan has one.",
    fields: &[
        required("metric", "the metric"),
        optional("slice", "one dimension and its member"),
        optional("met", "the attainment that is enough; 1 unless said"),
        optional("zero", "grade 0 up to here; 0.5 unless said"),
        rows::WHEN_NONE,
    ],
    read: attained,
};

pub(super) const COVERED: CheckKind = CheckKind {
    name: "covered",
    doc: "The targets of parts add up to those of their wholes, as those of people to their team's. A whole \
          counts with no more than its own target.",
    fields: &[
        required("metric", "a metric that adds up, such as an amount won"),
        required("whole", "the dimension of the wholes"),
        required("part", "the dimension of the parts"),
        required(
            "belongs",
            "the column that says to which whole a part belongs, such as person.team",
        ),
        optional("whole-where", "which wholes count: a condition over their config rows"),
        WORDS,
        MET,
        ZERO,
        rows::WHEN_NONE,
    ],
    read: covered,
};

fn planned(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let (metric, by) = (reader.required_text("metric"), reader.required_text("by"));
    let (targets, words) = (reader.texts("targets"), reader.required_words("population"));
    let from_share = reader.number("from-share").unwrap_or(Decimal::ZERO);
    let (bounds, when_none) = (rows::share_bounds(reader), rows::when_none(reader));
    let metric = metric.and_then(|name| cx.metric(&name));
    let by = by.and_then(|name| cx.dimension(&name));
    let targets: Vec<Option<(Id, Unit)>> = targets.iter().map(|name| cx.metric(name)).collect();
    let targets = targets.into_iter().collect::<Option<Vec<_>>>()?;
    let targets = targets.into_iter().map(|(id, _)| id).collect();
    let ask = PlanAsk::Planned { metric: metric?.0, by: by?, from_share, targets };
    let unit = Unit::Number;
    Some(check(PlanBody { ask, words, unit }, bounds?, when_none))
}

fn attained(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let metric = reader.required_text("metric");
    let slice = threshold::slice(reader, cx);
    let met = reader.number("met").unwrap_or(Decimal::ONE);
    let zero = reader.number("zero").unwrap_or(Decimal::new(5, 1).min(met));
    let when_none = rows::when_none(reader);
    if zero > met {
        let found = diags::bounds_out_of_order(reader.what(), reader.place("zero"), true);
        reader.report(found);
        return None;
    }
    let (metric, unit) = cx.metric(&metric?)?;
    let bounds = Bounds { at_least: true, met, zero };
    let ask = PlanAsk::Attained { metric, slice: slice? };
    Some(check(PlanBody { ask, words: String::new(), unit }, bounds, when_none))
}

fn covered(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let metric = reader.required_text("metric");
    let (whole, part) = (reader.required_text("whole"), reader.required_text("part"));
    let (belongs, filter) = (reader.required_text("belongs"), reader.text("whole-where"));
    let words = reader.required_words("population");
    let (bounds, when_none) = (rows::share_bounds(reader), rows::when_none(reader));
    let metric = metric.and_then(|name| cx.metric(&name));
    let whole = whole.and_then(|name| cx.dimension(&name));
    let part = part.and_then(|name| cx.dimension(&name));
    let belongs = belongs?;
    let (parts, column) = belongs.text.split_once('.').unwrap_or((&belongs.text, ""));
    let name = |text: &str| Text { text: text.into(), span: belongs.span };
    let parts = cx.dataset(&name(parts))?;
    let wholes = cx.referenced(&parts, &name(column))?;
    let wholes_filter = match filter {
        Some(text) => Some(cx.condition(&wholes, &text)?),
        None => None,
    };
    let (metric, unit) = metric?;
    let belongs = Id::from(column);
    let (whole, part) = (whole?, part?);
    let ask = PlanAsk::Covered { metric, whole, part, wholes, wholes_filter, parts, belongs };
    Some(check(PlanBody { ask, words, unit }, bounds?, when_none))
}

fn check(body: PlanBody, bounds: Bounds, when_none: Option<Outcome>) -> CheckBody {
    let (source, span) = (CheckSource::Plans(body), Span::Report);
    CheckBody { source, bounds, span, when_none, needs_rows: None, unit: Unit::Ratio }
}
