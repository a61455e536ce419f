//! One refresh of an account at a time: in this process, and across processes.

use crate::base::refresh_outcome::Outcome;
use crate::base::single_flight::SingleFlight;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{OwnedMutexGuard, oneshot};

use crate::base::Accounts;
use crate::base::refresh_outcome::{RefreshFailure, Refreshed};
use crate::base::work::Work;
use crate::model::account::{AccountId, EntryName};
use crate::model::registry::Account;
use crate::model::tenant::Mode;
use crate::model::token::RefreshToken;
use crate::ports::{AccountLock, CallFailure, RefreshError, RefreshLock, RunningProgram};

/// A request for a refresh, with the number of refreshes finished before: the result of a later one is
/// shared.
pub(crate) struct Joined {
    single_flight: Arc<SingleFlight>,
    before: u64,
}

/// The caller of a refresh. It is told once: the result, or that the tokens cannot be stored yet.
pub(crate) struct Caller {
    waits: Option<oneshot::Sender<Outcome>>,
    single_flight: Arc<SingleFlight>,
}

impl Caller {
    /// The refresh goes on.
    pub(crate) fn is_told_early(&mut self, failure: RefreshFailure) {
        self.single_flight.holds_tokens.store(true, Ordering::SeqCst);
        self.is_told(Err(failure));
    }

    fn is_told(&mut self, outcome: Outcome) {
        if let Some(waits) = self.waits.take() {
            // The caller may have stopped waiting.
            drop(waits.send(outcome));
        }
    }
}

impl Accounts {
    /// Gets new tokens for an account. Callers that ask meanwhile get the same result.
    ///
    /// # Errors
    /// [`RefreshFailure`]; the account is then as it was. Tokens that have come are stored as soon as
    /// possible.
    pub async fn refresh(&self, id: &AccountId) -> Outcome {
        self.share_refresh(id, self.join(id)).await
    }

    pub(crate) fn join(&self, id: &AccountId) -> Joined {
        let single_flight = self.single_flight(id);
        let before = single_flight.finished().0;
        Joined { single_flight, before }
    }

    pub(crate) async fn share_refresh(
        &self,
        id: &AccountId,
        Joined { single_flight, before }: Joined,
    ) -> Outcome {
        let wanted = self.active_account(id).await;
        if let Err(failure) = &wanted {
            self.plan_retry(id, Some(failure));
        }
        let wanted = wanted?;
        let Some(turn) = single_flight.turn().await else {
            return Err(RefreshFailure::Elsewhere(Some(self.running_program())));
        };
        if let (count, Some(outcome)) = single_flight.finished()
            && count > before
        {
            return outcome;
        }
        self.run_refresh(id, single_flight, turn, Some(wanted)).await
    }

    /// Runs `first`, then refreshes, so that the new tokens contain the server's present state. The result of
    /// an earlier refresh does not count; it has ended before `first` runs.
    pub(crate) async fn refresh_anew(&self, id: &AccountId, first: impl Future<Output = ()>) -> Outcome {
        let single_flight = self.single_flight(id);
        let turn = single_flight.turn().await;
        first.await;
        match turn {
            Some(turn) => self.run_refresh(id, single_flight, turn, None).await,
            None => Err(RefreshFailure::Elsewhere(Some(self.running_program()))),
        }
    }

    fn single_flight(&self, id: &AccountId) -> Arc<SingleFlight> {
        self.state().refreshes_in_flight.entry(id.clone()).or_default().clone()
    }

    pub(crate) fn holds_tokens(&self, id: &AccountId) -> bool {
        let state = self.state();
        state
            .refreshes_in_flight
            .get(id)
            .is_some_and(|single_flight| single_flight.holds_tokens.load(Ordering::SeqCst))
    }

    fn running_program(&self) -> RunningProgram {
        RunningProgram { program: self.program, process: std::process::id() }
    }

    /// Runs to its end even if the caller stops waiting.
    async fn run_refresh(
        &self,
        id: &AccountId,
        single_flight: Arc<SingleFlight>,
        turn: OwnedMutexGuard<()>,
        wanted: Option<Account>,
    ) -> Outcome {
        let (tell, told) = oneshot::channel();
        let (accounts, id) = (self.clone(), id.clone());
        self.background.spawn(async move {
            let mut caller = Caller { waits: Some(tell), single_flight: single_flight.clone() };
            let outcome = accounts.refresh_in_turn(&id, wanted, &mut caller).await;
            accounts.plan_retry(&id, outcome.as_ref().err());
            single_flight.finish(outcome.clone());
            drop(turn);
            accounts.schedule_changed.notify_one();
            caller.is_told(outcome);
        });
        told.await.unwrap_or_else(|_| {
            let detail = "the refresh was cut off".to_owned();
            Err(RefreshFailure::Server(CallFailure::BrokeOff { detail }))
        })
    }

    /// Under the refresh lock. `wanted` is the account for which newer tokens were requested; without it, a
    /// refresh is made in any case.
    async fn refresh_in_turn(&self, id: &AccountId, wanted: Option<Account>, caller: &mut Caller) -> Outcome {
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
