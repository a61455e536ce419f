//! The entries that this list accounts for, and the user's decisions on foreign ones.

use crate::model::account::{AccountId, EntryName};
use crate::model::registry::{Account, PendingRevocation, Phase, Registry};
use crate::model::tenant::SessionId;

/// How many past sessions are remembered. Older ones have expired.
const SESSIONS_KEPT: usize = 1_000;

impl Registry {
    /// Whether this list knows why the entry is in the keyring. All others are foreign.
    #[must_use]
    pub fn accounts_for(&self, entry: &EntryName) -> bool {
        self.known_entries().any(|known| known == *entry)
    }

    /// Whether this session is, or was once, in this list.
    #[must_use]
    pub fn has_held(&self, session: &SessionId) -> bool {
        self.accounts.iter().any(|account| account.session == *session)
            || self.pending.iter().chain(&self.superseded).any(|row| row.is_of(session))
            || self.sessions_held.contains(session)
    }

    pub(crate) fn remember_session(&mut self, session: &SessionId) {
        self.sessions_held.retain(|other| other != session);
        self.sessions_held.push(session.clone());
        let too_many = self.sessions_held.len().saturating_sub(SESSIONS_KEPT);
        self.sessions_held.drain(..too_many);
    }

    /// A call that writes this entry hangs: it may be written when no row accounts for it any more.
    pub fn write_may_be_late(&mut self, entry: EntryName) {
        self.reconciled = false;
        if !self.late_writes.contains(&entry) {
            self.late_writes.push(entry);
        }
    }

    /// The keyring's list was compared with this document, these late writes included.
    pub fn compared(&mut self, looked_for: &[EntryName]) {
        self.late_writes.retain(|entry| !looked_for.contains(entry));
        self.reconciled = self.late_writes.is_empty();
        self.mended_and_not_compared = false;
    }

    /// The user leaves these foreign entries as they are.
    pub fn leave_entries(&mut self, entries: Vec<EntryName>) {
        for entry in entries {
            if !self.left_entries.contains(&entry) {
                self.left_entries.push(entry);
            }
        }
    }

    /// The user wants to be asked about these entries again.
    pub fn undo_leave(&mut self, entries: &[EntryName]) {
        self.left_entries.retain(|left| !entries.contains(left));
    }

    /// Foreign entries become an account of this list, unless it has the account already.
    pub fn take_over(&mut self, mut account: Account) {
        if self.account(&account.id).is_some() {
            return;
        }
        account.generation = self.next_generation();
        let entries = account.entries();
        self.undo_leave(&entries);
        self.leftovers.retain(|leftover| !entries.contains(&leftover.entry));
        if account.phase == Phase::Active {
            self.active = Some(account.id.clone());
        }
        self.accounts.push(account);
    }

    /// A `revoke.` entry was found that no row names: its session is queued again.
    pub fn adopt(&mut self, row: PendingRevocation) {
        if self.pending_row(&row.entry).is_none() {
            self.queue_revocation(row);
        }
    }

    /// The session of another list's pending revocation is over: its entry stays for that list.
    pub fn leave_ended(&mut self, entry: &EntryName) {
        self.drop_pending(entry);
        if !self.ended_elsewhere.contains(entry) {
            self.ended_elsewhere.push(entry.clone());
        }
    }

    /// Forgets entries left to other lists that are gone from the keyring.
    pub fn forget_absent(&mut self, listed: &[EntryName]) {
        self.ended_elsewhere.retain(|entry| listed.contains(entry));
    }

    pub(crate) fn logged_out_since(&self, id: &AccountId, generation: u64) -> bool {
        let is_later = |log_out: &crate::model::registry::RecentLogOut| log_out.generation > generation;
        self.recent_log_outs.iter().any(|log_out| log_out.account == *id && is_later(log_out))
    }
}
