//! Logging out: the session dies at the server, or is owed; the tokens leave the keyring, or are named; and only then is
//! the account gone.
//!
//! 1. **Lock** the account: a double click, a second window and the command line are one log-out and one call. Whoever
//!    waited gets the same result, which the registry keeps for a minute.
//! 2. **Tombstone**: *leaving*, durable, with a new generation. From here on a crash ends, after the next start, in
//!    *logged out* ([`interrupted`](crate::interrupted)). A disk that takes no tombstone does not keep a session alive:
//!    what the server confirms counts, and the registry is mended later; what it does not confirm changes nothing.
//! 3. **Read** the tokens. A keyring that is locked, hung or out of reach: the account is not logged out, and nobody
//!    claims it. The tombstone is lifted, and the user chooses: unlock, try again, [once it is
//!    unlocked](Accounts::log_out_once_unlocked), or [forget](Accounts::forget). A tombstone that was found is never lifted.
//! 4. **Revoke** at the server. Nothing refreshes first: an expired token serves. The user waits 1.5 s at most.
//! 5. **Unconfirmed**: the tokens move to their `revoke.` entry, then a row says that the session is pending. The call goes
//!    on in the background, and a late answer settles the row.
//! 6. **Delete** every entry of the account, and look whether it is gone. What is not becomes a *remnant*, by name.
//! 7. **Remove** the account with its tombstone. No other account becomes active by itself.
//! 8. **Go** where the [`destination`](crate::destination) says.
//! 9. **Afterwards** ([`pending`](crate::pending), [`probe`](crate::probe)): what is owed is tried again until it is done;
//!    and the server is asked once whether the token that it revoked still works.
//!
//! The result is a value (`outcome.rs`). An error leaves the account logged in; the two that do not, say so. The choices of
//! step 3 are in `dead_end.rs`; what an account holds is read, here as elsewhere, by `held.rs`.

mod all;
mod dead_end;
mod outcome;

use std::time::Duration;

use tokio::time::Instant;

use crate::account::AccountId;
use crate::activity::{Event, still_present};
use crate::claims::session_of;
use crate::destination::{self, Destination, Redirect};
use crate::held::{is_known_to_be_over, lost, own_tokens, tokens_of};
use crate::log_in::NotStored;
use crate::ports::{AccountLock, CallFailure, Deletion, RevokeAnswer};
use crate::registry::{Account, Phase, RecentLogOut, RegistryError};
use crate::revocation::{Call, Why};
use crate::token::SessionToken;
use crate::{Accounts, Work};

pub use outcome::{LogOut, LogOutError, Revocation};

use outcome::SessionEnd;

/// How long the user waits for the server's word.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// An account under its tombstone.
struct Leaving {
    account: Account,
    tombstone: Tombstone,
}

enum Tombstone {
    /// This log-out has set it.
    Set,
    /// An earlier one had: the user was told that the account is leaving. Never lifted.
    Found,
    /// There is none.
    Unwritten(RegistryError),
}

impl Accounts {
    /// Logs an account out. The same log-out from elsewhere, at the same time or within a minute, has the same result.
    ///
    /// # Errors
    /// [`LogOutError`]; the account is then still logged in, unless the variant says otherwise.
    pub async fn log_out(&self, id: &AccountId, redirect: &Redirect) -> Result<LogOut, LogOutError> {
        let _at_work = self.begin(Work::LoggingOut(id.clone()));
        let _lock = self.lock_for_log_out(id).await?; // 1
        if let Some(outcome) = self.finished_a_moment_ago(id).await? {
            return Ok(outcome);
        }
        let leaving = self.tombstone(id).await?; // 2
        let session = match self.end_session(&leaving).await {
            Ok(session) => session, // 3, 4, 5
            Err(error) => return Err(self.lift(&leaving, error).await),
        };
        let account = &leaving.account;
        self.write_down(account, &session).await;
        let deletion = self.delete_entries(&leaving, &session).await; // 6
        let destination = where_to_go(account, &session, redirect);
        let revocation = session.revocation(account);
        let account_name = account.name().to_owned();
        let mut outcome = LogOut { account_name, revocation, deletion, destination, unwritten: None };
        outcome.unwritten = self.remove(account, &session, outcome.clone()).await.err(); // 7
        self.say_logged_out(account, &session, &outcome).await;
        self.look_after(leaving.account, session); // 9
        Ok(outcome) // 8
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
        let since = self.ports.clock.now().0 - RecentLogOut::KEPT_FOR;
        let recent = registry.recent_log_outs.into_iter().rev();
        let same = recent.filter(|recent| recent.at.0 >= since).find(|recent| recent.account == *id);
        Ok(same.map(|recent| recent.outcome))
    }

