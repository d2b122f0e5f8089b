//! What filters ask of looked-up config rows that none of them is: "lost" where no stage is declared as lost.

use super::model::Reason;
use super::supply::Supply;
use crate::catalog::Catalog;
use crate::domain::{Status, Value};
use crate::rel::{Arena, ColumnPath, ExprId, Op};

/// Why rows that a filter wants are missed, where texts that nothing declares may be just those.
pub(super) fn none_declared(
    catalog: &Catalog,
    arena: &Arena,
    supply: &Supply,
    root: ExprId,
) -> Option<(Status, Reason)> {
    let node = arena.get(root);
    let one = |arg: &ExprId| none_declared(catalog, arena, supply, *arg);
    match &node.op {
        Op::And | Op::Or => node.args.iter().find_map(one),
        Op::Equal | Op::In => {
            let column = |id: &ExprId| match &arena.get(*id).op {
                Op::Column(path) => Some(path),
                _ => None,
            };
            let path = node.args.iter().find_map(column)?;
            if !supply.undeclared.contains(path.base()) {
                return None;
            }
            let literal = |id: &ExprId| match &arena.get(*id).op {
                Op::Literal(value @ Value::Text(_)) => Some(value),
                _ => None,
            };
            let mut wanted = node.args.iter().filter_map(literal);
            wanted.find_map(|value| lacks(catalog, path, value))
        }
        _ => None,
    }
}

/// That no row of the config dataset that a path looks into holds a value.
fn lacks(catalog: &Catalog, path: &ColumnPath, wanted: &Value) -> Option<(Status, Reason)> {
    let [base, column] = &path.steps[..] else { return None };
    let target = catalog.datasets.get(&path.dataset)?.column(base.as_str())?.references.clone()?;
    let at = catalog.datasets.get(&target)?.columns.iter().position(|c| c.id == *column)?;
    let rows = catalog.rows.get(&target)?;
    let declared = rows.iter().any(|row| row.values.get(at) == Some(wanted));
    let (base, column) = (base.clone(), column.clone());
    let reason = Reason::NoneDeclared { target, column, value: wanted.to_string(), base };
    (!declared).then_some((Status::NotComputable, reason))
}
