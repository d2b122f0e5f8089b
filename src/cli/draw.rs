//! Diagnostics as text: headline and code, place, the line with a marker, next steps, a closing line.
//!
//! Owns the layout, which is one for terminals and pipes; colour comes on top. Whatever a file or a flag
//! said is made harmless before it reaches a terminal.

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Message, Origin, Renderer, Snippet,
};

use crate::diag::{Diagnostic, Fault};
use crate::text::{Place, Source, Sources, Span};

/// Every diagnostic once, warnings first, each kind in order of place; then the closing line.
pub(crate) fn diagnostics(sources: &Sources, list: &[Diagnostic]) -> String {
    let mut sorted: Vec<&Diagnostic> = list.iter().collect();
    sorted.sort_by_key(|d| (d.is_error(), place_key(sources, d.place.as_ref())));
    sorted.dedup();
    let mut text = String::new();
    for diagnostic in &sorted {
        text.push_str(&one(sources, diagnostic));
        text.push_str("\n\n");
    }
    if let Some(line) = closing(&sorted) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The machine's failure, in the layout of a diagnostic.
pub(crate) fn fault(fault: &Fault) -> String {
    let title = Level::ERROR.primary_title(harmless(&format!("failed {fault}"))).id("io");
    let help = fault.help.iter().map(|help| Level::HELP.message(harmless(help)));
    format!("{}\n", Renderer::styled().render(&[Group::with_title(title).elements(help)]))
}

/// "3 mistakes, 1 warning"; none where there is nothing to count.
fn closing(list: &[&Diagnostic]) -> Option<String> {
    let errors = list.iter().filter(|d| d.is_error()).count();
    let parts = [(errors, "mistake"), (list.len() - errors, "warning")];
    let words: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}{}", if *n == 1 { "" } else { "s" }))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Files by name, then by position; cells by row; what has no place comes last.
fn place_key(sources: &Sources, place: Option<&Place>) -> (u8, String, u64, u64) {
    match place {
        Some(Place::Flag(name)) => (0, name.to_string(), 0, 0),
        Some(Place::File(name)) => (1, name.to_string(), 0, 0),
        Some(Place::Text(span)) => {
            let name = sources.get(span.source).map_or(String::new(), |s| s.name.to_string());
            (1, name, span.start.into(), span.end.into())
        }
        Some(Place::Cell(cell)) => {
            let sheet = cell.sheet.as_deref().unwrap_or_default();
            (2, format!("{}!{sheet}", cell.file), cell.row, cell.column.into())
        }
        None => (3, String::new(), 0, 0),
    }
}

fn one(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = if diagnostic.is_error() { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(harmless(&diagnostic.headline)).id(diagnostic.code);
    let mut elements: Vec<Element<'_>> = Vec::new();
    if let Some(place) = &diagnostic.place {
        elements.extend(at(sources, place, &diagnostic.label, AnnotationKind::Primary));
    }
    for (place, label) in &diagnostic.others {
        elements.extend(at(sources, place, label, AnnotationKind::Context));
    }
    for help in &diagnostic.help {
        elements.push(Level::HELP.message(harmless(help)).into());
    }
    Renderer::styled().render(&[Group::with_title(title).elements(elements)])
}

/// A place: the line with a marker where there is a text, else its name.
fn at<'a>(sources: &Sources, place: &Place, label: &str, kind: AnnotationKind) -> Vec<Element<'a>> {
    if let Place::Text(span) = place
        && let Some(source) = sources.get(span.source)
    {
        return vec![marked(source, *span, label, kind).into()];
    }
    let mut elements: Vec<Element<'_>> =
        vec![Origin::path(harmless(&sources.describe(place))).into()];
    if !label.is_empty() {
        let note: Message<'_> = Level::NOTE.message(harmless(label));
        elements.push(note.into());
    }
    elements
}

fn marked<'a>(
    source: &Source,
    span: Span,
    label: &str,
    kind: AnnotationKind,
) -> Snippet<'a, Annotation<'a>> {
    let range = first_line(&source.text, span);
    let mut annotation = kind.span(range);
    if !label.is_empty() {
        annotation = annotation.label(harmless(label));
    }
    Snippet::source(harmless_source(&source.text))
        .path(harmless(&source.name))
        .annotation(annotation)
}

/// The part of a span on its first line: a marker under twenty lines marks nothing.
fn first_line(text: &str, span: Span) -> std::ops::Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start as usize);
    let end = floor(span.end as usize).max(start);
    let line_end = text[start..end].find('\n').map_or(end, |at| start + at);
    start..start + text[start..line_end].trim_end().len()
}

