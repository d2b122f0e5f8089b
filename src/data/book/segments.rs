//! What records of binary workbooks share: small numbers, errors, and texts that run over several records.

use super::Stop;

/// A number in four bytes: a whole one, or the upper half of a float; perhaps in hundredths.
pub(super) fn small_number(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// What a formula left, by its code.
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

/// Bytes of a record and of those that continue it.
pub(super) struct Segments<'a> {
    /// What is not read of each, the next one last.
    rest: Vec<&'a [u8]>,
}

impl<'a> Segments<'a> {
    pub(super) fn new(mut segments: Vec<&'a [u8]>) -> Self {
        segments.reverse();
        Self { rest: segments }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&mut self) -> bool {
        while self.rest.last().is_some_and(|segment| segment.is_empty()) {
            self.rest.pop();
        }
        self.rest.is_empty()
    }

    fn byte(&mut self) -> Result<u8, Stop> {
        if self.is_empty() {
            return Err(Stop::broken("a text of it is cut off"));
        }
        let segment = self.rest.last_mut();
        let byte = segment.and_then(|segment| segment.split_off_first()).copied();
        byte.ok_or_else(|| Stop::broken("a text of it is cut off"))
    }

    fn short(&mut self) -> Result<u16, Stop> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn long(&mut self) -> Result<u32, Stop> {
        let (low, high) = (self.short()?, self.short()?);
        Ok(u32::from(high) << 16 | u32::from(low))
    }

    /// Passes over bytes, as many as there are.
    fn skip(&mut self, mut count: usize) {
        while count > 0 && !self.is_empty() {
            let Some(segment) = self.rest.last_mut() else { return };
            let here = count.min(segment.len());
            *segment = &segment[here..];
            count -= here;
        }
    }

    /// A text with its length in two bytes, its flags, its formats and its reading aids.
    pub(super) fn rich(&mut self) -> Result<String, Stop> {
        let length = usize::from(self.short()?);
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.short()?) };
        let aids = if flags & 4 == 0 { 0 } else { self.long()? };
        let text = self.chars(length, flags & 1 == 1)?;
        self.skip(runs * 4);
        self.skip(usize::try_from(aids).unwrap_or(usize::MAX));
        Ok(text)
    }

    /// Characters of one or of two bytes; where a text runs on in the next record, that says anew which.
    pub(super) fn chars(&mut self, length: usize, wide: bool) -> Result<String, Stop> {
        let (mut units, mut wide) = (Vec::with_capacity(length), wide);
        while units.len() < length {
            if self.rest.last().is_none_or(|segment| segment.is_empty()) {
                if self.is_empty() {
                    return Err(Stop::broken("a text of it is cut off"));
                }
                wide = self.byte()? & 1 == 1;
                continue;
            }
            units.push(if wide { self.short()? } else { self.byte()?.into() });
        }
        let chars = char::decode_utf16(units);
        Ok(chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    }
}
