//! TOML text to a spanned tree, with all syntax mistakes at once; and a reader that pulls named fields.
