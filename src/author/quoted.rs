//! Values as TOML writes them.

/// A text in quotes.
pub(super) fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A key: bare where it can be.
pub(super) fn key(key: &str) -> String {
    let bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { text(key) }
}

/// A column by its name; by its number where it has none, or shares it.
pub(super) fn column(names: &[String], at: usize) -> String {
    let alone = |name: &&String| names.iter().filter(|other| other == name).count() == 1;
    match names.get(at).filter(|name| !name.is_empty()).filter(alone) {
        Some(name) => text(name),
        None => (at + 1).to_string(),
    }
}

/// A list of texts.
pub(super) fn texts(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| text(item)).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_written_reads_back() {
        for text in ["a", "27\" TV", "C:\\x", "a\nb\tc", "\u{1}é", ""] {
            let line = format!("{} = {}", super::key(text), super::text(text));
            let table: toml::Table = line.parse().unwrap();
            assert_eq!(table.get(text).and_then(|v| v.as_str()), Some(text), "{line}");
        }
    }
}
