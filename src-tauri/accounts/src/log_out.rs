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
//! The result is a value. An error leaves the account logged in; the two that do not, say so.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::account::{AccountId, EntryName};
use crate::activity::{self, Event, still_present};
use crate::claims::session_of;
use crate::destination::{self, Destination, Redirect};
use crate::log_in::NotStored;
use crate::ports::{AccountLock, CallFailure, Deletion, RevokeAnswer, StoreError, StoreStatus, Timestamp};
use crate::registry::{Account, LostSession, Phase, RecentLogOut, RegistryError};
use crate::revocation::{Call, Why};
use crate::token::{AccessToken, RefreshToken, SessionToken, unbundle};
use crate::{Accounts, Work};

/// How long the user waits for the server's word.
const PATIENCE: Duration = Duration::from_millis(1_500);

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
    /// Where to go now.
    pub destination: Destination,
}

/// What became of a session at the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Revocation {
    /// The server ended it for us.
    Revoked,
    /// The server had ended it before.
    AlreadyInvalid,
    /// The server has not confirmed it; it is a pending revocation.
    Pending {
        /// When it ends by itself.
        alive_until: Timestamp,
    },
    /// There was no token in the keyring to end it with.
    Impossible {
        /// When it ends by itself.
        alive_until: Timestamp,
    },
}

/// Why an account is not logged out. It is still logged in, and nothing was changed, unless the variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOutError {
    /// No such account here.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The keyring is locked, hung or out of reach: the tokens cannot be read, or moved to where they would be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same, for an account that is leaving already: the log-out is finished once the keyring is there.
    #[error("The log-out waits for the keyring. {0}")]
    Waiting(StoreError),
    /// The account list cannot be written, so that nothing can be owed; and the server did not confirm the revocation.
    #[error("{registry} {server}")]
    Unwritable {
        /// Why it cannot be written.
        registry: RegistryError,
        /// Why the session is not known to be dead.
        server: CallFailure,
    },
    /// The log-out did not take place, and that could not be written down: the next start finishes it.
    #[error("{0}")]
    NotLifted(RegistryError),
    /// The registry cannot be read or written, or another process is at work on it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

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

/// How steps 3 to 5 ended.
enum SessionEnd {
    /// By our call, with this token; perhaps after the tokens had been half moved to where they would be owed.
    Revoked { redirect_to: Option<String>, token: SessionToken, half_owed: bool },
    /// The server knew none of our tokens any more.
    AlreadyInvalid,
    /// Unconfirmed, and owed. The call may still be under way.
    Pending(Option<Call>),
    /// The keyring, unlocked, has no token at all.
    Impossible,
}

impl SessionEnd {
    fn is_dead(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::AlreadyInvalid)
    }

    fn for_activity(&self) -> activity::Session {
        match self {
            Self::Revoked { .. } => activity::Session::Revoked,
            Self::AlreadyInvalid => activity::Session::AlreadyInvalid,
            Self::Pending(_) => activity::Session::Pending,
            Self::Impossible => activity::Session::Lost,
        }
    }

    fn revocation(&self, account: &Account) -> Revocation {
        let alive_until = account.session_ends_at;
        match self {
            Self::Revoked { .. } => Revocation::Revoked,
            Self::AlreadyInvalid => Revocation::AlreadyInvalid,
            Self::Pending(_) => Revocation::Pending { alive_until },
            Self::Impossible => Revocation::Impossible { alive_until },
        }
    }
}

