//! Measures the release build of the app and of the command line; `cargo xtask bench` calls it.
//!
//! What is compared is measured in turns, in one run: what else the machine does then slows both. The medians
//! and their ratio tell something; a single time does not. Nothing is asserted about times.

mod growth;
mod log_out;
mod table;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use test_rig::{Programs, RigError};

use crate::table::Row;

/// Measure the release build.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// How many turns
    #[arg(long)]
    pairs: u32,
    /// Only this
    #[arg(long)]
    only: Option<What>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    LogOut,
    Growth,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments).await {
        Ok(rows) => {
            println!("{}", if arguments.json { table::json(&rows) } else { table::markdown(&rows) });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("It could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> Result<Vec<Row>, RigError> {
    let is_wanted = |what| arguments.only.is_none_or(|only| only == what);
    let mut rows = Vec::new();
    if is_wanted(What::LogOut) {
        rows.extend(log_out::measure(&arguments.programs, arguments.pairs).await?);
    }
    if is_wanted(What::Growth) {
        rows.extend(growth::measure(&arguments.programs, arguments.pairs).await?);
    }
    Ok(rows)
}
