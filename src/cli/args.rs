//! Subcommands and flags: what may be typed, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::Grain;

/// RevOps as code: maturity and performance reports from TOML and the exports you already have.
#[derive(Debug, Parser)]
#[command(name = "milepost", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 fine, 1 a finding at or over the gate, 2 a mistake in the \
    project or the words typed, 3 a fault of the data, 74 input or output failed, 70 a fault of \
    Milepost.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes all reports of the project, Markdown and HTML
    Report(ReportArgs),
    /// Evaluates checks and frameworks
    Check(CheckArgs),
    /// Prints the values of metrics
    Metrics(MetricsArgs),
    /// Shows where a metric or a check comes from: definition, population, rows, cells
    Explain(ExplainArgs),
    /// Reads the project and its rules, not the data, and shows all mistakes at once
    Validate(ValidateArgs),
    /// Lists what there is
    List(ListArgs),
    /// Writes a commented project from your own exports
    Init(InitArgs),
    /// Shows what files are: encoding, header, columns, types, and the dataset that fits
    Profile(ProfileArgs),
    /// Runs the proof cases of packs and project
    Test(TestArgs),
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Says how often data was read, and what became of the rows of each feed
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Threads that read data; the result is the same with any number
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Bytes of a block of data; for tests
    #[arg(long, global = true, value_name = "BYTES", hide = true)]
    pub(crate) block_size: Option<usize>,
}

/// The project, and the time that the run speaks of.
#[derive(Debug, Args)]
pub(crate) struct Where {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) time: Time,
}

#[derive(Debug, Args)]
pub(crate) struct Time {
    /// The day that the run speaks from, such as 2026-10-31
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// 2026-10, 2026-Q3, 2026, FY2026-Q1, FY2026, 2026-W41, 2026-01-01..2026-06-30 or all; the
    /// last complete month unless said
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Only this report; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) report: Vec<String>,
    /// The folder to write into; DIR/out unless said
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Writes all rejected rows and cells to a file, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) place: Where,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,
    /// Writes the result to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Ends with exit code 1 when a check is this bad or worse; a waived check fails nothing
    #[arg(long, value_enum, value_name = "OUTCOME")]
    pub(crate) fail_on: Option<FailOn>,
    /// Writes all rejected rows and cells to a file, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct MetricsArgs {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Dimensions to slice by, crossed by comma; repeated: side by side
    #[arg(long, value_name = "DIM[,DIM]")]
    pub(crate) by: Vec<String>,
    /// Buckets of time instead of one period
    #[arg(long, value_enum, value_name = "GRAIN")]
    pub(crate) grain: Option<GrainArg>,
    /// How many buckets, the newest last; 12 unless said
    #[arg(long, value_name = "N", requires = "grain", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) last: Option<u32>,
    /// Counts only rows of which this is true, such as "channel = 'partner'"
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) condition: Option<String>,
    /// Only these metrics: ids, with commas between them or one option each
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) metric: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: MetricsFormat,
    /// Writes the result to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Writes all rejected rows and cells to a file, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A metric or a check
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) place: Where,
    /// The slice, such as channel=partner; may be repeated
    #[arg(long, value_name = "DIM=MEMBER")]
    pub(crate) by: Vec<String>,
    /// Shows the rows behind the value, with their cells
    #[arg(long)]
    pub(crate) rows: bool,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[arg(value_enum)]
    pub(crate) what: ListWhat,
    /// The project's folder; what ships with Milepost where there is no project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The project's folder; it is made where there is none
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Exports, or folders that hold them, inside DIR
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "starter")]
    pub(crate) from: Vec<PathBuf>,
    /// Copies exports that lie elsewhere into DIR/exports
    #[arg(long, requires = "from")]
    pub(crate) copy: bool,
    /// A skeleton for the exports of a program instead; a name that is none lists them
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    pub(crate) starter: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    /// Exports, or folders that hold them
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// The project's folder; the packs that ship with Milepost where there is no project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum CheckFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MetricsFormat {
    #[default]
    Table,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TextFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListWhat {
    Frameworks,
    Metrics,
    Checks,
    Reports,
    Datasets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GrainArg {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl From<GrainArg> for Grain {
    fn from(grain: GrainArg) -> Self {
        match grain {
            GrainArg::Day => Self::Day,
            GrainArg::Week => Self::Week,
            GrainArg::Month => Self::Month,
            GrainArg::Quarter => Self::Quarter,
            GrainArg::Year => Self::Year,
        }
    }
}

/// Outcomes that may fail a run, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Not met, or failed to run
    NotMet,
    /// Also partly met
    PartlyMet,
    /// Also unknown, and answers that expired
    Unknown,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_fit_together() {
        Cli::command().debug_assert();
    }
}
