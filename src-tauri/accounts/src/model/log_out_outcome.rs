//! What a log-out came to: at the server, in the keyring, and where it leads.

use serde::{Deserialize, Serialize};

use crate::model::account::EntryName;
use crate::model::destination::Destination;
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::timestamp::Timestamp;

/// What a log-out came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogOut {
    /// What people call the account.
    pub account_name: String,
    /// What became of the session at the server.
    pub session: SessionOutcome,
    /// When the session ends by itself, if it is not over.
    pub alive_until: Timestamp,
    /// What became of the tokens in the keyring.
    pub deletion: Deletion,
    /// Where to go now.
    pub destination: Destination,
    /// The session is over, and the server accepts its access token all the same until then: it checks
    /// signatures alone.
    #[serde(default)]
    pub accepted_until: Option<Timestamp>,
    /// Why the account list could not be written afterwards, if it could not: it still has the account. Never
    /// on disk.
    #[serde(skip)]
    pub unwritten: Option<RegistryError>,
    /// It turned out that the session is alive, when the list still had the account: it is logged in as
    /// before. Never on disk.
    #[serde(skip)]
    pub is_back: bool,
}

/// What became of entries that were to be deleted, verified afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deletion {
    /// At least one was there; none is now.
    Deleted,
    /// None was there.
    AlreadyAbsent,
    /// These are still there, whatever the keyring said.
    StillPresent(Vec<EntryName>),
}

impl Deletion {
    /// The entries that are still there.
    #[must_use]
    pub fn remaining(&self) -> &[EntryName] {
        match self {
            Self::Deleted | Self::AlreadyAbsent => &[],
            Self::StillPresent(entries) => entries,
        }
    }
}
