//! Logging out: the session is ended at the server or queued for revocation; the tokens are deleted or named
//! as leftovers; only then is the account removed.
//!
//! 1. **Lock** the account: a double click, a second window and the command line are one log-out and one
//!    call. A caller that waited gets the same result. The registry keeps it for a minute.
//! 2. **Tombstone**: *logging out*, durable, with a new generation. A crash from here on ends, after the next
//!    start, as *logged out* ([`interrupted`](crate::log_out::interrupted)). A tombstone that cannot be
//!    written does not keep a session alive: if the server confirms, the account is logged out, and the
//!    registry is corrected later; if not, nothing changes.
//! 3. **Read** the tokens, beside the tombstone's write. If the keyring is locked, hung or out of reach, the
//!    account is not logged out and the result says so. The tombstone is lifted, and the user chooses:
//!    unlock, try again, [log out once it is unlocked](Accounts::log_out_once_unlocked), or
//!    [abandon the account](Accounts::forget). A tombstone that was found is never lifted.
//! 4. **Revoke** at the server. Nothing is refreshed first: an expired token serves. The user waits 1.5 s at
//!    most, from the first call. [`evidence`](crate::log_out::evidence) says what the answer proves.
//! 5. **Not confirmed**: the tokens move to their `revoke.` entry, then a row says that the session is
//!    pending. The call goes on in the background, and a late answer settles the row. If the witnesses
//!    decide, they are asked at once, after step 7, so that a crash cannot lose their answer.
//! 6. **Delete** every entry of the account, and check. Tokens of other sessions in them, such as those that
//!    a refresh could only leave in the reserved entry, first go to the account's superseded row, which step
//!    7 makes pending. An entry that is still there becomes a *leftover entry*, by name.
//! 7. **Remove** the account with its tombstone. No other account becomes active by itself.
//! 8. **Go** to the [`destination`](crate::model::destination).
//! 9. **Afterwards** (`afterwards.rs`, [`pending_revocations`](crate::log_out::pending_revocations),
//!    [`verification`](crate::log_out::verification)): sessions that refreshes had
//!    [superseded](crate::session::superseded) are pending since step 7, and are ended at once. Pending
//!    revocations are retried until they are over. The witnesses are asked once whether a session that the
//!    server reports as ended is alive. The result is updated while it is shown.
//!
//! Steps 3 to 6 are in `end_session.rs`, the choices of step 3 in `keyring_unavailable.rs`. The result is a
//! value ([`LogOut`]). An error leaves the account logged in; the variants that do not, say so.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::base::Accounts;
use crate::base::stored_tokens::lost;
use crate::base::work::Work;
use crate::log_out::error::LogOutError;
use crate::log_out::logging_out::{LoggingOut, Tombstone};
use crate::log_out::time_limits::LONGEST_CALL;
use crate::model::account::AccountId;
use crate::model::activity::Event;
use crate::model::destination;
use crate::model::destination::{Destination, Redirect};
use crate::model::log_out_outcome::Deletion;
use crate::model::log_out_outcome::LogOut;
use crate::model::registry::log_outs::while_superseded_is_pending;
use crate::model::registry::{Account, Phase, RecentLogOut};
use crate::model::registry_error::RegistryError;
use crate::model::timestamp::Timestamp;
use crate::ports::AccountLock;

use crate::log_out::session_end::SessionEnd;

impl Accounts {
    /// Logs an account out. The same log-out from elsewhere, at the same time or within a minute, has the
    /// same result.
    ///
    /// # Errors
    /// [`LogOutError`]; the account is then still logged in, unless the variant says otherwise.
    pub async fn log_out(&self, id: &AccountId, redirect: &Redirect) -> Result<LogOut, LogOutError> {
        self.log_out_in_turn(id, redirect, None).await
    }

