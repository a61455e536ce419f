//! Work in progress, as the views show it.

use crate::base::Accounts;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Line;
use crate::model::registry::Mended;
use crate::model::registry::pending_revocations::LostSession;

/// A piece of work in progress.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Work {
    /// Finishing interrupted work, and refreshing expired tokens.
    Restoring,
    /// Asking a tenant for its auth methods.
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

/// A notice that the user did not ask for and is to read once: [`Accounts::dismiss`] ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The registry was damaged and has been replaced.
    Mended(Mended),
    /// This session cannot be ended from here.
    Lost(LostSession),
    /// The interrupted log-in of the account with this name was rolled back.
    Rollback(String),
    /// The answer to this log-in of an earlier run was lost.
    Unanswered(Line),
}
