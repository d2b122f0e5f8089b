//! The texts that cells of a workbook share, end to end in one piece of memory.

use super::Stop;

#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> Result<&str, Stop> {
        let start =
            at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let text = self.ends.get(at).and_then(|end| self.text.get(start..*end));
        text.ok_or_else(|| Stop::broken("a cell means a shared text that is not there"))
    }
}
