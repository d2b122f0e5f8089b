//! The catalog: project and packs merged, every reference resolved.
//!
//! Owns what later stages may know of config. Nothing in it is as written: ids resolve, expressions are
//! typed, overlays and waivers are applied. It holds no data and computes nothing.

mod model;

pub use model::*;
