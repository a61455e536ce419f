//! Logging several accounts out, a few at a time.

use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::base::Accounts;
use crate::base::parallel::{AT_ONCE, a_few_at_a_time};
use crate::log_out::error::LogOutError;
use crate::model::destination::Redirect;
use crate::model::log_out_outcome::LogOut;
use crate::model::registry::{Account, Phase};
use crate::model::registry_error::RegistryError;

/// Counts a log-out of all from its first read to its last result: a program that is told to end waits for
/// the accounts whose turn has not come yet, too.
struct OfAll<'a>(&'a Accounts);

impl<'a> OfAll<'a> {
    fn begin(accounts: &'a Accounts) -> Self {
        accounts.state().log_outs_of_all += 1;
        Self(accounts)
    }
}

impl Drop for OfAll<'_> {
    fn drop(&mut self) {
        self.0.state().log_outs_of_all -= 1;
    }
}

/// An account whose turn has not come yet.
struct Queued(Accounts);

impl Queued {
    fn new(accounts: &Accounts) -> Self {
        accounts.state().queued_log_outs += 1;
        Self(accounts.clone())
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.state().queued_log_outs -= 1;
    }
}

impl Accounts {
    /// Logs out every account that is logged in, as [`log_out_several`](Self::log_out_several).
    ///
    /// # Errors
    /// When the registry cannot be read: then nothing was done.
    pub async fn log_out_all(&self) -> Result<Vec<(Account, Result<LogOut, LogOutError>)>, RegistryError> {
        self.log_out_several(|_| true).await
    }

    /// Logs out the chosen accounts that are logged in. One that fails does not stop the others. The results
    /// are in the registry's order.
    ///
    /// # Errors
    /// When the registry cannot be read: then nothing was done.
    pub async fn log_out_several(
        &self,
        is_chosen: impl Fn(&Account) -> bool + Send,
    ) -> Result<Vec<(Account, Result<LogOut, LogOutError>)>, RegistryError> {
        let _all = OfAll::begin(self);
        let registry = self.ports.registry.read().await?;
        let is_in = |account: &Account| {
            matches!(account.phase, Phase::Active | Phase::LoggingOut)
                && !self.is_hidden(account)
                && is_chosen(account)
        };
        let calls = Arc::new(Semaphore::new(AT_ONCE));
        let log_out = |account: Account| {
            let (accounts, queued, calls) = (self.clone(), Queued::new(self), calls.clone());
            async move {
                drop(queued);
                let done = accounts.log_out_in_turn(&account.id, &Redirect::Follow, Some(calls)).await;
                (account, done)
            }
        };
        let chosen = registry.accounts.iter().filter(|account| is_in(account)).cloned();
        // While half of them wait for the server, the others keep the keyring busy.
        let done = a_few_at_a_time(2 * AT_ONCE, chosen, log_out).await;
        Ok(done
            .into_iter()
            .map(|done| done.unwrap_or_else(|failed| resume_unwind(failed.into_panic())))
            .collect())
    }
}
