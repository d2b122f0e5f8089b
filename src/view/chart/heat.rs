//! Shares by category and level: the darker, the more is done.

use serde::Serialize;

use super::{Label, at, nth, wrapped};
use crate::domain::Decimal;

const NAME: f64 = 206.0;
const CELL: f64 = 84.0;
const ROW: f64 = 30.0;
const HEAD: f64 = 30.0;
/// Characters of a name in one line.
const CHARS: usize = 27;

/// A grid of shaded cells.
#[derive(Debug, Clone, Serialize)]
pub struct HeatView {
    pub width: String,
    pub height: String,
    pub heads: Vec<Label>,
    pub names: Vec<Label>,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// `none` where nothing is known, else `s0` to `s4`: nothing, up to a third, up to two thirds, more, all.
    pub shade: &'static str,
    pub label: Label,
}

/// What one cell says; none where there is nothing to say.
pub(crate) struct Shade {
    pub(crate) share: Option<Decimal>,
    pub(crate) text: String,
}

/// The drawing of rows with one cell for each head.
pub(crate) fn heat(heads: &[String], rows: &[(String, Vec<Option<Shade>>)]) -> HeatView {
    let middle = |column: usize| NAME + CELL * (nth(column) + 0.5);
    let top = |row: usize| HEAD + ROW * nth(row);
    let head = |(column, text): (usize, &String)| Label {
        x: at(middle(column)),
        y: at(HEAD - 12.0),
        text: text.clone(),
    };
    let (mut names, mut cells) = (Vec::new(), Vec::new());
    for (row, (name, shades)) in rows.iter().enumerate() {
        let lines = wrapped(name, CHARS);
        let first = top(row) + ROW / 2.0 + 4.0 - 7.0 * nth(lines.len().clamp(1, 2) - 1);
        for (line, text) in lines.into_iter().take(2).enumerate() {
            names.push(Label { x: at(NAME - 12.0), y: at(first + 14.0 * nth(line)), text });
        }
        for (column, shade) in shades.iter().enumerate() {
            let Some(shade) = shade else { continue };
            cells.push(Cell {
                x: at(middle(column) - CELL / 2.0 + 2.0),
                y: at(top(row) + 2.0),
                width: at(CELL - 4.0),
                height: at(ROW - 4.0),
                shade: step(shade.share),
                label: Label {
                    x: at(middle(column)),
                    y: at(top(row) + ROW / 2.0 + 4.0),
                    text: shade.text.clone(),
                },
            });
        }
    }
    HeatView {
        width: at(NAME + CELL * nth(heads.len())),
        height: at(top(rows.len()) + 2.0),
        heads: heads.iter().enumerate().map(head).collect(),
        names,
        cells,
    }
}

fn step(share: Option<Decimal>) -> &'static str {
    let thirds =
        |n: i64| Decimal::from(n).checked_div(Decimal::from(3i64), 6).unwrap_or(Decimal::ONE);
    match share {
        None => "none",
        Some(share) if share.is_zero() => "s0",
        Some(share) if share >= Decimal::ONE => "s4",
        Some(share) if share <= thirds(1) => "s1",
        Some(share) if share <= thirds(2) => "s2",
        Some(_) => "s3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_has_the_full_shade_and_only_nothing_none() {
        let d = |text: &str| Some(Decimal::parse(text).unwrap());
        assert_eq!(step(d("0")), "s0");
        assert_eq!(step(d("0.001")), "s1");
        assert_eq!(step(d("0.999")), "s3");
        assert_eq!(step(d("1")), "s4");
        assert_eq!(step(None), "none");
    }
}
