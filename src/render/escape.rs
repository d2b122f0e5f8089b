//! Data into Markdown and HTML: whatever a name holds, it stays a name.

/// A text inside HTML, in elements and quoted attributes.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A text inside Markdown: in a paragraph, a heading, a list or a table's cell. Blanks at its ends would make marks
/// of emphasis around it mean nothing.
pub(super) fn markdown(text: &str) -> String {
    let chars: Vec<char> = flat(text).trim().chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in chars.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let after = chars.get(at + 1).copied();
        if wants_escape(c, before, after, starts_block(&chars, at)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn wants_escape(c: char, before: Option<char>, after: Option<char>, starts: bool) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' => true,
        '_' => !(word(before) && word(after)),
        '&' => after.is_some_and(|a| a.is_ascii_alphabetic() || a == '#'),
        _ => starts,
    }
}

/// Whether the character would begin a heading, list, rule or setext line if the text began a line.
fn starts_block(chars: &[char], at: usize) -> bool {
    match chars[at] {
        '#' | '+' | '-' | '=' => chars[..at].iter().all(|c| *c == chars[at]),
        '.' | ')' => {
            at > 0
                && chars[..at].iter().all(char::is_ascii_digit)
                && chars.get(at + 1).is_none_or(|c| c.is_whitespace())
        }
        _ => false,
    }
}

/// A Markdown code span that holds whatever the text holds.
pub(super) fn markdown_code(text: &str) -> String {
    let text = flat(text).replace('|', "\\|");
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let pad =
        if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// One line without control and direction characters.
fn flat(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_hidden(*c));
    shown.map(|c| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c }).collect()
}

/// Control characters, and those that turn the reading direction of what follows.
fn is_hidden(c: char) -> bool {
    let turns =
        matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    turns || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::prose;

    const NASTY: [&str; 12] = [
        "a | b\nc",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "`code` *bold* _it_ ~~no~~",
        "# head",
        "- item",
        "1. item",
        "&lt;b&gt;",
        "back\\slash \\| pipe",
        "===",
        "![i](x)",
        "paid_search 18.4% C++ a-b",
    ];

    #[test]
    fn data_survives_markdown_as_it_is() {
        for text in NASTY {
            let rendered = prose::html(&format!("{}\n", markdown(text)));
            let want = format!("<p>{}</p>\n", html(&flat(text)).replace("&#39;", "'"));
            assert_eq!(rendered, want, "{text}");
        }
    }

    #[test]
    fn data_cannot_leave_a_tables_cell() {
        for text in NASTY {
            let table = format!("| h | i |\n|---|---|\n| {} | end |\n", markdown(text));
            let rendered = prose::html(&table);
            assert_eq!(rendered.matches("<td").count(), 2, "{text}: {rendered}");
            assert!(rendered.contains("<td>end</td>"), "{text}: {rendered}");
        }
    }

    #[test]
    fn ordinary_names_stay_readable() {
        assert_eq!(markdown("paid_search 18.4% C++ a-b (x)."), "paid_search 18.4% C++ a-b (x).");
        assert_eq!(markdown_code("a``b"), "```a``b```");
        assert_eq!(html("</b>\u{202e}\"'"), "&lt;/b&gt;&quot;&#39;");
    }
}
