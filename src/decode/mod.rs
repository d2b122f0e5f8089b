//! TOML text to a spanned tree, with all syntax mistakes at once; and a reader that pulls named fields.
//!
//! Owns what a file says and where it says it: exact numbers, file order, byte spans. Refuses to know what any
//! table means.

mod diags;
mod number;
mod parse;
mod reader;
#[cfg(test)]
mod tests;
mod tree;

pub use parse::decode;
pub use reader::Reader;
pub use tree::{Entry, Item, Table, Text, Tree};
