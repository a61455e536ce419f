//! The keyring, as the domain asks for it: what it promises, how it is, and why it had no result.

use crate::model::log_out_outcome::Deletion;
use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::model::account::EntryName;
pub use crate::model::store_error::StoreError;

/// How the keyring is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "status", content = "reason")]
pub enum StoreStatus {
    /// It answers, and all of it that is ours is unlocked. Believed until it is asked.
    #[default]
    Ok,
    /// It answers, and wants its password.
    Locked,
    /// It is open, and keeps entries of ours locked until the user allows this program to use them (`KeePassXC`).
    NotAllowed,
    /// It answers, and there is no keyring to keep anything in.
    NoKeyring,
    /// It cannot be reached at all; why, in words for the technical detail.
    Unavailable(String),
    /// A call has passed its time limit; nothing is asked of it until that call returns.
    Hung,
}

impl StoreStatus {
    /// Whether it answers and is open: what is not locked by itself can be read, and new entries can be made.
    ///
    /// # Errors
    /// Else why not.
    pub fn usable(self) -> Result<(), StoreError> {
        match self {
            Self::Ok | Self::NotAllowed => Ok(()),
            Self::Locked => Err(StoreError::Locked),
            Self::NoKeyring => Err(StoreError::NoKeyring),
            Self::Hung => Err(StoreError::Hung),
            Self::Unavailable(why) => Err(StoreError::Unavailable(why)),
        }
    }
}

impl From<StoreError> for StoreStatus {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::Locked,
            StoreError::NotAllowed => Self::NotAllowed,
            StoreError::NoKeyring => Self::NoKeyring,
            StoreError::Hung => Self::Hung,
            StoreError::Unavailable(why) | StoreError::Refused(why) => Self::Unavailable(why),
        }
    }
}

/// An entry of ours that lies under another service than the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryElsewhere {
    /// The service.
    pub service: String,
    /// The entry's name.
    pub entry: EntryName,
}

/// The OS keyring, seen from here. Calls may take seconds; none of them opens a dialog except
/// [`unlock`](CredentialStore::unlock), and none touches a locked keyring.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// What people call it: `GNOME Keyring`, `Keychain`, …
    fn name(&self) -> String;

    /// The service under which our entries lie.
    fn service(&self) -> String;

    /// How it is now.
    async fn status(&self) -> StoreStatus;

    /// The secret of an entry, or `None` when it is known to be absent (read while unlocked).
    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError>;

    /// Sets an entry, new or not. After `Ok` it survives a power cut as well as the keyring can promise.
    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError>;

    /// Deletes entries, every twin and part of them, and looks whether they are gone.
    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError>;

    /// Names of all entries under our service. Unlike the others it may answer while the keyring is locked.
    async fn entries(&self) -> Result<Vec<EntryName>, StoreError>;

    /// Our entries under the services that this data folder had before, for it may have been spelt in several
    /// ways ([`service_name`](crate::storage::service_name)). Nothing here uses or deletes them.
    async fn entries_elsewhere(&self) -> Result<Vec<EntryElsewhere>, StoreError> {
        Ok(Vec::new())
    }

    /// Asks the user to unlock it (a dialog of the desktop's), for up to a minute. The status afterwards.
    async fn unlock(&self) -> StoreStatus;
}
