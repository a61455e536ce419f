//! Finishing what was interrupted: accounts that are *logging in* or *logging out* both end as *logged out*.
//!
//! The same path serves a crash in a log-in, a crash in a log-out, a log-in that could not be stored, and an
//! abandoned account whose keyring is back: steps 5 to 7 of the log-out
//! ([`protocol`](crate::log_out::protocol)). It makes no call, so a server that does not answer cannot delay
//! a start. A session that is not known to be over is queued for revocation
//! ([`pending_revocations`](crate::log_out::pending_revocations)), and the server is asked afterwards. A step
//! that the keyring or the disk refuses now is left for the next start. A tombstone that was found is never
//! lifted.

use crate::base::Accounts;
use crate::base::stored_tokens::{is_known_to_be_over, lost, own_tokens, tokens_of};
use crate::log_out::revoke::Why;
use crate::model::activity::Event;
use crate::model::destination;
use crate::model::destination::Redirect;
use crate::model::log_out_outcome::Deletion;
use crate::model::log_out_outcome::LogOut;
use crate::model::reason::Reason;
use crate::model::registry::{Account, Phase, RecentLogOut};
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::token::SessionToken;
use crate::ports::not_stored::NotStored;

pub(crate) enum Remaining<'a> {
    /// The session is over.
    Dead,
    Queued(&'a [SessionToken], Why<'a>),
    /// It is named as lost: there is no token to end it with, and it is not known to be over.
    Lost,
}

impl Remaining<'_> {
    fn outcome(&self, account: &Account, deletion: &Deletion) -> LogOut {
        LogOut {
            account_name: account.called(),
            session: match self.session() {
                SessionOutcome::Over => SessionOutcome::AlreadyInvalid,
                other => other,
            },
            alive_until: account.session_ends_at,
            deletion: deletion.clone(),
            destination: destination::after_log_out(
                &Redirect::Follow,
                None,
                account.profile.logout_redirect_path.as_deref(),
                account.tenant.domain.as_ref(),
            ),
            accepted_until: None,
            unwritten: None,
            is_back: false,
        }
    }

    fn session(&self) -> SessionOutcome {
        match self {
            Self::Dead => SessionOutcome::Over,
            Self::Queued(..) => SessionOutcome::Pending,
            Self::Lost => SessionOutcome::Lost,
        }
    }
}

impl Accounts {
    /// Finishes what a crash interrupted. An account whose keyring does not answer is left for later.
    pub(crate) async fn finish_interrupted(&self) -> Result<(), RegistryError> {
        let mut done = Ok(());
        for found in &self.ports.registry.read().await?.accounts {
            // A hidden account is logged out; while the list cannot say so, only a note in the keyring does.
            if found.phase != Phase::Active && !self.is_hidden(found) {
                // A busy account does not stop the others.
                done = done.and(self.finish_one(found).await);
            }
        }
        done
    }

    pub(crate) async fn finish_one(&self, found: &Account) -> Result<(), RegistryError> {
        let _lock = self.ports.registry.lock_account(&found.id).await?;
        // Another process may have been quicker.
        let registry = self.ports.registry.read().await?;
        let same = |now: &&Account| now.generation == found.generation && now.phase != Phase::Active;
        let Some(account) = registry.account(&found.id).filter(same) else { return Ok(()) };
        if let Err(error) = self.finish_with_what_it_holds(account).await {
            tracing::warn!(account = %account.id, %error, "an interrupted log-in or log-out waits");
        }
        Ok(())
    }

    async fn finish_with_what_it_holds(&self, account: &Account) -> Result<(), NotStored> {
        // An account that is logging in again may still have tokens of its older session in its entries. That
        // session is a pending revocation with an entry of its own: ending it must not count as ending this
        // one.
        let tokens = own_tokens(account, tokens_of(&self.stored(account).await?));
        let remaining = remaining(account, &tokens);
        let deletion = self.finish(account, &remaining).await?;
        // A lost session and a leftover entry have notices of their own, which this one would contradict.
        let nothing_is_left =
            !matches!(remaining, Remaining::Lost) && !matches!(deletion, Deletion::StillPresent(_));
        if account.phase == Phase::LoggingIn && nothing_is_left {
            self.say_rolled_back(account);
        }
        Ok(())
    }

    /// Steps 5 to 7. Returns the outcome for the account's entries.
    pub(crate) async fn finish(
        &self,
        account: &Account,
        remaining: &Remaining<'_>,
    ) -> Result<Deletion, NotStored> {
        match remaining {
            Remaining::Dead if account.session_is_dead => {}
            Remaining::Dead => self.mark_session_dead(account).await?,
            Remaining::Queued(tokens, why) => self.queue_with_tokens(account, tokens, why.clone()).await?,
            Remaining::Lost => {}
        }
        self.keep_other_session_tokens(account).await?;
        let mut entries = account.entries().to_vec();
        if matches!(remaining, Remaining::Queued(..)) {
            entries.retain(|entry| *entry != account.revoke_entry);
        }
        let deletion = self.ports.store.delete(&entries).await?;
        let is_dead = matches!(remaining, Remaining::Dead);
        let lost = matches!(remaining, Remaining::Lost).then(|| lost(account));
        let (logging_out, left, at) = (account.clone(), deletion.clone(), self.ports.clock.now());
        // A caller that logs out an account that was already logging out gets this result.
        let outcome = (account.phase == Phase::LoggingOut).then(|| remaining.outcome(account, &deletion));
        self.update(move |registry| {
            registry.remove(&logging_out.id);
            if let Some(outcome) = outcome {
                registry.logged_out(RecentLogOut {
                    account: logging_out.id,
                    generation: logging_out.generation,
                    entry: Some(logging_out.revoke_entry.clone()),
                    at,
                    outcome,
                });
            }
            if is_dead {
                registry.drop_pending(&logging_out.revoke_entry);
            }
            if let Deletion::StillPresent(entries) = left {
                registry.name_leftovers(entries, at);
            }
            if let Some(lost) = lost {
                registry.lose(lost);
            }
        })
        .await?;
        self.record(account, Event::Finished { session: remaining.session() }, None).await;
        Ok(deletion)
    }
}

fn remaining<'a>(account: &Account, tokens: &'a [SessionToken]) -> Remaining<'a> {
    if account.session_is_dead || tokens.is_empty() && is_known_to_be_over(account) {
        Remaining::Dead
    } else if tokens.is_empty() {
        Remaining::Lost
    } else {
        Remaining::Queued(
            tokens,
            Why::NotAsked(match account.phase {
                Phase::LoggingIn => Reason::LogInCutOff,
                Phase::LoggingOut | Phase::Active => Reason::LogOutCutOff,
                Phase::Abandoned => Reason::KeyringBack,
            }),
        )
    }
}