    /// Step 2.
    async fn tombstone(&self, id: &AccountId) -> Result<Leaving, LogOutError> {
        let mut read = self.ports.registry.read().await?;
        if !read.reconciled {
            // It was mended, and may not know the account's session yet.
            if let Err(error) = self.follow_keyring(id).await {
                tracing::warn!(account = %id, %error, "the keyring was not compared with the account list");
            }
            read = self.ports.registry.read().await?;
        }
        let account = read.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
        match account.phase {
            _ if self.is_hidden(&account) => return Err(LogOutError::NotLoggedIn),
            Phase::Active => {}
            Phase::Leaving => return Ok(Leaving { account, tombstone: Tombstone::Found }),
            // Not logged in: finishing it is the next start's part.
            Phase::Arriving | Phase::Forgotten => return Err(LogOutError::NotLoggedIn),
        }
        let leaving = id.clone();
        match self.update_and_read(move |registry| registry.leave(&leaving)).await {
            Ok(registry) => {
                let account = registry.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
                Ok(Leaving { account, tombstone: Tombstone::Set })
            }
            Err(error) => Ok(Leaving { account, tombstone: Tombstone::Unwritten(error) }),
        }
    }

    /// Takes the tombstone back: the account is logged in as before. Why it is, goes to the caller; when even that
    /// cannot be written, the account stays *leaving*, and the next start logs it out.
    async fn lift(&self, leaving: &Leaving, why: LogOutError) -> LogOutError {
        let Leaving { account, tombstone } = leaving;
        tracing::warn!(account = %account.id, %why, "not logged out");
        self.record(account, Event::LogOutFailed { reason: why.to_string() }, None).await;
        match tombstone {
            Tombstone::Unwritten(_) => return why,
            Tombstone::Found => {
                return match why {
                    LogOutError::Store(error) => LogOutError::Waiting(error),
                    LogOutError::Registry(error) => LogOutError::NotLifted(error),
                    other => other,
                };
            }
            Tombstone::Set => {}
        }
        let (id, generation) = (account.id.clone(), account.generation);
        match self.update(move |registry| registry.stay(&id, generation)).await {
            Ok(()) => why,
            Err(error) => {
                tracing::error!(account = %account.id, %error, "a tombstone could not be lifted");
                LogOutError::NotLifted(error)
            }
        }
    }

    /// Steps 3 to 5: the tokens, the access token first, each read only when the one before did not do.
    async fn end_session(&self, leaving: &Leaving) -> Result<SessionEnd, LogOutError> {
        let account = &leaving.account;
        if account.session_is_dead {
            // A list that is behind says so of a session whose entries hold another one's tokens by now.
            self.keep_strays(account).await?;
            return Ok(SessionEnd::AlreadyInvalid(None));
        }
        // Without a tombstone nothing can be owed: then only the server's word helps, and it is waited for.
        let deadline = match leaving.tombstone {
            Tombstone::Unwritten(_) => None,
            Tombstone::Set | Tombstone::Found => Some(Instant::now() + PATIENCE),
        };
        let mut refused = None;
        for entry in account.entries() {
            let tokens = self.tokens_in(account, &entry).await?;
            // A token of another session (a keyring that did not do a write as it said) would confirm nothing of this one.
            self.keep_strays_among(account, &tokens).await?;
            for token in own_tokens(account, tokens) {
                let mut call = self.ask(&account.tenant, token);
                match call.answer_until(deadline).await {
                    Some(Ok(RevokeAnswer::Revoked { redirect_to })) => {
                        let token = call.into_token();
                        return Ok(SessionEnd::Revoked { redirect_to, token, half_owed: false });
                    }
                    // That the server does not take what cannot be read says nothing of the session.
                    Some(Ok(RevokeAnswer::Invalid { .. })) => {
                        refused =
                            Some(call.into_token()).filter(|token| session_of(token).is_some()).or(refused);
                    }
                    Some(Err(failure)) => return self.owe(leaving, Some(failure), call).await,
                    None => return self.owe(leaving, None, call).await,
                }
            }
        }
        Ok(match refused {
            Some(token) => SessionEnd::AlreadyInvalid(Some(token)),
            // The server said it when it refused to refresh.
            None if is_known_to_be_over(account) => SessionEnd::AlreadyInvalid(None),
            None => SessionEnd::Impossible,
        })
    }

    /// Step 5. There is no failure for as long as the server has not answered. What cannot be owed is not claimed to be over:
    /// the error leaves the account logged in, unless the call that is still under way ends the session after all.
    async fn owe(
        &self,
        leaving: &Leaving,
        failure: Option<CallFailure>,
        call: Call,
    ) -> Result<SessionEnd, LogOutError> {
        if let (Tombstone::Unwritten(registry), Some(server)) = (&leaving.tombstone, &failure) {
            return Err(LogOutError::Unwritable { registry: registry.clone(), server: server.clone() });
        }
        let why = failure.as_ref().map_or(Why::NoAnswerYet, Why::Unconfirmed);
        let (token, under_way) = (call.token().clone(), failure.is_none().then_some(call));
        let Err(error) = self.park_all(&leaving.account, why).await else {
            return Ok(SessionEnd::Pending(under_way, token));
        };
        let Some(call) = under_way else { return Err(error.into()) };
        match call.finish().await {
            (Ok(RevokeAnswer::Revoked { redirect_to }), token) => {
                Ok(SessionEnd::Revoked { redirect_to, token, half_owed: true })
            }
            _ => Err(error.into()),
        }
    }

