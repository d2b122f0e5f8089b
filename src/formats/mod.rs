//! Machine formats and plain tables, out of the view alone.
