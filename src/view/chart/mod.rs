//! Drawings from values: geometry and texts, in units of each drawing's box. Templates only draw.
//!
//! Every drawing has a twin in words or a table: `text` says what it shows. Nothing here measures or rounds a value
//! that is told; only where its mark stands is a fraction.

mod heat;
mod line;
mod road;
mod scale;
mod spark;
mod waterfall;

use serde::Serialize;

pub use heat::HeatView;
pub(crate) use heat::{Shade, heat};
pub use line::LineView;
pub(crate) use line::line;
pub use road::RoadView;
pub(crate) use road::road;
pub use spark::Spark;
pub(crate) use spark::spark;
pub use waterfall::WaterfallView;
pub(crate) use waterfall::{Step, waterfall};

/// A text at a place.
#[derive(Debug, Clone, Serialize)]
pub struct Label {
    pub x: String,
    pub y: String,
    pub text: String,
}

/// A coordinate: a tenth of a unit is finer than any screen.
fn at(place: f64) -> String {
    let text = format!("{place:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// The length of a bar of 100, for a share.
pub(super) fn percent_of(share: crate::domain::Decimal) -> String {
    at((share.to_f64() * 100.0).clamp(0.0, 100.0))
}

/// A place in a row of so many, as a number.
fn nth(place: usize) -> f64 {
    f64::from(u32::try_from(place).unwrap_or(u32::MAX))
}

/// A text in lines of at most so many characters where its words allow.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_break_between_words() {
        assert_eq!(wrapped("average sale price", 12), ["average sale", "price"]);
        assert_eq!(wrapped("Donaudampfschifffahrt", 5), ["Donaudampfschifffahrt"]);
        assert_eq!(at(-0.01), "0.0");
    }
}
