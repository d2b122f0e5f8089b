//! `decomposition`: what moved a product of factors between two periods.

use super::{Against, Body, Context, Link, Making, MetricKind, build, diags, optional, required};
use crate::decode::{Reader, Text};

pub(super) const KIND: MetricKind = MetricKind {
    name: "decomposition",
    doc: "How much the last metric of a chain changed against an earlier period, and how much of it each factor did. \
          The first metric is a factor, and each other one over the one before it, so that their product is the last \
          one. A factor's part is its Shapley value: the mean over all orders in which factors may change. The parts \
          add up to the change exactly. In slices the whole's first metric is a factor, and the slice's share of it \
          another, `mix`; so the parts of all slices add up to the whole's change.",
    fields: &[
        required(
            "chain",
            "metrics that add up, each with the name of its factor: { metric = \"…\", factor = \"…\" }",
        ),
        optional("against", "prior-period (unless said) or year-before"),
    ],
    example: r#"
        unit = "money"
        chain = [
            { metric = "flow", factor = "flow" },
            { metric = "closed_deals", factor = "timing" },
            { metric = "won_deals", factor = "conversion" },
            { metric = "won_amount", factor = "average sale price" },
        ]

        period = "2026-02"
        tables.deals = """
        deal_id, stage, created_at, closed_at, amount
        1, won, 2026-01-01, 2026-01-10, 100
        2, lost, 2026-01-01, 2026-01-11, 900
        3, won, 2026-02-01, 2026-02-10, 100
        4, lost, 2026-02-01, 2026-02-11, 900
        5, won, 2026-02-01, 2026-02-12, 100
        6, lost, 2026-02-01, 2026-02-13, 900
        """
        expect = { value = 100, figures = { flow = 100, timing = 0, conversion = 0, "average sale price" = 0 } }
    "#,
    read,
};

/// Orders grow fast, and no reader follows more.
const MOST: usize = 8;

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    reader.require("chain", "a list of { metric = \"…\", factor = \"…\" }");
    let tables = reader.tables("chain");
    let words = [("prior-period", Against::Prior), ("year-before", Against::YearBefore)];
    let against = reader.word("against", &words).unwrap_or(Against::Prior);
    if !(2..=MOST).contains(&tables.len()) {
        if reader.has("chain") {
            let found = diags::chain_length(reader.what(), reader.place("chain"), MOST);
            reader.report(found);
        }
        return None;
    }
    let (mut chain, mut value) = (Vec::new(), None);
    let mut sound = true;
    for table in tables {
        let text = |key: &str| table.entries.iter().find(|e| *e.key == *key)?.value.as_text();
        let known = table.entries.iter().all(|e| ["metric", "factor"].contains(&&*e.key));
        let (Some(metric), Some(factor), true) = (text("metric"), text("factor"), known) else {
            let found = diags::not_a_link(reader.what(), table.place());
            reader.report(found);
            sound = false;
            continue;
        };
        let name = Text { text: metric.text.clone(), span: metric.span };
        match cx.metric(&name) {
            Some((id, unit)) => {
                value = Some(build::metric(cx.arena(), id.clone(), &unit));
                chain.push(Link { metric: id, factor: factor.text.to_string() });
            }
            None => sound = false,
        }
    }
    let mut body = build::over_metrics(value.filter(|_| sound)?);
    body.making = Making::Bridge { chain, against };
    Some(body)
}
