//! What `profile` shows of files, before any project reads them.

/// All files that were looked at.
#[derive(Debug, Clone, Default)]
pub struct ProfileView {
    pub files: Vec<ProfiledFile>,
}

/// One file.
#[derive(Debug, Clone, Default)]
pub struct ProfiledFile {
    pub file: String,
    /// In words: text, text in gzip, XLSX workbook.
    pub form: &'static str,
    /// Codes of the mistakes for which it cannot be read, or not to its end.
    pub failed: Vec<&'static str>,
    /// Of a workbook.
    pub sheets: Vec<String>,
    pub findings: Vec<Finding>,
    pub tables: Vec<ProfiledTable>,
}

/// One table of a file.
#[derive(Debug, Clone, Default)]
pub struct ProfiledTable {
    pub sheet: Option<String>,
    pub delimiter: Option<String>,
    /// As a spreadsheet counts; none where there is no header.
    pub header_rows: Vec<u64>,
    pub rows: u64,
    pub findings: Vec<Finding>,
    pub columns: Vec<ProfiledColumn>,
    /// The best first.
    pub datasets: Vec<ProfiledDataset>,
    /// Lines of the contract that a feed would need.
    pub contract: Vec<String>,
}

/// Something that was found.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    pub what: String,
    pub says: String,
    /// certain, likely, open.
    pub sure: &'static str,
    pub because: String,
}

/// One column.
#[derive(Debug, Clone, Default)]
pub struct ProfiledColumn {
    /// As a spreadsheet names it.
    pub letters: String,
    pub name: String,
    pub kind: &'static str,
    pub sure: &'static str,
    pub because: String,
    pub filled: u64,
    pub blank: u64,
    pub distinct: usize,
    /// There are more.
    pub distinct_more: bool,
    pub least: String,
    pub most: String,
    pub examples: Vec<String>,
    pub nulls: Vec<String>,
    pub questions: Vec<String>,
    pub notes: Vec<String>,
    /// The column of the best dataset that it fills.
    pub fills: Option<String>,
}

/// A dataset that a table may be.
#[derive(Debug, Clone, Default)]
pub struct ProfiledDataset {
    pub id: String,
    /// Of 100.
    pub score: usize,
    /// Column of the dataset, header of the table.
    pub columns: Vec<(String, String)>,
    pub missing: Vec<String>,
    pub unmapped: Vec<String>,
}