    async fn park_all(&self, account: &Account, why: Why<'_>) -> Result<(), NotStored> {
        let held = self.held(account).await?;
        self.park(account, &own_tokens(account, tokens_of(&held)), why).await
    }

    /// What became of the session, durably, before anything is deleted: an account without tokens is then known for
    /// what it is. A disk that does not take it does not stop the log-out.
    async fn write_down(&self, account: &Account, session: &SessionEnd) {
        let written = match session {
            SessionEnd::Revoked { .. } | SessionEnd::AlreadyInvalid(_) => {
                self.mark_session_dead(account).await
            }
            SessionEnd::Impossible => {
                let lost = lost(account);
                self.update(move |registry| registry.lose(lost)).await
            }
            // The row says it.
            SessionEnd::Pending(..) => Ok(()),
        };
        if let Err(error) = written {
            tracing::error!(account = %account.id, %error, "what became of a session was not written down");
        }
    }

    /// Step 6. When the keyring fails in the middle of it, what may be there counts as still present.
    async fn delete_entries(&self, leaving: &Leaving, session: &SessionEnd) -> Deletion {
        let account = &leaving.account;
        let [access, refresh, revoke] = account.entries();
        let mut entries = vec![access, refresh];
        if !matches!(session, SessionEnd::Pending(..)) {
            entries.push(revoke);
        }
        match self.ports.store.delete(&entries).await {
            Ok(deletion) => deletion,
            Err(error) => {
                tracing::error!(account = %account.id, %error, "the keyring did not delete the tokens");
                // The third is there only if something was, or is half, owed.
                let half_owed = matches!(session, SessionEnd::Revoked { half_owed: true, .. });
                if !half_owed && !matches!(leaving.tombstone, Tombstone::Found) {
                    entries.truncate(2);
                }
                Deletion::StillPresent(entries)
            }
        }
    }

    /// Step 7. The session is dead or owed, and the tokens are dealt with: a registry that cannot be written now does not
    /// bring the account back; it is [hidden](crate::unwritten), and removed as soon as the registry can be written.
    async fn remove(
        &self,
        account: &Account,
        session: &SessionEnd,
        outcome: LogOut,
    ) -> Result<(), RegistryError> {
        let (gone, at) = (account.clone(), self.ports.clock.now());
        let lost = matches!(session, SessionEnd::Impossible).then(|| lost(account));
        let (is_dead, revocation) = (session.is_dead(), outcome.revocation.clone());
        let removed = self.update(move |registry| {
            registry.remove(&gone.id);
            if is_dead {
                // Of an earlier try at the same log-out.
                registry.drop_pending(&gone.revoke_entry);
            }
            if let Some(lost) = lost {
                registry.lose(lost);
            }
            if let Deletion::StillPresent(entries) = &outcome.deletion {
                registry.name_remnants(entries.clone(), at);
            }
            registry.logged_out(RecentLogOut { account: gone.id, generation: gone.generation, at, outcome });
        });
        let Err(error) = removed.await else { return Ok(()) };
        if self.is_gone(account).await {
            return Ok(());
        }
        tracing::error!(account = %account.id, %error, "logged out, but the account list could not be written");
        self.hide(account, &revocation).await;
        Err(error)
    }

    async fn say_logged_out(&self, account: &Account, session: &SessionEnd, outcome: &LogOut) {
        let LogOut { revocation, deletion, .. } = outcome;
        tracing::info!(account = %account.id, ?revocation, ?deletion, "logged out");
        let event =
            Event::LoggedOut { session: session.for_activity(), still_present: still_present(deletion) };
        self.record(account, event, session.token()).await;
    }

    /// Step 9, as far as it follows from this log-out.
    fn look_after(&self, account: Account, session: SessionEnd) {
        match session {
            SessionEnd::Pending(Some(call), _) => self.await_late_answer(account.revoke_entry, call),
            SessionEnd::Revoked { token: SessionToken::Access(token), .. } => self.probe(account, token),
            _ => {}
        }
    }
}

/// Step 8.
fn where_to_go(account: &Account, session: &SessionEnd, redirect: &Redirect) -> Destination {
    let answered = match session {
        SessionEnd::Revoked { redirect_to, .. } => redirect_to.as_deref(),
        _ => None,
    };
    let configured = account.profile.logout_redirect_path.as_deref();
    destination::after_log_out(redirect, answered, configured, account.tenant.domain.as_ref())
}
