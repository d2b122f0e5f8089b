//! Builds small projects from inline TOML and looks at every mistake: code, place, near name.

mod data;
mod mistakes;
mod rules;
mod shipped;

use super::{Checked, build};
use crate::diag::Diagnostic;
use crate::pack::{PackText, Shipped};
use crate::text::{Source, Sources};

/// A build with its mistakes as `code file:line:column`.
pub(super) struct Built {
    pub(super) checked: Checked,
    pub(super) list: Vec<String>,
}

impl Built {
    /// The mistake of a code.
    pub(super) fn one(&self, code: &str) -> &Diagnostic {
        let found = self.checked.diagnostics.iter().find(|d| d.code == code);
        found.unwrap_or_else(|| panic!("no {code} in {:?}", self.list))
    }

    /// Codes without places.
    pub(super) fn codes(&self) -> Vec<&str> {
        self.checked.diagnostics.iter().map(|d| d.code).collect()
    }
}

pub(super) fn source(name: &str, text: &str) -> Source {
    Source { name: name.into(), text: text.into() }
}

/// A shipped pack of one file.
pub(super) fn pack(id: &str, default: bool, text: &str) -> PackText {
    let head = format!("id = '{id}'\ntitle = 'T'\nversion = '1'\ndefault = {default}\n");
    let head = source(&format!("rules/{id}/pack.toml"), &head);
    let files = vec![source(&format!("rules/{id}/a.toml"), text)];
    PackText { folder: id.to_owned(), head, files }
}

pub(super) fn built(shipped: &Shipped, project: &[Source]) -> Built {
    let mut sources = Sources::default();
    let mut checked = build(&mut sources, shipped, project);
    let unused = std::mem::take(&mut checked.unused);
    checked.diagnostics.extend(unused);
    let line = |d: &Diagnostic| {
        let place = d.place.as_ref().map(|p| sources.describe(p)).unwrap_or_default();
        format!("{} {place}", d.code)
    };
    let list = checked.diagnostics.iter().map(line).collect();
    Built { checked, list }
}

/// Datasets, a dimension, a metric and a check that a small project needs.
pub(super) const BASE: &str = r#"
[dataset.stage]
title = "Stages"
config = true
spellings = "values"
[dataset.stage.columns]
id = { type = "text", key = true }
title = { type = "text" }
outcome = { type = "text", one-of = ["open", "won"], required = true }
values = { type = "list" }

[dataset.person]
title = "People"
config = true
[dataset.person.columns]
id = { type = "text", key = true }
manager = { type = "text", references = "person.id" }
joined = { type = "date" }
left_on = { type = "date", after = "joined" }

[dataset.deals]
title = "Deals"
[dataset.deals.columns]
deal_id = { type = "text", key = true, required = true, aliases = ["Deal ID"] }
stage = { type = "text", references = "stage.id" }
owner = { type = "text", references = "person.id" }
closed_at = { type = "date", occurred = true }
amount = { type = "money" }

[dimension.owner]
title = "Owner"
deals = "owner"

[metric.won_amount]
kind = "total"
title = "Won amount"
unit = "money"
dataset = "deals"
time = "closed_at"
where = "stage.outcome = 'won'"
value = "sum(amount)"
question = "?"
why = "."

[check.trained]
kind = "attested"
title = "Trained"
scale = { none = 0, some = 0.5, full = 1 }
question = "?"
why = "."
how = "."
remedy = "."

[framework.road]
title = "Road"
levels = [{ id = "one", title = "One" }]
[framework.road.element.training]
title = "Training"
level = "one"
checks = ["trained"]
"#;

pub(super) fn base() -> Shipped {
    Shipped { packs: vec![pack("base", true, BASE)], reports: Vec::new() }
}

/// Builds the base with one project file, `a.toml`.
pub(super) fn with(text: &str) -> Built {
    built(&base(), &[source("a.toml", text)])
}

/// Asserts that a project file gives exactly one mistake: `code line:column`, with a word of its help.
pub(super) fn one_mistake(text: &str, expected: &str, help: &str) {
    let got = with(text);
    let (code, place) = expected.split_once(' ').unwrap_or((expected, ""));
    assert_eq!(got.list, [format!("{code} a.toml:{place}")], "\n{text}");
    let found = got.one(code);
    let words = format!("{} {}", found.headline, found.help.join(" "));
    assert!(words.contains(help), "{words:?} lacks {help:?}");
}
