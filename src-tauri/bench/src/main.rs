//! Measures the release build of the app and of the command line; `cargo xtask bench` calls it.
//!
//! What is compared is measured in turns, in one run: what else the machine does then slows all of it. The
//! medians and their ratios tell something; a single time does not. Nothing is asserted about times.

mod bare;
mod chart;
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
mod userfront;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use test_rig::{Programs, RigError};

use crate::chart::{CHART, FIGURES};
use crate::machine::Machine;
use crate::stage::{Stage, unexpected};
use crate::table::Report;

/// The release build, measured.
#[derive(Parser)]
enum Task {
    /// Measure
    Measure(Arguments),
    /// Make the chart from the figures that were saved
    Chart,
}

#[derive(Args)]
struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// A folder with `userfront-accounts` and `userfront` of an older build
    #[arg(long, value_name = "DIR")]
    before: Option<PathBuf>,
    /// Such as its commit
    #[arg(long, value_name = "NAME", default_value = "an older build")]
    before_name: String,
    /// How many turns
    #[arg(long)]
    pairs: u32,
    /// Only these
    #[arg(long)]
    only: Vec<What>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Also write figures.json and chart.svg
    #[arg(long)]
    save: bool,
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
    let done = match Task::parse() {
        Task::Measure(arguments) => measure(&arguments).await.map(|report| {
            println!("{}", if arguments.json { report.json() } else { report.markdown() });
        }),
        Task::Chart => make_chart(),
    };
    done.map_or_else(
        |error| {
            eprintln!("It could not be measured: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn make_chart() -> Result<(), RigError> {
    let failed = |error: &dyn std::fmt::Display| unexpected(&format!("{FIGURES}: {error}"));
    let figures = fs::read_to_string(FIGURES).map_err(|error| failed(&error))?;
    let report: Report = serde_json::from_str(&figures).map_err(|error| failed(&error))?;
    write(CHART, &chart::svg(&report))
}

fn write(file: &str, text: &str) -> Result<(), RigError> {
    fs::write(file, text).map_err(|error| unexpected(&format!("{file}: {error}")))
}

async fn measure(arguments: &Arguments) -> Result<Report, RigError> {
    let stage = Stage::new(arguments.programs.clone(), arguments.before.as_deref(), arguments.pairs)?;
    let before = arguments.before.as_ref().map(|_| arguments.before_name.as_str());
    let mut report = Report { machine: Machine::read(before)?, rows: Vec::new() };
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
        // After each part: a long run may be ended early.
        eprintln!("{} rows are measured.", report.rows.len());
        if arguments.save {
            write(FIGURES, &(report.json() + "\n"))?;
        }
    }
    if arguments.save {
        make_chart()?;
    }
    Ok(report)
}
