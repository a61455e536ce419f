//! Finishing what was cut off: *arriving* and *leaving* accounts both end in *logged out*.
//!
//! One path for a crash in a log-in, a crash in a log-out, and a log-in that could not be stored: steps 4 to 7 of the
//! log-out ([`log_out`](crate::log_out)), with the difference that nobody waits for the server's word: an unconfirmed
//! session becomes a pending revocation. What the keyring or the disk will not do now is left for the next start.

use crate::Accounts;
use crate::claims::session_of;
use crate::log_in::NotStored;
use crate::log_out::{Held, lost, tokens_of};
use crate::ports::{CallFailure, Deletion};
use crate::registry::{Account, Phase, RegistryError};
use crate::token::SessionToken;

/// What became of an account that a crash or a failed log-in had left *arriving* or *leaving*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interrupted {
    /// Its session is dead, and nothing is left here but what is named as a remnant.
    Finished,
    /// The server did not confirm it: a pending revocation.
    Pending,
    /// There was no token to end it with, and the server has not confirmed that it is dead: it is listed as lost.
    NoToken,
}

/// What could not be finished; *arriving* or *leaving* is still there, and the next start tries again.
#[derive(Debug)]
pub(crate) struct Unfinished {
    /// The server's part, where that is missing.
    pub(crate) unconfirmed: Option<CallFailure>,
}

impl Unfinished {
    fn at(account: &Account, error: &NotStored, unconfirmed: Option<&CallFailure>) -> Self {
        tracing::error!(account = %account.id, %error, "a log-in or log-out that was cut off is not finished yet");
        Self { unconfirmed: unconfirmed.cloned() }
    }
}

impl Accounts {
    /// Finishes what a crash cut off: *arriving* and *leaving* accounts end in *logged out*. An account whose keyring
    /// does not answer now is left for later.
    pub(crate) async fn finish_interrupted(&self) -> Result<(), RegistryError> {
        let mut done = Ok(());
        for found in self.ports.registry.read().await?.accounts {
            if found.phase != Phase::Active {
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
        match self.held(account).await {
            Ok(held) => match self.finish(account, &own_tokens(account, &held)).await {
                Ok(Interrupted::Finished) if account.phase == Phase::Arriving => self.say_undone(account),
                Ok(_) => {}
                Err(unfinished) => {
                    tracing::warn!(account = %account.id, ?unfinished, "an interrupted log-in or log-out waits");
                }
            },
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "an interrupted log-in or log-out waits");
            }
        }
        Ok(())
    }

    /// Steps 4 to 7 for an account that will not stay, whoever the tokens come from.
    pub(crate) async fn finish(
        &self,
        account: &Account,
        tokens: &[SessionToken],
    ) -> Result<Interrupted, Unfinished> {
        let (interrupted, unconfirmed) = if account.session_is_dead {
            (Interrupted::Finished, None)
        } else if tokens.is_empty() {
            (Interrupted::NoToken, None)
        } else {
            match self.revoke(&account.tenant, tokens).await {
                Ok(_) => {
                    let marked = self.mark_session_dead(account).await;
                    marked.map_err(|error| Unfinished::at(account, &error.into(), None))?;
                    (Interrupted::Finished, None)
                }
                Err(failure) => {
                    let parked = self.park(account, tokens, &failure).await;
                    parked.map_err(|error| Unfinished::at(account, &error, Some(&failure)))?;
                    (Interrupted::Pending, Some(failure))
                }
            }
        };
        let moved = self.keep_older_tokens(account).await;
        moved.map_err(|error| Unfinished::at(account, &error, unconfirmed.as_ref()))?;
        let mut entries = account.entries().to_vec();
        entries.retain(|entry| interrupted != Interrupted::Pending || *entry != account.revoke_entry);
        let deletion = self.ports.store.delete(&entries).await;
        let deletion =
            deletion.map_err(|error| Unfinished::at(account, &error.into(), unconfirmed.as_ref()))?;
        let lost = (interrupted == Interrupted::NoToken).then(|| lost(account));
        let (leaving, at) = (account.clone(), self.ports.clock.now());
        let removed = self.update(move |registry| {
            registry.remove(&leaving.id);
            if interrupted == Interrupted::Finished {
                registry.pending.retain(|row| row.entry != leaving.revoke_entry);
            }
            if let Deletion::StillPresent(entries) = deletion {
                registry.name_remnants(entries, at);
            }
            if let Some(lost) = lost {
                registry.lose(lost);
            }
        });
        removed.await.map_err(|error| Unfinished::at(account, &error.into(), unconfirmed.as_ref()))?;
        Ok(interrupted)
    }
}

/// Of an account that is *arriving* again, the entries may still hold the tokens of its older session, which is a pending
/// revocation with an entry of its own: ending that one must not pass for ending this one.
fn own_tokens(account: &Account, held: &[Held]) -> Vec<SessionToken> {
    let is_own = |token: &SessionToken| session_of(token).is_none_or(|session| session == account.session);
    tokens_of(held).into_iter().filter(|token| account.phase != Phase::Arriving || is_own(token)).collect()
}
