//! The outcome of a log-out: at the server, in the keyring, and the destination.

use serde::{Deserialize, Serialize};

use crate::model::account::EntryName;
use crate::model::destination::Destination;
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::timestamp::Timestamp;

/// The outcome of a log-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogOut {
    /// The account's usual name.
    pub account_name: String,
    /// The outcome for the session at the server.
    pub session: SessionOutcome,
    /// When the session expires, if it is not over.
    pub alive_until: Timestamp,
    /// The outcome for the tokens in the keyring.
    pub deletion: Deletion,
    /// The destination.
    pub destination: Destination,
    /// The session is over, but until then the server accepts its access token: it checks only signatures.
    #[serde(default)]
    pub accepted_until: Option<Timestamp>,
    /// Why the registry could not be written afterwards; it still has the account. Never on disk.
    #[serde(skip)]
    pub unwritten: Option<RegistryError>,
    /// The session was found alive and the account is logged in as before. Never on disk.
    #[serde(skip)]
    pub is_back: bool,
}

/// The outcome of deleting entries, verified afterwards. A new variant raises
/// [`VERSION`](crate::model::registry::VERSION).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deletion {
    /// At least one was there; none is now.
    Deleted,
    /// None was there.
    AlreadyAbsent,
    /// These are still there, even if the keyring reported success.
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
