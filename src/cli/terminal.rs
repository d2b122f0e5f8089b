//! The two streams: data on standard output, everything else on standard error.

use std::io::Write;

use anstream::AutoStream;

use super::args::Color;
use super::draw::harmless;
use crate::diag::Fault;

/// Where a run prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    color: Color,
}

impl Terminal {
    pub(crate) fn new(color: Color) -> Self {
        Self { color }
    }

    /// Writes text for people, without what would steer the terminal.
    pub(crate) fn text(self, text: &str) -> Result<(), Fault> {
        self.data(&harmless(text))
    }

    /// Writes data, byte for byte; a reader that went away is no fault.
    pub(crate) fn data(self, text: &str) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Err(e) => Err(Fault::new("writing to standard output", e)),
            Ok(()) => Ok(()),
        }
    }

    /// Writes words for the person; who cannot be told, is not told.
    pub(crate) fn words(self, text: &str) {
        let mut err = AutoStream::new(std::io::stderr(), self.choice()).lock();
        let _ = err.write_all(text.as_bytes());
    }

    fn choice(self) -> anstream::ColorChoice {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}
