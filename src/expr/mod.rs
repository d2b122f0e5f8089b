//! Expression text to typed nodes; and the one scalar meaning of every node.
//!
//! The language is SQL's scalar and aggregate expressions, closed: what is not listed in `rules/README.md` is
//! refused with its place. Nothing here knows a rule, reads a row or computes an aggregate.

mod scope;

pub use scope::{ColumnInfo, Columns, Metrics, Origin, Scope};

use crate::diag::Diagnostic;
use crate::rel::{Arena, ExprId};

/// Reads and types an expression; every mistake goes to `sink`, and then there is no expression.
pub fn parse(
    _origin: &Origin<'_>,
    _scope: &Scope<'_>,
    _arena: &mut Arena,
    _sink: &mut Vec<Diagnostic>,
) -> Option<ExprId> {
    None
}
