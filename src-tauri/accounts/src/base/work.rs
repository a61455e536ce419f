//! What takes time, as long as it is being done.

use crate::base::Accounts;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Line;
use crate::model::registry::Mended;
use crate::model::registry::pending_revocations::LostSession;

/// Something that takes time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Work {
    /// Finishing what was cut off, refreshing what has expired.
    Restoring,
    /// Asking a tenant for its ways in.
    ChoosingTenant,
    /// Logging in, or a step of it.
    LoggingIn,
    /// Having a link or a code sent.
    Sending,
    /// Reading or changing the user's own details.
    EditingProfile(AccountId),
    /// Getting new tokens.
    Refreshing(AccountId),
    /// Logging an account out.
    LoggingOut(AccountId),
    /// Waiting for the user to unlock the keyring.
    UnlockingKeyring,
    /// Asking the server to end the session of the pending revocation with this entry.
    Revoking(EntryName),
}

/// Listed as work in progress until it is dropped.
pub(crate) struct InProgress<'a> {
    accounts: &'a Accounts,
    work: Work,
}

impl<'a> InProgress<'a> {
    pub(crate) fn begin(accounts: &'a Accounts, work: Work) -> Self {
        accounts.state().in_progress.push(work.clone());
        accounts.ports.observer.changed();
        Self { accounts, work }
    }
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        let mut state = self.accounts.state();
        if let Some(place) = state.in_progress.iter().position(|work| *work == self.work) {
            state.in_progress.remove(place);
        }
        drop(state);
        self.accounts.ports.observer.changed();
    }
}

/// Something that was not asked for and that the user is to read, once: [`Accounts::dismiss`] ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The registry was damaged, and is mended.
    Mended(Mended),
    /// Nothing here can end this session.
    Lost(LostSession),
    /// The interrupted log-in of the account that is called this was undone.
    Rollback(String),
    /// The answer to this log-in of an earlier run was lost.
    Unanswered(Line),
}
