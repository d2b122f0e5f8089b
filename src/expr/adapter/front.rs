//! In front of the parser: its dialect, what it would let pass, and its places and errors in our
//! own.

use std::ops::Range;

use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{self, Token, TokenWithSpan};

use crate::expr::places::{MAX_NESTING, Places, Trouble};

/// What the parser would let pass or pay too much for, seen on the tokens.
pub(super) fn check_tokens(places: &Places<'_>, tokens: &[TokenWithSpan]) -> Result<(), Trouble> {
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
        if depth > MAX_NESTING {
            return Err(Trouble::TooDeep);
        }
    }
    Ok(())
}

fn is_word(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(w) if w.keyword == keyword)
}

/// The smallest dialect: what SQL's dialects add stays off.
#[derive(Debug)]
pub(super) struct Rules;

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

    /// These begin a form and are no names: else a mistake inside the form is told of the word
    /// after it.
    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        matches!(keyword, Keyword::NOT | Keyword::CASE | Keyword::CAST | Keyword::EXTRACT)
    }
}

/// The bytes of a place that the parser kept; the whole text where it kept none.
pub(super) fn range(places: &Places<'_>, span: tokenizer::Span) -> Range<usize> {
    places.range((span.start.line, span.start.column), (span.end.line, span.end.column))
}

pub(super) fn trouble(places: &Places<'_>, error: &ParserError) -> Trouble {
    match error {
        ParserError::RecursionLimitExceeded => Trouble::TooDeep,
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
            places.stopped(message)
        }
    }
}
