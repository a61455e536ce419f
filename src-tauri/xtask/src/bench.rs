//! `cargo xtask bench`: measures the release build. Not part of `test`: timings on a shared machine prove
//! nothing, a ratio of pairs in one run tells something.

use crate::{
    fault::Fault,
    install,
    project::Project,
    shell::Program,
    steps::{Step, perform},
    ui,
};

pub(crate) fn run(project: &Project, pairs: u32, only: Option<&str>, json: bool) -> Result<(), Fault> {
    let install = Step { name: "install", purpose: "install what is missing", perform: install::everything };
    let ui = Step { name: "ui-build", purpose: "ui/dist, which the app contains", perform: ui::dist };
    let build = Step { name: "build", purpose: "the release build", perform: build };
    let steps = [install, ui, build];
    perform(&steps, steps.len(), project)?;
    Program::new(project.release_binary("bench"), project.root())
        .args(["--app".into(), project.release_binary("userfront-accounts")])
        .args(["--sandbox".into(), project.release_binary("userfront-sandbox")])
        .args(["--tauri-driver".into(), project.tauri_driver()])
        .args(["--pairs", &pairs.to_string()])
        .args(only.into_iter().flat_map(|only| ["--only", only]))
        .args(json.then_some("--json"))
        .run()
}

fn build(project: &Project) -> Result<(), Fault> {
    Program::cargo(project).args(["build", "--workspace", "--release"]).run()
}
