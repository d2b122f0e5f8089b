//! The types of expressions and of the plan's relational algebra: data, not closures.
//!
//! Owns shapes. Text becomes these in `expr`; kinds lower to them; `measure` runs them; SQL text can be written
//! from them. Nothing here is evaluated.

mod arena;
mod conversion;
mod node;
mod tree;

pub use arena::{Arena, ExprId};
pub use conversion::{Conversion, DayOf};
pub use node::{Aggregate, ColumnPath, DatePart, Node, Op, TimeUnit};
pub use tree::{Rel, Take, When, Window};
