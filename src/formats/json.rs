//! JSON with numbers as exact literals and keys in the order given.

use std::fmt::Write;

use crate::view::Shown;

/// A JSON value whose numbers are already literals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A plain decimal literal.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// An object of named parts.
pub(super) fn object<const N: usize>(parts: [(&str, Json); N]) -> Json {
    Json::Object(parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

pub(super) fn list<T>(items: impl IntoIterator<Item = T>, one: impl Fn(T) -> Json) -> Json {
    Json::List(items.into_iter().map(one).collect())
}

pub(super) fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

/// A text, or null where there is none.
pub(super) fn maybe(text: Option<&str>) -> Json {
    text.map_or(Json::Null, self::text)
}

pub(super) fn texts(items: &[String]) -> Json {
    list(items, |item| text(item))
}

pub(super) fn number(n: impl ToString) -> Json {
    Json::Number(n.to_string())
}

/// The raw literal of a shown number; a date as text.
pub(super) fn raw(shown: &Shown) -> Json {
    match shown.raw.as_deref() {
        None => Json::Null,
        Some(raw) if crate::domain::Decimal::parse(raw).is_some() => Json::Number(raw.to_owned()),
        Some(raw) => text(raw),
    }
}

impl Json {
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
            Self::Text(text) => quote(out, text),
            Self::List(items) => {
                let write = |item: &Self, out: &mut String| item.write(out, depth + 1);
                wrap(out, ('[', ']'), items, self.is_flat(), depth, write);
            }
            Self::Object(parts) => {
                let write = |(key, value): &(String, Self), out: &mut String| {
                    quote(out, key);
                    out.push_str(": ");
                    value.write(out, depth + 1);
                };
                wrap(out, ('{', '}'), parts, self.is_flat(), depth, write);
            }
        }
    }
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

    #[test]
    fn what_is_written_reads_back_with_every_digit() {
        let big = "123456789012345678901234567890.10";
        let shown = Shown { raw: Some(big.into()), text: String::new() };
        let nasty = "a\"b\\c\n\u{1}\u{7f}é";
        let json = object([("n", raw(&shown)), ("t", text(nasty)), ("e", Json::List(vec![]))]);
        let written = json.pretty();
        assert!(written.contains(&format!("\"n\": {big}")), "{written}");
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["t"], nasty);
        assert_eq!(read["e"], serde_json::json!([]));
    }

    #[test]
    fn a_date_is_text() {
        let shown = Shown { raw: Some("2026-10-31".into()), text: String::new() };
        assert_eq!(raw(&shown), text("2026-10-31"));
    }
}
