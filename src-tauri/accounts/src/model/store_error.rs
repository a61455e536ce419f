//! Why a call to the keyring failed.

use serde::{Deserialize, Serialize};

/// Why a call to the keyring failed. No variant holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "camelCase")]
pub enum StoreError {
    /// Locked; no entry was touched. Only the user can unlock it.
    #[error("The keyring is locked.")]
    Locked,
    /// It is open, but the user has not allowed this program to use the entry. No entry was touched.
    #[error("The keyring has not allowed this program to use the entry.")]
    NotAllowed,
    /// There is no keyring to keep anything in.
    #[error("There is no keyring yet.")]
    NoKeyring,
    /// The call passed its time limit. It may still take effect.
    #[error("The keyring does not answer.")]
    Hung,
    /// No D-Bus, no daemon, no keychain.
    #[error("The keyring cannot be reached: {0}")]
    Unavailable(String),
    /// It answered with a refusal.
    #[error("The keyring refused: {0}")]
    Refused(String),
}
