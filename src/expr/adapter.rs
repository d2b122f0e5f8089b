//! From SQL text to the untyped tree: the only file that knows the SQL parser.
//!
//! Keeps the parser inside bounds (length, nesting, end of input) and its places true. What the language does
//! not have is not an error here: it becomes [`Kind::Outside`], so that typing reports it beside the rest.

use std::ops::Range;

use sqlparser::ast::{self as sql, Expr, Spanned};
use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{self, Token, TokenWithSpan, Tokenizer};

use super::ast::{
    Ast, Binary, Case, Junction, Kind, Word, call, chain, is_null, join, make, negate, not,
    outside, parts, plain,
};
use super::places::{MAX_BYTES, MAX_DEPTH, Places, Trouble};

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
    let mut parser =
        Parser::new(&Rules).with_recursion_limit(MAX_DEPTH + 1).with_tokens_with_locations(tokens);
    let tree = parser.parse_expr().map_err(|e| trouble(&places, &e))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let expected = Some("the end of the expression".to_owned());
        drop_spine(tree);
        return Err(Trouble::Syntax { at: range(&places, next.span), expected });
    }
    Reader { places }.expr(tree, 0)
}

/// What the parser would let pass or pay too much for, seen on the tokens.
fn check_tokens(places: &Places<'_>, tokens: &[TokenWithSpan]) -> Result<(), Trouble> {
    let solid: Vec<&TokenWithSpan> =
        tokens.iter().filter(|t| !matches!(t.token, Token::Whitespace(_))).collect();
    let mut depth = 0usize;
    for (i, token) in solid.iter().enumerate() {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Word(w) if w.keyword == Keyword::SELECT => {
                return Err(Trouble::Outside {
                    at: range(places, token.span),
                    what: "a query (`select`)".to_owned(),
                });
            }
            // `count(*) filter` without its condition is read as `count(*)`.
            Token::Word(w) if w.keyword == Keyword::FILTER && i > 0 => {
                let whole = solid.get(i + 1).is_some_and(|t| t.token == Token::LParen)
                    && solid.get(i + 2).is_some_and(|t| is_word(&t.token, Keyword::WHERE));
                if solid[i - 1].token == Token::RParen && !whole {
                    let expected = Some("`filter (where …)`".to_owned());
                    return Err(Trouble::Syntax { at: range(places, token.span), expected });
                }
            }
            _ => {}
        }
        if depth > MAX_DEPTH / 2 {
            return Err(Trouble::TooDeep);
        }
    }
    Ok(())
}

fn is_word(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(w) if w.keyword == keyword)
}

/// Takes a tree apart along its left spine, so that dropping it needs no deep stack.
fn drop_spine(mut tree: Expr) {
    while let Expr::BinaryOp { left, .. } = tree {
        tree = *left;
    }
}

/// The smallest dialect: what SQL's dialects add stays off.
#[derive(Debug)]
struct Rules;

impl Dialect for Rules {
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"'
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    /// These begin a form and are no names: else a mistake inside the form is told of the word after it.
    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        matches!(keyword, Keyword::NOT | Keyword::CASE | Keyword::CAST | Keyword::EXTRACT)
    }
}

/// The bytes of a place that the parser kept; the whole text where it kept none.
fn range(places: &Places<'_>, span: tokenizer::Span) -> Range<usize> {
    places.range((span.start.line, span.start.column), (span.end.line, span.end.column))
}

fn trouble(places: &Places<'_>, error: &ParserError) -> Trouble {
    match error {
        ParserError::RecursionLimitExceeded => Trouble::TooDeep,
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
            places.stopped(message)
        }
    }
}

/// Walks the parser's tree.
struct Reader<'a> {
    places: Places<'a>,
}

type Read<T = Ast> = Result<T, Trouble>;

