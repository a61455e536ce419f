//! Sessions that are not known to be over, entries that could not be removed, and lost sessions.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::backoff::Wait;
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

    /// Leftover entries, also those of abandoned accounts and of sessions that are over.
    pub fn leftover_entries(&self) -> impl Iterator<Item = EntryName> {
        let dead = self.pending.iter().filter(|row| row.is_dead).map(|row| &row.entry);
        let named = self.leftovers.iter().map(|leftover| &leftover.entry).chain(dead).cloned();
        let abandoned = self.accounts.iter().filter(|account| account.phase == Phase::Abandoned);
        named.chain(abandoned.flat_map(|account| account.entries().into_iter().take(2)))
    }
}

/// A session whose token is in an entry beside that of a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OlderSession {
    /// The session's ID.
    pub session: SessionId,
    /// When it expires.
    pub ends_at: Timestamp,
}

/// A session that is logged out here and not yet known to be over at the server. Its token is in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingRevocation {
    /// The entry that holds the token.
    pub entry: EntryName,
    /// The tenant, where it is to be revoked.
    pub tenant: Tenant,
    /// The session's account.
    pub account: AccountId,
    /// The session's ID.
    pub session: SessionId,
    /// The account's usual name.
    pub account_name: String,
    /// The time of the log-out.
    pub since: Timestamp,
    /// When the session expires.
    pub session_ends_at: Timestamp,
    /// Why the last try failed.
    pub reason: Reason,
    /// The session is known to be over; only the entry is still to be deleted.
    #[serde(default)]
    pub is_dead: bool,
    /// How often the server was asked.
    #[serde(default)]
    pub tries: u32,
    /// When it was last asked.
    #[serde(default)]
    pub last_try: Option<Timestamp>,
    /// The next automatic try.
    #[serde(default)]
    pub next_try: Timestamp,
    /// The server has asked us to wait until then.
    #[serde(default)]
    pub asked_to_wait_until: Option<Timestamp>,
    /// By the server's clock: when the session is over in any case.
    #[serde(default)]
    pub over_for_certain_at: Timestamp,
    /// The full life of a refresh token, in seconds.
    #[serde(default)]
    pub session_life: i64,
    /// The server called the session over, yet accepted a token: the last expiry. Its word is no proof now.
    #[serde(default)]
    pub still_answers_until: Option<Timestamp>,
    /// Its entry was found, and another list may have a row for it too: only that list deletes it.
    #[serde(default)]
    pub of_another_list: bool,
    /// `auth/refresh` was asked automatically whether the session is alive: once, written before the call.
    #[serde(default)]
    pub refresh_asked: bool,
    /// Earlier superseded sessions of the same log-in; their tokens are in the same entry.
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

    /// Its sessions with their ends, the latest first.
    pub(super) fn held(&self) -> impl Iterator<Item = OlderSession> {
        let latest = OlderSession { session: self.session.clone(), ends_at: self.session_ends_at };
        std::iter::once(latest).chain(self.older.iter().cloned())
    }

    /// Its entry holds tokens of these sessions, too.
    pub(crate) fn hold(&mut self, sessions: impl Iterator<Item = OlderSession>) {
        for held in sessions {
            self.session_ends_at = self.session_ends_at.max(held.ends_at);
            self.over_for_certain_at = self.over_for_certain_at.max(held.ends_at);
            if !self.is_of(&held.session) {
                self.older.push(held);
            }
        }
    }

    /// Takes this row's place: what that one alone knows of the entry stays known. Of sessions that are over
    /// there is nothing to know.
    pub(super) fn replace(&mut self, older: &Self) {
        if self.is_dead || older.is_dead {
            return;
        }
        self.hold(older.held());
        self.still_answers_until = self.still_answers_until.max(older.still_answers_until);
        self.over_for_certain_at = self.over_for_certain_at.max(older.over_for_certain_at);
    }

    pub(crate) fn lost_sessions(&self) -> Vec<LostSession> {
        let lost = |held: OlderSession| LostSession {
            account: self.account.clone(),
            account_name: self.account_name.clone(),
            session: held.session,
            alive_until: held.ends_at,
        };
        self.held().map(lost).collect()
    }

    /// Of several sessions, those that none of these tokens names: nothing is known of them.
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
    /// The entry's name.
    pub entry: EntryName,
    /// When the removal failed.
    pub since: Timestamp,
    /// Whether past sessions are remembered, to tell if another list now has the entry. Not in format 1.
    #[serde(default)]
    pub sessions_are_known: bool,
}

/// A session that nothing here can end, since its tokens are not in the keyring: the log-in was cut off
/// before they were stored, or another program removed them. It lives until it expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LostSession {
    /// The session's account.
    pub account: AccountId,
    /// The account's usual name.
    pub account_name: String,
    /// The session's ID.
    pub session: SessionId,
    /// When it expires.
    pub alive_until: Timestamp,
}

impl Registry {
    /// Queues a session for revocation, in place of an older row or leftover entry of the same name.
    pub fn queue_revocation(&mut self, mut row: PendingRevocation) {
        // A refresh whose answer was lost may have prolonged the session until then, by the server's clock.
        if let Some(now) = self.server_now(row.account.host(), row.since) {
            let end = Timestamp(now.0.saturating_add(row.session_life));
            row.over_for_certain_at = row.over_for_certain_at.max(end);
        }
        self.leftovers.retain(|leftover| leftover.entry != row.entry);
        self.ended_elsewhere.retain(|entry| *entry != row.entry);
        if let Some(account) = self.account_mut(&row.account).filter(|account| account.session == row.session)
        {
            account.session_is_dead &= row.is_dead;
        }
        for older in self.pending.extract_if(.., |older| older.entry == row.entry).collect::<Vec<_>>() {
            row.replace(&older);
        }
        self.pending.push(row);
    }

