//! What is owed: pending revocations are tried again until their session is dead, or over for certain.
//!
//! ```text
//! pending ── asked in vain ──► later, by the back-off
//!    │ ──── revoked, or invalid for every token ──► marked dead ─► entry deleted ─► row dropped
//!    │ ──── its tokens are gone from the keyring ─► lost: said, until it has been read
//!    │ ──── in vain, and by the server's own clock no token of that session can live ─► over: deleted, dropped
//!    └───── discarded by the user ────────────────► entry deleted, row dropped; the session lives on
//! ```
//!
//! Rows are tried when they are due ([`Accounts::tend`] has the one timer), when there is an occasion (a start, the keyring
//! unlocked, the network back, a run of the command line), and when the user asks. Before a call its row is *claimed*: its
//! next try moves behind the end of the call, so that two processes do not ask at once. No lock is held across the
//! call; the row and its entry are changed under the account's lock.
//!
//! Non-goals: touching a locked keyring, and believing this machine's clock about a session's end.

mod settled;

use std::time::Duration;

use tokio::time::sleep;

use crate::account::EntryName;
use crate::activity::{Event, Session};
use crate::backoff;
use crate::claims::{mode_of, session_of};
use crate::parallel::a_few_at_a_time;
use crate::ports::{CallFailure, Deletion, RevokeAnswer, StoreStatus, Timestamp, UserError};
use crate::registry::{PendingRevocation, Phase, Registry, RegistryError};
use crate::revocation::{Call, Ended, LONGEST_CALL};
use crate::tenant::Mode;
use crate::token::{AccessToken, SessionToken, unbundle};
use crate::unwritten::is_note_of;
use crate::{Accounts, Work};

/// A row that was tried this short a time ago is left alone by mere occasions, in seconds.
const JUST_TRIED: i64 = 5;
/// How long the timer waits when a due row could not even be tried: the keyring is locked, or the registry cannot be
/// read or written.
const CANNOT_TRY: Duration = Duration::from_mins(1);

/// Why rows are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Their time has come.
    Due,
    /// A start, an unlocked keyring, the network's return, a run of the command line. Who asked to be left alone is.
    Opportunity,
    /// The user wants it.
    Asked,
}

