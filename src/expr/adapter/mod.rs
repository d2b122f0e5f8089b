//! From SQL text to the untyped tree: the only module that knows the SQL parser.
//!
//! Keeps the parser inside bounds (length, nesting, end of input) and its places true. What the
//! language does not have is not an error here: it becomes [`Kind::Outside`], so that typing
//! reports it beside the rest.

mod front;

use std::ops::Range;

use sqlparser::ast::{self as sql, Expr, Spanned};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{self, Token, Tokenizer};

use front::{Rules, check_tokens, range, trouble};

use super::ast::{
    Ast, Binary, Case, Junction, Kind, Word, call, chain, is_null, join, make, not, outside, parts,
    plain,
};
use super::places::{MAX_BYTES, MAX_DEPTH, MAX_NESTING, Places, Trouble};

/// Reads one expression that fills the whole text.
pub(super) fn read(text: &str) -> Result<Ast, Trouble> {
    if text.len() > MAX_BYTES {
        return Err(Trouble::TooLong);
    }
    let places = Places { text };
    let tokens = Tokenizer::new(&Rules, text)
        .tokenize_with_location()
        .map_err(|e| places.broken((e.location.line, e.location.column), &e.message))?;
    check_tokens(&places, &tokens)?;
    let mut parser = Parser::new(&Rules)
        .with_recursion_limit(MAX_NESTING + 1)
        .with_tokens_with_locations(tokens);
    let tree = parser.parse_expr().map_err(|e| trouble(&places, &e))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let expected = Some("the end of the expression".to_owned());
        drop_spine(tree);
        return Err(Trouble::Syntax { at: range(&places, next.span), expected });
    }
    let read = Reader { places }.expr(&tree, 0);
    drop_spine(tree);
    read
}

/// Takes a tree apart along its left spine, so that dropping it needs no deep stack.
fn drop_spine(mut tree: Expr) {
    while let Expr::BinaryOp { left, .. } = tree {
        tree = *left;
    }
}

/// Walks the parser's tree.
struct Reader<'a> {
    places: Places<'a>,
}

type Read<T = Ast> = Result<T, Trouble>;

