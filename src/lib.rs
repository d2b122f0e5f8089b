//! Milepost: RevOps as code.

pub mod catalog;
pub mod data;
pub mod decode;
pub mod diag;
pub mod domain;
pub mod expr;
pub mod formats;
pub mod judge;
pub mod kinds;
pub mod measure;
pub mod plan;
pub mod rel;
pub mod render;
pub mod text;
pub mod view;
