//! A file's bytes as UTF-8, in order, through bounded buffers.
//!
//! Bytes that a legacy encoding cannot mean become `FF`, which no UTF-8 holds, so the cell is
//! rejected later instead of being repaired here.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

const RAW: usize = 64 * 1024;

/// Stands for bytes that mean nothing in the file's encoding.
pub(super) const MEANINGLESS: u8 = 0xFF;

pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    /// Raw bytes that are not decoded yet (or, without a decoder, not handed out).
    raw: Vec<u8>,
    raw_at: usize,
    /// Bytes that were handed out and given back.
    back: Vec<u8>,
    back_at: usize,
    ended: bool,
}

impl Source {
    /// `head` was read from the reader before, without a byte order mark; UTF-8 needs no decoder.
    pub(super) fn new(
        reader: Box<dyn Read + Send>,
        head: Vec<u8>,
        encoding: Option<&'static Encoding>,
    ) -> Self {
        let decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
        Self { reader, decoder, raw: head, raw_at: 0, back: Vec::new(), back_at: 0, ended: false }
    }

    /// Puts bytes back in front of what comes next, which may be bytes that came back before.
    pub(super) fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(&self.back[self.back_at..]);
        (self.back, self.back_at) = (bytes, 0);
    }

    /// Fills as much of `out` as there are bytes; less means the end.
    pub(super) fn fill(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < out.len() {
            let got = self.some(&mut out[done..])?;
            if got == 0 {
                break;
            }
            done += got;
        }
        Ok(done)
    }

    fn some(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.back_at < self.back.len() {
            return Ok(hand_out(&self.back, &mut self.back_at, out));
        }
        if self.decoder.is_some() {
            return self.decoded(out);
        }
        if self.raw_at < self.raw.len() {
            return Ok(hand_out(&self.raw, &mut self.raw_at, out));
        }
        read(&mut *self.reader, out)
    }

    fn decoded(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut small = [0; 8];
        // The decoder writes whole characters only, so very small gaps go through a buffer of their
        // own.
        if out.len() < small.len() {
            let got = self.decode(&mut small)?;
            if got > out.len() {
                self.give_back(small[out.len()..got].to_vec());
            }
            let taken = got.min(out.len());
            out[..taken].copy_from_slice(&small[..taken]);
            return Ok(taken);
        }
        self.decode(out)
    }

    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.raw_at == self.raw.len() && !self.ended {
                self.raw.resize(RAW, 0);
                let got = read(&mut *self.reader, &mut self.raw)?;
                self.raw.truncate(got);
                self.raw_at = 0;
                self.ended = got == 0;
            }
            let Some(decoder) = self.decoder.as_mut() else { return Ok(0) };
            let room = out.len() - 1;
            let rest = &self.raw[self.raw_at..];
            let (result, taken, mut written) =
                decoder.decode_to_utf8_without_replacement(rest, &mut out[..room], self.ended);
            self.raw_at += taken;
            match result {
                DecoderResult::Malformed(..) => {
                    out[written] = MEANINGLESS;
                    written += 1;
                }
                DecoderResult::InputEmpty if self.ended => self.decoder = None,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
            if written > 0 || self.decoder.is_none() {
                return Ok(written);
            }
        }
    }
}

fn hand_out(from: &[u8], at: &mut usize, out: &mut [u8]) -> usize {
    let count = out.len().min(from.len() - *at);
    out[..count].copy_from_slice(&from[*at..*at + count]);
    *at += count;
    count
}

fn read(reader: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
