//! Which types may meet, and the few literals that take the type of what they meet.

use std::sync::Arc;

use super::{Typed, Typer};
use crate::domain::{Day, Type, Value};
use crate::expr::{diags, time};
use crate::rel::Op;

impl Typer<'_, '_> {
    pub(super) fn literal_text(&self, typed: &Typed) -> Option<Arc<str>> {
        match &self.arena.get(typed.id).op {
            Op::Literal(Value::Text(text)) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    pub(super) fn literal_number(&self, typed: &Typed) -> Option<crate::domain::Decimal> {
        match &self.arena.get(typed.id).op {
            Op::Literal(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    fn is_zero(&self, typed: &Typed) -> bool {
        self.literal_number(typed).is_some_and(|n| n.is_zero())
    }

    /// Two parts that are compared, each in the type in which they are.
    pub(super) fn comparable(&mut self, left: &Typed, right: &Typed) -> Option<(Typed, Typed)> {
        if let Some(null) = [left, right].into_iter().find(|t| t.ty == Type::Null) {
            let place = self.origin.place(&null.at);
            return self.refuse(diags::compared_with_null(place));
        }
        let both = |l: Typed, r: Typed| Some((l, r));
        match (left.ty, right.ty) {
            (Type::Money(a), Type::Money(b)) if a != b => {
                let place = self.origin.place(&right.at);
                self.refuse(diags::mixed_currencies(place, left.ty, right.ty))
            }
            (Type::Money(_), Type::Integer | Type::Number)
                if self.literal_number(right).is_some() =>
            {
                both(left.clone(), right.clone())
            }
            (Type::Integer | Type::Number, Type::Money(_))
                if self.literal_number(left).is_some() =>
            {
                both(left.clone(), right.clone())
            }
            (Type::Integer | Type::Number, Type::Integer | Type::Number) => {
                both(left.clone(), right.clone())
            }
            (a, b) if a == b => both(left.clone(), right.clone()),
            (a, Type::Text) if a.is_time() => both(left.clone(), self.moment(right, a)?),
            (Type::Text, b) if b.is_time() => both(self.moment(left, b)?, right.clone()),
            (Type::Date, Type::DateTime) => both(self.at_midnight(left)?, right.clone()),
            (Type::DateTime, Type::Date) => both(left.clone(), self.at_midnight(right)?),
            (a, b) => {
                let headline =
                    format!("{} cannot be compared with {}", diags::words(a), diags::words(b));
                self.mismatch(&right.at, headline, compare_help(a, b))
            }
        }
    }

    /// Parts of which one becomes the value, all in one type.
    pub(super) fn unify(&mut self, parts: &[Typed]) -> Option<(Vec<Typed>, Type)> {
        let ty = self.common(parts)?;
        let mut all = Some(Vec::new());
        for part in parts {
            let fitted = self.fit(part, ty);
            all = all.zip(fitted).map(|(mut list, part)| {
                list.push(part);
                list
            });
        }
        all.map(|list| (list, ty))
    }

    /// The type that parts share: the first that is neither null nor a literal that would take
    /// another's.
    fn common(&mut self, parts: &[Typed]) -> Option<Type> {
        let yields =
            |s: &Self, p: &Typed| p.ty == Type::Null || s.is_zero(p) || s.literal_text(p).is_some();
        let firm: Vec<Type> = parts.iter().filter(|p| !yields(self, p)).map(|p| p.ty).collect();
        let soft = parts.iter().map(|p| p.ty).filter(|ty| *ty != Type::Null);
        let mut wanted = firm.iter().copied().chain(soft);
        let first = wanted.next().unwrap_or(Type::Null);
        Some(match first {
            Type::Integer if parts.iter().any(|p| p.ty == Type::Number) => Type::Number,
            Type::Date if firm.contains(&Type::DateTime) => Type::DateTime,
            other => other,
        })
    }

    /// A part in a type, where it may take it.
    fn fit(&mut self, part: &Typed, ty: Type) -> Option<Typed> {
        match (part.ty, ty) {
            (a, b) if a == b || a == Type::Null => Some(part.clone()),
            (Type::Integer, Type::Number) => Some(part.clone()),
            (Type::Integer | Type::Number, Type::Money(_)) if self.is_zero(part) => {
                Some(part.clone())
            }
            (Type::Text, _) if ty.is_time() => self.moment(part, ty),
            (Type::Date, Type::DateTime) => self.at_midnight(part),
            (Type::Money(_), Type::Money(_)) => {
                let place = self.origin.place(&part.at);
                self.refuse(diags::mixed_currencies(place, ty, part.ty))
            }
            (a, b) => {
                let headline =
                    format!("this is {}, the others are {}", diags::words(a), diags::words(b));
                self.mismatch(&part.at, headline, "all possible values must have one type")
            }
        }
    }

    /// A text literal that stands for a date or a moment.
    pub(super) fn moment(&mut self, part: &Typed, ty: Type) -> Option<Typed> {
        let Some(text) = self.literal_text(part) else {
            let headline = format!("text cannot be compared with a {}", ty.word());
            return self.mismatch(&part.at, headline, "write `cast(… as date)`");
        };
        match (Day::parse(&text), ty) {
            (Some(day), Type::Date) => self.literal(Value::Date(day), ty, &part.at),
            (Some(day), _) => {
                let day = self.literal(Value::Date(day), Type::Date, &part.at)?;
                self.at_midnight(&day)
            }
            (None, Type::DateTime) if time::instant(&text).is_some() => {
                let value = time::instant(&text).map_or(Value::Null, Value::DateTime);
                self.literal(value, ty, &part.at)
            }
            (None, Type::DateTime) if time::is_civil(&text) => {
                self.node(Op::Cast(ty), &[part], ty, true, &part.at)
            }
            _ => {
                let place = self.origin.place(&part.at);
                self.refuse(diags::literal(place, format!("'{text}' is not a {}", ty.word())))
            }
        }
    }

    /// A date as the moment at which it begins.
    pub(super) fn at_midnight(&mut self, part: &Typed) -> Option<Typed> {
        self.node(Op::Cast(Type::DateTime), &[part], Type::DateTime, part.nullable, &part.at)
    }
}

fn compare_help(a: Type, b: Type) -> &'static str {
    match (a, b) {
        (Type::Money(_), Type::Integer | Type::Number)
        | (Type::Integer | Type::Number, Type::Money(_)) => {
            "money is compared with money or with a number that stands there; \
             `cast(… as number)` drops the currency"
        }
        (Type::Text, _) | (_, Type::Text) => "text stands in quotes, numbers stand without",
        _ => "",
    }
}
