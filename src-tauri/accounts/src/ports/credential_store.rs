//! The keyring, as the domain sees it.

use crate::model::log_out_outcome::Deletion;
use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::model::account::EntryName;
pub use crate::model::store_error::StoreError;

/// The keyring's status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "status", content = "reason")]
pub enum StoreStatus {
    /// It answers, and all our entries are unlocked. Assumed until the keyring is asked.
    #[default]
    Ok,
    /// It answers, and needs its password.
    Locked,
    /// It is open, but has not allowed this program to use our entries (`KeePassXC`).
    NotAllowed,
    /// It answers, and there is no keyring to keep anything in.
    NoKeyring,
    /// It cannot be reached; the reason is technical detail.
    Unavailable(String),
    /// A call has passed its time limit; no other call is made until it returns.
    Hung,
}

impl StoreStatus {
    /// Whether the keyring answers and is open. Single entries may still be locked.
    ///
    /// # Errors
    /// The status as an error.
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

/// An entry of ours under another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryElsewhere {
    /// The service.
    pub service: String,
    /// The entry's name.
    pub entry: EntryName,
}

/// The OS keyring, seen from here. Calls may take seconds; none of them opens a dialog except
/// [`unlock`](CredentialStore::unlock), and deletions once questions are allowed. None touches a locked
/// keyring.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// The keyring's usual name: `GNOME Keyring`, `Keychain`, …
    fn name(&self) -> String;

    /// The service of our entries.
    fn service(&self) -> String;

    /// The status now.
    async fn status(&self) -> StoreStatus;

    /// The secret of an entry, or `None` when it is known to be absent (read while unlocked).
    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError>;

    /// The secrets of those of these entries that are there; the others are as certainly absent.
    async fn read_all(&self, entries: &[EntryName]) -> Result<Vec<(EntryName, SecretString)>, StoreError> {
        let mut read = Vec::new();
        for entry in entries {
            read.extend(self.read(entry).await?.map(|secret| (entry.clone(), secret)));
        }
        Ok(read)
    }

    /// Sets an entry, new or not. After `Ok` it survives a power cut as well as the keyring can promise.
    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError>;

    /// Deletes entries, with every duplicate and part of them, and verifies that they are gone. Where the
    /// keyring may ask the user before it deletes (`KeePassXC`), an entry stays until questions are allowed.
    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError>;

    /// Names of all entries under our service. Unlike the other calls it may answer while locked.
    async fn entries(&self) -> Result<Vec<EntryName>, StoreError>;

    /// Our entries under services that other spellings of this data folder's path had before
    /// ([`service_name`](crate::storage::service_name)). They are only named, never used or deleted.
    async fn entries_elsewhere(&self) -> Result<Vec<EntryElsewhere>, StoreError> {
        Ok(Vec::new())
    }

    /// Another data folder has taken the place of the one before: its entries may be under another service.
    fn folder_replaced(&self) {}

    /// From now on a deletion may open the keyring's own question: the user has asked for something.
    fn allow_questions(&self) {}

    /// Asks the user to unlock it (a desktop dialog), for up to a minute. Returns the status afterwards.
    async fn unlock(&self) -> StoreStatus;
}
