//! `cargo xtask bench`: measures the release build. Not part of `test`: timings on a shared machine prove
//! nothing, a ratio of pairs in one run tells something.

use std::path::PathBuf;

use clap::Args;

use crate::{
    fault::Fault,
    install,
    project::Project,
    shell::Program,
    steps::{Step, perform},
    ui,
};

/// The parts that can be measured alone.
pub(crate) const PARTS: [&str; 9] =
    ["log-out", "log-in", "command-line", "start", "many", "repeated", "size", "idle", "growth"];

#[derive(Args)]
pub(crate) struct Options {
    /// How many turns
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pairs: u32,
    /// Only this part; can be repeated
    #[arg(long, value_name = "NAME", value_parser = PARTS)]
    only: Vec<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Measure an older build in the same turns: a folder with its userfront-accounts and userfront
    #[arg(long, value_name = "DIR")]
    before: Option<PathBuf>,
    /// How the output names it, such as by its commit
    #[arg(long, value_name = "NAME", requires = "before")]
    before_name: Option<String>,
    /// Also keep the figures in src-tauri/bench/figures.json, and make the README's chart of them
    #[arg(long, conflicts_with = "only")]
    save: bool,
    /// Only make the chart from the figures that were kept
    #[arg(long, exclusive = true)]
    chart: bool,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<(), Fault> {
    if options.chart {
        return chart(project);
    }
    let install = Step { name: "install", purpose: "install what is missing", perform: install::everything };
    let ui = Step { name: "ui-build", purpose: "ui/dist, which the app contains", perform: ui::dist };
    let build = Step { name: "build", purpose: "the release build", perform: build };
    let steps = [install, ui, build];
    perform(&steps, steps.len(), project)?;
    Program::new(project.release_binary("bench"), project.root())
        .args(["measure"])
        .args(["--app".into(), project.release_binary("userfront-accounts")])
        .args(["--sandbox".into(), project.release_binary("userfront-sandbox")])
        .args(["--tauri-driver".into(), project.tauri_driver()])
        .args(["--pairs", &options.pairs.to_string()])
        .args(options.only.iter().flat_map(|only| ["--only", only]))
        .args(options.before.iter().flat_map(|folder| ["--before".as_ref(), folder.as_os_str()]))
        .args(options.before_name.iter().flat_map(|name| ["--before-name", name]))
        .args(options.json.then_some("--json"))
        .args(options.save.then_some("--save"))
        .run()
}

fn build(project: &Project) -> Result<(), Fault> {
    Program::cargo(project).args(["build", "--workspace", "--release"]).run()
}

fn chart(project: &Project) -> Result<(), Fault> {
    // As the tests are built, so that every package is compiled with one set of features, and once.
    Program::cargo(project).args(["build", "--workspace", "--bin", "bench"]).run()?;
    Program::new(project.binary("bench"), project.root()).args(["chart"]).run()
}
