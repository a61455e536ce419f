//! Child processes in groups of their own, ended when dropped, and waits that end.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::RigError;

/// How often a wait looks again.
const STEP: Duration = Duration::from_millis(10);

/// A child in a process group of its own; dropping it ends the group.
#[derive(Debug)]
pub(crate) struct Group {
    name: String,
    child: Child,
    grace: Duration,
}

impl Group {
    /// Starts `command` as the leader of a new group.
    pub(crate) fn start(command: &mut Command) -> Result<Self, RigError> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().map_err(RigError::start(&name))?;
        Ok(Self { name, child, grace: Duration::ZERO })
    }

    /// Gives the group `grace` to end by itself (SIGTERM) before it is killed.
    pub(crate) fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How the leader ended, if it did.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, RigError> {
        self.child.try_wait().map_err(RigError::start(&self.name))
    }

    /// Ends the whole group, whether or not its leader still runs.
    pub(crate) fn end(&mut self) -> Result<(), RigError> {
        let id = self.child.id();
        if self.grace > Duration::ZERO && self.ended()?.is_none() {
            signal_group(id, Signal::TERM)?;
            // Stays longer than it should: the kill below is for that.
            let begin = Instant::now();
            while self.ended()?.is_none() && begin.elapsed() < self.grace {
                thread::sleep(STEP);
            }
        }
        signal_group(id, Signal::KILL)?;
        self.child.wait().map_err(RigError::start(&self.name))?;
        Ok(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("test-rig: ending {}: {error}", self.name);
        }
    }
}

/// Sends `signal` to the group; a group that is gone already is no error.
fn signal_group(id: u32, signal: Signal) -> Result<(), RigError> {
    match kill_process_group(process(id)?, signal) {
        Err(rustix::io::Errno::SRCH) | Ok(()) => Ok(()),
        Err(error) => Err(RigError::Signal { pid: id, source: error.into() }),
    }
}

/// Sends `signal` to one process, which must exist.
pub(crate) fn signal(pid: u32, signal: Signal) -> Result<(), RigError> {
    rustix::process::kill_process(process(pid)?, signal)
        .map_err(|error| RigError::Signal { pid, source: error.into() })
}

/// Whether every thread of the process is stopped: one that still runs may answer a last call.
pub(crate) fn is_stopped(pid: u32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    threads.flatten().all(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The name before the state's letter stands in parentheses, and may itself hold any of them.
        stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('T'))
    })
}

fn process(pid: u32) -> Result<Pid, RigError> {
    i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| RigError::Unexpected(format!("{pid} is no process ID")))
}

/// Waits until `ready` gives a value.
pub(crate) fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut ready: impl FnMut() -> Result<Option<T>, RigError>,
) -> Result<T, RigError> {
    let begin = Instant::now();
    loop {
        if let Some(value) = ready()? {
            return Ok(value);
        }
        if begin.elapsed() >= limit {
            return Err(RigError::Late { what: what.to_owned(), limit });
        }
        thread::sleep(STEP);
    }
}

/// Runs `command` to its end; returns how it ended, and standard output and error as they were interleaved.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<(ExitStatus, String), RigError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let (mut reader, writer) = io::pipe().map_err(RigError::start(&program))?;
    let copy = writer.try_clone().map_err(RigError::start(&program))?;
    command.stdin(std::process::Stdio::null()).stdout(copy).stderr(writer);
    let mut group = Group::start(command)?;
    // The command keeps the pipe's writing ends; only without them does reading end.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let reading = thread::spawn(move || {
        let mut output = Vec::new();
        reader.read_to_end(&mut output).map(|_| output)
    });
    let status = wait_for(&format!("{program} to end"), limit, || group.ended());
    // Also ends what the program left in its group, which would keep the pipe open.
    group.end()?;
    let output = reading
        .join()
        .map_err(|_| RigError::Unexpected(format!("reading from {program} panicked")))?
        .map_err(RigError::start(&program))?;
    let output = String::from_utf8_lossy(&output).into_owned();
    match status {
        Ok(status) => Ok((status, output)),
        Err(RigError::Late { what, limit }) => {
            Err(RigError::Late { what: format!("{what} (it wrote:\n{output})"), limit })
        }
        Err(error) => Err(error),
    }
}

/// Runs `command`, which must succeed; returns what it wrote.
pub(crate) fn succeed(command: &mut Command, limit: Duration) -> Result<String, RigError> {
    let program = command.get_program().to_string_lossy().into_owned();
    match run(command, limit)? {
        (status, output) if status.success() => Ok(output),
        (status, output) => Err(RigError::Failed { program, status, output }),
    }
}
