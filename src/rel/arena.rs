//! Hash-consed storage of expressions: equal parts are stored, and computed, once.

use std::collections::HashMap;

use super::{ColumnPath, Node, Op};

/// A node of an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// All expressions of a run.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    nodes: Vec<Node>,
    index: HashMap<Node, ExprId>,
}

impl Arena {
    pub fn add(&mut self, node: Node) -> ExprId {
        if let Some(id) = self.index.get(&node) {
            return *id;
        }
        let id = ExprId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.index.insert(node, id);
        id
    }

    pub fn get(&self, id: ExprId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Calls `visit` for the node and all below it, parents first; a shared part is visited as often as it is used.
    pub fn walk(&self, id: ExprId, visit: &mut impl FnMut(ExprId, &Node)) {
        let node = self.get(id);
        visit(id, node);
        for arg in &node.args {
            self.walk(*arg, visit);
        }
        if let Op::Aggregate { filter: Some(filter), .. } = &node.op {
            self.walk(*filter, visit);
        }
    }

    /// The columns that an expression reads, in order, each once.
    pub fn columns(&self, id: ExprId) -> Vec<ColumnPath> {
        let mut paths = Vec::new();
        self.walk(id, &mut |_, node| {
            if let Op::Column(path) = &node.op {
                paths.push(path.clone());
            }
        });
        paths.sort();
        paths.dedup();
        paths
    }

    /// The metrics that an expression reads, in order, each once.
    pub fn metrics(&self, id: ExprId) -> Vec<crate::domain::Id> {
        let mut ids = Vec::new();
        self.walk(id, &mut |_, node| {
            if let Op::Metric(metric) = &node.op {
                ids.push(metric.clone());
            }
        });
        ids.sort();
        ids.dedup();
        ids
    }

    /// Rebuilds an expression with some nodes replaced: `replace` answers with a new node's id or nothing.
    pub fn rewrite(
        &mut self,
        id: ExprId,
        replace: &mut impl FnMut(&mut Self, ExprId) -> Option<ExprId>,
    ) -> ExprId {
        if let Some(new) = replace(self, id) {
            return new;
        }
        let mut node = self.get(id).clone();
        for arg in &mut node.args {
            *arg = self.rewrite(*arg, replace);
        }
        if let Op::Aggregate { filter: Some(filter), .. } = &mut node.op {
            *filter = self.rewrite(*filter, replace);
        }
        self.add(node)
    }
}
