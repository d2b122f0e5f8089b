//! Proof that kinds lower to what runs.
