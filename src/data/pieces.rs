//! Bytes that another thread makes, as one stream.

use std::io::{self, Read};
use std::sync::mpsc::Receiver;

/// Bytes that are handed on at once.
pub(super) const PIECE: usize = 64 * 1024;

/// The pieces that the making thread sends.
pub(super) struct Pieces<P> {
    receiver: Receiver<io::Result<P>>,
    piece: Option<P>,
    at: usize,
}

impl<P: AsRef<[u8]>> Pieces<P> {
    pub(super) fn new(receiver: Receiver<io::Result<P>>) -> Self {
        Self { receiver, piece: None, at: 0 }
    }

    fn rest(&self) -> &[u8] {
        self.piece.as_ref().map_or(&[], |piece| &piece.as_ref()[self.at..])
    }
}

impl<P: AsRef<[u8]>> Read for Pieces<P> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest().is_empty() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (Some(piece?), 0),
                Err(_) => return Ok(0),
            }
        }
        let rest = self.rest();
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
