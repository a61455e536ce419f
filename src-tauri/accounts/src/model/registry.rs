//! The registry: which accounts there are, and what is still owed. It holds no secret.
//!
//! It is the index of the keyring: an entry under our service that the registry does not account for is a
//! fault. One document, small, always written whole; [`file`] keeps it on disk. Its generation counter never
//! falls, not even when the document is mended: each log-in and log-out draws a number, and who comes late
//! with an older one is turned away.
//!
//! Non-goals: history (that is the activity), settings, and anything that the server or a token can tell
//! again.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName, Profile};
use crate::model::auth_config::AuthConfig;
use crate::model::factor::Factor;
use crate::model::tenant::{SessionId, Tenant};
use crate::model::timestamp::Timestamp;

mod apart;
mod change;

mod foreign;
mod local_clock;
pub(crate) mod log_outs;
pub(crate) mod pending_revocations;
mod server_clock;
mod superseded;

pub use log_outs::RecentLogOut;
pub use pending_revocations::{LeftoverEntry, LostSession, OlderSession, PendingRevocation};
pub use server_clock::ServerClock;
pub use superseded::Successor;

/// The version of the document that this code writes: it rises with each new kind of row. An older one is
/// read, and written as this one; a newer one is not touched.
///
/// 2: superseded sessions, foreign entries that the user left, what the server's clock said, how a session
/// ended. 3: what log-outs came to, by one outcome for every session; why a session is pending, as a kind.
pub const VERSION: u32 = 3;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registry {
    /// The document's version.
    pub version: u32,
    /// The last generation that was drawn. Never falls.
    #[serde(default)]
    pub generation: u64,
    /// Every account, in the order of first log-in.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// The account that is shown, if any. Never set by a log-out.
    #[serde(default)]
    pub active: Option<AccountId>,
    /// The tenant that was last chosen on the login screen, and who logged in there.
    #[serde(default)]
    pub last_tenant: Option<LastTenant>,
    /// Sessions that are over here and not yet known to be dead there.
    #[serde(default)]
    pub pending: Vec<PendingRevocation>,
    /// Sessions that a refresh has superseded, one row an account. Nothing is asked of them until the account
    /// is logged out: then the row is a pending revocation.
    #[serde(default)]
    pub superseded: Vec<PendingRevocation>,
    /// Entries that the keyring would not let go of.
    #[serde(default, rename = "remnants")]
    pub leftovers: Vec<LeftoverEntry>,
    /// Sessions that nothing here can end, until the user has read of them.
    #[serde(default)]
    pub lost: Vec<LostSession>,
    /// Log-outs of the last 60 s: who asks again gets the same result.
    #[serde(default, rename = "logOuts")]
    pub recent_log_outs: Vec<RecentLogOut>,
    /// This document was damaged once, and the user has not read of it yet.
    #[serde(default)]
    pub mended: Option<Mended>,
    /// What the keyring lists has been compared with this document since it began, was mended, or a write to
    /// the keyring hung.
    #[serde(default)]
    pub reconciled: bool,
    /// What the servers' clocks say.
    #[serde(default)]
    pub server_clocks: Vec<ServerClock>,
    /// It was mended, and has not been compared since: what the keyring keeps of pending revocations is its
    /// own.
    #[serde(default)]
    pub mended_and_not_compared: bool,
    /// Entries that may yet be written: the call that wrote them hung.
    #[serde(default)]
    pub late_writes: Vec<EntryName>,
    /// Sessions that this list once held, the latest last. A token of one of them is its own, whenever it is
    /// found.
    #[serde(default)]
    pub sessions_held: Vec<SessionId>,
    /// Foreign entries that the user left as they are.
    #[serde(default)]
    pub left_entries: Vec<EntryName>,
    /// `revoke.` entries of other lists whose session is dead: theirs to delete.
    #[serde(default)]
    pub ended_elsewhere: Vec<EntryName>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            version: VERSION,
            generation: 0,
            accounts: Vec::new(),
            active: None,
            last_tenant: None,
            pending: Vec::new(),
            superseded: Vec::new(),
            leftovers: Vec::new(),
            lost: Vec::new(),
            recent_log_outs: Vec::new(),
            mended: None,
            reconciled: false,
            server_clocks: Vec::new(),
            mended_and_not_compared: false,
            late_writes: Vec::new(),
            sessions_held: Vec::new(),
            left_entries: Vec::new(),
            ended_elsewhere: Vec::new(),
        }
    }
}

impl Registry {
    /// Draws a new generation.
    pub fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.generation
    }

    /// The account with this ID.
    #[must_use]
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// The account with this ID, to be changed.
    pub fn account_mut(&mut self, id: &AccountId) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == *id)
    }

    /// Removes an account; it is no longer the one that is shown. No other becomes it. Its superseded
    /// sessions are to be ended, too.
    pub fn remove(&mut self, id: &AccountId) {
        self.end_superseded(id);
        if let Some(session) = self.account(id).map(|account| account.session.clone()) {
            self.remember_session(&session);
        }
        self.accounts.retain(|account| account.id != *id);
        if self.active.as_ref() == Some(id) {
            self.active = None;
        }
    }

    /// The pending revocation with this entry.
    #[must_use]
    pub fn pending_row(&self, entry: &EntryName) -> Option<&PendingRevocation> {
        self.pending.iter().find(|row| row.entry == *entry)
    }

    /// Every entry that may lie in the keyring with our knowledge.
    pub fn known_entries(&self) -> impl Iterator<Item = EntryName> {
        let of_accounts = self.accounts.iter().flat_map(Account::entries);
        let of_pending = self.pending.iter().chain(&self.superseded).map(|p| p.entry.clone());
        let of_leftovers = self.leftovers.iter().map(|r| r.entry.clone());
        of_accounts.chain(of_pending).chain(of_leftovers).chain(self.ended_elsewhere.iter().cloned())
    }
}

