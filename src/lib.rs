//! Milepost: RevOps as code.
//!
//! A team describes its org, channels, qualification criteria, plans and data sources in TOML.
//! Milepost reads the exports that the team already has, measures, judges, and renders the
//! maturity and the performance report.
//!
//! # The map
//!
//! A run is a chain of owned values: texts are read, decoded into spanned trees, declared as
//! written, checked and merged into the **catalog**; the **plan** says which columns, filters and
//! aggregates are needed; every dataset is scanned once into **measurements**; the **assessment**
//! judges them; the **view** is all that templates and formats see. A command stops where it has
//! enough.
//!
//! A module uses only lower floors; modules on one floor never import each other. A test holds
//! this table and the imports to each other.
//!
//! ```text
//! 14  cli        flags, subcommands, terminal, clock, exit codes
//! 13  proof · author    rule tests as data; from a user's own files to a project
//! 12  pipeline   the stages in order, one public run
//! 11  render · formats      templates, checked at load; JSON and tables
//! 10  view       what templates and JSON may see, with its words
//!  9  judge      outcomes, scores, levels, next steps
//!  8  measure    the embedded engine
//!  7  data       bytes to typed columns
//!  6  plan       which columns, filters and aggregates are needed, by dataset
//!  5  catalog    everything merged and resolved
//!  4  config · pack    from TOML, as written
//!  3  kinds      one file per kind of metric and of check
//!  2  decode · disk · expr    TOML to a spanned tree; all file access; text to typed expressions
//!  1  diag · rel    shapes of mistakes; types of plan and expression
//!  0  domain · text    ids, values, periods, outcomes; sources and places
//! ```
//!
//! Three nouns are never mixed: a *diagnostic* is an author's or a file's mistake, with a place; a
//! *fault* is the machine's (`Result` is for these); a *verdict* is the business result, and a
//! check that is not met is a success of the program.
//!
//! # What is deliberately absent
//!
//! - The names of rules. Metrics, checks, frameworks, datasets and reports are data in `rules/`,
//!   `report-templates/` and the project; the source knows kinds only.
//! - A clock, an environment, a host name or a hash order in any output: the same input gives the
//!   same bytes. What a report needs of time is its as-of date.
//! - Floating point in any state of a scan. Counts and sums are integers, and one division ends
//!   them; threads, block sizes and row order cannot matter.
//! - The disk outside `disk`, printing outside `cli`, network anywhere.
//! - A query engine, a dataframe, a script language, `unsafe`.

pub mod author;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod data;
pub mod decode;
pub mod diag;
pub mod disk;
pub mod domain;
pub mod expr;
pub mod formats;
pub mod judge;
pub mod kinds;
pub mod measure;
pub mod pack;
pub mod pipeline;
pub mod plan;
pub mod proof;
pub mod rel;
pub mod render;
pub mod text;
pub mod view;
