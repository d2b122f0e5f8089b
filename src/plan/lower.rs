//! A cube's relation, taken apart into what one scan can run.

use crate::domain::Id;
use crate::domain::Type;
use crate::rel::{Aggregate, Arena, ExprId, Node, Op, Rel, When};

/// A cube over filtered rows of one dataset.
pub(super) struct Lowered {
    pub(super) dataset: Id,
    pub(super) filter: Option<ExprId>,
    pub(super) time: Option<When>,
    pub(super) aggregates: Vec<ExprId>,
    pub(super) key_sets: Vec<LoweredKeys>,
}

/// Keys of another relation, which rows are matched with.
pub(super) struct LoweredKeys {
    pub(super) number: u32,
    pub(super) dataset: Id,
    pub(super) key: ExprId,
    pub(super) filter: Option<ExprId>,
}

/// Takes a relation apart; the error names the shape that the embedded engine does not run.
pub(super) fn lower(
    rel: &Rel,
    arena: &mut Arena,
    key_sets: &mut u32,
) -> Result<Lowered, &'static str> {
    let Rel::Cube { input, time, aggregates } = rel else { return Err("no cube at the top") };
    let mut lowered = Lowered {
        dataset: Id::default(),
        filter: None,
        time: *time,
        aggregates: aggregates.clone(),
        key_sets: Vec::new(),
    };
    let mut filters = Vec::new();
    let mut rel = input.as_ref();
    loop {
        match rel {
            Rel::Feed { dataset } => {
                lowered.dataset = dataset.clone();
                break;
            }
            // A look-up adds columns that paths reach by themselves.
            Rel::Lookup { input, .. } => rel = input,
            Rel::Filter { input, keep } => {
                filters.push(*keep);
                rel = input;
            }
            Rel::Match { left, right, left_key, right_key, window: None, .. } => {
                let keys = lower_keys(right, *right_key, arena, key_sets)?;
                let test = in_keys(arena, keys.number, *left_key);
                replace_matched(arena, &mut lowered.aggregates, *right_key, test);
                lowered.key_sets.push(keys);
                rel = left;
            }
            Rel::Match { .. } => return Err("a match within a window"),
            Rel::Derive { .. } => return Err("a derived column"),
            Rel::Spine { .. } => return Err("a spine of periods"),
            Rel::Fold { .. } => return Err("a fold by entity"),
            Rel::Cube { .. } => return Err("a cube within a cube"),
        }
    }
    filters.reverse();
    lowered.filter = all_of(arena, filters);
    Ok(lowered)
}

fn lower_keys(
    rel: &Rel,
    key: ExprId,
    arena: &mut Arena,
    key_sets: &mut u32,
) -> Result<LoweredKeys, &'static str> {
    let mut filters = Vec::new();
    let mut rel = rel;
    loop {
        match rel {
            Rel::Feed { dataset } => {
                let number = *key_sets;
                *key_sets += 1;
                filters.reverse();
                let filter = all_of(arena, filters);
                return Ok(LoweredKeys { number, dataset: dataset.clone(), key, filter });
            }
            Rel::Filter { input, keep } => {
                filters.push(*keep);
                rel = input;
            }
            Rel::Lookup { input, .. } => rel = input,
            _ => return Err("a match with something other than filtered rows"),
        }
    }
}

fn in_keys(arena: &mut Arena, number: u32, key: ExprId) -> ExprId {
    let op = Op::InKeys(number);
    arena.add(Node { op, args: vec![key], ty: Type::Boolean, nullable: false })
}

/// `count(right key)` after a match is the count of rows that have one.
fn replace_matched(arena: &mut Arena, aggregates: &mut [ExprId], right_key: ExprId, test: ExprId) {
    for aggregate in aggregates {
        let node = arena.get(*aggregate).clone();
        // Whether there is a match, asked in a filter.
        if let Op::Aggregate { function, filter: Some(filter) } = &node.op {
            let mut replace =
                |arena: &mut Arena, id| (is_there(arena, id, right_key)).then_some(test);
            let filter = Some(arena.rewrite(*filter, &mut replace));
            let op = Op::Aggregate { function: function.clone(), filter };
            *aggregate = arena.add(Node { op, ..node });
            continue;
        }
        if let Op::Aggregate { function: Aggregate::Count, filter } = node.op
            && node.args == [right_key]
        {
            let filter = all_of(arena, filter.into_iter().chain([test]).collect());
            let op = Op::Aggregate { function: Aggregate::CountRows, filter };
            *aggregate = arena.add(Node { op, args: Vec::new(), ..node });
        }
    }
}

/// Whether an expression asks that another is not null.
fn is_there(arena: &Arena, id: ExprId, of: ExprId) -> bool {
    let node = arena.get(id);
    let null = |id: &ExprId| {
        let node = arena.get(*id);
        node.op == Op::IsNull && node.args == [of]
    };
    node.op == Op::Not && node.args.first().is_some_and(null)
}

/// The conjunction of conditions; none for none.
pub(super) fn all_of(arena: &mut Arena, mut conditions: Vec<ExprId>) -> Option<ExprId> {
    conditions.dedup();
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let nullable = conditions.iter().any(|c| arena.get(*c).nullable);
    Some(arena.add(Node { op: Op::And, args: conditions, ty: Type::Boolean, nullable }))
}
