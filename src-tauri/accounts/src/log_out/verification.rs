//! Verification: after a log-out the witnesses are asked once whether a session that the server reports as
//! ended is alive.
//!
//! It runs after the view has changed, with the tokens from memory, by the rule of
//! [`evidence`](crate::log_out::evidence). Its finding updates the log-out's result while that is shown:
//! *over*, perhaps with the time until which a service that checks signatures alone accepts the access token;
//! or *pending*, with the tokens in their `revoke.` entry again, and one more try at once. Without an answer
//! nothing changes. A setting turns it off.
//!
//! Non-goals: making the user wait. The command line waits 1.5 s for it ([`verified`](Accounts::verified)).

use crate::base::Accounts;
use crate::log_out::evidence::{Finding, Written};
use crate::log_out::pending_revocations::Occasion;
use crate::log_out::revoke::Why;
use crate::model::activity::Event;
use crate::model::claims::expiry_of;
use crate::model::registry::Account;
use crate::model::session_outcome::SessionOutcome;
use crate::model::session_tokens::united;
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;
use crate::ports::CallFailure;
use crate::ports::not_stored::NotStored;

impl Accounts {
    pub(crate) fn verify(&self, account: Account, stored: Vec<SessionToken>) {
        let accounts = self.clone();
        self.background.spawn(async move {
            if !accounts.settings().await.verify_revocation {
                return;
            }
            let (tenant, mode) = (&account.tenant, account.id.mode());
            let (finding, _) = accounts.hear_witnesses(tenant, mode, &stored, Written::Memory).await;
            let kept = match finding {
                Finding::Over { accepted_until: None } | Finding::NothingWorks => Ok(()),
                Finding::Over { accepted_until: Some(until) } => {
                    tracing::warn!(account = %account.id, "a session is over, and its access token accepted");
                    let entry = account.revoke_entry.clone();
                    let revise = move |registry: &mut crate::model::registry::Registry| {
                        registry.revise_log_out(&entry, |outcome| outcome.accepted_until = Some(until));
                    };
                    accounts.update(revise).await.map_err(NotStored::from)
                }
                Finding::Renewed(newer) => accounts.is_still_alive(&account, &united(&newer, &stored)).await,
                Finding::Accepted => accounts.is_still_alive(&account, &stored).await,
                Finding::Unknown(doubt) => {
                    tracing::info!(account = %account.id, ?doubt, "a log-out was not verified");
                    Ok(())
                }
            };
            if let Err(error) = kept {
                tracing::error!(account = %account.id, %error, "the finding of a verification was not kept");
            }
        });
    }

    async fn is_still_alive(&self, account: &Account, tokens: &[SessionToken]) -> Result<(), NotStored> {
        tracing::warn!(account = %account.id, "a session that was said to be over is alive");
        self.record(account, Event::StillAnswers, tokens.first()).await;
        let detail = "it says that the session is over, and accepts its tokens".to_owned();
        let failure = CallFailure::Unintelligible { status: 200, detail };
        let (entry, ends_at) = (account.revoke_entry.clone(), account.session_ends_at);
        let until = tokens.iter().filter_map(expiry_of).max().unwrap_or(ends_at);
        if let Err(error) = self.queue_late(account, tokens, Why::Unconfirmed(&failure)).await {
            self.cannot_be_pending(account, tokens, until, &error).await;
            return Err(error);
        }
        // A list that could not be written still has the account: it goes, and the row stays.
        for hidden in self.state().hidden.iter_mut().filter(|hidden| hidden.is(account)) {
            hidden.session = SessionOutcome::Pending;
        }
        self.update(move |registry| {
            registry.still_answers(&entry, until);
            registry.revise_log_out(&entry, |outcome| {
                (outcome.session, outcome.alive_until) = (SessionOutcome::Pending, until);
            });
        })
        .await?;
        self.retry_row(&account.revoke_entry, Occasion::AtOnce).await?;
        Ok(())
    }

    /// A session is alive, and its tokens or its row cannot be written. If the list still has the account, it
    /// is logged in again, with the tokens in its reserved entry; otherwise the next start finds that entry.
    async fn cannot_be_pending(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        alive_until: Timestamp,
        why: &NotStored,
    ) {
        let kept = match why {
            NotStored::Registry(_) => self.keep_in(&account.revoke_entry, tokens).await,
            NotStored::Store(error) => Err(error.clone()),
        };
        let session = match kept {
            Ok(()) => SessionOutcome::Pending,
            Err(error) => {
                // The tokens cannot be kept, but still work.
                let (asked, _, _) = self.ask_to_end(&account.tenant, tokens).await;
                tracing::error!(account = %account.id, %error, ?asked, "tokens could not be kept");
                SessionOutcome::Lost
            }
        };
        {
            let mut state = self.state();
            state.hidden.retain(|hidden| hidden.id != account.id);
            state.found_alive.insert(account.id.clone(), (session, alive_until));
        }
        self.ports.observer.changed();
        // Until the next start, no list accounts for the entry.
        self.name_foreign_again().await;
        let entry = account.revoke_entry.clone();
        let revised = self.update(move |registry| {
            registry.revise_log_out(&entry, |outcome| {
                (outcome.session, outcome.alive_until) = (session, alive_until);
            });
        });
        if let Err(error) = revised.await {
            tracing::error!(account = %account.id, %error, "only this program knows that a session is alive");
        }
    }
}
