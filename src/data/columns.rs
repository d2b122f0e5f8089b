//! The columns of a chunk, emptied and used again.

use super::{Column, Values};
use crate::domain::Type;

impl Column {
    pub(super) fn empty(ty: Option<Type>) -> Self {
        let values = Values::empty(ty);
        Self { values, present: Vec::new(), rejected: Vec::new(), rounded: 0 }
    }

    pub(super) fn clear(&mut self, ty: Option<Type>) {
        self.present.clear();
        self.rejected.clear();
        self.rounded = 0;
        match (&mut self.values, Values::empty(ty)) {
            (Values::Text(v), Values::Text(_)) => v.clear(),
            (Values::Number(v), Values::Number(_)) => v.clear(),
            (Values::Date(v), Values::Date(_)) => v.clear(),
            (Values::DateTime(v), Values::DateTime(_)) => v.clear(),
            (Values::Bool(v), Values::Bool(_)) => v.clear(),
            (Values::Hash(v), Values::Hash(_)) => v.clear(),
            (values, other) => *values = other,
        }
    }
}

impl Values {
    /// Of a type, or of hashes.
    fn empty(ty: Option<Type>) -> Self {
        let Some(ty) = ty else { return Self::Hash(Vec::new()) };
        match ty {
            Type::Text | Type::Null => Self::Text(Vec::new()),
            Type::Integer | Type::Number | Type::Money(_) => Self::Number(Vec::new()),
            Type::Date => Self::Date(Vec::new()),
            Type::DateTime => Self::DateTime(Vec::new()),
            Type::Boolean => Self::Bool(Vec::new()),
        }
    }
}
