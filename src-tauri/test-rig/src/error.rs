//! Faults of the rig itself, as opposed to faults of the tested program.

use std::{io, path::PathBuf, process::ExitStatus, time::Duration};

/// A fault of the rig: a test that meets one has proved nothing, and must fail.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// A file or folder of the private world could not be made, read or removed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A program could not be started.
    #[error("{program} could not be started ({source}); `cargo xtask test` installs what is missing")]
    Start {
        /// The program, by name or path.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// A program ended, or answered, otherwise than it must.
    #[error("{program} failed ({status}):\n{output}")]
    Failed {
        /// The program, by name or path.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Its standard output and standard error.
        output: String,
    },
    /// Something did not happen in time.
    #[error("{what}: not within {limit:?}")]
    Late {
        /// The awaited event.
        what: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// A signal could not be sent.
    #[error("process {pid}: {source}")]
    Signal {
        /// The process or process group.
        pid: u32,
        /// The system's error.
        source: io::Error,
    },
    /// The bus or the keyring daemon refused a call of the rig.
    #[error("D-Bus: {0}")]
    Bus(#[from] zbus::Error),
    /// The `WebDriver`, or the page by way of it, refused.
    #[error("{what}: {source}")]
    Driver {
        /// The request.
        what: String,
        /// Its error.
        source: Box<thirtyfour::error::WebDriverError>,
    },
    /// The sandbox, or a driver's status, could not be reached.
    #[error("HTTP: {0}")]
    Http(#[from] reqwest::Error),
    /// Any other contradiction of what the rig relies on.
    #[error("{0}")]
    Unexpected(String),
}

impl RigError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    pub(crate) fn start(program: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let program = program.into();
        move |source| Self::Start { program, source }
    }

    /// The element has been redrawn meanwhile.
    pub(crate) fn is_stale(&self) -> bool {
        use thirtyfour::error::WebDriverErrorInner::StaleElementReference;
        matches!(self, Self::Driver { source, .. } if matches!(source.as_inner(), StaleElementReference(_)))
    }

    pub(crate) fn driver(what: impl Into<String>) -> impl FnOnce(thirtyfour::error::WebDriverError) -> Self {
        let what = what.into();
        move |source| Self::Driver { what, source: Box::new(source) }
    }
}
