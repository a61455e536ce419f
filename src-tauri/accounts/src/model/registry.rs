//! The registry: the accounts, the pending revocations and the leftover entries. It holds no secret.
//!
//! It is the index of the keyring: an entry under our service that the registry does not account for is a
//! fault. One small document, always written whole ([`registry_file`](crate::storage::registry_file)). Its
//! generation counter never falls, not even when a damaged document is replaced: each log-in and log-out
//! draws a number, and a late change with an older number has no effect.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName};
use crate::model::tenant::SessionId;

mod account;
mod apart;
mod change;
mod foreign;
mod last_tenant;
mod local_clock;
pub(crate) mod log_outs;
pub(crate) mod pending_revocations;
mod server_clock;
mod sessions_held;
mod superseded;

pub use account::{Account, Phase};
pub use last_tenant::LastTenant;
pub use log_outs::RecentLogOut;
pub use pending_revocations::{LeftoverEntry, LostSession, OlderSession, PendingRevocation};
pub use server_clock::ServerClock;
pub use superseded::Successor;

/// The version of the document that this code writes. It rises with each new kind of row, and with each new
/// variant of an enum in it: an older program would take the document for damaged. Only [`Reason`] is read
/// with a variant that this code does not know. An older document is read, and written as this version; a
/// newer one is not touched.
///
/// 2: superseded sessions, entries that the user left, server clocks, how a session ended. 3: one kind of
/// outcome for every session; the reason of a pending revocation as a kind. The recent log-outs of version 2
/// are dropped: they would count for a minute only. 4: pinned accounts.
///
/// [`Reason`]: crate::model::reason::Reason
pub const VERSION: u32 = 4;

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
    /// The accounts at the top of the list, in the order of pinning. A log-out leaves them here.
    #[serde(default)]
    pub pinned: Vec<AccountId>,
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
            pinned: Vec::new(),
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
        self.current_entries().chain(self.leftovers.iter().map(|leftover| leftover.entry.clone()))
    }

    /// Those that are not leftovers.
    pub fn current_entries(&self) -> impl Iterator<Item = EntryName> {
        let of_accounts = self.accounts.iter().flat_map(Account::entries);
        let of_rows = self.pending.iter().chain(&self.superseded).map(|row| row.entry.clone());
        of_accounts.chain(of_rows).chain(self.ended_elsewhere.iter().cloned())
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
