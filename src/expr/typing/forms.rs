//! Forms with words inside: `case`, `cast`, `extract`.

use std::ops::Range;

use super::{Typed, Typer};
use crate::diag::near;
use crate::domain::{Type, Value};
use crate::expr::ast::{Ast, Binary, Case};
use crate::expr::diags;
use crate::expr::words::{PARTS, part, type_of};
use crate::rel::{DatePart, Op};

impl Typer<'_, '_> {
    pub(super) fn case(&mut self, case: &Case, at: &Range<usize>) -> Option<Typed> {
        let operand = case.operand.as_ref().map(|o| self.expr(o));
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (condition, value) in &case.branches {
            conditions.push(match &operand {
                Some(operand) => self.case_of(operand.as_ref(), condition),
                None => self.boolean(condition),
            });
            values.push(self.expr(value));
        }
        values.push(match &case.otherwise {
            Some(otherwise) => self.expr(otherwise),
            None => self.literal(Value::Null, Type::Null, at),
        });
        let conditions = conditions.into_iter().collect::<Option<Vec<_>>>();
        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
        let (values, ty) = self.unify(&values)?;
        let conditions = conditions?;
        let nullable = values.iter().any(|v| v.nullable);
        let branches = conditions.iter().zip(&values).flat_map(|(c, v)| [c, v]);
        let args: Vec<&Typed> = branches.chain(values.last()).collect();
        self.node(Op::Case, &args, ty, nullable, at)
    }

    /// `case x when 1` is `case when x = 1`.
    fn case_of(&mut self, operand: Option<&Typed>, value: &Ast) -> Option<Typed> {
        let value = self.expr(value)?;
        self.comparison(Binary::Equal, operand?, &value, &value.at)
    }

    pub(super) fn cast(&mut self, inner: &Ast, word: &str, at: &Range<usize>) -> Option<Typed> {
        let inner = self.expr(inner);
        let Some(ty) = type_of(word) else {
            let place = self.origin.place(at);
            let known = ["text", "integer", "number", "date", "datetime", "boolean"];
            let what = format!("the type `{word}`");
            return self.refuse(diags::not_in_language(place, &what, near(word, known)));
        };
        let inner = inner?;
        if inner.ty == ty {
            return Some(inner);
        }
        if !castable(inner.ty, ty) {
            let headline = format!("{} does not become {}", diags::words(inner.ty), ty.word());
            return self.mismatch(&inner.at, headline, "");
        }
        // A text that does not fit becomes null.
        let nullable = inner.nullable || inner.ty == Type::Text;
        self.node(Op::Cast(ty), &[&inner], ty, nullable, at)
    }

    pub(super) fn extract(&mut self, word: &str, inner: &Ast, at: &Range<usize>) -> Option<Typed> {
        let inner = self.expr(inner);
        let Some(part) = part(word) else {
            let place = self.origin.place(at);
            let near = near(word, PARTS.iter().map(|(w, _)| *w));
            return self.refuse(diags::not_in_language(
                place,
                &format!("`extract({word} …)`"),
                near,
            ));
        };
        let inner = inner?;
        let of_day = matches!(part, DatePart::Hour | DatePart::Minute);
        if !inner.ty.is_time() || (of_day && inner.ty == Type::Date) {
            let headline = format!("{} has no {word}", diags::words(inner.ty));
            return self.mismatch(&inner.at, headline, "");
        }
        self.node(Op::Extract(part), &[&inner], Type::Integer, inner.nullable, at)
    }
}

fn castable(from: Type, to: Type) -> bool {
    match to {
        _ if from == Type::Null => true,
        Type::Text => true,
        Type::Integer | Type::Number => {
            from.is_numeric() || matches!(from, Type::Text | Type::Boolean)
        }
        Type::Date | Type::DateTime => from.is_time() || from == Type::Text,
        Type::Boolean => from == Type::Text,
        Type::Money(_) | Type::Null => false,
    }
}
