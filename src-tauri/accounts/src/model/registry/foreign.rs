//! The entries that this list accounts for, and the user's decisions on foreign ones.

use std::collections::HashSet;

use crate::model::account::{AccountId, EntryName};
use crate::model::registry::{Account, PendingRevocation, Phase, Registry};

impl Registry {
    /// Whether this list knows why the entry is in the keyring. All others are foreign.
    #[must_use]
    pub fn accounts_for(&self, entry: &EntryName) -> bool {
        self.known_entries().any(|known| known == *entry)
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
    pub fn forget_absent(&mut self, listed: &HashSet<EntryName>) {
        self.ended_elsewhere.retain(|entry| listed.contains(entry));
    }

    pub(crate) fn logged_out_since(&self, id: &AccountId, generation: u64) -> bool {
        let is_later = |log_out: &crate::model::registry::RecentLogOut| log_out.generation > generation;
        self.recent_log_outs.iter().any(|log_out| log_out.account == *id && is_later(log_out))
    }
}
