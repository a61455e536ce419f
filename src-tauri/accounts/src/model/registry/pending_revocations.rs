//! What is still owed: sessions that are not known to be dead, entries that are not gone, and sessions that
//! nothing here can end.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::claims::session_of;
use crate::model::reason::Reason;
use crate::model::registry::{Phase, Registry};
use crate::model::tenant::{SessionId, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;

impl Registry {
    /// The pending revocation of this session of an account.
    #[must_use]
    pub fn queued(&self, account: &AccountId, session: &SessionId) -> Option<&PendingRevocation> {
        self.pending.iter().find(|row| row.account == *account && row.is_of(session))
    }

    /// What the keyring would not let go of, and what lies in it of an account that was forgotten; the token
    /// of a session that is dead by now is no more than that either.
    pub fn leftover_entries(&self) -> impl Iterator<Item = EntryName> {
        let dead = self.pending.iter().filter(|row| row.is_dead).map(|row| &row.entry);
        let named = self.leftovers.iter().map(|leftover| &leftover.entry).chain(dead).cloned();
        let abandoned = self.accounts.iter().filter(|account| account.phase == Phase::Abandoned);
        named.chain(abandoned.flat_map(|account| account.entries().into_iter().take(2)))
    }
}

/// A session whose token lies in an entry beside that of a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OlderSession {
    /// Which session.
    pub session: SessionId,
    /// When it ends by itself.
    pub ends_at: Timestamp,
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
    /// Why the last try did not succeed.
    pub reason: Reason,
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
    /// The full life of a refresh token, in seconds.
    #[serde(default)]
    pub session_life: i64,
    /// The server called the session over, and yet accepted a token of it: when the last of them expires. Its
    /// word alone does not count any more.
    #[serde(default)]
    pub still_answers_until: Option<Timestamp>,
    /// Its entry was found, and another list may have a row for it too: it is that list's to delete.
    #[serde(default)]
    pub of_another_list: bool,
    /// `auth/refresh` was asked by itself whether the session lives: once, and written before the call.
    #[serde(default)]
    pub refresh_asked: bool,
    /// Sessions of the same log-in that refreshes have superseded before; their tokens lie in the same entry.
    #[serde(default)]
    pub older: Vec<OlderSession>,
}

impl PendingRevocation {
    /// Whether it is the row of this session.
    #[must_use]
    pub fn is_of(&self, session: &SessionId) -> bool {
        self.sessions().any(|other| other == session)
    }

    /// Its sessions, the latest first.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionId> {
        std::iter::once(&self.session).chain(self.older.iter().map(|older| &older.session))
    }

    /// Each of its sessions, as one that nothing here can end.
    pub(crate) fn lost_sessions(&self) -> Vec<LostSession> {
        let lost = |session: &SessionId, alive_until| LostSession {
            account: self.account.clone(),
            account_name: self.account_name.clone(),
            session: session.clone(),
            alive_until,
        };
        let older = self.older.iter().map(|older| lost(&older.session, older.ends_at));
        std::iter::once(lost(&self.session, self.session_ends_at)).chain(older).collect()
    }

    /// Those of its several sessions that none of these tokens names: nothing is known of them.
    pub(crate) fn sessions_without(&self, tokens: &[SessionToken]) -> Vec<LostSession> {
        let mut lost = self.lost_sessions();
        let is_named =
            |lost: &LostSession| tokens.iter().any(|it| session_of(it).as_ref() == Some(&lost.session));
        lost.retain(|lost| !self.older.is_empty() && !is_named(lost));
        lost
    }

    /// Whether a refresh had superseded its sessions before their account was logged out.
    #[must_use]
    pub fn is_superseded(&self) -> bool {
        matches!(self.entry.meaning(), Some(Listed::OfSuperseded { .. }))
    }
}

/// A keyring entry that could not be removed. Named to the user until it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftoverEntry {
    /// Which entry.
    pub entry: EntryName,
    /// Since when.
    pub since: Timestamp,
    /// The list remembers the sessions that it held, so that it can tell whether what lies in the entry now
    /// is another list's. One of format 1 does not.
    #[serde(default)]
    pub sessions_are_known: bool,
}

/// A session that nothing here can end, since its tokens are not in the keyring: its log-in was cut off
/// before they were stored, or somebody else removed them. It lives until it ends by itself.
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
