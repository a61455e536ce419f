//! The webview's files: `ui/dist`, without which the shell does not compile.

use std::path::PathBuf;

use crate::{
    fault::Fault,
    project::Project,
    shell::{Program, say},
    stamp,
};

/// The inputs of `vite build`.
const INPUTS: [&str; 8] = [
    "package.json",
    "src",
    "public",
    "index.html",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

/// Builds `ui/dist` when it is missing or not made from the present sources.
pub(crate) fn dist(project: &Project) -> Result<(), Fault> {
    let inputs: Vec<PathBuf> = INPUTS.iter().map(|input| project.ui().join(input)).collect();
    let fingerprint = stamp::fingerprint(&inputs)?;
    let stamp = project.stamp("ui-dist");
    if project.ui().join("dist/index.html").is_file() && stamp::is_current(&stamp, &fingerprint) {
        say("    ui/dist is current.");
        return Ok(());
    }
    build(project)?;
    stamp::write(&stamp, &fingerprint)
}

fn build(project: &Project) -> Result<(), Fault> {
    if !project.ui().join("node_modules").is_dir() {
        crate::install::npm_packages(project)?;
    }
    Program::npm(&project.ui()).args(["run", "build"]).run()
}

/// Types, styles and formatting.
pub(crate) fn check(project: &Project) -> Result<(), Fault> {
    Program::npm(&project.ui()).args(["run", "check"]).run()
}

/// The components' tests.
pub(crate) fn test(project: &Project) -> Result<(), Fault> {
    Program::npm(&project.ui()).args(["test"]).run()
}