impl Reader<'_> {
    fn expr(&self, expr: &Expr, depth: usize) -> Read {
        if depth > MAX_DEPTH {
            return Err(Trouble::TooDeep);
        }
        match expr {
            Expr::BinaryOp { .. } => self.spine(expr, depth),
            Expr::Nested(inner) => self.expr(inner, depth + 1),
            Expr::Identifier(ident) => Ok(self.name(std::slice::from_ref(ident))),
            Expr::CompoundIdentifier(parts) => Ok(self.name(parts)),
            Expr::Value(value) => Ok(self.value(value)),
            Expr::TypedString(typed) => Ok(self.typed(typed)),
            Expr::UnaryOp { op, expr } => self.unary(op, expr, depth),
            Expr::IsNull(inner) => Ok(is_null(self.expr(inner, depth + 1)?)),
            Expr::IsNotNull(inner) => Ok(not(is_null(self.expr(inner, depth + 1)?))),
            Expr::InList { .. } | Expr::Between { .. } | Expr::Like { .. } => {
                self.test(expr, depth)
            }
            Expr::Case { .. } => self.case(expr, depth),
            Expr::Cast { .. } | Expr::Extract { .. } => self.of_one(expr, depth),
            Expr::Function(function) => self.function(function, depth),
            other => self.call_form(other, depth),
        }
    }

    /// A left-deep run of operators, taken apart without recursion.
    fn spine(&self, expr: &Expr, depth: usize) -> Read {
        let mut rights = Vec::new();
        let mut first = expr;
        while let Expr::BinaryOp { left, op, right } = first {
            rights.push((op, right));
            first = left;
        }
        let mut tree = self.expr(first, depth + 1)?;
        for (op, right) in rights.into_iter().rev() {
            let right = self.expr(right, depth + 1)?;
            tree = match operator(op) {
                Some(Sign::Junction(junction)) => chain(junction, tree, right),
                Some(Sign::Binary(binary)) => {
                    let parts = parts([&tree, &right]);
                    make(Kind::Binary(binary, Box::new(tree), Box::new(right)), parts)
                }
                None => {
                    let at = join(&tree.at, &right.at);
                    outside(format!("`{}`", op.to_string().to_lowercase()), at)
                }
            };
            if tree.height > MAX_DEPTH {
                return Err(Trouble::TooDeep);
            }
        }
        Ok(tree)
    }

    fn unary(&self, op: &sql::UnaryOperator, expr: &Expr, depth: usize) -> Read {
        let inner = self.expr(expr, depth + 1)?;
        let parts = parts([&inner]);
        Ok(match op {
            sql::UnaryOperator::Not => not(inner),
            sql::UnaryOperator::Minus => make(Kind::Negate(Box::new(inner)), parts),
            sql::UnaryOperator::Plus => inner,
            other => outside(format!("`{other}`"), inner.at),
        })
    }

    /// `in`, `between`, `like`.
    fn test(&self, expr: &Expr, depth: usize) -> Read {
        let next = |e: &Expr| self.expr(e, depth + 1);
        let (test, negated) = match expr {
            Expr::InList { expr, list, negated } => {
                let (value, list) = (next(expr)?, self.list(list, depth)?);
                let parts = parts(std::iter::once(&value).chain(&list));
                (make(Kind::In(Box::new(value), list), parts), negated)
            }
            Expr::Between { expr, negated, low, high } => {
                let all = [next(expr)?, next(low)?, next(high)?];
                let parts = parts(&all);
                (make(Kind::Between(Box::new(all)), parts), negated)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let (value, pattern) = (next(expr)?, next(pattern)?);
                let parts = parts([&value, &pattern]);
                (make(Kind::Like(Box::new(value), Box::new(pattern)), parts), negated)
            }
            other => return Ok(self.outside(other)),
        };
        Ok(if *negated { not(test) } else { test })
    }

    fn case(&self, expr: &Expr, depth: usize) -> Read {
        let Expr::Case { case_token, end_token, operand, conditions, else_result } = expr else {
            return Ok(self.outside(expr));
        };
        let next = |e: &Expr| self.expr(e, depth + 1);
        let ends = [case_token, end_token].map(|token| range(&self.places, token.0.span));
        let operand = operand.as_deref().map(next).transpose()?;
        let mut branches = Vec::new();
        for branch in conditions {
            branches.push((next(&branch.condition)?, next(&branch.result)?));
        }
        let otherwise = else_result.as_deref().map(next).transpose()?;
        let all = operand.iter().chain(&otherwise);
        let (_, height) = parts(all.chain(branches.iter().flat_map(|(c, r)| [c, r])));
        let kind = Kind::Case(Box::new(Case { operand, branches, otherwise }));
        Ok(make(kind, (join(&ends[0], &ends[1]), height)))
    }

    /// `cast`, `extract`.
    fn of_one(&self, expr: &Expr, depth: usize) -> Read {
        let (inner, cast, word) = match expr {
            Expr::Cast { kind: sql::CastKind::Cast, expr, data_type, format: None } => {
                (expr, true, data_type.to_string())
            }
            Expr::Extract { field, expr, .. } => (expr, false, field.to_string()),
            Expr::Cast { kind: sql::CastKind::DoubleColon, .. } => {
                return Ok(outside("`::`".to_owned(), self.first(expr)));
            }
            other => return Ok(self.outside(other)),
        };
        let inner = self.expr(inner, depth + 1)?;
        let (parts, word) = (parts([&inner]), word.to_lowercase());
        let inner = Box::new(inner);
        let kind = if cast { Kind::Cast(inner, word) } else { Kind::Extract(word, inner) };
        Ok(make(kind, parts))
    }

    fn list(&self, list: &[Expr], depth: usize) -> Read<Vec<Ast>> {
        list.iter().map(|e| self.expr(e, depth + 1)).collect()
    }

    /// Functions that the parser treats as forms of their own.
    fn call_form(&self, expr: &Expr, depth: usize) -> Read {
        let (name, args) = match expr {
            Expr::Substring { expr, substring_from, substring_for, shorthand, .. } => {
                let name = if *shorthand { "substr" } else { "substring" };
                (name, [Some(expr), substring_from.as_ref(), substring_for.as_ref()])
            }
            Expr::Trim { expr, trim_where: None, trim_what: None, trim_characters: None } => {
                ("trim", [Some(expr), None, None])
            }
            Expr::Ceil { expr, .. } => ("ceil", [Some(expr), None, None]),
            Expr::Floor { expr, .. } => ("floor", [Some(expr), None, None]),
            other => return Ok(self.outside(other)),
        };
        let args = args.into_iter().flatten().map(|e| self.expr(e, depth + 1));
        let args = args.collect::<Read<Vec<_>>>()?;
        let (at, _) = parts(&args);
        Ok(call(plain(name.to_owned(), at.clone(), args), at))
    }

    fn function(&self, function: &sql::Function, depth: usize) -> Read {
        let at = range(&self.places, function.name.span());
        let name = function.name.to_string().to_lowercase();
        if function.over.is_some() {
            return Ok(outside("a window (`over`)".to_owned(), at));
        }
        let odd = function.null_treatment.is_some()
            || !matches!(function.parameters, sql::FunctionArguments::None);
        let mut form = plain(name, at.clone(), Vec::new());
        let sql::FunctionArguments::List(list) = &function.args else {
            return Ok(call(form, at));
        };
        if odd || ordered_oddly(&function.within_group) || !list.clauses.is_empty() {
            return Ok(outside(format!("this form of `{}`", form.name), at));
        }
        form.distinct = matches!(list.duplicate_treatment, Some(sql::DuplicateTreatment::Distinct));
        for arg in &list.args {
            match arg {
                sql::FunctionArg::Unnamed(sql::FunctionArgExpr::Expr(e)) => {
                    form.args.push(self.expr(e, depth + 1)?);
                }
                sql::FunctionArg::Unnamed(sql::FunctionArgExpr::Wildcard) => form.star = true,
                _ => return Ok(outside("a named argument".to_owned(), at)),
            }
        }
        let boxed = |e: &Expr| self.expr(e, depth + 1).map(Box::new);
        form.filter = function.filter.as_deref().map(boxed).transpose()?;
        form.within = function.within_group.first().map(|k| boxed(&k.expr)).transpose()?;
        Ok(call(form, at))
    }

    fn name(&self, idents: &[sql::Ident]) -> Ast {
        let word = |i: &sql::Ident| Word {
            quoted: i.quote_style.is_some(),
            at: range(&self.places, i.span),
            text: i.value.clone(),
        };
        let words: Vec<Word> = idents.iter().map(word).collect();
        let at = words.iter().map(|w| w.at.clone()).reduce(|a, b| join(&a, &b)).unwrap_or(0..0);
        make(Kind::Name(words), (at, 0))
    }

    fn value(&self, value: &sql::ValueWithSpan) -> Ast {
        let at = range(&self.places, value.span);
        let kind = match &value.value {
            sql::Value::Number(digits, _) => Kind::Number(digits.clone()),
            sql::Value::SingleQuotedString(text) => Kind::Text(text.clone()),
            sql::Value::Boolean(truth) => Kind::Bool(*truth),
            sql::Value::Null => Kind::Null,
            sql::Value::Placeholder(_) => Kind::Outside("a placeholder".to_owned()),
            _ => Kind::Outside("this form of literal".to_owned()),
        };
        make(kind, (at, 0))
    }

    fn typed(&self, typed: &sql::TypedString) -> Ast {
        let word = typed.data_type.to_string().to_lowercase();
        let value = self.value(&typed.value);
        match value.kind {
            Kind::Text(text) => make(Kind::Typed(word, text), (value.at, 0)),
            _ => outside(format!("`{word}` before this"), value.at),
        }
    }

    fn outside(&self, expr: &Expr) -> Ast {
        outside(describe(expr).to_owned(), self.first(expr))
    }

    /// The first name or literal of a form. The parser's own way to a place walks the whole tree,
    /// deeply.
    fn first(&self, mut expr: &Expr) -> Range<usize> {
        loop {
            expr = match expr {
                Expr::BinaryOp { left, .. } => left,
                Expr::Nested(inner)
                | Expr::IsTrue(inner)
                | Expr::IsNotTrue(inner)
                | Expr::IsFalse(inner)
                | Expr::IsNotFalse(inner)
                | Expr::IsNull(inner)
                | Expr::IsNotNull(inner) => inner,
                Expr::Cast { expr, .. }
                | Expr::Like { expr, .. }
                | Expr::ILike { expr, .. }
                | Expr::SimilarTo { expr, .. }
                | Expr::RLike { expr, .. }
                | Expr::Trim { expr, .. }
                | Expr::InList { expr, .. }
                | Expr::InSubquery { expr, .. }
                | Expr::UnaryOp { expr, .. } => expr,
                Expr::Identifier(ident) => return range(&self.places, ident.span),
                Expr::CompoundIdentifier(parts) => return self.name(parts).at,
                Expr::Value(value) => return range(&self.places, value.span),
                Expr::Function(function) => return range(&self.places, function.name.span()),
                _ => return range(&self.places, tokenizer::Span::empty()),
            };
        }
    }
}

