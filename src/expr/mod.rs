//! Expression text to typed nodes; and the one scalar meaning of every node.
//!
//! The language is SQL's scalar and aggregate expressions, closed: what is not listed in
//! `rules/README.md` is refused with its place. Nothing here knows a rule, reads a row or computes
//! an aggregate.

mod adapter;
mod ast;
mod cast;
mod diags;
mod evaluate;
mod normal;
mod places;
mod scope;
mod time;
mod typing;
mod words;

pub use evaluate::{
    Env, EvalError, METRIC_DIVISION_SCALE, ROW_DIVISION_SCALE, compare, evaluate, like,
};
pub use normal::to_text;
pub use scope::{ColumnInfo, Columns, Metrics, Origin, Scope};

use crate::diag::Diagnostic;
use crate::rel::{Arena, ExprId};
use places::Trouble;

/// Reads and types an expression; every mistake goes to `sink`, and then there is no expression.
///
/// What type it has is the arena's to say; whether that type is wanted is the caller's.
pub fn parse(
    origin: &Origin<'_>,
    scope: &Scope<'_>,
    arena: &mut Arena,
    sink: &mut Vec<Diagnostic>,
) -> Option<ExprId> {
    let whole = 0..origin.text.len();
    if origin.text.trim().is_empty() {
        sink.push(diags::empty(origin.place(&whole)));
        return None;
    }
    match adapter::read(origin.text) {
        Ok(tree) => typing::typed(&tree, origin, scope, arena, sink),
        Err(trouble) => {
            sink.push(match trouble {
                Trouble::Syntax { at, expected } => {
                    let found = origin.text.get(at.clone()).unwrap_or("");
                    diags::syntax(origin.place(&at), found, expected.as_deref())
                }
                Trouble::TooLong => diags::too_long(origin.place(&whole)),
                Trouble::TooDeep => diags::too_deep(origin.place(&whole)),
                Trouble::Outside { at, what } => {
                    diags::not_in_language(origin.place(&at), &what, None)
                }
            });
            None
        }
    }
}

#[cfg(test)]
mod tests;
