//! Logging out: the session dies at the server, the tokens leave the keyring, and only then is the account gone.
//!
//! 1. Take the account's lock: a double click, a second window and the command line are one log-out and one call.
//! 2. Tombstone: *leaving*, durable, with a new generation. From here on a crash ends, after the next start, in
//!    *logged out*. When the registry cannot be written, the session is ended all the same.
//! 3. Read the tokens. A keyring that is locked, hung or out of reach lifts the tombstone: still logged in, and said.
//! 4. Revoke at the server. Nothing refreshes first: an expired token serves. An unconfirmed revocation lifts the
//!    tombstone too: still logged in, nothing changed, and said.
//! 5. (Only for what a crash or a failed log-in left behind, `interrupted.rs`:) unconfirmed becomes a pending revocation.
//! 6. Delete every entry of the account, and look whether it is gone. What is not becomes a *remnant*, by name.
//! 7. Remove the account with its tombstone. No other account becomes active by itself.
//!
//! The result is a value; an error leaves the account logged in.

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, EntryName};
use crate::ports::{AccountLock, CallFailure, Deletion, StoreError, StoreStatus, Timestamp};
use crate::registry::{Account, LostSession, Phase, RecentLogOut, RegistryError};
use crate::revocation::Ended;
use crate::token::{AccessToken, RefreshToken, SessionToken, unbundle};
use crate::{Accounts, Work};

/// How long the result of a log-out is kept for those who asked for the same one, in seconds.
const RECENT_SECONDS: i64 = 60;

/// What a log-out came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogOut {
    /// What people call the account.
    pub account_name: String,
    /// What became of the session at the server.
    pub revocation: Revocation,
    /// What became of the tokens in the keyring.
    pub deletion: Deletion,
    /// Where the server would send a browser.
    pub redirect_to: Option<String>,
}

/// What became of a session at the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Revocation {
    /// The server ended it for us.
    Revoked,
    /// The server had ended it before.
    AlreadyInvalid,
    /// There was no token in the keyring to end it with.
    Impossible {
        /// When it ends by itself.
        alive_until: Timestamp,
    },
}

/// Why the account is still logged in. Nothing was changed, but for [`LogOutError::NotLifted`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOutError {
    /// No such account here.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The keyring is locked, hung or out of reach: the tokens cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server did not confirm that the session is over.
    #[error(transparent)]
    Unconfirmed(CallFailure),
    /// The log-out did not take place, and that could not be written down: the next start finishes it.
    #[error("{0}")]
    NotLifted(RegistryError),
    /// The registry cannot be read, or another process is at work on it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// A tombstone, or the reason why there is none.
struct Tombstone {
    account: Account,
    written: Result<(), RegistryError>,
}

/// A token and the entry in which it was found.
pub(crate) type Held = (EntryName, SessionToken);

impl Accounts {
    /// Logs an account out. The same log-out from elsewhere, at the same time or within a minute, has the same result.
    ///
    /// # Errors
    /// [`LogOutError`]; the account is then still logged in.
    pub async fn log_out(&self, id: &AccountId) -> Result<LogOut, LogOutError> {
        let _at_work = self.begin(Work::LoggingOut(id.clone()));
        let _lock = self.lock_for_log_out(id).await?;
        if let Some(outcome) = self.finished_a_moment_ago(id).await? {
            return Ok(outcome);
        }
        let tombstone = self.tombstone(id).await?;
        let account = &tombstone.account;
        let (revocation, redirect_to) = match self.read_and_revoke(account).await {
            Ok(Some(Ended::Revoked { redirect_to })) => (Revocation::Revoked, redirect_to),
            Ok(Some(Ended::AlreadyInvalid)) => (Revocation::AlreadyInvalid, None),
            Ok(None) => (Revocation::Impossible { alive_until: account.session_ends_at }, None),
            Err(error) => return Err(self.lift(&tombstone, error).await),
        };
        self.write_down(account, &revocation).await;
        let deletion = self.delete_entries(account).await;
        let outcome = LogOut { account_name: account.name().to_owned(), revocation, deletion, redirect_to };
        self.remove(account, outcome.clone()).await;
        tracing::info!(account = %id, revocation = ?outcome.revocation, deletion = ?outcome.deletion, "logged out");
        Ok(outcome)
    }

    /// Step 1. A lock file that cannot be made (disk full) must not keep a session alive; a lock that another holds
    /// must.
    async fn lock_for_log_out(&self, id: &AccountId) -> Result<Option<AccountLock>, RegistryError> {
        match self.ports.registry.lock_account(id).await {
            Ok(lock) => Ok(Some(lock)),
            Err(error @ RegistryError::Busy) => Err(error),
            Err(error) => {
                tracing::warn!(%error, "logging out without the account's lock");
                Ok(None)
            }
        }
    }

    async fn finished_a_moment_ago(&self, id: &AccountId) -> Result<Option<LogOut>, RegistryError> {
        let registry = self.ports.registry.read().await?;
        if registry.account(id).is_some() {
            return Ok(None);
        }
        let since = self.ports.clock.now().0 - RECENT_SECONDS;
        let recent = registry.recent_log_outs.into_iter().rev();
        Ok(recent
            .filter(|recent| recent.at.0 >= since)
            .find(|recent| recent.account == *id)
            .map(|it| it.outcome))
    }

    /// Step 2.
    async fn tombstone(&self, id: &AccountId) -> Result<Tombstone, LogOutError> {
        let read = self.ports.registry.read().await?;
        // One that is arriving or leaving is not logged in: finishing it is the next start's part.
        let active = read.account(id).filter(|account| account.phase == Phase::Active);
        let account = active.cloned().ok_or(LogOutError::NotLoggedIn)?;
        if self.is_removed_in_memory(&account) {
            return Err(LogOutError::NotLoggedIn);
        }
        let leaving = account.id.clone();
        match self.update_and_read(move |registry| registry.leave(&leaving)).await {
            Ok(registry) => {
                let account = registry.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
                Ok(Tombstone { account, written: Ok(()) })
            }
            Err(error) => Ok(Tombstone { account, written: Err(error) }),
        }
    }