    /// One of several: the server is asked once there is a place among `calls`.
    pub(crate) async fn log_out_in_turn(
        &self,
        id: &AccountId,
        redirect: &Redirect,
        calls: Option<Arc<Semaphore>>,
    ) -> Result<LogOut, LogOutError> {
        let _at_work = self.begin(Work::LoggingOut(id.clone()));
        let lock = self.lock_for_log_out(id).await?; // 1
        self.state().found_alive.remove(id);
        if let Some(outcome) = self.finished_a_moment_ago(id).await? {
            return Ok(outcome);
        }
        let mut logging_out = self.tombstone(id, lock.is_some()).await?; // 2, 3
        logging_out.calls = calls;
        let account = &logging_out.account;
        let ending = async {
            let session = self.end_session(&logging_out).await?; // 4, 5
            self.write_down(account, &session).await;
            Ok(session)
        };
        // Beside the call, but after the tombstone: from then on no refresh leaves tokens there.
        let reserved = self.tokens_in(account, &account.revoke_entry);
        let (session, reserved) = tokio::join!(ending, reserved);
        let mut session = match session {
            Ok(session) => session,
            Err(error) => return Err(self.lift(&logging_out, error).await),
        };
        let seen = self.keep_other_sessions(&logging_out, reserved, &mut session).await?;
        let deletion = self.delete_entries(&logging_out, &session, &seen).await; // 6
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

    /// Step 1. A lock file that cannot be made (disk full) must not keep a session alive. A lock that another
    /// process holds stops the log-out.
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
        let since = self.ports.clock.now().0 - RecentLogOut::ANSWERS_FOR;
        let recent = registry.recent_log_outs.iter().rev();
        let same = recent.filter(|recent| recent.at.0 >= since).find(|recent| recent.account == *id);
        // Superseded sessions may still be under revocation.
        let superseded = registry.pending_superseded(id);
        Ok(same.map(|recent| while_superseded_is_pending(recent.outcome.clone(), superseded)))
    }

    /// Steps 2 and 3. No refresh replaces tokens under the account's lock, so they can be read before the
    /// tombstone is there.
    pub(crate) async fn tombstone(&self, id: &AccountId, reads: bool) -> Result<LoggingOut, LogOutError> {
        let mut read = self.ports.registry.read().await?;
        if !read.reconciled {
            // A mended list may not have the account's session yet.
            if let Err(error) = self.follow_keyring(id).await {
                tracing::warn!(account = %id, %error, "the keyring was not compared with the account list");
            }
            read = self.ports.registry.read().await?;
        }
        let account = read.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
        match account.phase {
            _ if self.is_hidden(&account) => return Err(LogOutError::NotLoggedIn),
            Phase::Active => {}
            Phase::LoggingOut => return Ok(LoggingOut::new(account, Tombstone::Found, Vec::new())),
            // Not logged in: the next start finishes it.
            Phase::LoggingIn | Phase::Abandoned => return Err(LogOutError::NotLoggedIn),
        }
        let leaving = id.clone();
        let leave = self.update_and_read(move |registry| registry.leave(&leaving));
        let (left, read) = tokio::join!(leave, self.read_beside(&account, reads));
        match left {
            Ok(registry) => {
                let account = registry.account(id).cloned().ok_or(LogOutError::NotLoggedIn)?;
                Ok(LoggingOut::new(account, Tombstone::Set, read))
            }
            Err(error) => Ok(LoggingOut::new(account, Tombstone::Unwritten(error), read)),
        }
    }

    /// Lifts the tombstone: the account is logged in as before. Returns the reason. If that cannot be
    /// written, the account stays *logging out*, and the next start logs it out.
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

    /// Step 7. The session is over or queued, and the tokens are dealt with. If the registry cannot be
    /// written now, the account is [hidden](crate::log_out::unwritten), and removed as soon as it can be.
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
        tracing::error!(account = %account.id, %error, "logged out, but the list could not be written");
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

fn where_to_go(account: &Account, session: &SessionEnd, redirect: &Redirect) -> Destination {
    let answered = match session {
        SessionEnd::Revoked { redirect_to, .. } => redirect_to.as_deref(),
        _ => None,
    };
    let configured = account.profile.logout_redirect_path.as_deref();
    destination::after_log_out(redirect, answered, configured, account.tenant.domain.as_ref())
}
