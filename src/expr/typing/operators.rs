//! Arithmetic and comparison.

use std::ops::Range;

use super::{Typed, Typer};
use crate::domain::{Type, Value};
use crate::expr::ast::{Ast, Binary, Junction};
use crate::expr::diags;
use crate::rel::Op;

impl Typer<'_, '_> {
    pub(super) fn binary(
        &mut self,
        op: Binary,
        left: &Ast,
        right: &Ast,
        at: &Range<usize>,
    ) -> Option<Typed> {
        let (left, right) = (self.expr(left), self.expr(right));
        let (left, right) = (left?, right?);
        if op.is_comparison() {
            return self.comparison(op, &left, &right, at);
        }
        match op {
            Binary::Multiply => self.multiply(&left, &right, at),
            Binary::Divide => self.divide(&left, &right, at),
            _ => self.sum(op, &left, &right, at),
        }
    }

    pub(super) fn comparison(
        &mut self,
        op: Binary,
        left: &Typed,
        right: &Typed,
        at: &Range<usize>,
    ) -> Option<Typed> {
        let (l, r) = self.comparable(left, right)?;
        let equality = matches!(op, Binary::Equal | Binary::NotEqual);
        if l.ty == Type::Boolean && !equality {
            let headline = "true and false have no order".to_owned();
            return self.mismatch(at, headline, "");
        }
        if equality {
            self.check_value(&l, &r)?;
            self.check_value(&r, &l)?;
        }
        let nullable = l.nullable || r.nullable;
        self.node(node_op(op), &[&l, &r], Type::Boolean, nullable, at)
    }

    /// `+` and `−`.
    fn sum(&mut self, op: Binary, left: &Typed, right: &Typed, at: &Range<usize>) -> Option<Typed> {
        let (mut l, mut r) = (left.clone(), right.clone());
        if op == Binary::Subtract {
            match (l.ty, r.ty) {
                (Type::Date, Type::Text) => r = self.moment(&r, Type::Date)?,
                (Type::Text, Type::Date) => l = self.moment(&l, Type::Date)?,
                _ => {}
            }
        }
        let zero = |s: &Self, t: &Typed| s.literal_number(t).is_some_and(|n| n.is_zero());
        let ty = match (l.ty, r.ty) {
            (Type::Date, Type::Date) if op == Binary::Subtract => Type::Integer,
            (Type::Date, Type::Integer) => Type::Date,
            (Type::Money(a), Type::Money(b)) if a != b => {
                let place = self.origin.place(&r.at);
                return self.refuse(diags::mixed_currencies(place, l.ty, r.ty));
            }
            (Type::Null, Type::Null) => Type::Integer,
            (Type::Null, other) | (other, Type::Null) if other.is_numeric() => other,
            (a, b) if a == b && a.is_numeric() => a,
            (money @ Type::Money(_), Type::Integer | Type::Number) if zero(self, &r) => money,
            (Type::Integer | Type::Number, money @ Type::Money(_)) if zero(self, &l) => money,
            (Type::Integer | Type::Number, Type::Integer | Type::Number) => Type::Number,
            _ => return self.no_arithmetic(op, &l, &r),
        };
        self.node(node_op(op), &[&l, &r], ty, l.nullable || r.nullable, at)
    }

    fn multiply(&mut self, l: &Typed, r: &Typed, at: &Range<usize>) -> Option<Typed> {
        let ty = match (l.ty, r.ty) {
            (Type::Null, Type::Null) => Type::Integer,
            (Type::Null, other) | (other, Type::Null) if other.is_numeric() => other,
            (money @ Type::Money(_), Type::Integer | Type::Number)
            | (Type::Integer | Type::Number, money @ Type::Money(_)) => money,
            (Type::Integer, Type::Integer) => Type::Integer,
            (Type::Integer | Type::Number, Type::Integer | Type::Number) => Type::Number,
            _ => return self.no_arithmetic(Binary::Multiply, l, r),
        };
        self.node(Op::Multiply, &[l, r], ty, l.nullable || r.nullable, at)
    }

