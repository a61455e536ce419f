//! Why the registry could not be read or written.

/// Why the registry could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Disk full, no permission, a file where the folder should be, …
    #[error("The account list cannot be {action}: {detail}")]
    Io {
        /// `read` or `written`.
        action: &'static str,
        /// What the system said.
        detail: String,
    },
    /// Written by a newer version of this app; it is left alone.
    #[error(
        "The account list was written by a newer version of this app (format {0}). Update the app to use it."
    )]
    TooNew(u32),
    /// Another process of ours holds the lock for longer than 5 s.
    #[error("Another window or program of this app is at work on it. Try again in a moment.")]
    Busy,
}
