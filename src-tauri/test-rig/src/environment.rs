//! The environment variables of a private world.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// Carried by every process of a world, with the world's folder as its value: how leftover processes are
/// found at the end.
pub(crate) const MARKER: &str = "TEST_RIG_WORLD";

/// Taken over from the test's own environment, when set. All else starts from nothing, so that neither the
/// user's session nor a proxy reaches what is tested.
const INHERITED: [&str; 7] = [
    "PATH",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "LLVM_PROFILE_FILE",
    "CARGO_MANIFEST_DIR",
];

/// The variables that a process of a private world sees: these and no others.
#[derive(Clone, Debug)]
pub struct Environment {
    folder: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Environment {
    pub(crate) fn new(folder: &Path) -> Self {
        let mut environment = Self { folder: folder.to_owned(), variables: Vec::new() };
        for name in INHERITED {
            if let Some(value) = std::env::var_os(name) {
                environment.set(name, value);
            }
        }
        environment.set("LANG", "C.UTF-8");
        environment.set(MARKER, folder.as_os_str());
        environment
    }

    /// The world's folder; removed when the world ends.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sets a variable for the commands made from here on.
    pub fn set(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        let name = name.as_ref();
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.as_ref().to_owned()));
    }

    /// The value that the commands made from here on will see.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }

    /// A command that sees the private environment and nothing else.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
