//! Why the registry could not be read or written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why the registry could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RegistryError {
    /// Disk full, no permission, a file where the folder should be, …
    #[error("The account list cannot be {action}: {detail}")]
    Io {
        /// What could not be done.
        action: Action,
        /// What the system said.
        detail: String,
    },
    /// Written by a newer version of this app; it is left alone.
    #[error(
        "The account list was written by a newer version of this app (format {format}). Update the app to use it."
    )]
    TooNew {
        /// The format it was written in.
        format: u32,
    },
    /// Another process of ours holds the lock for longer than 5 s.
    #[error("Another window or program of this app is at work on it. Try again in a moment.")]
    Busy,
}

/// What could not be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It could not be read.
    Read,
    /// It could not be written.
    Written,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Written => "written",
        })
    }
}
