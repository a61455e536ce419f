//! Pending revocations: sessions queued for revocation are retried until they are over.
//!
//! ```text
//! pending ── not confirmed ──► later, by the back-off
//!    │ ──── over, by the evidence ─────────────────► marked dead ─► entry deleted ─► row dropped
//!    │ ──── its tokens are gone, or work no more ──► lost: shown until the user has read it
//!    │ ──── not confirmed, and by the server's own clock no token can be valid ─► over: deleted, dropped
//!    └───── discarded by the user ─────────────────► entry deleted, row dropped; the session lives on
//! ```
//!
//! Rows are retried when they are due ([`Accounts::run_scheduler`]), on an opportunity (a start, the keyring
//! unlocked, the network back, a run of the command line), and when the user asks. Before the call its row is
//! *claimed*: its next try moves behind the end of the call, so that two timers do not ask at once. An
//! opportunity or the user may still ask. No lock is held across the call. The row and its entry are changed
//! under the account's lock, and tokens that another try has added meanwhile do not count as asked about.
//!
//! Non-goals: touching a locked keyring, and trusting this machine's clock about a session's end.

mod discard;
mod renewed;
mod settled;
mod tried;

use crate::base::Accounts;
use crate::base::parallel::{AT_ONCE, a_few_at_a_time};
use crate::base::work::Work;
use crate::log_out::asked::Asked;
use crate::log_out::evidence::{Finding, Written};
use crate::log_out::revoke::Call;
use crate::log_out::time_limits::LONGEST_CALL;
use crate::model::account::EntryName;
use crate::model::backoff;
use crate::model::claims::session_of;
use crate::model::reason::Reason;
use crate::model::registry::{PendingRevocation, Phase, Registry};
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::session_tokens::is_note_of;
use crate::model::session_tokens::{unbundle, united};
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;
use crate::ports::RevokeAnswer;

pub use discard::DiscardError;
pub(crate) use tried::Tried;

/// In seconds: an opportunity skips a row that was tried this short a time ago.
const JUST_TRIED: i64 = 5;

/// Why rows are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// They are due.
    Due,
    /// A start, an unlocked keyring, the network's return, a run of the command line. A server's request to
    /// wait is respected.
    Opportunity,
    /// The user asks.
    Asked,
    /// An answer calls for another question, whether or not the row is due.
    AtOnce,
}

