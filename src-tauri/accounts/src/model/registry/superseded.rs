//! Superseded sessions: a refresh gave their account another session, and they may be alive.
//!
//! One row per account has the latest, the older ones beside it, and one entry for all their access tokens.

use crate::model::account::{AccountId, EntryName};
use crate::model::registry::{LostSession, OlderSession, PendingRevocation, Registry};
use crate::model::tenant::SessionId;
use crate::model::timestamp::Timestamp;

/// The session that replaces another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The account.
    pub account: AccountId,
    /// The account's generation.
    pub generation: u64,
    /// The session's ID.
    pub session: SessionId,
    /// The entry for its token as a pending revocation.
    pub revoke_entry: EntryName,
}

impl Registry {
    /// The superseded sessions of an account.
    #[must_use]
    pub fn superseded_of(&self, account: &AccountId) -> Option<&PendingRevocation> {
        self.superseded.iter().find(|row| row.account == *account)
    }

    /// The row of a superseded session of an account.
    #[must_use]
    pub fn superseded(&self, account: &AccountId, session: &SessionId) -> Option<&PendingRevocation> {
        self.superseded_of(account).filter(|row| row.is_of(session))
    }

    /// A refresh has brought another session, which is now the account's; `older` is superseded. Until the
    /// new tokens are stored, the next refresh is due.
    pub fn supersede(&mut self, successor: Successor, older: PendingRevocation, now: Timestamp) {
        let Successor { account: id, generation, session, revoke_entry } = successor;
        let Some(account) = self.account_mut(&id).filter(|account| account.generation == generation) else {
            return;
        };
        account.session = session;
        account.revoke_entry = revoke_entry;
        account.refresh_at = account.refresh_at.map(|_| now);
        account.signed_out_by_server = false;
        account.session_is_dead = false;
        let (current, entries) = (account.session.clone(), account.entries());
        self.leftovers.retain(|leftover| !entries.contains(&leftover.entry));
        self.lost.retain(|lost| lost.account != id || lost.session != current);
        self.keep_superseded(older);
    }

    /// Adds superseded sessions, in a row of their own or to the account's row.
    pub fn keep_superseded(&mut self, mut new: PendingRevocation) {
        self.leftovers.retain(|leftover| leftover.entry != new.entry);
        for older in self.pending.extract_if(.., |older| older.entry == new.entry).collect::<Vec<_>>() {
            new.replace(&older);
        }
        self.lost.retain(|lost| lost.account != new.account || !new.is_of(&lost.session));
        match self.superseded.iter_mut().find(|row| row.account == new.account) {
            Some(row) => row.join(new),
            None => self.superseded.push(new),
        }
    }

    /// The successor's tokens were lost in a crash, and those of `session` are still there: it is the
    /// account's again. It stays superseded too, since its token may already be in that entry.
    pub fn take_back_session(&mut self, to: Successor, lost: LostSession, now: Timestamp) {
        let Successor { account: id, generation, session, revoke_entry } = to;
        let ends_at = self.superseded(&id, &session).map(|row| row.end_of(&session));
        if let Some(account) = self.account_mut(&id).filter(|account| account.generation == generation) {
            account.session = session;
            account.revoke_entry = revoke_entry;
            account.refresh_at = Some(now);
            account.session_ends_at = ends_at.unwrap_or(account.session_ends_at);
            let entries = account.entries();
            self.leftovers.retain(|leftover| !entries.contains(&leftover.entry));
            self.lose(lost);
        }
    }

    /// The account was logged out: its superseded sessions become pending revocations.
    pub fn end_superseded(&mut self, id: &AccountId) {
        self.end_superseded_from(id, Timestamp::default());
    }

    /// The same, for a caller that asks about them at once; others do not before `next_try`.
    pub fn end_superseded_from(&mut self, id: &AccountId, next_try: Timestamp) {
        for row in self.superseded.extract_if(.., |row| row.account == *id).collect::<Vec<_>>() {
            self.queue_revocation(PendingRevocation { next_try, ..row });
        }
    }

    /// A superseded session is over. If it was the row's last, its entry is to be deleted.
    pub fn drop_superseded(&mut self, id: &AccountId, session: &SessionId) {
        self.retain_superseded(id, |other| other.session != *session);
    }

    pub(crate) fn drop_superseded_before(&mut self, id: &AccountId, server_time: Timestamp) {
        self.retain_superseded(id, |other| other.ends_at > server_time);
    }

    fn retain_superseded(&mut self, id: &AccountId, is_kept: impl Fn(&OlderSession) -> bool) {
        let Some(place) = self.superseded.iter().position(|row| row.account == *id) else { return };
        let row = &mut self.superseded[place];
        let latest = OlderSession { session: row.session.clone(), ends_at: row.session_ends_at };
        row.older.retain(&is_kept);
        if is_kept(&latest) {
            return;
        }
        if row.older.is_empty() {
            let dead = PendingRevocation { is_dead: true, ..self.superseded.remove(place) };
            self.queue_revocation(dead);
        } else {
            let next = row.older.remove(0);
            row.session = next.session;
            row.session_ends_at = next.ends_at;
        }
    }
}

impl PendingRevocation {
    /// Adds later sessions to the row; its entry stays the same.
    fn join(&mut self, new: Self) {
        self.older.retain(|older| !new.is_of(&older.session));
        if !new.is_of(&self.session) {
            self.older
                .insert(0, OlderSession { session: self.session.clone(), ends_at: self.session_ends_at });
        }
        self.older.splice(0..0, new.older);
        self.session = new.session;
        self.session_ends_at = new.session_ends_at;
        self.over_for_certain_at = self.over_for_certain_at.max(new.over_for_certain_at);
        self.still_answers_until = self.still_answers_until.max(new.still_answers_until);
    }

    fn end_of(&self, session: &SessionId) -> Timestamp {
        let of_older = self.older.iter().find(|older| older.session == *session);
        of_older.map_or(self.session_ends_at, |older| older.ends_at)
    }
}