    /// Takes the tombstone back: the account is logged in as before. Why it is, goes to the caller; when even that
    /// cannot be written, the account stays *leaving*, and the next start logs it out.
    async fn lift(&self, tombstone: &Tombstone, why: LogOutError) -> LogOutError {
        if tombstone.written.is_err() {
            return why;
        }
        let (id, generation) = (tombstone.account.id.clone(), tombstone.account.generation);
        match self.update(move |registry| registry.stay(&id, generation)).await {
            Ok(()) => {
                tracing::warn!(account = %tombstone.account.id, %why, "not logged out");
                why
            }
            Err(error) => {
                tracing::error!(account = %tombstone.account.id, %error, "a tombstone could not be lifted");
                LogOutError::NotLifted(error)
            }
        }
    }

    /// Steps 3 and 4: the tokens, the access token first, each read only when the one before did not do. `None` when the
    /// keyring, unlocked, has no token at all.
    async fn read_and_revoke(&self, account: &Account) -> Result<Option<Ended>, LogOutError> {
        let mut ended = None;
        for entry in account.entries() {
            let held = match self.held_in(account, &entry).await {
                Ok(held) => held,
                Err(error) => {
                    // For the view: how the keyring is now.
                    self.look_at_store().await;
                    return Err(error.into());
                }
            };
            if held.is_empty() {
                continue;
            }
            let answer = self.revoke(&account.tenant, &tokens_of(&held)).await;
            match answer.map_err(LogOutError::Unconfirmed)? {
                revoked @ Ended::Revoked { .. } => return Ok(Some(revoked)),
                Ended::AlreadyInvalid => ended = Some(Ended::AlreadyInvalid),
            }
        }
        Ok(ended)
    }

    /// What became of the session, durably, before anything is deleted: an account without tokens is then known for
    /// what it is. A disk that does not take it does not stop the log-out.
    async fn write_down(&self, account: &Account, revocation: &Revocation) {
        let written = if let Revocation::Impossible { .. } = revocation {
            let lost = lost(account);
            self.update(move |registry| registry.lose(lost)).await
        } else {
            self.mark_session_dead(account).await
        };
        if let Err(error) = written {
            tracing::error!(account = %account.id, %error, "what became of a session was not written down");
        }
    }

    /// The tokens of an account, all of them, the access token first. Empty when the keyring, unlocked, has none.
    pub(crate) async fn held(&self, account: &Account) -> Result<Vec<Held>, StoreError> {
        match self.look_at_store().await {
            StoreStatus::Ok => {}
            StoreStatus::Locked => return Err(StoreError::Locked),
            StoreStatus::Hung => return Err(StoreError::Hung),
            StoreStatus::Unavailable(why) => return Err(StoreError::Unavailable(why)),
        }
        let mut held = Vec::new();
        for entry in account.entries() {
            held.extend(self.held_in(account, &entry).await?);
        }
        Ok(held)
    }

    /// The tokens in one entry of an account.
    async fn held_in(&self, account: &Account, entry: &EntryName) -> Result<Vec<Held>, StoreError> {
        let Some(secret) = self.ports.store.read(entry).await? else { return Ok(Vec::new()) };
        let tokens = if *entry == account.revoke_entry {
            unbundle(secret)
        } else if *entry == EntryName::refresh(&account.id) {
            vec![SessionToken::Refresh(RefreshToken::from(secret))]
        } else {
            vec![SessionToken::Access(AccessToken::from(secret))]
        };
        Ok(tokens.into_iter().map(|token| (entry.clone(), token)).collect())
    }

    /// Step 6. When the keyring fails in the middle of it, what may be there counts as still present.
    async fn delete_entries(&self, account: &Account) -> Deletion {
        match self.ports.store.delete(&account.entries()).await {
            Ok(deletion) => deletion,
            Err(error) => {
                tracing::error!(account = %account.id, %error, "the keyring did not delete the tokens");
                Deletion::StillPresent(account.entries()[..2].to_vec())
            }
        }
    }

    /// Step 7. The session is dead and the tokens are dealt with: a registry that cannot be written now does not bring
    /// the account back; it is hidden, and removed as soon as the registry can be written.
    async fn remove(&self, account: &Account, outcome: LogOut) {
        let (id, at) = (account.id.clone(), self.ports.clock.now());
        let lost = matches!(outcome.revocation, Revocation::Impossible { .. }).then(|| lost(account));
        let removed = self.update(move |registry| {
            registry.remove(&id);
            if let Some(lost) = lost {
                registry.lose(lost);
            }
            registry.recent_log_outs.retain(|recent| recent.at.0 >= at.0 - RECENT_SECONDS);
            if let Deletion::StillPresent(entries) = &outcome.deletion {
                registry.name_remnants(entries.clone(), at);
            }
            registry.recent_log_outs.push(RecentLogOut { account: id, at, outcome });
        });
        if let Err(error) = removed.await {
            tracing::error!(account = %account.id, %error, "logged out, but the account list could not be written");
            self.remove_in_memory(account);
        }
    }
}

pub(crate) fn tokens_of(held: &[Held]) -> Vec<SessionToken> {
    held.iter().map(|(_, token)| token.clone()).collect()
}

pub(crate) fn lost(account: &Account) -> LostSession {
    LostSession {
        account: account.id.clone(),
        account_name: account.name().to_owned(),
        session: account.session.clone(),
        alive_until: account.session_ends_at,
    }
}
