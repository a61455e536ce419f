//! Step 9: the sessions that a log-out has left behind, while the user waits and afterwards.

use tokio::time::{Instant, timeout, timeout_at};

use crate::base::Accounts;
use crate::log_out::logging_out::LoggingOut;
use crate::log_out::pending_revocations::{Occasion, Tried};
use crate::log_out::session_end::{Pending, SessionEnd};
use crate::log_out::time_limits::PATIENCE;
use crate::model::account::AccountId;
use crate::model::log_out_outcome::LogOut;
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;

impl Accounts {
    /// Returns the outcome as far as it is known while the user waits.
    pub(crate) async fn look_after(
        &self,
        logging_out: LoggingOut,
        session: SessionEnd,
        outcome: LogOut,
    ) -> LogOut {
        let deadline = logging_out.deadline();
        let account = logging_out.account;
        let witnesses = match session {
            SessionEnd::Pending(Pending::LateAnswer(call), _) => {
                self.await_late_answer(account.revoke_entry, call);
                None
            }
            SessionEnd::Pending(Pending::Witnesses { asked, tokens }, _) => {
                Some(self.hear_in_background(&account.revoke_entry, asked, Tried::all(tokens)))
            }
            SessionEnd::Revoked { stored, .. } => {
                self.verify(account.clone(), stored);
                None
            }
            _ => None,
        };
        let heard = async {
            if let Some(witnesses) = witnesses
                && timeout_at(deadline, witnesses).await.is_err()
            {
                tracing::info!(account = %account.id, "the witnesses are heard in the background");
            }
        };
        tokio::join!(heard, self.end_superseded(&account.id, deadline));
        self.latest(vec![(account.id.clone(), outcome)]).await.remove(0).1
    }

    async fn latest(&self, log_outs: Vec<(AccountId, LogOut)>) -> Vec<(AccountId, LogOut)> {
        let known = match self.ports.registry.read().await {
            Ok(registry) => registry.log_outs(),
            Err(error) => {
                tracing::warn!(%error, "what came of log-outs meanwhile is not known");
                return log_outs;
            }
        };
        let latest = |(id, outcome): (AccountId, LogOut)| {
            // A list that could not be written knows an earlier log-out at best.
            let is_written = outcome.unwritten.is_none();
            let recent = known.iter().find(|recent| is_written && recent.account == id);
            let outcome = recent.map_or(outcome, |recent| recent.outcome.clone());
            let found = self.state().found_alive.get(&id).copied();
            let is_back = !is_written && matches!(found, Some((SessionOutcome::Pending, _)));
            let (session, alive_until) = found.unwrap_or((outcome.session, outcome.alive_until));
            (id, LogOut { session, alive_until, is_back, ..outcome })
        };
        log_outs.into_iter().map(latest).collect()
    }

    /// The outcomes of these log-outs after their verification. Waits for it 1.5 s at most.
    pub async fn verified(&self, log_outs: Vec<(AccountId, LogOut)>) -> Vec<(AccountId, LogOut)> {
        let is_revoked = |(_, outcome): &(_, LogOut)| outcome.session == SessionOutcome::Revoked;
        if log_outs.iter().any(is_revoked) && timeout(PATIENCE, self.in_peace()).await.is_err() {
            tracing::info!("log-outs are being verified in the background");
        }
        self.latest(log_outs).await
    }

    /// Ends the sessions that refreshes had superseded: they are pending once the account is logged out.
    /// Returns when the row has the result, or at the deadline; the call then goes on, and the row says so.
    async fn end_superseded(&self, id: &AccountId, deadline: Instant) {
        if let Err(error) = self.try_superseded(id, deadline).await {
            tracing::error!(account = %id, %error, "what became of superseded sessions was not written down");
        }
    }

    async fn try_superseded(&self, id: &AccountId, deadline: Instant) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let Some(entry) = registry.pending_superseded(id).map(|row| row.entry.clone()) else {
            return Ok(());
        };
        let (accounts, row) = (self.clone(), entry.clone());
        let tried = self.background.spawn_and_tell(async move {
            if let Err(error) = accounts.retry_row(&row, Occasion::AtOnce).await {
                tracing::error!(entry = %row, %error, "a superseded session was not ended yet");
            }
        });
        match timeout_at(deadline, tried).await {
            Ok(()) => Ok(()),
            Err(_) => self.update(move |registry| registry.has_not_answered(&entry)).await,
        }
    }
}