impl Accounts {
    /// Retries pending revocations. A row that stays pending gets a new reason.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn retry_pending(&self, occasion: Occasion) -> Result<(), RegistryError> {
        let now = self.ports.clock.now();
        let registry = self.ports.registry.read().await?;
        let queued = registry.pending.iter().filter(|row| is_to_be_tried(row, occasion, now));
        let queued: Vec<_> = queued.cloned().collect();
        if queued.is_empty() || self.usable_store().await.is_err() {
            return Ok(());
        }
        let retry = |row: PendingRevocation| {
            let accounts = self.clone();
            async move { accounts.retry_row(&row.entry, occasion).await }
        };
        let mut done = Ok(());
        for tried in a_few_at_a_time(AT_ONCE, queued, retry).await {
            match tried {
                // A busy row does not stop the others.
                Ok(result) => done = done.and(result),
                Err(failed) => tracing::error!(%failed, "a pending revocation was not tried to the end"),
            }
        }
        done
    }

    /// Retries one of them at the user's request.
    ///
    /// # Errors
    /// As [`retry_pending`](Self::retry_pending).
    pub async fn retry_revocation(&self, entry: &EntryName) -> Result<(), RegistryError> {
        self.retry_row(entry, Occasion::Asked).await
    }

    pub(crate) fn await_late_answer(&self, entry: EntryName, call: Call) {
        let accounts = self.clone();
        self.background.spawn(async move {
            let (answer, token) = call.finish().await;
            let settled = match answer {
                Ok(RevokeAnswer::Revoked { .. }) => {
                    accounts.is_over(&entry, SessionOutcome::Revoked, None, &[token]).await
                }
                // For this token. The others are sent, and then the witnesses are asked.
                Ok(RevokeAnswer::Unclear { .. } | RevokeAnswer::Refused { .. }) => {
                    accounts.retry_row(&entry, Occasion::AtOnce).await
                }
                Err(failure) => accounts.not_yet(&entry, Reason::Server(failure)).await,
            };
            if let Err(error) = settled {
                tracing::error!(%entry, %error, "a late answer was not written; the row is tried again");
            }
        });
    }

    /// Asks the witnesses about a session that the server was asked to end. Resolves when the row has their
    /// answer; goes on if the caller stops waiting.
    pub(crate) fn hear_in_background(
        &self,
        entry: &EntryName,
        asked: Asked,
        tokens: Tried,
    ) -> impl Future<Output = ()> + use<> {
        let (accounts, entry) = (self.clone(), entry.clone());
        self.background.spawn_and_tell(async move {
            if let Err(error) = accounts.settle(&entry, Occasion::AtOnce, asked, None, tokens).await {
                tracing::error!(%entry, %error, "the witnesses' answers were not written");
            }
        })
    }

    pub(crate) async fn retry_row(&self, entry: &EntryName, occasion: Occasion) -> Result<(), RegistryError> {
        let Some(row) = self.claim(entry, occasion).await? else { return Ok(()) };
        // Work in the background is not shown.
        let _at_work = (occasion == Occasion::Asked).then(|| self.begin(Work::Revoking(entry.clone())));
        if row.is_dead {
            return self.is_over(entry, SessionOutcome::Over, None, &[]).await;
        }
        let stored = match self.ports.store.read(entry).await {
            Ok(Some(secret)) if is_note_of(secret.clone(), &row.session) => {
                return self.is_over(entry, SessionOutcome::Over, None, &[]).await;
            }
            Ok(secret) => secret.map(unbundle).unwrap_or_default(),
            Err(error) => return self.could_not_ask(&row, Reason::Keyring(error)).await,
        };
        if stored.is_empty() {
            return self.is_lost(&row, &Tried::all(stored)).await;
        }
        let (asked, left, server_time) = self.ask_to_end(&row.tenant, &stored).await;
        // For a session that was reported as over and was not, the server's answer alone does not count.
        let left = if left.is_empty() { stored.clone() } else { left };
        self.settle(entry, occasion, asked, server_time, Tried { stored, left }).await
    }

    async fn settle(
        &self,
        entry: &EntryName,
        occasion: Occasion,
        asked: Asked,
        server_time: Option<Timestamp>,
        tokens: Tried,
    ) -> Result<(), RegistryError> {
        let Some(row) = self.ports.registry.read().await?.pending_row(entry).cloned() else { return Ok(()) };
        // A server that reported a live session as over must prove it.
        let is_doubted = row.still_answers_until.is_some();
        let is_claimed = is_doubted || matches!(asked, Asked::Revoked { .. });
        let stored = &tokens.stored;
        let (doubt, server_time) = match asked {
            Asked::Revoked { .. } if !is_doubted => {
                return self.is_over(entry, SessionOutcome::Revoked, None, stored).await;
            }
            Asked::Unconfirmed(failure) => (Reason::Server(failure), server_time),
            Asked::Revoked { .. } | Asked::Unclear { .. } | Asked::Refused { .. } => {
                if !tokens.left.iter().any(names_a_session) {
                    return self.is_lost(&row, &tokens).await;
                }
                let written =
                    Written::Row { entry, before: row.refresh_asked, again: occasion == Occasion::Asked };
                let (finding, heard) =
                    self.hear_witnesses(&row.tenant, row.account.mode(), &tokens.left, written).await;
                let server_time = heard.or(server_time);
                match finding {
                    Finding::Over { accepted_until } => {
                        return self
                            .is_over(entry, SessionOutcome::AlreadyInvalid, accepted_until, stored)
                            .await;
                    }
                    Finding::Renewed(newer) => {
                        match self.end_renewed(&row, &newer, &tokens.left, is_claimed).await {
                            None => {
                                let all = united(&newer, stored);
                                return self.is_over(entry, SessionOutcome::Revoked, None, &all).await;
                            }
                            Some(doubt) => (doubt, server_time),
                        }
                    }
                    Finding::Accepted => {
                        if is_claimed {
                            self.is_alive(&row, &tokens.left).await?;
                        }
                        (Reason::StillAccepted, server_time)
                    }
                    Finding::NothingWorks if !self.is_past(&row, server_time).await? => {
                        return self.is_lost(&row, &tokens).await;
                    }
                    Finding::NothingWorks => (Reason::StillAccepted, server_time),
                    Finding::Unknown(doubt) => (doubt, server_time),
                }
            }
        };
        // This was the last try, and the server answered.
        if self.is_past(&row, server_time).await? {
            return self.is_over(entry, SessionOutcome::Expired, None, stored).await;
        }
        self.not_yet(entry, doubt).await
    }

    /// Whether a session is over by age: the server's `Date` says so, and is believed.
    async fn is_past(
        &self,
        row: &PendingRevocation,
        server_time: Option<Timestamp>,
    ) -> Result<bool, RegistryError> {
        let Some(server_time) = server_time else { return Ok(false) };
        let (host, here) = (row.account.host().to_owned(), self.ports.clock.now());
        let is_believed =
            self.update_with(move |registry| registry.hear_clock(&host, server_time, here)).await?;
        Ok(is_believed && server_time >= row.over_for_certain_at)
    }

    /// Returns the row if it is to be tried and is not claimed. Other tries are then kept away for as long as
    /// a call can take.
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
            // No call is made then, and it does not last.
            let wait = if is_in_motion { JUST_TRIED } else { LONGEST_CALL };
            registry.claim(&name, now, Timestamp(now.0 + wait));
            (!is_in_motion).then_some(row)
        })
        .await
    }
}

/// A refused token proves nothing if we could not read it.
fn names_a_session(token: &SessionToken) -> bool {
    session_of(token).is_some()
}

/// While its account is logging in or out, the tokens may not have moved to their entry yet.
fn is_in_motion(registry: &Registry, row: &PendingRevocation) -> bool {
    registry.account(&row.account).is_some_and(|account| account.phase != Phase::Active)
}

/// A time too far ahead was written under another clock.
pub(crate) fn is_due(row: &PendingRevocation, now: Timestamp) -> bool {
    row.next_try <= now || row.next_try.0 - now.0 > backoff::LONGEST
}

fn is_to_be_tried(row: &PendingRevocation, occasion: Occasion, now: Timestamp) -> bool {
    let is_ahead = |at: Timestamp| at > now && at.0 - now.0 <= backoff::LONGEST;
    match occasion {
        Occasion::Asked | Occasion::AtOnce => true,
        Occasion::Due => is_due(row, now),
        Occasion::Opportunity => {
            let asked_to_wait = row.asked_to_wait_until.is_some_and(is_ahead);
            let just_tried = row.last_try.is_some_and(|at| (0..JUST_TRIED).contains(&(now.0 - at.0)));
            !asked_to_wait && !just_tried
        }
    }
}
