//! Refreshing several accounts, a few at a time: those that are due or, at a start, have expired tokens. Each
//! is checked again when its turn comes, since the start and the timer may both have chosen it.

use crate::base::Accounts;
use crate::base::parallel::{AT_ONCE, a_few_at_a_time};
use crate::base::refresh_outcome::{Outcome, RefreshFailure};
use crate::model::account::AccountId;
use crate::model::registry::{Account, Phase};
use crate::model::registry_error::RegistryError;

type Wanted = fn(&Accounts, &Account) -> bool;

impl Accounts {
    /// Refreshes the accounts that are due. One that the server or the keyring refused is retried later.
    pub(crate) async fn refresh_those_due(&self) -> Result<(), RegistryError> {
        self.refresh_those(Self::is_due).await
    }

    /// Also refreshes accounts whose access token has expired, regardless of failed tries.
    pub(crate) async fn refresh_expired(&self) -> Result<(), RegistryError> {
        self.refresh_those(Self::has_expired_or_is_due).await
    }

    fn is_due(&self, account: &Account) -> bool {
        self.refresh_due(account).is_some_and(|due| due <= self.ports.clock.now())
    }

    fn has_expired_or_is_due(&self, account: &Account) -> bool {
        let can = account.phase == Phase::Active && !account.signed_out_by_server && !account.tokens_missing;
        let now = self.ports.clock.now();
        let has_expired = account.access_expires(now) <= now || self.is_due(account);
        can && has_expired && !self.is_asked_to_wait(&account.id) && !self.holds_tokens(&account.id)
    }

    async fn refresh_those(&self, wanted: Wanted) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let these: Vec<_> = registry.accounts.iter().filter(|it| wanted(self, it)).cloned().collect();
        if these.is_empty() || self.usable_store().await.is_err() {
            return Ok(());
        }
        let refresh = |account: Account| {
            let accounts = self.clone();
            async move { (accounts.refresh_if(&account.id, wanted).await, account.id) }
        };
        let mut done = Ok(());
        for refreshed in a_few_at_a_time(AT_ONCE, these, refresh).await {
            match refreshed {
                Ok((None, _)) => {}
                Ok((Some(Ok(refreshed)), account)) => tracing::info!(%account, ?refreshed, "refreshed ahead"),
                Ok((Some(Err(RefreshFailure::Registry(error))), _)) => done = Err(error),
                Ok((Some(Err(failure)), account)) => tracing::warn!(%account, %failure, "not refreshed yet"),
                Err(failed) => tracing::error!(%failed, "a refresh was not tried to the end"),
            }
        }
        done
    }

    async fn refresh_if(&self, id: &AccountId, wanted: Wanted) -> Option<Outcome> {
        // In this order: a refresh that ends later is counted, and one that ended before is in the registry.
        let joined = self.join(id);
        let account = match self.active_account(id).await {
            Ok(account) => account,
            Err(RefreshFailure::NotLoggedIn) => return None,
            Err(failure) => return Some(Err(failure)),
        };
        if !wanted(self, &account) {
            return None;
        }
        Some(self.share_refresh(id, joined).await)
    }
}
