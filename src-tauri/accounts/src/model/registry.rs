//! The registry: the accounts, the pending revocations and the leftover entries. It holds no secret.
//!
//! It is the index of the keyring: an entry under our service that the registry does not account for is a
//! fault. One small document, always written whole ([`registry_file`](crate::storage::registry_file)). Its
//! generation counter never falls, not even when a damaged document is replaced: each log-in and log-out
//! draws a number, and a late change with an older number has no effect.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName, Profile};
use crate::model::tenant::{SessionId, Tenant};
use crate::model::timestamp::Timestamp;

mod apart;
mod change;

mod foreign;
mod last_tenant;
mod local_clock;
pub(crate) mod log_outs;
pub(crate) mod pending_revocations;
mod server_clock;
mod superseded;

pub use last_tenant::LastTenant;
pub use log_outs::RecentLogOut;
pub use pending_revocations::{LeftoverEntry, LostSession, OlderSession, PendingRevocation};
pub use server_clock::ServerClock;
pub use superseded::Successor;

/// The version of the document that this code writes; it rises with each new kind of row. An older document
/// is read, and written as this version; a newer one is not touched.
///
/// 2: superseded sessions, entries that the user left, server clocks, how a session ended. 3: one kind of
/// outcome for every session; the reason of a pending revocation as a kind.
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
    /// The tenant last chosen on the login screen, and the last user name there.
    #[serde(default)]
    pub last_tenant: Option<LastTenant>,
    /// Sessions that are logged out here and not yet known to be over at the server.
    #[serde(default)]
    pub pending: Vec<PendingRevocation>,
    /// Superseded sessions, one row per account. The server is not asked about them before a log-out.
    #[serde(default)]
    pub superseded: Vec<PendingRevocation>,
    /// Entries that could not be removed from the keyring.
    #[serde(default, rename = "remnants")]
    pub leftovers: Vec<LeftoverEntry>,
    /// Sessions that nothing here can end, until the user has read of them.
    #[serde(default)]
    pub lost: Vec<LostSession>,
    /// Log-outs of the last 60 s: a repeated request gets the same result.
    #[serde(default, rename = "logOuts")]
    pub recent_log_outs: Vec<RecentLogOut>,
    /// The document was damaged and replaced, and the user has not read of it yet.
    #[serde(default)]
    pub mended: Option<Mended>,
    /// Since the document began or was replaced, or a write hung, the keyring was compared with it.
    #[serde(default)]
    pub reconciled: bool,
    /// The servers' clocks.
    #[serde(default)]
    pub server_clocks: Vec<ServerClock>,
    /// It was replaced and not compared since: all `revoke.` entries in the keyring count as its own.
    #[serde(default)]
    pub mended_and_not_compared: bool,
    /// Entries that may yet be written: the call that writes them hung.
    #[serde(default)]
    pub late_writes: Vec<EntryName>,
    /// Sessions that were once in this list, the latest last. A token of one of them is never foreign.
    #[serde(default)]
    pub sessions_held: Vec<SessionId>,
    /// Foreign entries that the user left as they are.
    #[serde(default)]
    pub left_entries: Vec<EntryName>,
    /// `revoke.` entries of other lists whose session is over: only those lists delete them.
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

    /// The account with this ID, for a change.
    pub fn account_mut(&mut self, id: &AccountId) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == *id)
    }

    /// Removes an account; no other is shown instead. Its superseded sessions become pending revocations.
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

    /// Every entry in the keyring that this document accounts for.
    pub fn known_entries(&self) -> impl Iterator<Item = EntryName> {
        let of_accounts = self.accounts.iter().flat_map(Account::entries);
        let of_pending = self.pending.iter().chain(&self.superseded).map(|p| p.entry.clone());
        let of_leftovers = self.leftovers.iter().map(|r| r.entry.clone());
        of_accounts.chain(of_pending).chain(of_leftovers).chain(self.ended_elsewhere.iter().cloned())
    }
}

/// The phase of an account. The next start finishes every phase except [`Active`](Phase::Active).
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

/// How a damaged document was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mended {
    /// Name of the file that keeps the damaged document; `None` when there was none at all.
    pub kept_as: Option<String>,
    /// Whether the last good copy took its place; otherwise the document is a new, empty one.
    pub from_last_good: bool,
}