/// A token and the entry in which it was found.
pub(crate) type Held = (EntryName, SessionToken);

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
        let outcome = LogOut { account_name: account.name().to_owned(), revocation, deletion, destination };
        self.remove(account, &session, outcome.clone()).await; // 7
        self.say_logged_out(account, &session, &outcome).await;
        self.look_after(leaving.account, session); // 9
        Ok(outcome) // 8
    }

    /// Logs every account out that is logged in, all at once. One that cannot be does not keep the others.
    pub async fn log_out_all(&self) -> Vec<Result<LogOut, LogOutError>> {
        let registry = match self.ports.registry.read().await {
            Ok(registry) => registry,
            Err(error) => return vec![Err(error.into())],
        };
        let is_in = |account: &Account| matches!(account.phase, Phase::Active | Phase::Leaving);
        let mut at_work = JoinSet::new();
        for account in registry.accounts.into_iter().filter(is_in) {
            let accounts = self.clone();
            at_work.spawn(async move { accounts.log_out(&account.id, &Redirect::Follow).await });
        }
        at_work.join_all().await
    }

    /// Sets the tombstone and leaves it: the log-out takes place as soon as the keyring can be read.
    ///
    /// # Errors
    /// [`LogOutError::NotLoggedIn`], or the registry's.
    pub async fn log_out_once_unlocked(&self, id: &AccountId) -> Result<(), LogOutError> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let leaving = self.tombstone(id).await?;
        if let Tombstone::Unwritten(error) = leaving.tombstone {
            return Err(error.into());
        }
        self.record(&leaving.account, Event::LogOutWaits, None).await;
        Ok(())
    }

    /// Gives an account up whose keyring is out of reach: it is shown no more, but for its entries, which may still be
    /// there, and nothing here ends its session. Should the keyring come back, the log-out is finished after all.
    ///
    /// # Errors
    /// [`LogOutError::NotLoggedIn`], or the registry's.
    pub async fn forget(&self, id: &AccountId) -> Result<(), LogOutError> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let registry = self.ports.registry.read().await?;
        let known = registry.account(id).filter(|account| account.phase != Phase::Forgotten);
        let account = known.cloned().ok_or(LogOutError::NotLoggedIn)?;
        let forgotten = id.clone();
        self.update(move |registry| registry.forget(&forgotten)).await?;
        tracing::warn!(account = %id, "forgotten: its tokens may be in the keyring, and its session is alive");
        self.record(&account, Event::Forgotten, None).await;
        Ok(())
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
        let read = self.ports.registry.read().await?;
        let account = read.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
        match account.phase {
            Phase::Active if self.is_removed_in_memory(&account) => return Err(LogOutError::NotLoggedIn),
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
            return Ok(SessionEnd::AlreadyInvalid);
        }
        // Without a tombstone nothing can be owed: then only the server's word helps, and it is waited for.
        let deadline = match leaving.tombstone {
            Tombstone::Unwritten(_) => None,
            Tombstone::Set | Tombstone::Found => Some(Instant::now() + PATIENCE),
        };
        let mut any = false;
        for entry in account.entries() {
            // A token of another session (a keyring that did not do a write as it said) would confirm nothing of this one.
            for token in own_tokens(account, self.tokens_in(account, &entry).await?) {
                any = true;
                let mut call = self.ask(&account.tenant, token);
                match call.answer_until(deadline).await {
                    Some(Ok(RevokeAnswer::Revoked { redirect_to })) => {
                        let token = call.into_token();
                        return Ok(SessionEnd::Revoked { redirect_to, token, half_owed: false });
                    }
                    Some(Ok(RevokeAnswer::Invalid { .. })) => {}
                    Some(Err(failure)) => return self.owe(leaving, Some(failure), None).await,
                    None => return self.owe(leaving, None, Some(call)).await,
                }
            }
        }
        Ok(if any { SessionEnd::AlreadyInvalid } else { SessionEnd::Impossible })
    }

    /// Step 5. What cannot be owed is not claimed to be over: the error leaves the account logged in, unless the call that
    /// is still under way ends the session after all.
    async fn owe(
        &self,
        leaving: &Leaving,
        failure: Option<CallFailure>,
        call: Option<Call>,
    ) -> Result<SessionEnd, LogOutError> {
        if let (Tombstone::Unwritten(registry), Some(server)) = (&leaving.tombstone, &failure) {
            return Err(LogOutError::Unwritable { registry: registry.clone(), server: server.clone() });
        }
        let why = failure.as_ref().map_or(Why::NoAnswerYet, Why::Unconfirmed);
        let error = match self.park_all(&leaving.account, why).await {
            Ok(()) => return Ok(SessionEnd::Pending(call)),
            Err(NotStored::Store(error)) => LogOutError::Store(error),
            Err(NotStored::Registry(error)) => LogOutError::Registry(error),
        };
        let Some(call) = call else { return Err(error) };
        match call.finish().await {
            (Ok(RevokeAnswer::Revoked { redirect_to }), token) => {
                Ok(SessionEnd::Revoked { redirect_to, token, half_owed: true })
            }
            _ => Err(error),
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
            SessionEnd::Revoked { .. } | SessionEnd::AlreadyInvalid => self.mark_session_dead(account).await,
            SessionEnd::Impossible => {
                let lost = lost(account);
                self.update(move |registry| registry.lose(lost)).await
            }
            // The row says it.
            SessionEnd::Pending(_) => Ok(()),
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
        if !matches!(session, SessionEnd::Pending(_)) {
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
    /// bring the account back; it is hidden, and removed as soon as the registry can be written.
    async fn remove(&self, account: &Account, session: &SessionEnd, outcome: LogOut) {
        let (gone, at) = (account.clone(), self.ports.clock.now());
        let lost = matches!(session, SessionEnd::Impossible).then(|| lost(account));
        let is_dead = session.is_dead();
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
        if let Err(error) = removed.await {
            tracing::error!(account = %account.id, %error, "logged out, but the account list could not be written");
            self.remove_in_memory(account);
        }
    }

    async fn say_logged_out(&self, account: &Account, session: &SessionEnd, outcome: &LogOut) {
        let LogOut { revocation, deletion, .. } = outcome;
        tracing::info!(account = %account.id, ?revocation, ?deletion, "logged out");
        let token = match session {
            SessionEnd::Revoked { token, .. } => Some(token),
            SessionEnd::Pending(call) => call.as_ref().map(Call::token),
            SessionEnd::AlreadyInvalid | SessionEnd::Impossible => None,
        };
        let event =
            Event::LoggedOut { session: session.for_activity(), still_present: still_present(deletion) };
        self.record(account, event, token).await;
    }

    /// Step 9, as far as it follows from this log-out.
    fn look_after(&self, account: Account, session: SessionEnd) {
        match session {
            SessionEnd::Pending(Some(call)) => self.await_late_answer(account.revoke_entry, call),
            SessionEnd::Revoked { token: SessionToken::Access(token), .. } => self.probe(account, token),
            _ => {}
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
            let tokens = self.tokens_in(account, &entry).await?;
            held.extend(tokens.into_iter().map(|token| (entry.clone(), token)));
        }
        Ok(held)
    }

    /// The tokens in one entry of an account.
    async fn tokens_in(&self, account: &Account, entry: &EntryName) -> Result<Vec<SessionToken>, StoreError> {
        let read = self.ports.store.read(entry).await;
        if read.is_err() {
            // For the view: how the keyring is now.
            self.look_at_store().await;
        }
        let Some(secret) = read? else { return Ok(Vec::new()) };
        Ok(if *entry == account.revoke_entry {
            unbundle(secret)
        } else if *entry == EntryName::refresh(&account.id) {
            vec![SessionToken::Refresh(RefreshToken::from(secret))]
        } else {
            vec![SessionToken::Access(AccessToken::from(secret))]
        })
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

/// Those of the account's own session, and those that do not say whose they are.
pub(crate) fn own_tokens(account: &Account, tokens: Vec<SessionToken>) -> Vec<SessionToken> {
    let is_own = |token: &SessionToken| session_of(token).is_none_or(|session| session == account.session);
    tokens.into_iter().filter(is_own).collect()
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
