//! Plain columns, for terminals and logs.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

pub(super) struct Cell {
    pub(super) text: String,
    pub(super) align: Align,
}

impl Cell {
    pub(super) fn left(text: String) -> Self {
        Self { text, align: Align::Left }
    }

    pub(super) fn right(text: String) -> Self {
        Self { text, align: Align::Right }
    }
}

/// A head, a rule and rows; no blanks at line ends; columns that are blank throughout are left out.
pub(super) fn draw(heads: &[Cell], rows: &[Vec<Cell>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.get(column));
        cells.map(|c| harmless(&c.text).chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| match width(at) {
            0 => 0,
            wide => wide.max(head.text.chars().count()),
        })
        .collect();
    let mut out = line(heads, &widths);
    let rule: Vec<String> = widths.iter().filter(|w| **w > 0).map(|w| "─".repeat(*w)).collect();
    out.push_str(&rule.join("  "));
    out.push('\n');
    out.extend(rows.iter().map(|row| line(row, &widths)));
    out
}

/// Rows alone, indented.
pub(super) fn rows(rows: &[Vec<Cell>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.get(column));
        cells.map(|c| harmless(&c.text).chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter().map(|row| format!("  {}", line(row, &widths))).collect()
}

fn line(cells: &[Cell], widths: &[usize]) -> String {
    let shown = cells.iter().zip(widths).filter(|(_, width)| **width > 0);
    let padded = shown.map(|(cell, width)| {
        let text = harmless(&cell.text);
        let blank = " ".repeat(width.saturating_sub(text.chars().count()));
        if cell.align == Align::Left { text + &blank } else { blank + &text }
    });
    let joined = padded.collect::<Vec<_>>().join("  ");
    format!("{}\n", joined.trim_end())
}

/// Without control characters: names come from data, and a terminal obeys escapes.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
