//! A refresh token that came without an access token: stored for the next refresh.

use std::future::ready;

use crate::base::Accounts;
use crate::base::refresh_outcome::Left;
use crate::base::refresh_outcome::Outcome;
use crate::base::refresh_outcome::{RefreshFailure, Refreshed};
use crate::model::account::EntryName;
use crate::model::claims::{expiry_of, session_of, tenant_of, user_of};
use crate::model::registry::Account;
use crate::model::token::{RefreshToken, SessionToken};
use crate::ports::CallFailure;
use crate::ports::not_stored::NotStored;
use crate::session::refresh::caller::Caller;
use crate::session::refresh::is_same_log_in;

impl Accounts {
    /// The access token is still the older one, so the result is the `failure` all the same.
    pub(crate) async fn keep_refresh_token(
        &self,
        before: &Account,
        refresh: &RefreshToken,
        failure: CallFailure,
        caller: &mut Caller,
    ) -> Outcome {
        let (store, give_up) = (|| self.store_renewed(before, refresh), || ready(Left::Gone));
        match self.until_stored(before, caller, store, give_up).await {
            Ok(Refreshed::Stored) => Err(RefreshFailure::Server(failure)),
            other => other,
        }
    }

    /// From now on a server that accepts each refresh token once accepts only this one. A token of another
    /// session is ended, or queued for revocation.
    async fn store_renewed(&self, before: &Account, refresh: &RefreshToken) -> Result<Refreshed, NotStored> {
        let token = SessionToken::Refresh(refresh.clone());
        let lock = self.ports.registry.lock_account(&before.id).await?;
        let registry = self.ports.registry.read().await?;
        let is_still_in = |now: &Account| is_same_log_in(now, before) && !self.is_hidden(now);
        if !registry.account(&before.id).is_some_and(is_still_in) {
            drop(lock);
            self.refuse_late_token(before, token).await;
            return Ok(Refreshed::TooLate);
        }
        if !is_of(before, &token) {
            drop(lock);
            self.refuse_strange(before, vec![token]).await?;
            return Ok(Refreshed::Stored);
        }
        self.usable_store().await?;
        self.write_tokens(&EntryName::refresh(&before.id), &refresh.clone().into_secret()).await?;
        Ok(Refreshed::Stored)
    }
}

/// Whether a token is readable, and is of the account's session as far as it says.
fn is_of(account: &Account, token: &SessionToken) -> bool {
    expiry_of(token).is_some()
        && session_of(token).is_none_or(|session| session == account.session)
        && user_of(token).is_none_or(|user| user == *account.id.user())
        && tenant_of(token).is_none_or(|tenant| tenant == account.tenant.id)
}
