//! A program started as a desktop starts it, without a driver, and every process of that start.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command},
    time::Duration,
};

use crate::{
    Environment, RigError, SeenProcess,
    app::{RUN, seen},
    leash::marked,
    process::{Group, wait_for},
};

/// How long a program has to end when it is asked to, and its helpers after it.
const END: Duration = Duration::from_secs(10);

/// One start of a program. It ends when this is dropped.
#[derive(Debug)]
pub struct Launch {
    group: Group,
    mark: PathBuf,
}

impl Launch {
    /// Starts `command`, which [`Environment::command`] has made.
    pub fn start(environment: &Environment, command: &mut Command) -> Result<Self, RigError> {
        let mark = tempfile::Builder::new().prefix("launch-").tempfile_in(environment.folder());
        let mark = mark.map_err(RigError::file(environment.folder()))?.into_temp_path().to_path_buf();
        // As the driver of the other tests starts the app.
        let command = command.env(RUN, &mark).env("NO_AT_BRIDGE", "1");
        Ok(Self { group: Group::start(command)?.with_grace(END), mark })
    }

    /// The program itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        self.group.child()
    }

    /// The program and what it has started: by the mark, which stays when a parent ends, and by the parents,
    /// for a browser that writes over its environment.
    #[must_use]
    pub fn processes(&self) -> Vec<SeenProcess> {
        let marked = marked(RUN, &self.mark);
        let others = descendants(self.group.id()).into_iter().filter(|pid| !marked.contains(pid));
        marked.iter().copied().chain(others).filter_map(seen).collect()
    }

    /// Asks the program to end, and waits for its helpers, too.
    pub fn end(mut self) -> Result<(), RigError> {
        self.group.end()?;
        wait_for("a program's helpers to end", END, || Ok(self.processes().is_empty().then_some(())))
    }
}

fn descendants(ancestor: u32) -> Vec<u32> {
    let number = |text: &str| text.parse::<u32>().ok();
    let listing = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = listing.filter_map(|entry| number(entry.file_name().to_str()?));
    let parents: Vec<(u32, u32)> = pids
        .filter_map(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name before the state's letter stands in parentheses, and may itself hold any of them.
            let (_, rest) = stat.rsplit_once(") ")?;
            Some((pid, number(rest.split(' ').nth(1)?)?))
        })
        .collect();
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, its)| *its == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found
}
