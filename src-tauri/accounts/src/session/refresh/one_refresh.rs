//! One refresh of an account, under its refresh lock: the server is asked, and its tokens are kept.

use crate::base::Accounts;
use crate::base::refresh_outcome::{Outcome, RefreshFailure, Refreshed};
use crate::base::work::Work;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Event;
use crate::model::registry::Account;
use crate::model::tenant::Mode;
use crate::model::token::{RefreshToken, SessionToken};
use crate::ports::{AccountLock, RefreshError, RefreshLock, RunningProgram};
use crate::session::refresh::caller::Caller;
use crate::session::refresh::is_same_log_in;

impl Accounts {
    /// Under the refresh lock. `wanted` is the account for which newer tokens were requested; without it, a
    /// refresh is made in any case.
    pub(crate) async fn refresh_in_turn(
        &self,
        id: &AccountId,
        wanted: Option<Account>,
        caller: &mut Caller,
    ) -> Outcome {
        let lock = self.ports.registry.lock_refresh(id, self.running_program()).await?;
        let account = self.active_account(id).await?;
        if wanted.is_some_and(|wanted| has_newer_tokens(&account, &wanted)) {
            return Ok(Refreshed::Stored);
        }
        match lock {
            RefreshLock::Taken(lock) => self.refresh_alone(account, caller, lock).await,
            RefreshLock::HeldBy(program) => Err(RefreshFailure::Elsewhere(program)),
        }
    }

    async fn refresh_alone(&self, account: Account, caller: &mut Caller, _lock: AccountLock) -> Outcome {
        let id = &account.id;
        let _at_work = self.begin(Work::Refreshing(id.clone()));
        // New tokens could not be stored.
        self.usable_store().await?;
        let account = self.settle_superseded(&account).await?;
        let account = self.follow_another_copy(account).await?;
        if let Some(tokens) = self.left_tokens(&account).await? {
            return self.store_left(&account, tokens, caller).await;
        }
        let Some(secret) = self.ports.store.read(&EntryName::refresh(id)).await? else {
            if self.ports.store.read(&EntryName::access(id)).await?.is_none() {
                return Err(RefreshFailure::TokensMissing);
            }
            let (id, generation) = (id.clone(), account.generation);
            self.update(move |registry| registry.cannot_refresh(&id, generation)).await?;
            return Ok(Refreshed::NoRefreshToken);
        };
        let sent = RefreshToken::from(secret);
        match self.ports.userfront.refresh(&account.tenant, &sent).await {
            Ok(tokens) => self.keep_refreshed(&account, &tokens, caller).await,
            Err(RefreshError::WithoutAccess { refresh, failure }) => {
                self.keep_refresh_token(&account, &refresh, failure, caller).await
            }
            Err(RefreshError::Failed(failure)) => Err(RefreshFailure::Server(failure)),
            // A server that goes by the origin does not know a live session without it.
            Err(RefreshError::SessionOver { .. })
                if id.mode() == Mode::Live && account.tenant.domain.is_none() =>
            {
                Err(RefreshFailure::WithoutDomain)
            }
            Err(RefreshError::SessionOver { .. }) => self.refused(&account, sent).await,
        }
    }

    /// The server refused a refresh token. That counts only if the token is still the stored one: another
    /// program may have refreshed at the same time, at a server that accepts each token once.
    async fn refused(&self, before: &Account, sent: RefreshToken) -> Outcome {
        let _lock = self.ports.registry.lock_account(&before.id).await?;
        let registry = self.ports.registry.read().await?;
        let Some(account) = registry.account(&before.id).filter(|now| is_same_log_in(now, before)) else {
            return Ok(Refreshed::TooLate);
        };
        let Some(stored) = self.ports.store.read(&EntryName::refresh(&before.id)).await? else {
            return Ok(Refreshed::NoRefreshToken);
        };
        let sha256 = |token: RefreshToken| SessionToken::Refresh(token).sha256();
        if sha256(stored.into()) != sha256(sent) {
            return Ok(Refreshed::Stored);
        }
        let (id, generation) = (account.id.clone(), account.generation);
        self.update(move |registry| registry.signed_out_by_server(&id, generation)).await?;
        tracing::info!(account = %account.id, "the server has ended the session");
        self.record(account, Event::SignedOutByServer, None).await;
        Ok(Refreshed::SignedOutByServer)
    }

    pub(crate) fn running_program(&self) -> RunningProgram {
        RunningProgram { program: self.program, process: std::process::id() }
    }
}

/// A new session alone proves nothing: it is written down before its tokens are stored.
fn has_newer_tokens(now: &Account, before: &Account) -> bool {
    (now.refreshes, now.logged_in_at) != (before.refreshes, before.logged_in_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_session_without_a_refresh_is_no_newer_token() {
        let account = |session: &str, refreshes: u64| -> Account {
            let id = "demo1234:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.api.userfront.com";
            let id: AccountId = serde_json::from_value(id.into()).unwrap();
            let tenant: crate::model::tenant::Tenant = serde_json::from_value(
                serde_json::json!({"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null}),
            )
            .unwrap();
            let session: crate::model::tenant::SessionId = session.parse().unwrap();
            let entry = EntryName::revoke(&id, &session, "");
            let account =
                Account::in_name_only(id, tenant, session, entry, crate::model::timestamp::Timestamp(0));
            Account { refreshes, ..account }
        };
        assert!(!has_newer_tokens(&account("s2", 0), &account("s1", 0)));
        assert!(has_newer_tokens(&account("s1", 1), &account("s1", 0)));
    }
}
