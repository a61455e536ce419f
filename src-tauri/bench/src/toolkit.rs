//! Userfront's official toolkit in a headless Chromium, on the same sandbox: `toolkit.mjs`, by lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Stdio};

use test_rig::journey::{PASSWORD, USER};
use test_rig::{Launch, RigError, SeenProcess, World};

use crate::stage::unexpected;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/toolkit.mjs");

pub(crate) struct Toolkit {
    node: Launch,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Toolkit {
    /// Empties the sandbox of the world.
    pub(crate) fn start(world: &World) -> Result<Self, RigError> {
        let environment = world.environment();
        let mut command = environment.command("node");
        command.arg(SCRIPT).env("SANDBOX_URL", world.sandbox.api_base());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut node = Launch::start(environment, &mut command)?;
        let (input, output) = (node.child().stdin.take(), node.child().stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(unexpected("node has no pipes"));
        };
        let mut toolkit = Self { node, input, output: BufReader::new(output) };
        let first = toolkit.line()?;
        if first == "ready" { Ok(toolkit) } else { Err(unexpected(&format!("toolkit.mjs says {first:?}"))) }
    }

    /// From Enter to the page behind the log-in, in ms.
    pub(crate) fn log_in(&mut self) -> Result<f64, RigError> {
        self.time(&format!("log-in\n{USER}\n{PASSWORD}"))
    }

    /// From the click to the login form, in ms.
    pub(crate) fn log_out(&mut self) -> Result<f64, RigError> {
        self.time("log-out")
    }

    pub(crate) fn open_login(&mut self) -> Result<(), RigError> {
        self.ask("open-login").map(drop)
    }

    /// The browser's, without those of Node, which commands it.
    pub(crate) fn browser(&self) -> Vec<SeenProcess> {
        let mut processes = self.node.processes();
        processes.retain(|it| it.executable.file_name().is_none_or(|name| name != "node"));
        processes
    }

    pub(crate) fn end(mut self) -> Result<(), RigError> {
        let line = self.ask("end");
        self.node.end()?;
        line.map(drop)
    }

    fn time(&mut self, task: &str) -> Result<f64, RigError> {
        let answer = self.ask(task)?;
        answer.parse().map_err(|_| unexpected(&format!("toolkit.mjs says {answer:?}")))
    }

    fn ask(&mut self, task: &str) -> Result<String, RigError> {
        let sent = writeln!(self.input, "{task}").and_then(|()| self.input.flush());
        sent.map_err(|error| unexpected(&format!("toolkit.mjs: {error}")))?;
        self.line()
    }

    fn line(&mut self) -> Result<String, RigError> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line);
        read.map_err(|error| unexpected(&format!("toolkit.mjs: {error}")))?;
        Ok(line.trim().to_owned())
    }
}
