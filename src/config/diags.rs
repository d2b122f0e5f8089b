//! The words of this stage's mistakes.

use std::sync::Arc;

use crate::diag::{Diagnostic, near};
use crate::text::{Place, Span};

pub(super) fn unknown_table(name: &str, known: &[&str], span: Span) -> Diagnostic {
    let near = near(name, known.iter().copied());
    let mut diagnostic = Diagnostic::author("unknown-table", format!("no table is named `{name}`"))
        .at(Place::Text(span))
        .near(near);
    if near.is_none() {
        let names: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
        diagnostic = diagnostic.help(format!("tables are {}", names.join(", ")));
    }
    diagnostic
}

pub(super) fn foreign_file(name: &Arc<str>) -> Diagnostic {
    Diagnostic::warning(
        "foreign-file",
        format!("{name} holds no table of ours: not a Milepost file?"),
    )
    .at(Place::File(Arc::clone(name)))
    .help("it was left out; name it in `ignore` of `[project]` to say so")
}

pub(super) fn duplicate_id(table: &str, id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::author("duplicate-id", format!("{table} `{id}` is declared twice"))
        .at(Place::Text(span))
        .label("the second")
        .also(Place::Text(first), "the first")
        .help("rename one of them, or delete it")
}

pub(super) fn takes_pack_id(
    table: &str,
    id: &str,
    pack: &str,
    span: Span,
    first: Span,
) -> Diagnostic {
    let headline = format!("{table} `{id}` is already declared by pack `{pack}`");
    Diagnostic::author("takes-pack-id", headline)
        .at(Place::Text(span))
        .also(Place::Text(first), "the pack's")
        .help(format!("to change it, write `[overlay.{table}.{id}]` with the keys that differ"))
        .help("to have one of your own beside it, give it another id")
}

pub(super) fn second_project(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::author("second-project", format!("`[{name}]` is declared twice"))
        .at(Place::Text(span))
        .label("the second")
        .also(Place::Text(first), "the first")
        .help(
            "a folder with a `milepost.toml` of its own is another project; else keep one of them",
        )
}

pub(super) fn not_a_table(name: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::author("not-a-table", format!("`{name}` must be a table"))
        .at(Place::Text(span))
        .label(format!("this is {found}"))
}

pub(super) fn id_without_table(table: &str, id: &str, span: Span) -> Diagnostic {
    Diagnostic::author("id-without-table", format!("`{id}` stands where {table} expects an id"))
        .at(Place::Text(span))
        .help(format!("write `[{table}.<id>]` and put `{id}` under it"))
}

pub(super) fn project_only(name: &str, span: Span) -> Diagnostic {
    Diagnostic::author("project-only", format!("a pack cannot hold `{name}`"))
        .at(Place::Text(span))
        .help("feeds, answers, waivers, overlays and the project's own table belong to a project")
}

pub(super) fn overlay_of_unknown(table: &str, id: &str, known: &[&str], span: Span) -> Diagnostic {
    let headline = format!("there is no {table} `{id}` to lay over");
    Diagnostic::author("overlay-of-unknown", headline)
        .at(Place::Text(span))
        .near(near(id, known.iter().copied()))
        .help(format!("to declare one of your own, write `[{table}.{id}]`"))
}

pub(super) fn disable_is_no_boolean(table: &str, id: &str, span: Span) -> Diagnostic {
    let headline = format!("`disable` of {table} `{id}` must be true or false");
    Diagnostic::author("disable-is-no-boolean", headline).at(Place::Text(span))
}

pub(super) fn reserved_dataset(id: &str, span: Span) -> Diagnostic {
    let headline =
        format!("a config dataset cannot be named `{id}`: the table has a meaning already");
    Diagnostic::author("reserved-dataset", headline)
        .at(Place::Text(span))
        .help("give the dataset another id")
}
