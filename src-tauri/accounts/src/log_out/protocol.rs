//! Logging out: the session dies at the server, or is owed; the tokens leave the keyring, or are named; and
//! only then is the account gone.
//!
//! 1. **Lock** the account: a double click, a second window and the command line are one log-out and one
//!    call. Whoever waited gets the same result, which the registry keeps for a minute.
//! 2. **Tombstone**: *leaving*, durable, with a new generation. From here on a crash ends, after the next
//!    start, in *logged out* ([`interrupted`](crate::log_out::interrupted)). A disk that takes no tombstone does not
//!    keep a session alive: what the server confirms counts, and the registry is mended later; what it does
//!    not confirm changes nothing.
//! 3. **Read** the tokens. A keyring that is locked, hung or out of reach: the account is not logged out, and
//!    nobody claims it. The tombstone is lifted, and the user chooses: unlock, try again, [once it is
//!    unlocked](Accounts::log_out_once_unlocked), or [forget](Accounts::forget). A tombstone that was found
//!    is never lifted.
//! 4. **Revoke** at the server. Nothing refreshes first: an expired token serves. The user waits 1.5 s at
//!    most, from the first question to the server. What its answer is worth, [`evidence`](crate::log_out::evidence) says.
//! 5. **Not confirmed**: the tokens move to their `revoke.` entry, then a row says that the session is
//!    pending. The call goes on in the background, and a late answer settles the row. An answer that is for
//!    the witnesses to judge has them heard at once, after step 7: the row then knows what they know,
//!    whatever crashes.
//! 6. **Delete** every entry of the account, and look whether it is gone. What is not becomes a *remnant*, by
//!    name.
//! 7. **Remove** the account with its tombstone. No other account becomes active by itself.
//! 8. **Go** where the [`destination`](crate::model::destination) says.
//! 9. **Afterwards** (`afterwards.rs`, [`pending`](crate::log_out::pending_revocations), [`verification`](crate::log_out::verification)): sessions that
//!    refreshes had [superseded](crate::session::superseded) are pending since step 7, and ended at once; what is
//!    pending is tried again until it is done; and the witnesses are asked once whether a session lives that
//!    the server says it has ended. What comes of it is the result, for whoever still shows it.
//!
//! Steps 3 to 6 are in `session.rs`. The result is a value (`outcome.rs`). An error leaves the account logged
//! in; the two that do not, say so. The choices of step 3 are in `dead_end.rs`; what an account holds is
//! read, here as elsewhere, by `stored.rs`.

use crate::log_out::error::LogOutError;
use crate::model::log_out_outcome::LogOut;
use crate::model::registry::log_outs::while_superseded_is_pending;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

use crate::base::Accounts;
use crate::base::stored_tokens::lost;
use crate::base::work::Work;
use crate::log_out::revoke::LONGEST_CALL;
use crate::model::account::AccountId;
use crate::model::activity::Event;
use crate::model::destination;
use crate::model::destination::{Destination, Redirect};
use crate::model::log_out_outcome::Deletion;
use crate::model::registry::{Account, Phase, RecentLogOut};
use crate::model::registry_error::RegistryError;
use crate::model::timestamp::Timestamp;
use crate::ports::AccountLock;

use crate::log_out::session_end::SessionEnd;

/// How long the user waits for the server's word.
pub(crate) const PATIENCE: Duration = Duration::from_millis(1_500);

/// An account under its tombstone.
pub(crate) struct LoggingOut {
    pub(crate) account: Account,
    pub(crate) tombstone: Tombstone,
    pub(crate) deadline: OnceLock<Instant>,
}

impl LoggingOut {
    fn new(account: Account, tombstone: Tombstone) -> Self {
        Self { account, tombstone, deadline: OnceLock::new() }
    }

    /// How long the user waits: from the first time that this is asked, which is the first question to the
    /// server.
    pub(crate) fn deadline(&self) -> Instant {
        *self.deadline.get_or_init(|| Instant::now() + PATIENCE)
    }
}

pub(crate) enum Tombstone {
    /// This log-out has set it.
    Set,
    /// An earlier one had: the user was told that the account is leaving. Never lifted.
    Found,
    /// There is none.
    Unwritten(RegistryError),
}

