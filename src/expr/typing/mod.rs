//! From the untyped tree to typed nodes of the arena.
//!
//! Every part is read even where a part beside it is wrong, so that one run shows all mistakes.

mod calls;
mod coerce;
mod forms;
mod names;
mod operators;

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::ast::{Ast, Junction, Kind};
use super::scope::{Origin, Scope};
use super::{diags, time};
use crate::diag::Diagnostic;
use crate::domain::{Day, Decimal, Id, Type, Value};
use crate::rel::{Arena, ExprId, Node, Op};

/// Most nodes that an expression may have once `between` and the short `case` are written out.
const MAX_NODES: u32 = 20_000;
/// Most digits that a literal may have behind the point.
const MAX_LITERAL_SCALE: u8 = 18;

/// A part that has a type.
#[derive(Debug, Clone)]
struct Typed {
    id: ExprId,
    ty: Type,
    nullable: bool,
    /// Nodes, counted as often as they are used.
    size: u32,
    at: Range<usize>,
    /// Dataset and name, where it is a bare column.
    column: Option<(Id, Id)>,
}

pub(super) struct Typer<'a, 'o> {
    origin: &'a Origin<'o>,
    scope: &'a Scope<'a>,
    arena: &'a mut Arena,
    sink: &'a mut Vec<Diagnostic>,
    inside_aggregate: bool,
}

/// Types a tree, or reports why it has no type.
pub(super) fn typed(
    tree: &Ast,
    origin: &Origin<'_>,
    scope: &Scope<'_>,
    arena: &mut Arena,
    sink: &mut Vec<Diagnostic>,
) -> Option<ExprId> {
    let mut typer = Typer { origin, scope, arena, sink, inside_aggregate: false };
    typer.expr(tree).map(|typed| typed.id)
}

impl Typer<'_, '_> {
    fn expr(&mut self, ast: &Ast) -> Option<Typed> {
        let at = &ast.at;
        match &ast.kind {
            Kind::Null => self.literal(Value::Null, Type::Null, at),
            Kind::Bool(truth) => self.literal(Value::Bool(*truth), Type::Boolean, at),
            Kind::Number(digits) => self.number(digits, at),
            Kind::Text(text) => self.text(text, at),
            Kind::Typed(word, text) => self.typed_literal(word, text, at),
            Kind::Name(words) => self.name(words, at),
            Kind::Call(call) => self.call(call, at),
            Kind::Not(inner) => {
                let inner = self.boolean(inner)?;
                self.node(Op::Not, &[&inner], Type::Boolean, inner.nullable, at)
            }
            Kind::Negate(inner) => self.negate(inner, at),
            Kind::IsNull(inner) => {
                let inner = self.expr(inner)?;
                self.node(Op::IsNull, &[&inner], Type::Boolean, false, at)
            }
            Kind::Binary(op, left, right) => self.binary(*op, left, right, at),
            Kind::Chain(junction, parts) => self.chain(*junction, parts, at),
            Kind::In(value, list) => self.membership(value, list, at),
            Kind::Between(parts) => self.between(parts, at),
            Kind::Like(value, pattern) => self.like(value, pattern, at),
            Kind::Case(case) => self.case(case, at),
            Kind::Cast(inner, word) => self.cast(inner, word, at),
            Kind::Extract(part, inner) => self.extract(part, inner, at),
            Kind::Outside(what) => {
                let place = self.origin.place(at);
                self.refuse(diags::not_in_language(place, what, None))
            }
        }
    }

    /// Adds a node over typed parts.
    fn node(
        &mut self,
        op: Op,
        args: &[&Typed],
        ty: Type,
        nullable: bool,
        at: &Range<usize>,
    ) -> Option<Typed> {
        let size = args.iter().fold(1u32, |sum, a| sum.saturating_add(a.size));
        if size > MAX_NODES {
            let place = self.origin.place(at);
            return self.refuse(diags::too_deep(place));
        }
        let args = args.iter().map(|a| a.id).collect();
        let id = self.arena.add(Node { op, args, ty, nullable });
        Some(Typed { id, ty, nullable, size, at: at.clone(), column: None })
    }

