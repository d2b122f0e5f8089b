//! How a run ended, and the exit code that says so.

use crate::diag::{Blame, Diagnostic, Fault};

/// The ways a run may end; the worst of several wins, and the later ones here are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Ending {
    #[default]
    Fine,
    /// A finding at or over the gate.
    Gate,
    /// The data is missing, unreadable or breaks its contract.
    Data,
    /// Usage, config, rule or template.
    Author,
    /// Input or output failed.
    Io,
    /// The program's own fault.
    Own,
}

impl Ending {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Gate => 1,
            Self::Author => 2,
            Self::Data => 3,
            Self::Own => 70,
            Self::Io => 74,
        }
    }

    /// The worst that some diagnostics call for; warnings call for nothing.
    pub(crate) fn of(list: &[Diagnostic]) -> Self {
        let errors = list.iter().filter(|d| d.is_error());
        let worst = errors.map(|d| match d.blame {
            Blame::Author => Self::Author,
            Blame::Data => Self::Data,
        });
        worst.max().unwrap_or_default()
    }
}

impl From<&Fault> for Ending {
    /// A pipe that its reader closed is no failure.
    fn from(fault: &Fault) -> Self {
        match fault.cause.kind() {
            std::io::ErrorKind::BrokenPipe => Self::Fine,
            _ => Self::Io,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_wins() {
        use Ending::{Author, Data, Fine, Gate, Io, Own};
        let order = [Own, Io, Author, Data, Gate, Fine];
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!(order.map(Ending::code), [70, 74, 2, 3, 1, 0]);
    }

    #[test]
    fn warnings_fail_nothing() {
        let data = Diagnostic::data("a", "b");
        let warning = Diagnostic::warning("a", "b");
        assert_eq!(Ending::of(std::slice::from_ref(&warning)), Ending::Fine);
        assert_eq!(Ending::of(&[data.clone(), warning]), Ending::Data);
        assert_eq!(Ending::of(&[data, Diagnostic::author("a", "b")]), Ending::Author);
    }
}