/// A text from outside without what would move the cursor or turn the reading direction.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if !matches!(c, '\n' | '\t') && steers(c) { '\u{FFFD}' } else { c })
        .collect()
}

/// The same for a source, where every byte must keep its place.
fn harmless_source(text: &str) -> String {
    let same_length = |c: char| match c {
        // The renderer shows these as pictures of their own.
        '\n' | '\t' | '\r' => c,
        c if !steers(c) => c,
        c => match c.len_utf8() {
            1 => '?',
            2 => '¿',
            _ => '\u{FFFD}',
        },
    };
    text.chars().map(same_length).collect()
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{CellPlace, SourceId};

    fn plain(sources: &Sources, list: &[Diagnostic]) -> String {
        anstream::adapter::strip_str(&diagnostics(sources, list)).to_string()
    }

    fn span(start: u32, end: u32) -> Place {
        Place::Text(Span { source: SourceId(0), start, end })
    }

    #[test]
    fn a_mistake_shows_its_line_with_a_marker() {
        let mut sources = Sources::default();
        sources.add("milepost.toml", "[project]\ncurency = \"EUR\"\nname = \"x\"\n");
        let mistake = Diagnostic::author("unknown-key", "`curency` is not a key of `project`")
            .at(span(10, 17))
            .label("not known")
            .also(span(0, 9), "this table")
            .help("remove it")
            .near(Some("currency"));
        let text = plain(&sources, &[mistake]);
        assert_eq!(
            text,
            "\
error[unknown-key]: `curency` is not a key of `project`
 --> milepost.toml:2:1
  |
2 | curency = \"EUR\"
  | ^^^^^^^ not known
  |
 ::: milepost.toml:1:1
  |
1 | [project]
  | --------- this table
  |
  = help: remove it
  = help: did you mean `currency`?

1 mistake
"
        );
    }

    #[test]
    fn a_cell_has_a_place_without_a_line() {
        let place = CellPlace { file: "deals.csv".into(), sheet: None, row: 14, column: 2 };
        let list = [
            Diagnostic::data("bad-cell", "not a number").at(Place::Cell(place)),
            Diagnostic::warning("unused", "nothing uses it"),
        ];
        let text = plain(&Sources::default(), &list);
        assert!(text.starts_with("warning[unused]: nothing uses it\n\n"), "{text}");
        assert!(text.contains("--> deals.csv!B14\n"), "{text}");
        assert!(text.ends_with("\n1 mistake, 1 warning\n"), "{text}");
    }

    #[test]
    fn text_from_outside_cannot_steer_the_terminal() {
        let bad = "a\u{1b}[2Jb\u{202e}c\u{9b}d\u{200f}e";
        let mut sources = Sources::default();
        sources.add(bad, format!("x = \"{bad}\"\n"));
        let mistake = Diagnostic::author("x", bad).at(span(0, 1)).label(bad).help(bad);
        let text = diagnostics(&sources, &[mistake]);
        for steering in ["\u{1b}[2J", "\u{202e}", "\u{9b}", "\u{200f}"] {
            assert!(!text.contains(steering), "{text:?}");
        }
    }

    #[test]
    fn spans_out_of_the_text_are_drawn_too() {
        let mut sources = Sources::default();
        sources.add("a.toml", "é = 1\n[x]\ny = 2\n");
        for (start, end) in [(1, 2), (3, 900), (900, 901), (0, 0), (5, 2), (16, 16)] {
            let mistake = Diagnostic::author("x", "bad").at(span(start, end));
            assert!(plain(&sources, &[mistake]).contains("a.toml"));
        }
    }

    #[test]
    fn only_the_first_line_of_a_long_span_is_marked() {
        let text = "[x]  \ny = 2\n";
        assert_eq!(first_line(text, Span { source: SourceId(0), start: 0, end: 11 }), 0..3);
    }
}
