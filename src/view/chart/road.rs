//! The road of a framework: one stretch for each level, its elements as marks in order, a milepost at its end.

use serde::Serialize;

use super::{at, nth};

/// Between two marks, and from the last one to the milepost.
const STEP: f64 = 22.0;
const POST: f64 = 26.0;
const HEIGHT: f64 = 44.0;
/// Marks in one row of a stretch; a longer one goes on below.
const ROW: usize = 14;

/// A stretch of the road.
#[derive(Debug, Clone, Serialize)]
pub struct RoadView {
    pub width: String,
    pub height: String,
    /// Heights at which the line runs, and how far.
    pub lines: Vec<(String, String)>,
    pub marks: Vec<Mark>,
    /// Where the milepost stands, and its number; none behind elements in no level.
    pub post: Option<Post>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    pub x: String,
    pub y: String,
    /// Index into the framework's elements.
    pub element: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct Post {
    pub x: String,
    pub y: String,
    pub number: usize,
}

/// The stretch of some elements; `number` is the level that its milepost ends.
pub(crate) fn road(elements: &[usize], number: Option<usize>) -> RoadView {
    let rows = elements.len().div_ceil(ROW).max(1);
    let longest = elements.len().clamp(1, ROW);
    let width = STEP * nth(longest) + if number.is_some() { POST } else { 8.0 };
    let y = |row: usize| HEIGHT * (nth(row) + 0.5);
    let last = elements.len().saturating_sub(1) % ROW;
    let end = STEP * (nth(last) + 1.0) + 8.0;
    let end =
        if number.is_some() { end.min(width - 12.0).max(STEP * nth(longest) + 8.0) } else { end };
    let marks = elements.iter().enumerate().map(|(place, element)| Mark {
        x: at(STEP * (nth(place % ROW) + 0.5) + 2.0),
        y: at(y(place / ROW)),
        element: *element,
    });
    RoadView {
        width: at(width),
        height: at(HEIGHT * nth(rows)),
        lines: (0..rows)
            .map(|row| (at(y(row)), at(if row + 1 == rows { end } else { width })))
            .collect(),
        marks: marks.collect(),
        post: number.map(|number| Post { x: at(end), y: at(y(rows - 1)), number }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_stretch_goes_on_below() {
        let all: Vec<usize> = (0..20).collect();
        let drawn = road(&all, Some(1));
        assert_eq!(drawn.lines.len(), 2);
        assert_eq!(drawn.marks[14].x, drawn.marks[0].x);
        assert_ne!(drawn.marks[14].y, drawn.marks[0].y);
        assert_eq!(drawn.post.map(|post| post.y), Some(drawn.marks[19].y.clone()));
    }

    #[test]
    fn an_empty_stretch_still_has_its_milepost() {
        assert!(road(&[], Some(3)).post.is_some());
    }
}