    /// The session of a pending revocation is over; its entry can be deleted.
    pub fn mark_dead(&mut self, entry: &EntryName) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.is_dead = true;
        }
    }

    /// Removes a pending revocation that is resolved or discarded.
    pub fn drop_pending(&mut self, entry: &EntryName) {
        for gone in self.pending.extract_if(.., |row| row.entry == *entry).collect::<Vec<_>>() {
            for session in gone.sessions() {
                self.remember_session(session);
            }
        }
    }

    /// The server is being asked: until `until` no other program needs to.
    pub fn claim(&mut self, entry: &EntryName, now: Timestamp, until: Timestamp) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.last_try = Some(now);
            row.next_try = until;
        }
    }

    /// The server was asked without success, or could not be asked.
    pub fn not_yet(&mut self, entry: &EntryName, reason: Reason, wait: Wait, asked: bool) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.reason = reason;
            row.tries = row.tries.saturating_add(u32::from(asked));
            row.next_try = wait.next_try;
            row.asked_to_wait_until = wait.asked_to_wait_until;
        }
    }

    /// The user stops waiting for the answer to a call, which goes on.
    pub fn has_not_answered(&mut self, entry: &EntryName) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.reason = Reason::NoAnswerYet;
            row.tries = row.tries.saturating_add(1);
        }
    }

    /// The server called a session over, yet accepted its tokens; `until` is when the last of them expires.
    pub fn still_answers(&mut self, entry: &EntryName, until: Timestamp) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.still_answers_until = Some(until);
            row.over_for_certain_at = row.over_for_certain_at.max(until);
        }
    }

    /// Records that a pending revocation has asked `auth/refresh`, or takes that back.
    pub fn mark_refresh_asked(&mut self, entry: &EntryName, asked: bool) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.refresh_asked = asked;
        }
    }

    /// The entry of a pending revocation holds, or is about to hold, tokens of these sessions.
    pub fn holds(&mut self, entry: &EntryName, sessions: &[OlderSession]) {
        if let Some(row) = self.pending_row_mut(entry) {
            row.hold(sessions.iter().cloned());
        }
    }

    fn pending_row_mut(&mut self, entry: &EntryName) -> Option<&mut PendingRevocation> {
        self.pending.iter_mut().find(|row| row.entry == *entry)
    }

    /// This session cannot be ended from here.
    pub fn lose(&mut self, lost: LostSession) {
        if !self.lost.iter().any(|other| other.account == lost.account && other.session == lost.session) {
            self.lost.push(lost);
        }
    }

    /// The user has read that this session is lost.
    pub fn loss_is_read(&mut self, lost: &LostSession) {
        self.lost.retain(|other| (&other.account, &other.session) != (&lost.account, &lost.session));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list with a row whose entry also holds a session that only this row names; that session; and the
    /// row without it.
    fn renewed() -> (Registry, OlderSession, PendingRevocation) {
        let list = include_str!("../../../tests/life/fixtures/accounts.v4.json");
        let mut registry: Registry = serde_json::from_str(list).unwrap();
        let row = registry.pending[0].clone();
        let session = "79ffdafd-10f7-4780-92f6-179542249712".parse().unwrap();
        let renewed = OlderSession { session, ends_at: Timestamp(row.session_ends_at.0 + 9) };
        registry.holds(&row.entry, std::slice::from_ref(&renewed));
        registry.still_answers(&row.entry, Timestamp(row.since.0 + 9));
        (registry, renewed, row)
    }

    #[test]
    fn a_row_in_place_of_another_keeps_what_only_that_one_knows_of_the_entry() {
        let (mut registry, renewed, row) = renewed();
        let until = Some(Timestamp(row.since.0 + 9));
        registry.queue_revocation(row.clone());
        let [now] = &registry.pending[..] else { panic!("{:?}", registry.pending) };
        assert_eq!((now.session_ends_at, now.still_answers_until), (renewed.ends_at, until));
        assert_eq!(now.older, [renewed]);
        registry.mark_dead(&row.entry);
        registry.queue_revocation(row);
        assert_eq!((registry.pending[0].older.len(), registry.pending[0].still_answers_until), (0, None));
    }

    #[test]
    fn a_superseded_row_in_place_of_a_pending_one_keeps_what_only_that_one_knows_of_the_entry() {
        let (mut registry, renewed, row) = renewed();
        let until = Some(Timestamp(row.since.0 + 9));
        registry.superseded.clear();
        registry.keep_superseded(row.clone());
        assert_eq!(
            (registry.superseded[0].older.clone(), registry.pending.len()),
            (vec![renewed.clone()], 0)
        );
        assert_eq!(registry.superseded[0].still_answers_until, until);
        // Also where the account has such a row already.
        registry.superseded[0] = PendingRevocation { entry: EntryName::access(&row.account), ..row.clone() };
        registry.pending.push(PendingRevocation {
            older: vec![renewed.clone()],
            still_answers_until: until,
            ..row.clone()
        });
        registry.keep_superseded(row);
        assert_eq!(
            (registry.superseded[0].older.clone(), registry.superseded[0].still_answers_until),
            (vec![renewed], until)
        );
    }
}
