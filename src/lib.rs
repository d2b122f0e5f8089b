//! Milepost: RevOps as code.

pub mod catalog;
pub mod data;
pub mod decode;
pub mod diag;
pub mod disk;
pub mod domain;
pub mod expr;
pub mod kinds;
pub mod measure;
pub mod plan;
pub mod rel;
pub mod text;
