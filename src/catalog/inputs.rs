//! Which files a run reads: the project's, the packs that it names, and report folders.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::diags;
use crate::config::{self, File};
use crate::decode::{self, Item, Table, Text, Tree};
use crate::diag::Diagnostic;
use crate::domain::Id;
use crate::pack::{self, Head, PackText, ReportText, Shipped};
use crate::text::{Source, SourceId, Sources};

use super::Pack;

/// The decoded files of a run, packs first, and what they come from.
pub(super) struct Inputs {
    pub(super) files: Vec<File>,
    pub(super) packs: Vec<Pack>,
    /// Report folders, each with its decoded `report.toml`.
    pub(super) reports: Vec<(ReportText, Table)>,
    /// Heads of shipped reports, where not all shipped packs are in use: they may name what is not there.
    pub(super) lenient: BTreeSet<SourceId>,
    /// Files of another project, of which only the rules count.
    pub(super) borrowed: BTreeSet<SourceId>,
    /// A pack that is asked for is not there.
    pub(super) lacks_packs: bool,
}

/// Decodes the project, chooses packs and decodes these.
pub(super) fn read(
    sources: &mut Sources,
    shipped: &Shipped,
    project: &[Source],
    rules_of: &[Source],
    sink: &mut Vec<Diagnostic>,
) -> Inputs {
    let (mut own_packs, rest) = split(project);
    let (more_packs, around) = split(rules_of);
    own_packs.extend(more_packs);
    let mut own = files(sources, &rest);
    let mut around = files(sources, &around);
    let heads = |packs: &[PackText], sources: &mut Sources, sink: &mut Vec<Diagnostic>| {
        let read = |p: &PackText| Some((pack::read_head(sources, p, sink)?, p.clone()));
        packs.iter().filter_map(read).collect::<Vec<(Head, PackText)>>()
    };
    let all = heads(&shipped.packs, sources, sink);
    let own_packs = heads(&own_packs, sources, sink);
    let wanted = wanted(&own).or_else(|| wanted(&around));
    let count = all.len();
    let mistakes = sink.len();
    let mut chosen = choose(all, &own_packs, wanted.as_deref(), sink);
    let lacks_packs = sink.len() > mistakes;
    let partial = chosen.len() < count;
    around.iter_mut().for_each(File::keep_rules);
    let borrowed = around.iter().map(|file| file.table.span.source).collect();
    own.splice(0..0, around);
    chosen.extend(own_packs);
    let mut files = Vec::new();
    for (head, pack) in &chosen {
        files.extend(pack.files.iter().map(|f| config::read(sources, f, Some(&head.id))));
    }
    files.extend(own);
    let packs = chosen.into_iter().map(|(h, _)| described(h)).collect();
    let mut lenient = BTreeSet::new();
    let reports = pack::reports(shipped.reports.iter().chain(&rest), sink)
        .into_iter()
        .map(|r| {
            let source = sources.add(r.head.name.clone(), r.head.text.clone());
            if partial && shipped.reports.iter().any(|s| Arc::ptr_eq(&s.text, &r.head.text)) {
                lenient.insert(source);
            }
            let table = decode::decode(source, &r.head.text, sink);
            (r, table)
        })
        .collect();
    Inputs { files, packs, reports, lenient, borrowed, lacks_packs }
}

fn files(sources: &mut Sources, texts: &[Source]) -> Vec<File> {
    let config = |f: &&Source| f.name.ends_with(".toml") && !pack::is_report_file(&f.name);
    texts.iter().filter(config).map(|f| config::read(sources, f, None)).collect()
}

fn described(head: Head) -> Pack {
    Pack { id: head.id, title: head.title, version: head.version }
}

/// A project's own packs (folders below it with a `pack.toml`), and all other files.
fn split(project: &[Source]) -> (Vec<PackText>, Vec<Source>) {
    let folder_of = |f: &Source| {
        let folder = f.name.strip_suffix("/pack.toml")?;
        Some((folder.to_owned(), f.clone()))
    };
    let mut packs: Vec<PackText> = Vec::new();
    let heads: Vec<(String, Source)> = project.iter().filter_map(folder_of).collect();
    for (folder, head) in &heads {
        let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
        packs.push(PackText { folder: name, head: head.clone(), files: Vec::new() });
    }
    let mut rest = Vec::new();
    for file in project {
        let inside = |(folder, _): &&(String, Source)| {
            file.name.strip_prefix(folder.as_str()).is_some_and(|r| r.starts_with('/'))
        };
        match heads.iter().rposition(|h| inside(&h)) {
            Some(_) if file.name.ends_with("/pack.toml") => {}
            Some(at) if file.name.ends_with(".toml") => packs[at].files.push(file.clone()),
            _ => rest.push(file.clone()),
        }
    }
    (packs, rest)
}

/// What `[project] packs` names, if it does; its mistakes are reported where the project is read.
fn wanted(files: &[File]) -> Option<Vec<Text>> {
    let project = files.iter().find_map(|f| f.table.table("project"))?;
    match &project.get("packs")?.value.item {
        Item::List(list) => Some(list.iter().filter_map(Tree::as_text).collect()),
        _ => None,
    }
}

/// The packs that are named (else the default ones) and all that they require, in their order.
///
/// A project's own packs are in use anyway; they may be named, and require others.
fn choose(
    all: Vec<(Head, PackText)>,
    own: &[(Head, PackText)],
    wanted: Option<&[Text]>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<(Head, PackText)> {
    let mut taken: BTreeSet<Id> = BTreeSet::new();
    let mut open: Vec<Text> = match wanted {
        Some(names) => names.to_vec(),
        None => {
            let default = all.iter().filter(|(h, _)| h.default);
            taken.extend(default.clone().map(|(h, _)| h.id.clone()));
            default.flat_map(|(h, _)| h.requires.clone()).collect()
        }
    };
    open.extend(own.iter().flat_map(|(h, _)| h.requires.clone()));
    while let Some(name) = open.pop() {
        if own.iter().any(|(h, _)| h.id == *name.text) {
            continue;
        }
        let Some((head, _)) = all.iter().find(|(h, _)| h.id == *name.text) else {
            let known = all.iter().map(|(h, _)| h.id.as_str());
            sink.push(diags::unknown_reference("pack", &name, known));
            continue;
        };
        if taken.insert(head.id.clone()) {
            open.extend(head.requires.iter().cloned());
        }
    }
    all.into_iter().filter(|(h, _)| taken.contains(&h.id)).collect()
}
