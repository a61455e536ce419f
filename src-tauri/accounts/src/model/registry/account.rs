//! An account, as the registry lists it.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName, Profile};
use crate::model::tenant::{SessionId, Tenant};
use crate::model::timestamp::Timestamp;

/// The phase of an account. The next start finishes every phase except [`Active`](Phase::Active). A new
/// variant raises [`VERSION`](crate::model::registry::VERSION).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Its tokens are being stored. If a start finds it so, the log-in was cut off, and is rolled back.
    #[serde(rename = "arriving")]
    LoggingIn,
    /// Logged in.
    Active,
    /// Being logged out. If a start finds it so, the log-out was cut off, and is finished.
    #[serde(rename = "leaving")]
    LoggingOut,
    /// The user has abandoned it, since its keyring is out of reach. Only its entries are shown, which may
    /// still be there. When the keyring is back, the log-out is finished.
    #[serde(rename = "forgotten")]
    Abandoned,
}

/// An account, as the registry knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The account's ID.
    pub id: AccountId,
    /// The tenant, with API and domain.
    pub tenant: Tenant,
    /// The phase.
    pub phase: Phase,
    /// Changes with every log-in and log-out.
    pub generation: u64,
    /// Its session.
    pub session: SessionId,
    /// The entry of its pending revocation. Reserved from the start, so that it is always accounted for.
    pub revoke_entry: EntryName,
    /// When the access token expires, by the server's clock.
    pub access_expires_at: Timestamp,
    /// The same by this machine's clock: the time of arrival plus the token's life. 0 if not recorded.
    #[serde(default)]
    pub access_expires_here_at: Timestamp,
    /// When to refresh automatically, by this machine's clock; `None` without a refresh token.
    #[serde(default)]
    pub refresh_at: Option<Timestamp>,
    /// The full life of the access token, in seconds; 0 if unknown.
    #[serde(default)]
    pub access_life: i64,
    /// When the session expires, by the server's clock.
    pub session_ends_at: Timestamp,
    /// The same by this machine's clock: the last refresh token's arrival plus its life. 0 if not recorded.
    #[serde(default)]
    pub session_ends_here_at: Timestamp,
    /// A refresh token's full life, in seconds: a lost refresh may have prolonged the session by it.
    #[serde(default)]
    pub session_life: i64,
    /// How often tokens were stored. A caller that has waited for a refresh sees by it that they are new.
    #[serde(default)]
    pub refreshes: u64,
    /// When the user logged in.
    pub logged_in_at: Timestamp,
    /// The server has confirmed that the session is over. Written before any entry is deleted, so that an
    /// account without tokens is not taken for one that lost them.
    #[serde(default)]
    pub session_is_dead: bool,
    /// Its tokens vanished from the keyring: the user has to log in again. Its session may be alive.
    #[serde(default)]
    pub tokens_missing: bool,
    /// The server refused to refresh: the session is over, and the user has to log in again.
    #[serde(default)]
    pub signed_out_by_server: bool,
    /// The user's details.
    #[serde(default)]
    pub profile: Profile,
    /// The parts that tell it from accounts of the same name: derived from the whole document, never written.
    #[serde(skip)]
    pub told_apart_by: Vec<String>,
}

impl Account {
    /// A placeholder for queueing a session that no account has.
    pub(crate) fn in_name_only(
        id: AccountId,
        tenant: Tenant,
        session: SessionId,
        revoke_entry: EntryName,
        session_ends_at: Timestamp,
    ) -> Self {
        Self {
            id,
            tenant,
            phase: Phase::LoggingOut,
            generation: 0,
            session,
            revoke_entry,
            access_expires_at: session_ends_at,
            access_expires_here_at: Timestamp::default(),
            refresh_at: None,
            access_life: 0,
            session_ends_at,
            session_ends_here_at: Timestamp::default(),
            session_life: 0,
            refreshes: 0,
            logged_in_at: Timestamp::default(),
            session_is_dead: false,
            tokens_missing: false,
            signed_out_by_server: false,
            profile: Profile::default(),
            told_apart_by: Vec::new(),
        }
    }

    /// Every entry that may hold a token of this account, in the order of deletion.
    #[must_use]
    pub fn entries(&self) -> [EntryName; 3] {
        [EntryName::access(&self.id), EntryName::refresh(&self.id), self.revoke_entry.clone()]
    }

    /// Its usual name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.profile.display_name().unwrap_or(self.id.user().as_str())
    }

    /// Its name, with the parts that tell it from others of the same name.
    #[must_use]
    pub fn called(&self) -> String {
        match self.told_apart_by.as_slice() {
            [] => self.name().to_owned(),
            parts => format!("{} ({})", self.name(), parts.join(", ")),
        }
    }
}
