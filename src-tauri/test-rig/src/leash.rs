//! No process outlives its world.
//!
//! Every process that the rig starts is ended by its owner's `Drop`. Two kinds escape that: grandchildren
//! that left their process group (D-Bus activates services; `WebKit` starts helpers), and everything at once
//! when the test's own process is killed, for then nothing is dropped. For the first, all processes of a
//! world carry a marker in their environment and are *swept* by it. For the second, a small shell waits at
//! the end of a pipe that only the test's process holds open; when it closes, the shell sweeps and removes
//! the folder.

use std::{
    fs,
    io::Write,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{RigError, environment::MARKER, process::signal};

/// Reads one line from the test's process. `done` says that the world ended in order; an end of file, that
/// the process is gone: then sweep until nothing more is found, and remove the folder.
const WATCH: &str = r#"
read -r line && [ "$line" = done ] && exit 0
for round in 1 2 3 4 5; do
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}; pid=${pid%/environ}
    tr '\0' '\n' <"$environ" 2>/dev/null | grep -qxF "$0=$1" && kill -KILL "$pid" 2>/dev/null
  done
  sleep 0.1
done
rm -rf -- "$1"
"#;

/// How long the kernel gets to take down what was killed.
const TAKE_DOWN: Duration = Duration::from_secs(5);

/// The tie between a world and the test's process.
#[derive(Debug)]
pub(crate) struct Leash {
    folder: PathBuf,
    watcher: Child,
    pipe: Option<ChildStdin>,
}

impl Leash {
    /// Ties the world in `folder` to this process.
    pub(crate) fn tie(folder: &Path) -> Result<Self, RigError> {
        let mut watcher = Command::new("sh")
            .args(["-c", WATCH, MARKER])
            .arg(folder)
            .env_remove(MARKER)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C at the terminal ends the test, and must not end what cleans up after it.
            .process_group(0)
            .spawn()
            .map_err(RigError::start("sh"))?;
        let pipe = watcher.stdin.take();
        Ok(Self { folder: folder.to_owned(), watcher, pipe })
    }

    /// Kills every process that carries the world's marker, this one excepted.
    fn sweep(&self) {
        let begin = Instant::now();
        loop {
            let leftovers = marked(MARKER, &self.folder);
            if leftovers.is_empty() {
                return;
            }
            if begin.elapsed() > TAKE_DOWN {
                eprintln!("test-rig: processes {leftovers:?} of {} cannot be killed", self.folder.display());
                return;
            }
            for leftover in leftovers {
                // One that ended meanwhile is what is wanted; one that cannot be killed is found again, and
                // told.
                if let Err(RigError::Signal { pid, source }) = signal(leftover, Signal::KILL)
                    && source.raw_os_error() != Some(rustix::io::Errno::SRCH.raw_os_error())
                {
                    eprintln!("test-rig: process {pid}: {source}");
                }
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.sweep();
        if let Some(mut pipe) = self.pipe.take()
            && let Err(error) = pipe.write_all(b"done\n")
        {
            eprintln!("test-rig: the leash of {} is gone: {error}", self.folder.display());
        }
        if let Err(error) = self.watcher.wait() {
            eprintln!("test-rig: the leash of {}: {error}", self.folder.display());
        }
    }
}

/// The running processes, this one excepted, in whose environment `name` has the value `path`.
pub(crate) fn marked(name: &str, path: &Path) -> Vec<u32> {
    let marker = [name.as_bytes(), b"=", path.as_os_str().as_bytes()].concat();
    let Ok(listing) = fs::read_dir("/proc") else { return Vec::new() };
    listing
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != std::process::id())
        // Other users' processes, zombies and kernel threads show no environment; they are not ours.
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|entry| entry == marker))
        })
        .collect()
}
