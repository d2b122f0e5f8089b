//! Texts of cells in XML: runs, blanks at their ends, and characters that XML cannot hold.

use quick_xml::events::Event;

use crate::data::book::Stop;
use crate::data::book::xml::{Attributes, local, push_text};

/// A text that may be written in several runs.
#[derive(Default)]
pub(super) struct Text {
    pub(super) whole: String,
    /// Where the run that is read began, and whether its blanks at the ends count.
    run: Option<(usize, bool)>,
    /// Inside what tells how the text is spoken.
    spoken: bool,
}

impl Text {
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.spoken = true,
                "t" if !self.spoken => {
                    let kept =
                        Attributes::of(tag).any(|attribute| attribute == ("xml:space", "preserve"));
                    self.run = Some((self.whole.len(), kept));
                }
                _ => {}
            },
            Event::End(tag) => match local(tag.name().as_ref()) {
                "rPh" => self.spoken = false,
                "t" => self.end(),
                _ => {}
            },
            event if self.run.is_some() => push_text(event, &mut self.whole)?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some((start, kept)) = self.run.take() else { return };
        let run = self.whole.split_off(start);
        let run = if kept { &run[..] } else { run.trim_matches([' ', '\t', '\r', '\n']) };
        push_unescaped(run, &mut self.whole);
    }
}

/// Adds a text in which `_x000D_` stands for a character that XML cannot hold.
pub(super) fn push_unescaped(mut text: &str, out: &mut String) {
    let mut units = Vec::new();
    while let Some(at) = text.find("_x") {
        let unit = text.get(at + 2..at + 6).filter(|_| text.as_bytes().get(at + 6) == Some(&b'_'));
        let unit = unit.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = unit.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let (before, rest) = text.split_at(at + if unit.is_some() { 0 } else { 2 });
        if !before.is_empty() {
            end_units(&mut units, out);
            out.push_str(before);
        }
        text = if unit.is_some() { &rest[7..] } else { rest };
        units.extend(unit);
    }
    end_units(&mut units, out);
    out.push_str(text);
}

/// Characters beyond the first plane are written as two units.
fn end_units(units: &mut Vec<u16>, out: &mut String) {
    let chars = char::decode_utf16(units.drain(..));
    out.extend(chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)));
}
