//! Running other programs, and saying so.

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal as _, Write},
    path::Path,
    process::Command,
};

use crate::{fault::Fault, project::Project};

/// A program to be run in the checkout, its output passed through.
#[derive(Debug)]
pub(crate) struct Program {
    command: Command,
    hint: &'static str,
}

impl Program {
    pub(crate) fn new(name: impl AsRef<OsStr>, folder: &Path) -> Self {
        let mut command = Command::new(name);
        command.current_dir(folder);
        Self { command, hint: "" }
    }

    pub(crate) fn cargo(project: &Project) -> Self {
        let mut cargo = Self::new(Project::cargo(), project.root());
        // Set by the cargo that runs us, for this crate; the next cargo must not take them for its own.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                cargo.command.env_remove(name.as_ref());
            }
        }
        cargo
    }

    pub(crate) fn npm(folder: &Path) -> Self {
        let mut npm = Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" }, folder);
        npm.hint = "install Node 20.19 or newer, which brings npm";
        npm
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end; it must succeed.
    pub(crate) fn run(mut self) -> Result<(), Fault> {
        let line = self.line();
        say(&format!("    $ {line}"));
        let status = self.command.status().map_err(|error| self.missing(&error))?;
        if status.success() { Ok(()) } else { Err(Fault::new(format!("`{line}` failed ({status})"))) }
    }

    /// Runs it to its end; `hear` reads its output, in order, and passes it on. Returns whether it succeeded,
    /// and the result of `hear`.
    pub(crate) fn run_heard<T>(
        mut self,
        hear: impl FnOnce(io::PipeReader) -> io::Result<T>,
    ) -> Result<(Result<(), Fault>, T), Fault> {
        let line = self.line();
        say(&format!("    $ {line}"));
        let piped = |error: io::Error| Fault::new(format!("`{line}` cannot be heard: {error}"));
        let (reader, mut writer) = io::pipe().map_err(piped)?;
        let (out, err) = (writer.try_clone().map_err(piped)?, writer.try_clone().map_err(piped)?);
        self.command.stdout(out).stderr(err);
        if io::stdout().is_terminal() {
            self.command.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = self.command.spawn().map_err(|error| self.missing(&error))?;
        // A program that a test has left behind may hold the pipe open: its end is said, not waited for.
        let ended = std::thread::spawn(move || {
            let status = child.wait()?;
            writer.write_all(END)?;
            Ok::<_, io::Error>(status)
        });
        let heard = hear(reader).map_err(piped)?;
        let status =
            ended.join().map_err(|_| Fault::new(format!("`{line}` was not waited for")))?.map_err(piped)?;
        let done =
            if status.success() { Ok(()) } else { Err(Fault::new(format!("`{line}` failed ({status})"))) };
        Ok((done, heard))
    }

    /// Its standard output, silently.
    pub(crate) fn read(mut self) -> Result<String, Fault> {
        let output = self.command.output().map_err(|error| self.missing(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let message = String::from_utf8_lossy(&output.stderr);
        Err(Fault::new(format!("`{}` failed ({}): {}", self.line(), output.status, message.trim())))
    }

    /// The command itself, for what is not run to its end here.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn missing(&self, error: &io::Error) -> Fault {
        let name = self.command.get_program().to_string_lossy();
        match error.kind() {
            io::ErrorKind::NotFound if !self.hint.is_empty() => {
                Fault::new(format!("{name} is missing: {}", self.hint))
            }
            io::ErrorKind::NotFound => {
                Fault::new(format!("{name} is missing: install it, or put it on the PATH"))
            }
            _ => Fault::new(format!("{name} cannot be run: {error}")),
        }
    }

    fn line(&self) -> String {
        let program = Path::new(self.command.get_program());
        let name = program.file_stem().unwrap_or(program.as_os_str());
        std::iter::once(name)
            .chain(self.command.get_args())
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The line after all output of a program.
pub(crate) const END: &[u8] = b"\0end\n";

/// Prints a line at once: programs that are run write to the same terminal. A closed terminal is no reason to
/// stop.
pub(crate) fn say(line: &str) {
    let mut output = io::stdout().lock();
    if writeln!(output, "{line}").and_then(|()| output.flush()).is_err() {
        eprintln!("{line}");
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{io::Read as _, time::Instant};

    use super::*;

    #[test]
    fn a_background_child_does_not_delay_its_parents_end() {
        let begin = Instant::now();
        let program =
            Program::new("sh", Path::new("/")).args(["-c", "sleep 30 & echo one; echo two >&2; exit 3"]);
        let (done, heard) = program
            .run_heard(|mut output| {
                let mut heard = Vec::new();
                let mut byte = [0];
                while !heard.ends_with(END) && output.read(&mut byte)? > 0 {
                    heard.push(byte[0]);
                }
                Ok(heard)
            })
            .expect("it runs");
        assert_eq!(heard, b"one\ntwo\n\0end\n", "both outputs, in their order");
        assert!(done.expect_err("it fails").to_string().contains('3'));
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}
