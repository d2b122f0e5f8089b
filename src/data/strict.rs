//! Proves that quotes stand only where they may, and finds where records end while it looks.
//!
//! A quote may open a cell at its start, close it at its end, and stand doubled inside. Until the
//! first breach, "inside quotes" is then exactly "an odd number of quotes came before", which 64
//! bytes at a time can tell. Owns that proof; what happens after a breach is `cut`'s and
//! `tolerant`'s.

use std::ops::ControlFlow;

use super::scan::{each_64, either, equal, lowest, running_parity};

/// The bytes that give a file its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    /// `\n`, or `\r` in a file without any `\n`.
    pub(super) terminator: u8,
}

/// What one look at some bytes found; the bytes start at a record's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    /// Behind the last whole, legal record before the end or the breach.
    pub(super) end: usize,
    /// Records up to there, blank lines among them.
    pub(super) records: u64,
    /// The record that starts at `end` breaks the rule.
    pub(super) breach: bool,
    /// The bytes end inside quotes.
    pub(super) inside: bool,
    /// There is a quote before `end` or the breach.
    pub(super) quoted: bool,
    /// A line may end inside quotes.
    pub(super) multiline: bool,
}

/// Where cells and records end: a bit for each byte, 64 in a word. Means nothing behind a look's
/// end.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) edges: Vec<u64>,
    pub(super) ends: Vec<u64>,
}

/// State between two words of 64 bytes.
struct Sight<'a> {
    dialect: Dialect,
    marks: &'a mut Marks,
    look: Look,
    /// All ones inside quotes.
    inside: u64,
    /// The byte before closed quotes; the byte before was a CR that followed such a quote.
    closed: u64,
    closed_cr: u64,
    /// The byte before lets quotes open: an edge, a quote, or the start.
    may_open: u64,
}

/// Looks at bytes that start at a record's start, and marks what ends where.
pub(super) fn look(bytes: &[u8], dialect: Dialect, marks: &mut Marks) -> Look {
    marks.edges.clear();
    marks.ends.clear();
    let look = Look::default();
    let mut sight = Sight { dialect, marks, look, inside: 0, closed: 0, closed_cr: 0, may_open: 1 };
    each_64(bytes, |chunk, base, count| sight.take(chunk, base, count));
    sight.look.inside = sight.inside != 0;
    sight.look
}

impl Sight<'_> {
    #[inline]
    fn take(&mut self, chunk: &[u8; 64], base: usize, count: usize) -> ControlFlow<()> {
        let Dialect { delimiter, quote, terminator } = self.dialect;
        let valid = lowest(count);
        let quotes = equal(chunk, quote) & valid;
        let ends = equal(chunk, terminator) & valid;
        let edges = either(chunk, delimiter, terminator) & valid;
        if quotes | self.closed | self.closed_cr != 0 {
            return self.take_quotes(chunk, base, valid, quotes, (edges, ends));
        }
        self.look.multiline |= ends & self.inside != 0;
        self.marks.edges.push(edges & !self.inside);
        self.records(ends & !self.inside, base);
        self.may_open = edges >> 63;
        ControlFlow::Continue(())
    }

    #[inline]
    fn take_quotes(
        &mut self,
        chunk: &[u8; 64],
        base: usize,
        valid: u64,
        quotes: u64,
        (edges, ends): (u64, u64),
    ) -> ControlFlow<()> {
        let cr = equal(chunk, b'\r') & valid;
        let inside = running_parity(quotes) ^ self.inside;
        let opening = quotes & inside;
        let after_close = ((quotes & !inside) << 1) | self.closed;
        let after_cr = ((after_close & cr & !ends) << 1) | self.closed_cr;
        let may_open = ((edges | quotes) << 1) | self.may_open;
        let breach = (opening & !may_open)
            | (after_close & valid & !(edges | quotes | cr))
            | (after_cr & valid & !ends);
        self.look.quoted = true;
        self.look.multiline |= ends & inside != 0;
        self.marks.edges.push(edges & !inside);
        if breach != 0 {
            self.records(ends & !inside & lowest(breach.trailing_zeros() as usize), base);
            self.look.breach = true;
            return ControlFlow::Break(());
        }
        self.records(ends & !inside, base);
        self.inside = if inside >> 63 == 1 { u64::MAX } else { 0 };
        self.closed = (quotes & !inside) >> 63;
        self.closed_cr = (after_close & cr & !ends) >> 63;
        self.may_open = (edges | quotes) >> 63;
        ControlFlow::Continue(())
    }

    /// Notes the records that end in a word.
    #[inline]
    fn records(&mut self, ends: u64, base: usize) {
        self.marks.ends.push(ends);
        if ends != 0 {
            self.look.end = base + 64 - ends.leading_zeros() as usize;
            self.look.records += u64::from(ends.count_ones());
        }
    }
}
