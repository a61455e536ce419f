//! What is still owed: sessions that are not known to be dead, entries that are not gone, and sessions that nothing here can
//! end.

use serde::{Deserialize, Serialize};

use super::Registry;
use crate::account::{AccountId, EntryName};
use crate::ports::Timestamp;
use crate::tenant::{SessionId, Tenant};

impl Registry {
    /// The pending revocation of this session of an account.
    #[must_use]
    pub fn owed(&self, account: &AccountId, session: &SessionId) -> Option<&PendingRevocation> {
        self.pending.iter().find(|row| row.account == *account && row.session == *session)
    }
}

/// A session that is over here and not yet known to be dead at the server. Its token lies in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingRevocation {
    /// The entry that holds the token.
    pub entry: EntryName,
    /// Where to revoke it.
    pub tenant: Tenant,
    /// Whose session it is.
    pub account: AccountId,
    /// Which session.
    pub session: SessionId,
    /// What people call the account.
    pub account_name: String,
    /// Since when.
    pub since: Timestamp,
    /// When the session ends by itself.
    pub session_ends_at: Timestamp,
    /// Why the last try did not succeed, in words for the user.
    pub reason: String,
    /// The session is known to be dead; only the entry is still to be deleted.
    #[serde(default)]
    pub is_dead: bool,
    /// How often the server was asked.
    #[serde(default)]
    pub tries: u32,
    /// When it was last asked.
    #[serde(default)]
    pub last_try: Option<Timestamp>,
    /// When it is asked again.
    #[serde(default)]
    pub next_try: Timestamp,
    /// Until then the server wants to be left alone.
    #[serde(default)]
    pub asked_to_wait_until: Option<Timestamp>,
    /// By the server's clock: when the session is over, whatever became of it.
    #[serde(default)]
    pub over_for_certain_at: Timestamp,
    /// The server called the session over, and yet answered with its token: when that expires.
    #[serde(default)]
    pub still_answers_until: Option<Timestamp>,
    /// Its entry was found, and another list may have a row for it too: it is that list's to delete.
    #[serde(default)]
    pub of_another_list: bool,
}

/// A keyring entry that could not be removed. Named to the user until it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remnant {
    /// Which entry.
    pub entry: EntryName,
    /// Since when.
    pub since: Timestamp,
    /// The list remembers the sessions that it held, so that it can tell whether what lies in the entry now is another
    /// list's. One of format 1 does not.
    #[serde(default)]
    pub sessions_are_known: bool,
}

/// A session that nothing here can end, since its tokens are not in the keyring: its log-in was cut off before they were
/// stored, or somebody else removed them. It lives until it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LostSession {
    /// Whose.
    pub account: AccountId,
    /// What people call the account.
    pub account_name: String,
    /// Which session.
    pub session: SessionId,
    /// When it ends by itself.
    pub alive_until: Timestamp,
}
