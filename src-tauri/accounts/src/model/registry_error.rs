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
        /// The action that failed.
        action: Action,
        /// The system's error text.
        detail: String,
    },
    /// Written by a newer version of this app; it is not touched.
    #[error(
        "The account list was written by a newer version of this app (format {format}). Update the app to \
         use it."
    )]
    TooNew {
        /// The document's format.
        format: u32,
    },
    /// Another process of ours holds the lock for longer than 5 s.
    #[error("Another window or program of this app is at work on it. Try again in a moment.")]
    Busy,
}

/// An action on a file that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Reading failed.
    Read,
    /// Writing failed.
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