/// Why a pending revocation was not discarded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscardError {
    /// There is none of this name (any more).
    #[error("There is no such pending revocation.")]
    Unknown,
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Accounts {
    /// Tries pending revocations, and refreshes accounts, whenever they are due. Runs for as long as the program does; one
    /// timer, and none while nothing is owed and nobody is logged in.
    pub async fn tend(&self) {
        loop {
            let Some(wait) = self.until_next_try().await else {
                self.owed_anew.notified().await;
                continue;
            };
            tokio::select! {
                () = sleep(wait) => {}
                () = self.owed_anew.notified() => continue,
            }
            let tried = self.retry_pending(Occasion::Due).await.and(self.refresh_those_due().await);
            if let Err(error) = &tried {
                tracing::warn!(%error, "what is owed could not be tried");
            }
            if tried.is_err() || self.store_status() != StoreStatus::Ok {
                tokio::select! {
                    () = sleep(CANNOT_TRY) => {}
                    () = self.owed_anew.notified() => {}
                }
            }
        }
    }

    /// Nothing, while nothing is owed and nobody is logged in.
    async fn until_next_try(&self) -> Option<Duration> {
        let now = self.ports.clock.now();
        let registry = match self.ports.registry.read().await {
            Ok(registry) => registry,
            Err(error) => {
                // What is owed is still owed, and nobody may ring once it can be read again.
                tracing::warn!(%error, "what is owed cannot be planned");
                return Some(CANNOT_TRY);
            }
        };
        let seconds =
            registry.pending.iter().map(|row| if is_due(row, now) { 0 } else { row.next_try.0 - now.0 });
        let owed = seconds.min().map(|seconds| Duration::from_secs(seconds.max(1).unsigned_abs()));
        owed.into_iter().chain(self.until_next_refresh(&registry.accounts)).min()
    }

    /// Tries what is owed. What stays pending has its reason renewed.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn retry_pending(&self, occasion: Occasion) -> Result<(), RegistryError> {
        let now = self.ports.clock.now();
        let owed = self.ports.registry.read().await?.pending;
        let owed: Vec<_> = owed.into_iter().filter(|row| is_to_be_tried(row, occasion, now)).collect();
        if owed.is_empty() || self.look_at_store().await != StoreStatus::Ok {
            return Ok(());
        }
        let retry = |row: PendingRevocation| {
            let accounts = self.clone();
            async move { accounts.retry_row(&row.entry, occasion).await }
        };
        let mut done = Ok(());
        for tried in a_few_at_a_time(owed, retry).await {
            match tried {
                // One that is busy elsewhere does not keep the others waiting.
                Ok(result) => done = done.and(result),
                Err(failed) => tracing::error!(%failed, "a pending revocation was not tried to the end"),
            }
        }
        done
    }

    /// Tries one of them, because the user asks.
    ///
    /// # Errors
    /// As [`retry_pending`](Self::retry_pending).
    pub async fn retry_revocation(&self, entry: &EntryName) -> Result<(), RegistryError> {
        self.retry_row(entry, Occasion::Asked).await
    }

    /// Deletes the tokens of a pending revocation and its row: nothing here will end that session any more.
    ///
    /// # Errors
    /// [`DiscardError`]; it is then still pending.
    pub async fn discard_revocation(&self, entry: &EntryName) -> Result<(), DiscardError> {
        let registry = self.ports.registry.read().await?;
        let row = registry.pending_row(entry).cloned().ok_or(DiscardError::Unknown)?;
        let _lock = self.ports.registry.lock_account(&row.account).await?;
        let still_there = match self.ports.store.delete(std::slice::from_ref(entry)).await {
            Ok(Deletion::Deleted | Deletion::AlreadyAbsent) => Vec::new(),
            Ok(Deletion::StillPresent(entries)) => entries,
            Err(error) => {
                tracing::warn!(%entry, %error, "a discarded token is still in the keyring");
                vec![entry.clone()]
            }
        };
        let (gone, now) = (entry.clone(), self.ports.clock.now());
        self.update(move |registry| {
            registry.drop_pending(&gone);
            registry.name_remnants(still_there, now);
        })
        .await?;
        tracing::warn!(account = %row.account, "a pending revocation was discarded");
        self.record_of_row(&row, Event::Discarded, None).await;
        Ok(())
    }

    /// The answer of a call that the user did not wait for settles its row, whatever it is.
    pub(crate) fn await_late_answer(&self, entry: EntryName, call: Call) {
        let accounts = self.clone();
        self.background.spawn(async move {
            let (answer, token) = call.finish().await;
            let settled = match answer {
                Ok(RevokeAnswer::Revoked { .. }) => {
                    accounts.is_over(&entry, Session::Revoked, Some(&token)).await
                }
                // Of this token. The others are asked about.
                Ok(RevokeAnswer::Invalid { .. }) => accounts.retry_row(&entry, Occasion::Asked).await,
                Err(failure) => accounts.not_yet(&entry, &failure).await,
            };
            if let Err(error) = settled {
                tracing::error!(%entry, %error, "a late answer was not written down; the row will be tried again");
            }
        });
    }

    async fn retry_row(&self, entry: &EntryName, occasion: Occasion) -> Result<(), RegistryError> {
        let Some(row) = self.claim(entry, occasion).await? else { return Ok(()) };
        // What goes on in the background is nobody's concern until it is done.
        let _at_work = (occasion == Occasion::Asked).then(|| self.begin(Work::Revoking(entry.clone())));
        if row.is_dead {
            return self.is_over(entry, Session::Dead, None).await;
        }
        let tokens = match self.ports.store.read(entry).await {
            Ok(Some(secret)) if is_note_of(secret.clone(), &row.session) => {
                return self.is_over(entry, Session::Dead, None).await;
            }
            Ok(Some(secret)) => unbundle(secret),
            Ok(None) => return self.is_lost(&row, &[]).await,
            Err(error) => return self.could_not_ask(&row, error.to_string()).await,
        };
        let (ended, server_time) = self.revoke(&row.tenant, &tokens).await;
        let ended = match ended {
            Ok(ended) if row.still_answers_until.is_some() => {
                self.is_silent(&row, &tokens).await.map(|()| ended)
            }
            Ok(Ended::AlreadyInvalid) if !was_asked_rightly(&row, &tokens) => Err(asked_without_domain()),
            other => other,
        };
        match ended {
            Ok(Ended::AlreadyInvalid) if !tokens.iter().any(names_a_session) => {
                self.is_lost(&row, &tokens).await
            }
            Ok(Ended::Revoked) => self.is_over(entry, Session::Revoked, tokens.first()).await,
            Ok(Ended::AlreadyInvalid) => self.is_over(entry, Session::AlreadyInvalid, tokens.first()).await,
            // One more try was this one.
            Err(_) if server_time.is_some_and(|time| time >= row.over_for_certain_at) => {
                self.is_over(entry, Session::Expired, tokens.first()).await
            }
            Err(failure) => self.not_yet(entry, &failure).await,
        }
    }

    /// The row, if it is to be tried and nobody else does: then the others are kept away for as long as a call can take.
    async fn claim(
        &self,
        entry: &EntryName,
        occasion: Occasion,
    ) -> Result<Option<PendingRevocation>, RegistryError> {
        let now = self.ports.clock.now();
        let name = entry.clone();
        self.update_with(move |registry| {
            let row = registry.pending_row(&name).filter(|row| is_to_be_tried(row, occasion, now))?.clone();
            let is_in_motion = is_in_motion(registry, &row);
            // Nobody is asked then, and it is not for long.
            let wait = if is_in_motion { JUST_TRIED } else { LONGEST_CALL };
            registry.claim(&name, now, Timestamp(now.0 + wait));
            (!is_in_motion).then_some(row)
        })
        .await
    }

    /// Of a session that the server called over while it still took the token: whether it takes it no more.
    async fn is_silent(&self, row: &PendingRevocation, tokens: &[SessionToken]) -> Result<(), CallFailure> {
        for token in tokens {
            let token = AccessToken::new(token.secret());
            match self.ports.userfront.user(&row.tenant, &token).await {
                Ok(_) => {
                    let detail = "it says that the session is over, and answers with its token".to_owned();
                    return Err(CallFailure::Unintelligible { status: 200, detail });
                }
                Err(UserError::NotValid { .. }) => {}
                Err(UserError::Failed(failure)) => return Err(failure),
            }
        }
        Ok(())
    }
}