/// Where in its life an account is. Whatever is not [`Active`](Phase::Active) is finished by the next start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Its tokens are being stored. Found at a start: the log-in was cut off, and is undone.
    #[serde(rename = "arriving")]
    LoggingIn,
    /// Logged in.
    Active,
    /// Being logged out. Found at a start: the log-out was cut off, and is finished.
    #[serde(rename = "leaving")]
    LoggingOut,
    /// The user has given it up, since its keyring is out of reach. Shown no more but for its entries, which
    /// may still be there; should the keyring come back, it is finished as one that is leaving.
    #[serde(rename = "forgotten")]
    Abandoned,
}

/// An account, as the registry knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Who.
    pub id: AccountId,
    /// Where its API is, and on behalf of which site.
    pub tenant: Tenant,
    /// Where in its life it is.
    pub phase: Phase,
    /// Changes with every log-in and log-out.
    pub generation: u64,
    /// Its session.
    pub session: SessionId,
    /// What the entry is called that would hold this session's token as a pending revocation. Reserved from
    /// the start, so that the entry is accounted for whenever it is written.
    pub revoke_entry: EntryName,
    /// When the access token expires.
    pub access_expires_at: Timestamp,
    /// The same by this machine's clock: when it arrived, and how long it lives. 0 when nobody has written it
    /// down.
    #[serde(default)]
    pub access_expires_here_at: Timestamp,
    /// When to get new tokens by ourselves, by this machine's clock; nothing when there is no refresh token.
    #[serde(default)]
    pub refresh_at: Option<Timestamp>,
    /// How long the access token lives in all, in seconds; 0 when it does not say.
    #[serde(default)]
    pub access_life: i64,
    /// When the session ends by itself.
    pub session_ends_at: Timestamp,
    /// The same by this machine's clock: when its last refresh token arrived, and how long that one lives. 0
    /// when nobody has written it down.
    #[serde(default)]
    pub session_ends_here_at: Timestamp,
    /// The full life of a refresh token, in seconds: a refresh whose answer was lost may have prolonged the
    /// session by it.
    #[serde(default)]
    pub session_life: i64,
    /// How often new tokens were stored in this session: whoever has waited for its turn learns by it that
    /// they are new.
    #[serde(default)]
    pub refreshes: u64,
    /// When the user logged in.
    pub logged_in_at: Timestamp,
    /// The server has confirmed that the session is dead; what is left to do is on this machine. Written
    /// before anything is deleted, so that an account without tokens is not taken for one that lost them.
    #[serde(default)]
    pub session_is_dead: bool,
    /// None of its tokens is in the keyring, though nobody here has deleted them: the user has to log in
    /// again. Its session may be alive.
    #[serde(default)]
    pub tokens_missing: bool,
    /// The server refused to refresh: the session is over there, and the user has to log in again.
    #[serde(default)]
    pub signed_out_by_server: bool,
    /// What is shown of the user.
    #[serde(default)]
    pub profile: Profile,
    /// What it takes to tell it from others of its name: derived from the whole document, never written.
    #[serde(skip)]
    pub told_apart_by: Vec<String>,
}

impl Account {
    /// In name only: for a session that is to be owed, and that no account has.
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

    /// Every entry that may hold a token of this account, in the order in which they are deleted.
    #[must_use]
    pub fn entries(&self) -> [EntryName; 3] {
        [EntryName::access(&self.id), EntryName::refresh(&self.id), self.revoke_entry.clone()]
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.profile.display_name().unwrap_or(self.id.user().as_str())
    }

    /// Its name, with what tells it from others of the same name.
    #[must_use]
    pub fn called(&self) -> String {
        match self.told_apart_by.as_slice() {
            [] => self.name().to_owned(),
            parts => format!("{} ({})", self.name(), parts.join(", ")),
        }
    }
}

/// What the login screen offers again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastTenant {
    /// Which tenant.
    pub tenant: Tenant,
    /// Its name, if known.
    #[serde(default)]
    pub name: Option<String>,
    /// What the user typed to log in: an e-mail address, a user name or a phone number.
    #[serde(default)]
    pub email_or_username: Option<String>,
    /// The first factor that was used last.
    #[serde(default)]
    pub last_factor: Option<Factor>,
    /// Its mode and first factors, as it last told them.
    #[serde(default, rename = "waysIn")]
    pub auth_config: Option<AuthConfig>,
}

/// How the document was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mended {
    /// Name of the file that keeps the damaged document; `None` when there was none at all.
    pub kept_as: Option<String>,
    /// Whether the last good copy took its place; otherwise it began anew, empty.
    pub from_last_good: bool,
}
