//! How a check or an element ended, and what answered it.

/// The outcome of a check or an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Met,
    PartlyMet,
    NotMet,
    /// No data, no answer. Never met, never zero.
    Unknown,
    NotApplicable,
    /// A waiver stands; counts as what it truly is at the gate.
    Waived,
    /// An attestation past its date. Counts as unknown.
    Expired,
    /// The engine's or the data's fault.
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 8] = [
        Self::Met,
        Self::PartlyMet,
        Self::NotMet,
        Self::Unknown,
        Self::NotApplicable,
        Self::Waived,
        Self::Expired,
        Self::Failed,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::PartlyMet => "partly-met",
            Self::NotMet => "not-met",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
            Self::Waived => "waived",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

/// What answers a check, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    Data,
    Config,
    Answer,
}

impl Evidence {
    pub fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Config => "config",
            Self::Answer => "answer",
        }
    }
}
