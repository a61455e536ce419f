//! Finishing what was cut off: *arriving* and *leaving* accounts both end in *logged out*.
//!
//! One path for a crash in a log-in, a crash in a log-out, a log-in that could not be stored, and an account
//! that was forgotten and whose keyring is back: steps 5 to 7 of the log-out ([`log_out`](crate::log_out::protocol)). All of it is this machine's
//! part: no call is made, so that a dead server does not delay a start. A session that is not known to be
//! dead is owed ([`pending`](crate::log_out::pending_revocations)), and the server is asked afterwards. What the keyring or the
//! disk will not do now is left for the next start; no tombstone that is found is ever lifted.

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

/// What is to become of the session of an account that will not stay.
pub(crate) enum Remaining<'a> {
    /// Nothing: it is dead.
    Dead,
    /// It is queued for revocation, with these tokens.
    Queued(&'a [SessionToken], Why<'a>),
    /// There is no token to end it with, and nobody has confirmed that it is dead: it is named as lost.
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
    /// Finishes what a crash cut off. An account whose keyring does not answer now is left for later.
    pub(crate) async fn finish_interrupted(&self) -> Result<(), RegistryError> {
        let mut done = Ok(());
        for found in self.ports.registry.read().await?.accounts {
            // What is hidden is over; as long as the list cannot say so, only a note in the keyring does.
            if found.phase != Phase::Active && !self.is_hidden(&found) {
                // One that is busy elsewhere does not keep the others waiting.
                done = done.and(self.finish_one(&found).await);
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
        // Of an account that is *arriving* again, the entries may still hold the tokens of its older session,
        // which is a pending revocation with an entry of its own: ending that one must not pass for ending
        // this one.
        let tokens = own_tokens(account, tokens_of(&self.stored(account).await?));
        let remaining = remaining(account, &tokens);
        let deletion = self.finish(account, &remaining).await?;
        // A session that is lost, and an entry that would not go, have notices of their own; this one would
        // deny them.
        let nothing_is_left =
            !matches!(remaining, Remaining::Lost) && !matches!(deletion, Deletion::StillPresent(_));
        if account.phase == Phase::LoggingIn && nothing_is_left {
            self.say_rolled_back(account);
        }
        Ok(())
    }

    /// Steps 5 to 7 for an account that will not stay. What became of its entries.
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
        // Who asks for the log-out of an account that was leaving gets this for a result.
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