impl Accounts {
    /// Logs an account out. The same log-out from elsewhere, at the same time or within a minute, has the
    /// same result.
    ///
    /// # Errors
    /// [`LogOutError`]; the account is then still logged in, unless the variant says otherwise.
    pub async fn log_out(&self, id: &AccountId, redirect: &Redirect) -> Result<LogOut, LogOutError> {
        let _at_work = self.begin(Work::LoggingOut(id.clone()));
        let lock = self.lock_for_log_out(id).await?; // 1
        self.state().found_alive.remove(id);
        if let Some(outcome) = self.finished_a_moment_ago(id).await? {
            return Ok(outcome);
        }
        let logging_out = self.tombstone(id).await?; // 2
        let session = match self.end_session(&logging_out).await {
            Ok(session) => session, // 3, 4, 5
            Err(error) => return Err(self.lift(&logging_out, error).await),
        };
        let account = &logging_out.account;
        self.write_down(account, &session).await;
        let deletion = self.delete_entries(&logging_out, &session).await; // 6
        let destination = where_to_go(account, &session, redirect);
        let mut outcome = LogOut {
            account_name: account.called(),
            session: session.outcome(),
            alive_until: account.session_ends_at,
            deletion,
            destination,
            accepted_until: None,
            unwritten: None,
            is_back: false,
        };
        outcome.unwritten = self.remove(account, &session, outcome.clone()).await.err(); // 7
        self.say_logged_out(account, &session, &outcome).await;
        drop(lock);
        Ok(self.look_after(logging_out, session, outcome).await) // 8, 9
    }

    /// Step 1. A lock file that cannot be made (disk full) must not keep a session alive; a lock that another
    /// holds must.
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
        let recent = registry.recent_log_outs.iter().rev();
        let same = recent.filter(|recent| recent.at.0 >= since).find(|recent| recent.account == *id);
        // Who logged out may be asking about them just now.
        let superseded = registry.pending_superseded(id);
        Ok(same.map(|recent| while_superseded_is_pending(recent.outcome.clone(), superseded)))
    }

    /// Step 2.
    pub(crate) async fn tombstone(&self, id: &AccountId) -> Result<LoggingOut, LogOutError> {
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
            Phase::LoggingOut => return Ok(LoggingOut::new(account, Tombstone::Found)),
            // Not logged in: finishing it is the next start's part.
            Phase::LoggingIn | Phase::Abandoned => return Err(LogOutError::NotLoggedIn),
        }
        let logging_out = id.clone();
        match self.update_and_read(move |registry| registry.leave(&logging_out)).await {
            Ok(registry) => {
                let account = registry.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
                Ok(LoggingOut::new(account, Tombstone::Set))
            }
            Err(error) => Ok(LoggingOut::new(account, Tombstone::Unwritten(error))),
        }
    }

    /// Takes the tombstone back: the account is logged in as before. Why it is, goes to the caller; when even
    /// that cannot be written, the account stays *leaving*, and the next start logs it out.
    async fn lift(&self, logging_out: &LoggingOut, why: LogOutError) -> LogOutError {
        let LoggingOut { account, tombstone, .. } = logging_out;
        tracing::warn!(account = %account.id, %why, "not logged out");
        self.record(account, Event::LogOutFailed { reason: why.reason() }, None).await;
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

    /// Step 7. The session is dead or owed, and the tokens are dealt with: a registry that cannot be written
    /// now does not bring the account back; it is [hidden](crate::log_out::unwritten), and removed as soon as the
    /// registry can be written.
    async fn remove(
        &self,
        account: &Account,
        session: &SessionEnd,
        outcome: LogOut,
    ) -> Result<(), RegistryError> {
        let (gone, at) = (account.clone(), self.ports.clock.now());
        let lost = matches!(session, SessionEnd::Impossible).then(|| lost(account));
        let (is_dead, ended) = (session.is_dead(), outcome.session);
        let removed = self.update(move |registry| {
            registry.end_superseded_from(&gone.id, Timestamp(at.0 + LONGEST_CALL));
            registry.remove(&gone.id);
            if is_dead {
                // Of an earlier try at the same log-out.
                registry.drop_pending(&gone.revoke_entry);
            }
            if let Some(lost) = lost {
                registry.lose(lost);
            }
            if let Deletion::StillPresent(entries) = &outcome.deletion {
                registry.name_leftovers(entries.clone(), at);
            }
            registry.logged_out(RecentLogOut {
                account: gone.id,
                generation: gone.generation,
                entry: Some(gone.revoke_entry),
                at,
                outcome,
            });
        });
        let Err(error) = removed.await else { return Ok(()) };
        if self.is_gone(account).await {
            return Ok(());
        }
        tracing::error!(account = %account.id, %error, "logged out, but the account list could not be written");
        self.hide(account, ended).await;
        Err(error)
    }

    async fn say_logged_out(&self, account: &Account, session: &SessionEnd, outcome: &LogOut) {
        let LogOut { session: ended, deletion, .. } = outcome;
        tracing::info!(account = %account.id, ?ended, ?deletion, "logged out");
        let event = Event::LoggedOut { session: *ended, still_present: deletion.remaining().len() };
        self.record(account, event, session.token()).await;
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
