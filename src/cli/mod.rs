//! Flags, subcommands, the terminal, exit codes.
//!
//! The only module that prints, reads the command line or ends the process. It computes nothing: each
//! subcommand asks `pipeline` for what it shows.

mod args;
mod check;
mod diags;
mod draw;
mod exit;
mod explain;
mod init;
mod list;
mod metrics;
mod profile;
mod report;
mod session;
mod terminal;
mod test;
mod validate;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::Ending;
use session::Stop;
use terminal::Terminal;

/// Runs the program on the words of its command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            let asked = !usage.use_stderr();
            let _ = usage.print();
            return ExitCode::from(if asked { Ending::Fine } else { Ending::Author }.code());
        }
    };
    let terminal = Terminal::new(cli.common.color);
    std::panic::set_hook(Box::new(move |panic| {
        // What unpacks archives is not ours: what breaks it is caught, and said of the file.
        if !crate::data::panics_are_told() {
            terminal.words(&own_fault(panic.location()));
        }
    }));
    let run = std::panic::catch_unwind(|| run(&cli, terminal));
    ExitCode::from(run.unwrap_or(Ending::Own).code())
}

fn run(cli: &Cli, terminal: Terminal) -> Ending {
    let common = &cli.common;
    let ended = match &cli.command {
        Command::Report(args) => report::run(args, common, terminal),
        Command::Check(args) => check::run(args, common, terminal),
        Command::Metrics(args) => metrics::run(args, common, terminal),
        Command::Explain(args) => explain::run(args, common, terminal),
        Command::Validate(args) => validate::run(args, common, terminal),
        Command::List(args) => list::run(args, common, terminal),
        Command::Profile(args) => profile::run(args, common, terminal),
        Command::Init(args) => init::run(args, common, terminal),
        Command::Test(args) => test::run(args, common, terminal),
    };
    ended.unwrap_or_else(|stop| match stop {
        Stop::Said(ending) => ending,
        Stop::Fault(fault) => {
            let ending = Ending::from(&fault);
            if ending != Ending::Fine {
                terminal.words(&draw::fault(&fault));
            }
            ending
        }
    })
}

/// Says where the program failed, never with what: a panic's words may hold a customer's data.
fn own_fault(at: Option<&std::panic::Location<'_>>) -> String {
    let at = at.map_or(String::new(), |at| format!(" at {}:{}", at.file(), at.line()));
    format!(
        "error: milepost {} failed{at}\n\
         This is a fault of Milepost, not of your project. Nothing that this run wrote is to be \
         trusted.\n",
        env!("CARGO_PKG_VERSION")
    )
}
