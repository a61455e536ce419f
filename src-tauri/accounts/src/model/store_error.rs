//! Why a call to the keyring had no result.

use serde::{Deserialize, Serialize};

/// Why a call to the keyring had no result. No variant holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "camelCase")]
pub enum StoreError {
    /// Locked: nothing was touched. Unlocking needs the user.
    #[error("The keyring is locked.")]
    Locked,
    /// It is open, and the user has not allowed this program to use the entry. Nothing was touched.
    #[error("The keyring has not allowed this program to use the entry.")]
    NotAllowed,
    /// There is no keyring to keep anything in.
    #[error("There is no keyring yet.")]
    NoKeyring,
    /// The call passed its limit. It may yet take effect.
    #[error("The keyring does not answer.")]
    Hung,
    /// No D-Bus, no daemon, no keychain.
    #[error("The keyring cannot be reached: {0}")]
    Unavailable(String),
    /// It answered, and would not do it.
    #[error("The keyring refused: {0}")]
    Refused(String),
}
