//! Circles: in look-ups, in metrics over metrics, in elements that need each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{build::Build, diags};
use crate::domain::Id;
use crate::text::Span;

/// Finds every circle of a graph once: its nodes in order, from the smallest.
pub(super) fn circles(edges: &BTreeMap<Id, Vec<Id>>) -> Vec<Vec<Id>> {
    let mut done: BTreeSet<Id> = BTreeSet::new();
    let mut found: Vec<Vec<Id>> = Vec::new();
    for start in edges.keys() {
        // Depth first by hand: a chain of names may be long.
        let mut path: Vec<(Id, usize)> = vec![(start.clone(), 0)];
        while let Some((node, at)) = path.last_mut() {
            let next = edges.get(node).and_then(|n| n.get(*at)).cloned();
            *at += 1;
            let Some(next) = next.filter(|_| !done.contains(node)) else {
                if let Some((node, _)) = path.pop() {
                    done.insert(node);
                }
                continue;
            };
            match path.iter().position(|(n, _)| *n == next) {
                Some(from) => found.push(turned(path[from..].iter().map(|(n, _)| n.clone()))),
                None if done.contains(&next) => {}
                None => path.push((next, 0)),
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The circle from its smallest node on.
fn turned(nodes: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut nodes: Vec<Id> = nodes.collect();
    let least = nodes.iter().enumerate().min_by(|a, b| a.1.cmp(b.1)).map_or(0, |(at, _)| at);
    nodes.rotate_left(least);
    nodes
}

/// `a → b → a`.
pub(super) fn shown(circle: &[Id]) -> String {
    let names = circle.iter().chain(circle.first()).map(|id| format!("`{id}`"));
    names.collect::<Vec<_>>().join(" → ")
}

impl Build<'_> {
    /// Look-ups between datasets of feeds must be loaded one after another; config is in memory anyway.
    pub(super) fn lookup_cycles(&mut self, references: &[(Id, Id, Span)]) {
        let fed = |id: &Id| self.catalog.datasets.get(id).is_some_and(|d| !d.config);
        let mut edges: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (from, to, _) in references.iter().filter(|(from, to, _)| fed(from) && fed(to)) {
            edges.entry(from.clone()).or_default().push(to.clone());
        }
        for circle in circles(&edges) {
            let next = circle.get(1).or(circle.first());
            let place =
                references.iter().find(|(f, t, _)| Some(f) == circle.first() && Some(t) == next);
            if let Some((_, _, span)) = place {
                self.sink.push(diags::lookup_cycle(&shown(&circle), *span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: &[(&str, &[&str])]) -> Vec<String> {
        let edges = edges
            .iter()
            .map(|(from, to)| (Id::from(*from), to.iter().map(|t| Id::from(*t)).collect()))
            .collect();
        circles(&edges).iter().map(|c| shown(c)).collect()
    }

    #[test]
    fn every_circle_is_found_once_and_a_diamond_is_none() {
        assert!(found(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"])]).is_empty());
        assert_eq!(found(&[("a", &["a"])]), ["`a` → `a`"]);
        let two = found(&[("z", &["b"]), ("b", &["c", "d"]), ("c", &["b"]), ("d", &["d"])]);
        assert_eq!(two, ["`b` → `c` → `b`", "`d` → `d`"]);
    }
}
