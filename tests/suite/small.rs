//! A project of a few lines, for tests that need rows of their own.

/// Reads `deals*.csv` with the headers Id, Stage, Created, Closed and Amount; `Won` is won, `Talking` is open.
const PROJECT: &str = r#"
[project]
name = "Harbour"
currency = "EUR"

[feed.crm]
dataset = "deals"
file = "deals*.csv"

[feed.crm.columns]
deal_id = "Id"
stage = "Stage"
created_at = "Created"
closed_at = "Closed"
amount = "Amount"

[stage.won]
outcome = "won"
values = ["Won"]

[stage.open]
outcome = "open"
values = ["Talking"]
"#;

/// The project with more config and some files.
pub fn project(more: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("milepost.toml"), [PROJECT, more].concat()).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}
