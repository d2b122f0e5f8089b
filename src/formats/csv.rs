//! The CSV of `metrics`: one line a value, one column for each dimension.

use crate::view::{FigureView, MetricValue, MetricsView, PeriodView, Shown};

const BEFORE: [&str; 4] = ["id", "period", "from", "to"];
const AFTER: [&str; 13] = [
    "value",
    "unit",
    "n",
    "numerator",
    "denominator",
    "coverage",
    "status",
    "reason",
    "figures",
    "target",
    "attainment",
    "complete",
    "as_of",
];

/// The CSV of `metrics`; a dimension that a value is not sliced by is blank.
pub fn metrics_csv(view: &MetricsView) -> String {
    let mut dimensions: Vec<&str> = Vec::new();
    for member in view.values.iter().flat_map(|v| &v.value.slice) {
        if !dimensions.contains(&member.dimension.as_str()) {
            dimensions.push(&member.dimension);
        }
    }
    dimensions.sort_unstable();
    let heads = BEFORE.iter().chain(&dimensions).chain(&AFTER).map(|head| (*head).to_owned());
    let mut out = line(heads);
    let as_of = view.as_of.date.as_deref().unwrap_or_default();
    out.extend(view.values.iter().map(|value| line(cells(value, &dimensions, as_of))));
    out
}

fn cells<'a>(
    metric: &'a MetricValue,
    dimensions: &'a [&str],
    as_of: &str,
) -> impl Iterator<Item = String> + 'a {
    let value = &metric.value;
    let period = value.period.as_ref();
    let label = period.map_or_else(String::new, |p| p.label().to_owned());
    let [from, to] =
        period.map(PeriodView::ends).unwrap_or_default().map(Option::unwrap_or_default);
    let raw = |shown: &Shown| shown.raw().unwrap_or_default();
    let members = dimensions.iter().map(|dimension| {
        let member = value.slice.iter().find(|m| m.dimension == **dimension);
        member.map(|m| m.member.clone().unwrap_or_else(|| m.text.clone())).unwrap_or_default()
    });
    let figure = |f: &FigureView| format!("{}={}", f.name, raw(&f.value));
    let figures = value.figures.iter().map(figure);
    let target = value.target.as_ref();
    let after = [
        raw(&value.value),
        value.unit.to_owned(),
        raw(&value.n),
        raw(&value.numerator),
        raw(&value.denominator),
        raw(&value.coverage),
        value.status.to_owned(),
        value.reason.clone().unwrap_or_default(),
        figures.collect::<Vec<_>>().join("; "),
        target.map(|t| raw(&t.value)).unwrap_or_default(),
        target.map(|t| raw(&t.attainment)).unwrap_or_default(),
        period.map_or_else(String::new, |p| p.complete.to_string()),
        as_of.to_owned(),
    ];
    [metric.id.clone(), label, from, to].into_iter().chain(members).chain(after)
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let quoted = cells.map(|cell| {
        let plain = !cell.contains([',', '"', '\n', '\r']);
        if plain { cell } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_could_break_a_line_are_quoted() {
        let cells = ["a", "b,c", "d \"e\"", "f\ng", ""].map(str::to_owned);
        assert_eq!(line(cells.into_iter()), "a,\"b,c\",\"d \"\"e\"\"\",\"f\ng\",\n");
    }
}
