//! Callers in this process that ask for the same refresh share it.

use std::sync::Arc;

use tokio::sync::{OwnedMutexGuard, oneshot};

use crate::base::Accounts;
use crate::base::refresh_outcome::{Outcome, RefreshFailure};
use crate::base::single_flight::SingleFlight;
use crate::model::account::AccountId;
use crate::model::registry::Account;
use crate::ports::CallFailure;
use crate::session::refresh::caller::Caller;

/// A request for a refresh, with the number of refreshes finished before: the result of a later one is
/// shared.
pub(crate) struct Joined {
    single_flight: Arc<SingleFlight>,
    before: u64,
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
}
