//! Rule tests as data: each case is a small project of its own, run through every stage.
//!
//! Owns how a case becomes a project and how its expectations are compared. Measures and judges nothing itself.

mod compare;
mod run;

pub use run::{Proof, Proofs, prove};