    fn literal(&mut self, value: Value, ty: Type, at: &Range<usize>) -> Option<Typed> {
        let nullable = value.is_null();
        self.node(Op::Literal(value), &[], ty, nullable, at)
    }

    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.sink.push(diagnostic);
        None
    }

    fn mismatch<T>(&mut self, at: &Range<usize>, headline: String, help: &str) -> Option<T> {
        let place = self.origin.place(at);
        self.refuse(diags::mismatch(place, headline, help))
    }

    /// A whole number is an integer, any other a number; zeros behind the point mean nothing.
    fn number(&mut self, digits: &str, at: &Range<usize>) -> Option<Typed> {
        match Decimal::parse(digits) {
            Some(number) if number.scale() <= MAX_LITERAL_SCALE => {
                let whole = number.scale() == 0;
                let ty = if whole { Type::Integer } else { Type::Number };
                let least = u8::from(!whole);
                self.literal(Value::Number(number.trimmed(least)), ty, at)
            }
            _ => {
                let place = self.origin.place(at);
                self.refuse(diags::literal(place, format!("`{digits}` is not a plain number")))
            }
        }
    }

    /// Text is compared after NFC, so a literal is put into it too.
    fn text(&mut self, text: &str, at: &Range<usize>) -> Option<Typed> {
        let text: String = text.nfc().collect();
        self.literal(Value::text(&text), Type::Text, at)
    }

    fn typed_literal(&mut self, word: &str, text: &str, at: &Range<usize>) -> Option<Typed> {
        let (value, ty) = match word {
            "date" => (Day::parse(text).map(Value::Date), Type::Date),
            "datetime" | "timestamp" => (time::instant(text).map(Value::DateTime), Type::DateTime),
            _ => {
                let place = self.origin.place(at);
                let what = format!("`{word}` before a text");
                return self.refuse(diags::not_in_language(place, &what, None));
            }
        };
        match value {
            Some(value) => self.literal(value, ty, at),
            None => {
                let place = self.origin.place(at);
                self.refuse(diags::literal(place, format!("'{text}' is not a {}", ty.word())))
            }
        }
    }

    fn negate(&mut self, inner: &Ast, at: &Range<usize>) -> Option<Typed> {
        let inner = self.expr(inner)?;
        if let Op::Literal(Value::Number(number)) = self.arena.get(inner.id).op {
            return self.literal(Value::Number(number.negated()), inner.ty, at);
        }
        if !inner.ty.is_numeric() && inner.ty != Type::Null {
            let headline = format!("{} has no negative", diags::words(inner.ty));
            return self.mismatch(&inner.at, headline, "");
        }
        self.node(Op::Negate, &[&inner], inner.ty, inner.nullable, at)
    }

    /// A part that is true, false or null.
    fn boolean(&mut self, ast: &Ast) -> Option<Typed> {
        let typed = self.expr(ast)?;
        if matches!(typed.ty, Type::Boolean | Type::Null) {
            return Some(typed);
        }
        let headline = format!("a condition is wanted here, this is {}", diags::words(typed.ty));
        self.mismatch(&typed.at, headline, "compare it with something, such as `… > 0`")
    }

    fn chain(&mut self, junction: Junction, parts: &[Ast], at: &Range<usize>) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = parts.iter().map(|p| self.boolean(p)).collect();
        let typed = typed.into_iter().collect::<Option<Vec<_>>>()?;
        self.junction(junction, &typed.iter().collect::<Vec<_>>(), at)
    }

    /// Joins conditions; a part that is such a chain itself is taken apart.
    fn junction(
        &mut self,
        junction: Junction,
        parts: &[&Typed],
        at: &Range<usize>,
    ) -> Option<Typed> {
        let op = if junction == Junction::And { Op::And } else { Op::Or };
        let nullable = parts.iter().any(|p| p.nullable);
        let mut flat: Vec<Typed> = Vec::new();
        for part in parts {
            let node = self.arena.get(part.id);
            if node.op == op {
                // The size of the whole is kept by its first part.
                let mut size =
                    part.size.saturating_sub(u32::try_from(node.args.len()).unwrap_or(0));
                for id in node.args.clone() {
                    flat.push(Typed { id, size, ..(*part).clone() });
                    size = 1;
                }
            } else {
                flat.push((*part).clone());
            }
        }
        self.node(op, &flat.iter().collect::<Vec<_>>(), Type::Boolean, nullable, at)
    }
}
