//! JSON with numbers as exact literals and keys in the order given.

use std::borrow::Cow;
use std::fmt::Write;

use crate::view::Shown;

/// A JSON value whose numbers are already literals; it borrows from the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    /// A plain decimal literal.
    Number(String),
    /// A shown number: its literal, a date as text.
    Shown(&'a Shown),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(&'a str, Json<'a>)>),
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// An object of named parts.
pub(super) fn object<'a, const N: usize>(parts: [(&'a str, Json<'a>); N]) -> Json<'a> {
    Json::Object(parts.into())
}

pub(super) fn list<'a, T>(
    items: impl IntoIterator<Item = T>,
    one: impl Fn(T) -> Json<'a>,
) -> Json<'a> {
    Json::List(items.into_iter().map(one).collect())
}

pub(super) fn text(text: &str) -> Json<'_> {
    Json::Text(text.into())
}

/// A text, or null where there is none.
pub(super) fn maybe(text: Option<&str>) -> Json<'_> {
    text.map_or(Json::Null, self::text)
}

pub(super) fn texts(items: &[String]) -> Json<'_> {
    list(items, |item| text(item))
}

pub(super) fn number<'a>(n: impl ToString) -> Json<'a> {
    Json::Number(n.to_string())
}

/// The raw literal of a shown number; a date as text.
pub(super) fn raw(shown: &Shown) -> Json<'_> {
    Json::Shown(shown)
}

impl Json<'_> {
    /// Two spaces a level; a final line end. Objects without lists or objects inside stand on one line.
    pub(super) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    fn is_flat(&self) -> bool {
        match self {
            Self::List(items) => {
                items.iter().all(|i| !matches!(i, Self::List(_) | Self::Object(_)))
            }
            Self::Object(parts) => {
                parts.len() <= 4
                    && parts.iter().all(|(_, v)| !matches!(v, Self::List(_) | Self::Object(_)))
            }
            _ => true,
        }
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::Number(literal) => out.push_str(literal),
            Self::Shown(shown) => {
                let start = out.len();
                match shown.write_raw(out) {
                    None => out.push_str("null"),
                    Some(true) => {}
                    Some(false) => {
                        let literal = out.split_off(start);
                        quote(out, &literal);
                    }
                }
            }
            Self::Text(text) => quote(out, text),
            Self::List(items) => {
                let write = |item: &Self, out: &mut String| item.write(out, depth + 1);
                wrap(out, ('[', ']'), items, self.is_flat(), depth, write);
            }
            Self::Object(parts) => {
                let write = |(key, value): &(&str, Self), out: &mut String| {
                    quote(out, key);
                    out.push_str(": ");
                    value.write(out, depth + 1);
                };
                wrap(out, ('{', '}'), parts, self.is_flat(), depth, write);
            }
        }
    }
}

/// An object whose last part is a long list: each entry is written and dropped before the next is made.
pub(super) fn pretty_list<'a>(
    parts: &[(&str, Json<'_>)],
    name: &str,
    items: impl Iterator<Item = Json<'a>>,
) -> String {
    let mut out = String::from("{");
    for (key, value) in parts {
        out.push_str("\n  ");
        quote(&mut out, key);
        out.push_str(": ");
        value.write(&mut out, 1);
        out.push(',');
    }
    out.push_str("\n  ");
    quote(&mut out, name);
    out.push_str(": [");
    let start = out.len();
    for item in items {
        out.push_str(if out.len() > start { ",\n    " } else { "\n    " });
        item.write(&mut out, 2);
    }
    out.push_str(if out.len() > start { "\n  ]\n}\n" } else { "]\n}\n" });
    out
}

fn wrap<T>(
    out: &mut String,
    (open, close): (char, char),
    items: &[T],
    flat: bool,
    depth: usize,
    write: impl Fn(&T, &mut String),
) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(if flat { ", " } else { "," });
        }
        if !flat {
            line(out, depth + 1);
        }
        write(item, out);
    }
    if !flat {
        line(out, depth);
    }
    out.push(close);
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    if !text.bytes().any(|b| matches!(b, b'"' | b'\\' | 0..b' ' | 0x7f..)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Currency, Day, Decimal, Unit, Value};
    use crate::view;

    #[test]
    fn what_is_written_reads_back_with_every_digit() {
        let big = "123456789012345678901234567890.10";
        let exact = Value::Number(Decimal::parse(big).unwrap());
        let shown = view::shown(&exact, &Unit::Money(Currency::new("EUR").unwrap()));
        let nasty = "a\"b\\c\n\u{1}\u{7f}é";
        let json = object([("n", raw(&shown)), ("t", text(nasty)), ("e", Json::List(vec![]))]);
        let written = json.pretty();
        assert!(written.contains(&format!("\"n\": {big}")), "{written}");
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["t"], nasty);
        assert_eq!(read["e"], serde_json::json!([]));
    }

    #[test]
    fn a_long_list_is_written_as_any_other() {
        for count in [0, 1, 3] {
            let items =
                || (0..count).map(|n| object([("n", number(n)), ("l", Json::List(vec![]))]));
            let whole = object([("a", text("b")), ("items", Json::List(items().collect()))]);
            assert_eq!(pretty_list(&[("a", text("b"))], "items", items()), whole.pretty());
        }
    }

    #[test]
    fn a_date_is_text() {
        let shown = view::shown(&Value::Date(Day::parse("2026-10-31").unwrap()), &Unit::Number);
        assert_eq!(raw(&shown).pretty(), "\"2026-10-31\"\n");
    }
}
