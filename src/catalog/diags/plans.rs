//! Mistakes of columns made by rules, and of checks about plans.

use super::listed;
use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::Id;
use crate::rel::ColumnPath;
use crate::text::Place;

pub(in crate::catalog) fn by_rule_unknown<'a>(
    user: &str,
    by: &Text,
    column: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline =
        format!("`{}`, which makes {user}, is no text column of a config dataset", by.text);
    Diagnostic::author("by-rule-unknown", headline)
        .at(by.place())
        .near(near(column, known))
        .help("name a config dataset and its column of conditions: `by-rule = \"segment.where\"`")
}

pub(in crate::catalog) fn names_no_config_row<'a>(
    dataset: &Id,
    column: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline =
        format!("`{}` is no column of {dataset} that references a config dataset", column.text);
    Diagnostic::author("names-no-config-row", headline)
        .at(column.place())
        .near(near(&column.text, known))
        .help("name the parts and their column of wholes, such as `person.team`")
}

pub(in crate::catalog) fn no_plan_scope(
    dimension: &Id,
    place: Place,
    known: &[&str],
) -> Diagnostic {
    let headline = format!("no plan can be for a member of `{dimension}`");
    Diagnostic::author("no-plan-scope", headline)
        .at(place)
        .near(near(dimension.as_str(), known.iter().copied()))
        .help(format!("plans can be for {}", listed(known.iter().copied())))
}

pub(in crate::catalog) fn targets_add_up_no_rates(metric: &Id, place: Place) -> Diagnostic {
    let headline = format!("targets of `{metric}` do not add up to that of a whole");
    Diagnostic::author("targets-add-up-no-rates", headline)
        .at(place)
        .help("name a count or a sum, such as `won_amount` or `won_deals`")
}

pub(in crate::catalog) fn rule_by_rule(text: &Text, column: &ColumnPath) -> Diagnostic {
    let headline = format!("a rule looks at `{column}`, which is itself made by rules");
    Diagnostic::author("rule-by-rule", headline)
        .at(text.place())
        .help("look at columns that a feed maps")
}

pub(in crate::catalog) fn mapped_though_by_rule(column: &Text, dataset: &Id) -> Diagnostic {
    let headline =
        format!("`{}` is made by the rules of {dataset}, so no feed can map it", column.text);
    Diagnostic::author("mapped-though-by-rule", headline).at(column.place()).help(format!(
        "take the line out, or map the column that the rules of `[{dataset}.…]` look at"
    ))
}
