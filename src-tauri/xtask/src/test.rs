//! `cargo xtask test`: everything that must hold before a change is handed in.
//!
//! The tests come last. Behind them stands how long each test binary took, and as the last line what passed
//! and failed in all; the durations of the other steps, and the time until the tests began, stand above.

use std::time::Instant;

use clap::builder::PossibleValuesParser;

use crate::{
    bindings,
    fault::Fault,
    install,
    project::Project,
    shell::{Program, say},
    steps::{Step, heading, perform, seconds},
    suites::Suites,
    ui,
};

/// Every step but the last, in order: cheap ones first, and what others need before them.
const STEPS: [Step; 8] = [
    Step { name: "install", purpose: "install what is missing", perform: install::everything },
    Step { name: "fmt", purpose: "the Rust code is formatted", perform: fmt },
    Step { name: "ui-check", purpose: "the UI's types, styles and formatting", perform: ui::check },
    Step { name: "ui-test", purpose: "the UI's components", perform: ui::test },
    Step { name: "ui-build", purpose: "ui/dist, which the shell contains", perform: ui::dist },
    Step { name: "clippy", purpose: "no lint is broken", perform: clippy },
    Step { name: "build", purpose: "the app, the sandbox and every test", perform: build },
    Step {
        name: "bindings",
        purpose: "the webview's types are those of the Rust code",
        perform: bindings::are_current,
    },
];

/// Not among the others: it takes an argument, and its output is listened to.
const TESTS: (&str, &str) = ("test", "every Rust test");

/// For the command line's `--only`.
pub(crate) fn step_names() -> PossibleValuesParser {
    PossibleValuesParser::new(STEPS.iter().map(|step| step.name).chain([TESTS.0]))
}

/// Performs every step, or only the one that is named.
pub(crate) fn run(project: &Project, only: Option<&str>, full: bool) -> Result<(), Fault> {
    let begin = Instant::now();
    let wanted = |step: &str| only.is_none_or(|name| name == step);
    let steps: Vec<Step> = STEPS.into_iter().filter(|step| wanted(step.name)).collect();
    let count = steps.len() + usize::from(wanted(TESTS.0));
    perform(&steps, count, project)?;
    if wanted(TESTS.0) {
        heading(count, count, TESTS, begin.elapsed());
        let tests = Instant::now();
        test(project, full).map_err(|fault| {
            let (tests, total) = (seconds(tests.elapsed()), seconds(begin.elapsed()));
            Fault::new(format!("step `test` failed after {tests}, {total} in all: {fault}"))
        })?;
    }
    Ok(())
}

fn fmt(project: &Project) -> Result<(), Fault> {
    Program::cargo(project)
        .args(["fmt", "--all", "--check"])
        .run()
        .map_err(|fault| Fault::new(format!("{fault}; `cargo fmt --all` formats it")))
}

fn clippy(project: &Project) -> Result<(), Fault> {
    // The shell contains ui/dist when it is compiled.
    ui::dist(project)?;
    Program::cargo(project).args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]).run()
}

fn build(project: &Project) -> Result<(), Fault> {
    ui::dist(project)?;
    // As the tests are built, so that every package is compiled with one set of features, and once.
    Program::cargo(project).args(["test", "--workspace", "--no-run"]).run()
}

fn test(project: &Project, full: bool) -> Result<(), Fault> {
    let mut cargo = Program::cargo(project).args(["test", "--workspace", "--no-fail-fast"]);
    if full {
        cargo = cargo.env("USERFRONT_FULL", "1");
    }
    let (done, suites) = cargo.run_heard(Suites::listen)?;
    say("");
    suites.report().iter().for_each(|line| say(line));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_steps_share_a_name() {
        let names: std::collections::BTreeSet<_> =
            STEPS.iter().map(|step| step.name).chain([TESTS.0]).collect();
        assert_eq!(names.len(), STEPS.len() + 1);
    }
}
