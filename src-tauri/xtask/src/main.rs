//! `cargo xtask`: the project's own tasks. Each first installs what it misses, then does its job.
//!
//! A task is a list of named steps ([`steps`]); a step prints its name, what it does and why, and how long it
//! took. The first step that fails ends the task with a message that says what to do.
//!
//! Non-goals: this crate drives no window and speaks to no keyring (`test-rig` does, as a program of its
//! own): it must build in seconds.

mod bench;
mod bindings;
mod fault;
mod fuzz;
mod install;
mod project;
mod run;
mod shell;
mod stamp;
mod steps;
mod suites;
mod test;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{fault::Fault, project::Project};

/// The tasks of Userfront Accounts.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start a sandbox Userfront and open the app on it; without a display, drive the app through log-in and
    /// log-out and leave pictures under target/run/
    Run,
    /// Check everything: the UI, formatting, lints, generated types, every test
    Test {
        /// Only this step, without installing anything
        #[arg(long, value_name = "STEP", value_parser = test::step_names())]
        only: Option<String>,
        /// Also the long campaigns (sets `USERFRONT_FULL=1` for the tests)
        #[arg(long)]
        full: bool,
    },
    /// Give hostile input to what reads links and claims
    Fuzz {
        /// How long each of them gets
        #[arg(long, value_name = "N", default_value_t = 60)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
    /// Measure the release build, and print a table: log-in, log-out, start, memory, sizes and rest, beside
    /// the same work done bare, Userfront's toolkit and an older build; and how the work grows with the
    /// accounts
    Bench(bench::Options),
    /// Generate the webview's types in ui/src/bindings from the Rust ones
    Bindings,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("\ncargo xtask: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<(), Fault> {
    let project = Project::find()?;
    match task {
        Task::Run => run::run(&project),
        Task::Test { only, full } => test::run(&project, only.as_deref(), full),
        Task::Fuzz { seconds } => fuzz::run(&project, seconds),
        Task::Bench(options) => bench::run(&project, &options),
        Task::Bindings => {
            install::system_packages(&project)?;
            ui::dist(&project)?;
            bindings::make(&project)
        }
    }
}
