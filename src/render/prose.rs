//! Markdown that authors of rules write: raw HTML becomes text, links keep to known schemes.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::escape;

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// The prose as HTML.
pub(super) fn html(text: &str) -> String {
    let events = harmless(parser(text));
    let mut out = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut out, events.into_iter());
    out
}

/// The events without raw HTML, without images, and with links of known schemes only.
fn harmless<'a>(parser: Parser<'a>) -> Vec<Event<'a>> {
    let mut kept = Vec::new();
    let mut dropped = Vec::new();
    for event in parser {
        match event {
            // A block of HTML becomes a paragraph of its source.
            Event::Start(Tag::HtmlBlock) => kept.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => kept.push(Event::End(TagEnd::Paragraph)),
            Event::Html(raw) | Event::InlineHtml(raw) => kept.push(Event::Text(raw)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let keep = is_allowed(&dest_url, link_type);
                dropped.push(!keep);
                if keep {
                    kept.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if dropped.pop() == Some(false) {
                    kept.push(Event::End(TagEnd::Link));
                }
            }
            // Nothing is fetched: of an image the alternative text stays.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => kept.push(other),
        }
    }
    kept
}

/// http, https, mailto, or relative.
fn is_allowed(url: &CowStr<'_>, link: LinkType) -> bool {
    if link == LinkType::Email {
        return true;
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or("");
    match head.split_once(':') {
        None => !url.starts_with("//") && !url.contains(char::is_control),
        Some((scheme, _)) => {
            ["http", "https", "mailto"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
        }
    }
}

/// Whether a link that data carries may be followed: an absolute address of a known scheme.
pub(super) fn is_link(url: &str) -> bool {
    let head = url.split(['/', '?', '#']).next().unwrap_or("");
    head.contains(':') && is_allowed(&CowStr::from(url), LinkType::Inline)
}

/// The prose as Markdown again, for a list item or a paragraph at an indent: what the HTML would drop is
/// escaped here.
pub(super) fn markdown(text: &str, indent: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (event, range) in parser(text).into_offset_iter() {
        let strange = match &event {
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => true,
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                !is_allowed(dest_url, *link_type)
            }
            _ => false,
        };
        if strange && range.start >= done {
            out.push_str(&text[done..range.start]);
            let source = &text[range.clone()];
            let ends_line = source.ends_with('\n');
            out.push_str(&escape::markdown(source.trim_end_matches('\n')));
            if ends_line {
                out.push('\n');
            }
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    let pad = " ".repeat(indent);
    let lines = out.trim().lines().enumerate().map(|(at, line)| {
        if at == 0 || line.trim().is_empty() { line.to_owned() } else { format!("{pad}{line}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "Do *this*, see [docs](https://example.org/a).\n\n\
        <script>alert(1)</script>\n\n\
        A <b onclick=x>word</b>, [bad](javascript:alert(1)), [data](data:text/html,x), \
        ![i](https://example.org/pixel.png), <javascript:alert(1)>, [up](../other.md).\n";

    #[test]
    fn raw_html_bad_links_and_images_are_only_text() {
        for rendered in [html(PROSE), html(&markdown(PROSE, 0))] {
            assert!(rendered.contains("<em>this</em>"), "{rendered}");
            assert!(rendered.contains("<a href=\"https://example.org/a\">docs</a>"), "{rendered}");
            assert!(rendered.contains("<a href=\"../other.md\">up</a>"), "{rendered}");
            for banned in ["<script", "<b ", "href=\"javascript", "href=\"data", "<img"] {
                assert!(!rendered.contains(banned), "{banned} in {rendered}");
            }
        }
    }

    #[test]
    fn lines_after_the_first_are_indented() {
        assert_eq!(markdown("one\ntwo\n\n- three\n", 2), "one\n  two\n\n  - three");
    }

    #[test]
    fn only_known_schemes_are_links() {
        assert!(is_link("https://example.org") && is_link("mailto:a@example.org"));
        assert!(!is_link("javascript:alert(1)") && !is_link("JaVaScript:x") && !is_link("a/b"));
        assert!(!is_link("/a:b") && !is_link("?a:b") && !is_link("a/b:c") && !is_link("#:"));
    }
}