impl Reader<'_> {
    fn expr(&self, expr: Expr, depth: usize) -> Read {
        if depth > MAX_DEPTH {
            drop_spine(expr);
            return Err(Trouble::TooDeep);
        }
        let next = |e: Box<Expr>| self.expr(*e, depth + 1);
        match expr {
            Expr::BinaryOp { .. } => self.spine(expr, depth),
            Expr::Nested(inner) => next(inner),
            Expr::Identifier(ident) => self.name(vec![ident]),
            Expr::CompoundIdentifier(parts) => self.name(parts),
            Expr::Value(value) => Ok(self.value(value)),
            Expr::TypedString(typed) => Ok(self.typed(typed)),
            Expr::UnaryOp { op, expr } => self.unary(op, *expr, depth),
            Expr::IsNull(inner) => Ok(is_null(next(inner)?)),
            Expr::IsNotNull(inner) => Ok(not(is_null(next(inner)?))),
            Expr::InList { expr, list, negated } => {
                let (value, list) = (next(expr)?, self.list(list, depth)?);
                let parts = parts(std::iter::once(&value).chain(&list));
                Ok(negate(make(Kind::In(Box::new(value), list), parts), negated))
            }
            Expr::Between { expr, negated, low, high } => {
                let all = [next(expr)?, next(low)?, next(high)?];
                let parts = parts(&all);
                Ok(negate(make(Kind::Between(Box::new(all)), parts), negated))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let (value, pattern) = (next(expr)?, next(pattern)?);
                let parts = parts([&value, &pattern]);
                Ok(negate(make(Kind::Like(Box::new(value), Box::new(pattern)), parts), negated))
            }
            Expr::Case { case_token, end_token, operand, conditions, else_result } => {
                let at = join(
                    &range(&self.places, case_token.0.span),
                    &range(&self.places, end_token.0.span),
                );
                let operand = operand.map(next).transpose()?;
                let otherwise = else_result.map(next).transpose()?;
                self.case(at, operand, conditions, otherwise, depth)
            }
            Expr::Cast { kind: sql::CastKind::Cast, expr, data_type, format: None } => {
                let inner = next(expr)?;
                let parts = parts([&inner]);
                let word = data_type.to_string().to_lowercase();
                Ok(make(Kind::Cast(Box::new(inner), word), parts))
            }
            Expr::Extract { field, expr, .. } => {
                let inner = next(expr)?;
                let parts = parts([&inner]);
                let word = field.to_string().to_lowercase();
                Ok(make(Kind::Extract(word, Box::new(inner)), parts))
            }
            other => self.call_form(other, depth),
        }
    }

    /// A left-deep run of operators, taken apart without recursion.
    fn spine(&self, expr: Expr, depth: usize) -> Read {
        let mut rights = Vec::new();
        let mut first = expr;
        while let Expr::BinaryOp { left, op, right } = first {
            rights.push((op, right));
            first = *left;
        }
        let mut tree = self.expr(first, depth + 1)?;
        for (op, right) in rights.into_iter().rev() {
            let right = self.expr(*right, depth + 1)?;
            tree = match operator(&op) {
                Some(Sign::Junction(junction)) => chain(junction, tree, right),
                Some(Sign::Binary(binary)) => {
                    let parts = parts([&tree, &right]);
                    make(Kind::Binary(binary, Box::new(tree), Box::new(right)), parts)
                }
                None => outside(format!("`{}`", op.to_string().to_lowercase()), {
                    join(&tree.at, &right.at)
                }),
            };
            if tree.height > MAX_DEPTH {
                return Err(Trouble::TooDeep);
            }
        }
        Ok(tree)
    }

    fn unary(&self, op: sql::UnaryOperator, expr: Expr, depth: usize) -> Read {
        let inner = self.expr(expr, depth + 1)?;
        let parts = parts([&inner]);
        Ok(match op {
            sql::UnaryOperator::Not => not(inner),
            sql::UnaryOperator::Minus => make(Kind::Negate(Box::new(inner)), parts),
            sql::UnaryOperator::Plus => inner,
            other => outside(format!("`{other}`"), inner.at),
        })
    }

    fn case(
        &self,
        at: Range<usize>,
        operand: Option<Ast>,
        conditions: Vec<sql::CaseWhen>,
        otherwise: Option<Ast>,
        depth: usize,
    ) -> Read {
        let branches = conditions
            .into_iter()
            .map(|c| Ok((self.expr(c.condition, depth + 1)?, self.expr(c.result, depth + 1)?)))
            .collect::<Read<Vec<_>>>()?;
        let all = operand.iter().chain(&otherwise);
        let (_, height) = parts(all.chain(branches.iter().flat_map(|(c, r)| [c, r])));
        Ok(make(Kind::Case(Box::new(Case { operand, branches, otherwise })), (at, height)))
    }

    fn list(&self, list: Vec<Expr>, depth: usize) -> Read<Vec<Ast>> {
        list.into_iter().map(|e| self.expr(e, depth + 1)).collect()
    }

    /// Functions, and what the parser treats as a form of its own although it is one.
    fn call_form(&self, expr: Expr, depth: usize) -> Read {
        let at = range(&self.places, expr.span());
        match expr {
            Expr::Function(function) => self.function(function, depth),
            Expr::Substring { expr, substring_from, substring_for, shorthand, .. } => {
                let name = if shorthand { "substr" } else { "substring" };
                let args = [Some(expr), substring_from, substring_for];
                self.plain_call(name, at, args.into_iter().flatten(), depth)
            }
            Expr::Trim { expr, trim_where: None, trim_what: None, trim_characters: None } => {
                self.plain_call("trim", at, [expr], depth)
            }
            Expr::Ceil { expr, .. } => self.plain_call("ceil", at, [expr], depth),
            Expr::Floor { expr, .. } => self.plain_call("floor", at, [expr], depth),
            other => Ok(outside(describe(&other).to_owned(), at)),
        }
    }

    fn plain_call(
        &self,
        name: &str,
        at: Range<usize>,
        args: impl IntoIterator<Item = Box<Expr>>,
        depth: usize,
    ) -> Read {
        let args = args.into_iter().map(|e| self.expr(*e, depth + 1)).collect::<Read<Vec<_>>>()?;
        Ok(call(plain(name.to_owned(), at.clone(), args), at))
    }

    fn function(&self, function: sql::Function, depth: usize) -> Read {
        let at = range(&self.places, function.name.span());
        let name = function.name.to_string().to_lowercase();
        if function.over.is_some() {
            return Ok(outside("a window (`over`)".to_owned(), at));
        }
        let odd = function.null_treatment.is_some()
            || !matches!(function.parameters, sql::FunctionArguments::None);
        let sql::FunctionArguments::List(list) = function.args else {
            return Ok(call(plain(name, at.clone(), Vec::new()), at));
        };
        let (within, ordered_oddly) = order_key(function.within_group);
        if odd || ordered_oddly || !list.clauses.is_empty() {
            return Ok(outside(format!("this form of `{name}`"), at));
        }
        let mut form = plain(name, at.clone(), Vec::new());
        form.distinct = matches!(list.duplicate_treatment, Some(sql::DuplicateTreatment::Distinct));
        for arg in list.args {
            match arg {
                sql::FunctionArg::Unnamed(sql::FunctionArgExpr::Expr(e)) => {
                    form.args.push(self.expr(e, depth + 1)?);
                }
                sql::FunctionArg::Unnamed(sql::FunctionArgExpr::Wildcard) => form.star = true,
                _ => return Ok(outside("a named argument".to_owned(), at)),
            }
        }
        let boxed = |e: Expr| self.expr(e, depth + 1).map(Box::new);
        form.filter = function.filter.map(|e| boxed(*e)).transpose()?;
        form.within = within.map(boxed).transpose()?;
        Ok(call(form, at))
    }

    fn name(&self, idents: Vec<sql::Ident>) -> Read {
        let words: Vec<Word> = idents
            .into_iter()
            .map(|i| Word {
                quoted: i.quote_style.is_some(),
                at: range(&self.places, i.span),
                text: i.value,
            })
            .collect();
        let at = words.iter().map(|w| w.at.clone()).reduce(|a, b| join(&a, &b)).unwrap_or(0..0);
        Ok(make(Kind::Name(words), (at, 0)))
    }

    fn value(&self, value: sql::ValueWithSpan) -> Ast {
        let at = range(&self.places, value.span);
        let kind = match value.value {
            sql::Value::Number(digits, _) => Kind::Number(digits),
            sql::Value::SingleQuotedString(text) => Kind::Text(text),
            sql::Value::Boolean(truth) => Kind::Bool(truth),
            sql::Value::Null => Kind::Null,
            sql::Value::Placeholder(_) => Kind::Outside("a placeholder".to_owned()),
            _ => Kind::Outside("this form of literal".to_owned()),
        };
        make(kind, (at, 0))
    }

    fn typed(&self, typed: sql::TypedString) -> Ast {
        let word = typed.data_type.to_string().to_lowercase();
        let value = self.value(typed.value);
        match value.kind {
            Kind::Text(text) => make(Kind::Typed(word, text), (value.at, 0)),
            _ => outside(format!("`{word}` before this"), value.at),
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

/// The one key of `within group`, and whether there is more to it than the language has.
fn order_key(mut keys: Vec<sql::OrderByExpr>) -> (Option<Expr>, bool) {
    let odd = |k: &sql::OrderByExpr| {
        k.with_fill.is_some()
            || k.options.nulls_first.is_some()
            || !matches!(k.options.sort, None | Some(sql::OrderBySort::Asc))
    };
    let odd = keys.len() > 1 || keys.iter().any(odd);
    (keys.pop().map(|k| k.expr), odd)
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
