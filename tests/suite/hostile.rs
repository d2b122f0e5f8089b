//! Texts that look like markup stay texts, wherever a report shows them.