/// That the server does not take a token that cannot be read says nothing of the session.
fn names_a_session(token: &SessionToken) -> bool {
    session_of(token).is_some()
}

/// It is the tenant's domain that makes live mode live: without it a live session is not known to the server, be it alive.
fn was_asked_rightly(row: &PendingRevocation, tokens: &[SessionToken]) -> bool {
    row.tenant.domain.is_some() || tokens.iter().all(|token| mode_of(token) != Some(Mode::Live))
}

fn asked_without_domain() -> CallFailure {
    let message = "The server does not know this session; but it was asked without the tenant\u{2019}s domain, and of a live session \
                   that says nothing.";
    CallFailure::Refused { status: 401, message: message.to_owned() }
}

/// While its account is arriving or leaving, its tokens may not have moved to their entry yet.
fn is_in_motion(registry: &Registry, row: &PendingRevocation) -> bool {
    registry.account(&row.account).is_some_and(|account| account.phase != Phase::Active)
}

/// A time too far ahead was written under another clock.
fn is_due(row: &PendingRevocation, now: Timestamp) -> bool {
    row.next_try <= now || row.next_try.0 - now.0 > backoff::LONGEST
}

fn is_to_be_tried(row: &PendingRevocation, occasion: Occasion, now: Timestamp) -> bool {
    let is_ahead = |at: Timestamp| at > now && at.0 - now.0 <= backoff::LONGEST;
    match occasion {
        Occasion::Asked => true,
        Occasion::Due => is_due(row, now),
        Occasion::Opportunity => {
            let asked_to_wait = row.asked_to_wait_until.is_some_and(is_ahead);
            let just_tried = row.last_try.is_some_and(|at| (0..JUST_TRIED).contains(&(now.0 - at.0)));
            !asked_to_wait && !just_tried
        }
    }
}
