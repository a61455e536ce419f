//! No process outlives its world.
//!
//! Every process that the rig starts is ended by its owner's `Drop`. Two kinds escape that: grandchildren that
//! left their process group (D-Bus activates services; `WebKit` starts helpers), and everything at once when the
//! test's own process is killed, for then nothing is dropped. For the first, all processes of a world
//! carry a marker in their environment and are *swept* by it. For the second, a small shell waits at the end
//! of a pipe that only the test's process holds open; when it closes, the shell sweeps and removes the folder.

use std::{
    fs,
    io::Write,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{RigError, environment::MARKER};

/// Reads one line from the test's process. `done` says that the world ended in order; an end of file, that the
/// process is gone: then sweep until nothing more is found, and remove the folder.
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

    /// Kills every process that carries the world's marker, this one excepted; returns those that were found.
    pub(crate) fn sweep(&self) -> Vec<u32> {
        let mut found = Vec::new();
        let begin = Instant::now();
        loop {
            let strays = marked(MARKER, &self.folder);
            if strays.is_empty() || begin.elapsed() > TAKE_DOWN {
                return found;
            }
            for stray in strays {
                // A process that ended between the listing and the kill is what is wanted.
                if kill(stray) && !found.contains(&stray) {
                    found.push(stray);
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

fn kill(pid: u32) -> bool {
    i32::try_from(pid).ok().and_then(Pid::from_raw).is_some_and(|pid| kill_process(pid, Signal::KILL).is_ok())
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