enum Sign {
    Junction(Junction),
    Binary(Binary),
}

fn operator(op: &sql::BinaryOperator) -> Option<Sign> {
    use sql::BinaryOperator as Op;
    let binary = match op {
        Op::And => return Some(Sign::Junction(Junction::And)),
        Op::Or => return Some(Sign::Junction(Junction::Or)),
        Op::Plus => Binary::Add,
        Op::Minus => Binary::Subtract,
        Op::Multiply => Binary::Multiply,
        Op::Divide => Binary::Divide,
        Op::Eq => Binary::Equal,
        Op::NotEq => Binary::NotEqual,
        Op::Lt => Binary::Less,
        Op::LtEq => Binary::LessOrEqual,
        Op::Gt => Binary::Greater,
        Op::GtEq => Binary::GreaterOrEqual,
        _ => return None,
    };
    Some(Sign::Binary(binary))
}

/// Whether there is more to `within group` than one key from small to large.
fn ordered_oddly(keys: &[sql::OrderByExpr]) -> bool {
    let odd = |k: &sql::OrderByExpr| {
        k.with_fill.is_some()
            || k.options.nulls_first.is_some()
            || !matches!(k.options.sort, None | Some(sql::OrderBySort::Asc))
    };
    keys.len() > 1 || keys.iter().any(odd)
}

fn describe(expr: &Expr) -> &'static str {
    match expr {
        Expr::IsTrue(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNotFalse(_) => {
            "`is true` or `is false`"
        }
        Expr::ILike { .. } => "`ilike`",
        Expr::SimilarTo { .. } | Expr::RLike { .. } => "a regular expression",
        Expr::InSubquery { .. } | Expr::Exists { .. } | Expr::Subquery(_) => "a query",
        Expr::Cast { .. } | Expr::Convert { .. } => "this form of cast",
        Expr::Interval(_) => "`interval`",
        Expr::Like { .. } => "this form of `like`",
        Expr::Tuple(_) => "a list in parentheses",
        Expr::Trim { .. } => "this form of `trim`",
        _ => "this form",
    }
}

/// Every word that means something in some SQL, in lower case.
#[cfg(test)]
pub(super) fn keywords() -> Vec<String> {
    sqlparser::keywords::ALL_KEYWORDS.iter().map(|word| word.to_lowercase()).collect()
}
