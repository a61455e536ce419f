//! Measures the release build of the app and of the command line; `cargo xtask bench` calls it.
//!
//! What is compared is measured in turns, in one run: what else the machine does then slows all of it. The
//! medians and their ratios tell something; a single time does not. Nothing is asserted about times.

mod accounts;
mod bare;
mod command_line;
mod growth;
mod idle;
mod log_in;
mod log_out;
mod machine;
mod many;
mod page;
mod size;
mod stage;
mod start;
mod table;
mod toolkit;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use test_rig::{Programs, RigError};

use crate::machine::Machine;
use crate::stage::Stage;
use crate::table::Report;

/// Measure the release build.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// A folder with `userfront-accounts` and `userfront` of an older build
    #[arg(long, value_name = "DIR")]
    before: Option<PathBuf>,
    /// How many turns
    #[arg(long)]
    pairs: u32,
    /// Only these
    #[arg(long)]
    only: Vec<What>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Also write the JSON to this file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    LogOut,
    LogIn,
    CommandLine,
    Start,
    Many,
    Repeated,
    Size,
    Idle,
    Growth,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments).await {
        Ok(report) => {
            println!("{}", if arguments.json { report.json() } else { report.markdown() });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("It could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> Result<Report, RigError> {
    let stage = Stage::new(arguments.programs.clone(), arguments.before.as_deref(), arguments.pairs)?;
    let mut report = Report { machine: Machine::read(arguments.before.as_deref())?, rows: Vec::new() };
    for what in What::value_variants() {
        if !arguments.only.is_empty() && !arguments.only.contains(what) {
            continue;
        }
        report.rows.extend(match what {
            What::LogOut => log_out::measure(&stage).await?,
            What::LogIn => log_in::measure(&stage).await?,
            What::CommandLine => command_line::measure(&stage).await?,
            What::Start => start::measure(&stage).await?,
            What::Many => many::hundred_log_outs(&stage).await?,
            What::Repeated => many::log_ins(&stage).await?,
            What::Size => size::measure(&stage)?,
            What::Idle => idle::measure(&stage).await?,
            What::Growth => growth::measure(&stage).await?,
        });
        if let Some(file) = &arguments.save {
            let written = std::fs::write(file, report.json() + "\n");
            written.map_err(|error| RigError::Unexpected(format!("{}: {error}", file.display())))?;
        }
    }
    Ok(report)
}
