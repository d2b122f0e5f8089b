//! Of dimensions, metrics, checks, frameworks and cases.

use super::{listed, near_or_known};
use crate::decode::Text;
use crate::diag::{Diagnostic, near};
use crate::domain::{Id, Type};
use crate::text::{Place, Span};

pub(in crate::catalog) fn dimension_of_nothing(id: &Id, place: Place) -> Diagnostic {
    Diagnostic::author("dimension-of-nothing", format!("dimension `{id}` slices no dataset"))
        .at(place)
        .help("add a line per dataset, such as `deals = \"channel\"`")
}

pub(in crate::catalog) fn dimension_type(id: &Id, ty: Type, place: Place) -> Diagnostic {
    Diagnostic::author("dimension-type", format!("dimension `{id}` must be text"))
        .at(place)
        .label(format!("this is {}", ty.word()))
        .help("members are texts: use `case when … then 'small' … end`, or `cast(… as text)`")
}

pub(in crate::catalog) fn not_a_column(path: &Text) -> Diagnostic {
    Diagnostic::author("not-a-column", format!("`{}` is not a column", path.text))
        .at(path.place())
        .help("name one column, or a path through references such as `owner.team`")
}

pub(in crate::catalog) fn not_true_or_false(text: &Text, ty: Type) -> Diagnostic {
    let headline = format!("the condition gives {}, not true or false", ty.word());
    Diagnostic::author("not-true-or-false", headline)
        .at(text.place())
        .help("compare: `stage.outcome = 'won'`, `amount > 0`, `owner is not null`")
}

pub(in crate::catalog) fn noun_without_count(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("noun-without-count", format!("{what} counts nothing, so it has no noun"))
        .at(place)
        .help("delete `noun`, or write `unit = \"count\"`")
}

pub(in crate::catalog) fn unit_mismatch(what: &str, ty: Type, place: Place) -> Diagnostic {
    Diagnostic::author("unit-mismatch", format!("the value of {what} is {}", ty.word()))
        .at(place)
        .label("the unit says otherwise")
        .help("money has the unit `money`; counts, shares, days and numbers have theirs")
}

pub(in crate::catalog) fn alias_of_alias(name: &Text) -> Diagnostic {
    Diagnostic::author("alias-of-alias", format!("`{}` is only another name itself", name.text))
        .at(name.place())
        .help("name the metric that has a `kind`")
}

pub(in crate::catalog) fn metric_cycle(circle: &str, place: Place) -> Diagnostic {
    Diagnostic::author("metric-cycle", format!("metrics need each other: {circle}"))
        .at(place)
        .help("write one of them without the others")
}

pub(in crate::catalog) fn listed_twice(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("listed-twice", format!("{what} is listed twice"))
        .at(place)
        .help("delete one of the two")
}

pub(in crate::catalog) fn element_is_no_table(what: &str, span: Span) -> Diagnostic {
    Diagnostic::author("element-is-no-table", format!("{what} must be a table"))
        .at(Place::Text(span))
        .help("write `[framework.<id>.element.<id>]` and its keys below")
}

pub(in crate::catalog) fn unknown_in_framework<'a>(
    word: &str,
    name: &Text,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let headline = format!("the framework has no {word} `{}`", name.text);
    let found = Diagnostic::author("unknown-in-framework", headline).at(name.place());
    near_or_known(found, &name.text, known)
}

pub(in crate::catalog) fn without_reason(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("without-reason", format!("{what} does not say why it does not apply"))
        .at(place)
        .help("write `not-applicable = \"the reason\"` instead")
}

pub(in crate::catalog) fn applies_and_not(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("applies-and-not", format!("{what} applies and does not apply"))
        .at(place)
        .help("keep one of `applies` and `not-applicable`")
}

pub(in crate::catalog) fn element_without_checks(what: &str, place: Place) -> Diagnostic {
    Diagnostic::author("element-without-checks", format!("{what} has no check"))
        .at(place)
        .help("name at least one check; without one it can never be evaluated")
}

pub(in crate::catalog) fn check_entry(what: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::author("check-entry", format!("each entry of `checks` of {what} names a check"))
        .at(Place::Text(span))
        .label(format!("this is {found}"))
        .help("write `\"check-id\"` or `{ check = \"check-id\", weight = 2 }`")
}

pub(in crate::catalog) fn needs_cycle(circle: &str, place: Place) -> Diagnostic {
    Diagnostic::author("needs-cycle", format!("elements need each other: {circle}"))
        .at(place)
        .help("one of them comes first; leave its `needs` out")
}

pub(in crate::catalog) fn case_of_one_rule(place: Place) -> Diagnostic {
    Diagnostic::author("case-of-one-rule", "a case proves one rule")
        .at(place)
        .help("name exactly one of `metric`, `check` and `framework`")
}

pub(in crate::catalog) fn not_a_period(text: &Text, why: &str) -> Diagnostic {
    Diagnostic::author("not-a-period", format!("`{}` is not a period", text.text))
        .at(text.place())
        .help(why)
}

pub(in crate::catalog) fn no_such_outcome(key: &str, text: &Text, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-outcome", format!("`{key}` is never `{}`", text.text))
        .at(text.place())
        .near(near(&text.text, known.iter().copied()))
        .help(format!("it is one of {}", listed(known.iter().copied())))
}

pub(in crate::catalog) fn link_does_not_add_up(what: &str, link: &str, place: Place) -> Diagnostic {
    let headline =
        format!("`{link}` stands in the chain of {what}, and is not one count or one sum");
    Diagnostic::author("link-does-not-add-up", headline)
        .at(place)
        .help("chain totals; what lies between two of them is the factor")
}