    fn divide(&mut self, l: &Typed, r: &Typed, at: &Range<usize>) -> Option<Typed> {
        let ty = match (l.ty, r.ty) {
            (Type::Money(a), Type::Money(b)) if a != b => {
                let place = self.origin.place(&r.at);
                return self.refuse(diags::mixed_currencies(place, l.ty, r.ty));
            }
            (Type::Money(_), Type::Money(_)) => Type::Number,
            (money @ Type::Money(_), Type::Integer | Type::Number | Type::Null) => money,
            (Type::Integer | Type::Number | Type::Null, Type::Integer | Type::Number) => {
                Type::Number
            }
            (Type::Integer | Type::Number | Type::Null, Type::Null) => Type::Number,
            _ => return self.no_arithmetic(Binary::Divide, l, r),
        };
        // Division by zero is null.
        let safe = self.literal_number(r).is_some_and(|n| !n.is_zero());
        self.node(Op::Divide, &[l, r], ty, l.nullable || !safe, at)
    }

    fn no_arithmetic(&mut self, op: Binary, l: &Typed, r: &Typed) -> Option<Typed> {
        let (a, b) = (diags::words(l.ty), diags::words(r.ty));
        let headline = match op {
            Binary::Add => format!("{a} and {b} cannot be added"),
            Binary::Subtract => format!("{b} cannot be taken from {a}"),
            Binary::Multiply => format!("{a} and {b} cannot be multiplied"),
            _ => format!("{a} cannot be divided by {b}"),
        };
        let help = match (l.ty, r.ty) {
            (a, b) if a.is_time() && b.is_time() => "write `date_diff('day', from, to)`",
            (Type::Money(_), _) | (_, Type::Money(_)) => {
                "money may be added to money, and multiplied or divided by a number"
            }
            _ => "",
        };
        self.mismatch(&join(&l.at, &r.at), headline, help)
    }

    /// `x between low and high` is `x >= low and x <= high`.
    pub(super) fn between(&mut self, parts: &[Ast; 3], at: &Range<usize>) -> Option<Typed> {
        let [value, low, high] = parts.each_ref().map(|p| self.expr(p));
        let (value, low, high) = (value?, low?, high?);
        let low = self.comparison(Binary::GreaterOrEqual, &value, &low, at);
        let high = self.comparison(Binary::LessOrEqual, &value, &high, at);
        self.junction(Junction::And, &[&low?, &high?], at)
    }

    pub(super) fn membership(
        &mut self,
        value: &Ast,
        list: &[Ast],
        at: &Range<usize>,
    ) -> Option<Typed> {
        let value = self.expr(value);
        let items: Vec<Option<Typed>> = list.iter().map(|item| self.expr(item)).collect();
        let value = value?;
        let mut args = vec![Some(value.clone())];
        for item in items {
            let item = item.and_then(|item| {
                let (same, item) = self.comparable(&value, &item)?;
                if same.id != value.id {
                    let headline = format!("a {} is not among dates", item.ty.word());
                    return self.mismatch(&item.at, headline, "write `cast(… as date)`");
                }
                self.check_value(&value, &item)?;
                Some(item)
            });
            args.push(item);
        }
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        let nullable = args.iter().any(|a| a.nullable);
        self.node(Op::In, &args.iter().collect::<Vec<_>>(), Type::Boolean, nullable, at)
    }

    pub(super) fn like(&mut self, value: &Ast, pattern: &Ast, at: &Range<usize>) -> Option<Typed> {
        let (value, pattern) = (self.expr(value), self.expr(pattern));
        let (value, pattern) = (value?, pattern?);
        if value.ty != Type::Text {
            let headline = format!("`like` looks into text, this is {}", diags::words(value.ty));
            return self.mismatch(&value.at, headline, "");
        }
        let Op::Literal(Value::Text(text)) = self.arena.get(pattern.id).op.clone() else {
            let headline = "the pattern of `like` is not a text literal".to_owned();
            return self.mismatch(&pattern.at, headline, "write it in quotes: `name like 'Acme%'`");
        };
        self.node(Op::Like(text), &[&value], Type::Boolean, value.nullable, at)
    }
}

fn join(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    crate::expr::ast::join(a, b)
}

fn node_op(op: Binary) -> Op {
    match op {
        Binary::Add => Op::Add,
        Binary::Subtract => Op::Subtract,
        Binary::Multiply => Op::Multiply,
        Binary::Divide => Op::Divide,
        Binary::Equal => Op::Equal,
        Binary::NotEqual => Op::NotEqual,
        Binary::Less => Op::Less,
        Binary::LessOrEqual => Op::LessOrEqual,
        Binary::Greater => Op::Greater,
        Binary::GreaterOrEqual => Op::GreaterOrEqual,
    }
}
