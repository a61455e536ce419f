//! Ending a session at the server, and queuing it for revocation when the server does not confirm.
//!
//! ```text
//! a token ── ask ──► revoked                                                     the session is over
//!              └───► anything else ── queue ──► pending (pending_revocations.rs) the session may be alive
//! ```
//!
//! Only [`evidence`](crate::log_out::evidence) decides when a session is over.
//!
//! A queued session has its tokens in an entry of its own, `revoke.…`, which neither log-in nor refresh
//! reads, and a row in the registry. If an account has reserved the entry's name, the entry is accounted for
//! already and is written first. Otherwise the row comes first: a crash in between leaves a row without
//! tokens, which shows that its session cannot be ended any more.
//!
//! Non-goals: refreshing before revoking (an expired token serves), and deciding by our clock that a session
//! is over.

use crate::log_out::time_limits::LONGEST_CALL;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::base::Accounts;
use crate::base::stored_tokens::sessions_of;
use crate::log_out::asked::Asked;
use crate::model::account::EntryName;
use crate::model::backoff;
use crate::model::backoff::Wait;
use crate::model::claims::{LONGEST_LIFE, expiry_of, issued_at_of, session_of};
use crate::model::reason::Reason;
use crate::model::registry::{Account, OlderSession, PendingRevocation};
use crate::model::registry_error::RegistryError;
use crate::model::session_tokens::{bundle, by_session, is_among, unbundle, united};
use crate::model::tenant::Tenant;
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;
use crate::ports::not_stored::NotStored;
use crate::ports::{CallFailure, RevokeAnswer, RevokeAttempt, StoreError};

/// Why a session is queued.
#[derive(Debug, Clone)]
pub(crate) enum Why<'a> {
    /// The server was asked, and did not confirm.
    Unconfirmed(&'a CallFailure),
    /// The server has not answered yet.
    NoAnswerYet,
    /// The server has answered, and the witnesses are being asked.
    Asking,
    NotAsked(Reason),
}

/// A `GET auth/logout` under way. It runs to its end even if the caller stops waiting.
pub(crate) struct Call {
    token: SessionToken,
    answer: JoinHandle<RevokeAttempt>,
}

type Answer = Result<RevokeAnswer, CallFailure>;

impl Call {
    pub(crate) async fn answer_until(&mut self, deadline: Option<Instant>) -> Option<Answer> {
        let answer = &mut self.answer;
        let done = match deadline {
            Some(deadline) => timeout_at(deadline, answer).await.ok()?,
            None => answer.await,
        };
        Some(of_task(done).answer)
    }

    pub(crate) async fn finish(self) -> (Answer, SessionToken) {
        (of_task(self.answer.await).answer, self.token)
    }

    pub(crate) fn token(&self) -> &SessionToken {
        &self.token
    }

    pub(crate) fn into_token(self) -> SessionToken {
        self.token
    }
}

fn of_task(done: Result<RevokeAttempt, tokio::task::JoinError>) -> RevokeAttempt {
    done.unwrap_or_else(|failed| {
        // The task panicked, or the runtime is shutting down. The server may have been reached.
        let detail = if failed.is_panic() { "the call panicked" } else { "the call was cut off" };
        RevokeAttempt { answer: Err(CallFailure::BrokeOff { detail: detail.to_owned() }), server_time: None }
    })
}

impl Accounts {
    pub(crate) fn ask(&self, tenant: &Tenant, token: SessionToken) -> Call {
        let (userfront, tenant, sent) = (self.ports.userfront.clone(), tenant.clone(), token.clone());
        Call { token, answer: tokio::spawn(async move { userfront.revoke(&tenant, &sent).await }) }
    }

    /// Ends the session of tokens that are not kept. The error says why the server did not confirm it.
    pub(crate) async fn end_now(&self, tenant: &Tenant, stored: &[SessionToken]) -> Result<(), CallFailure> {
        match self.ask_to_end(tenant, stored).await.0 {
            Asked::Revoked { .. } => Ok(()),
            asked => Err(asked.failure()),
        }
    }

    /// Queues the account's session: the tokens go to the reserved entry, then the row is written. Under the
    /// account's lock.
    pub(crate) async fn queue_with_tokens(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        why: Why<'_>,
    ) -> Result<(), NotStored> {
        self.keep_in(&account.revoke_entry, tokens).await?;
        let row = self.pending_row(account, why);
        tracing::warn!(account = %account.id, reason = ?row.reason, "a session is pending");
        self.update(move |registry| registry.queue_revocation(row)).await?;
        Ok(())
    }

    /// The same for tokens that came too late to have a reserved entry. Takes the account's lock itself.
    pub(crate) async fn queue_late(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        why: Why<'_>,
    ) -> Result<(), NotStored> {
        // Without the lock, the row may be taken for one whose tokens are gone. If nothing is written, they
        // certainly are.
        let lock = self.ports.registry.lock_account(&account.id).await;
        if let Err(error) = &lock {
            tracing::warn!(account = %account.id, %error, "late tokens are kept without the account's lock");
        }
        self.queue_unreserved(account, tokens, why).await.map(|_| ())
    }

    /// The same for tokens without a reserved entry: the row comes first. Under the account's lock. Returns
    /// whether the session was not queued yet.
    pub(crate) async fn queue_unreserved(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        why: Why<'_>,
    ) -> Result<bool, NotStored> {
        let (row, entry, sessions) =
            (self.pending_row(account, why), account.revoke_entry.clone(), sessions_of(tokens));
        let is_new = self
            .update_with(move |registry| {
                let is_new = registry.pending_row(&entry).is_none_or(|row| row.is_dead);
                if is_new {
                    registry.queue_revocation(row);
                }
                registry.holds(&entry, &sessions);
                is_new
            })
            .await?;
        self.keep_in(&account.revoke_entry, tokens).await?;
        Ok(is_new)
    }

    /// Adds tokens to the entry of a pending revocation, each once, and reads them back. Their other copies
    /// are about to be deleted or replaced: a keyring that reports a write and does not make it must not lose
    /// the last one.
    pub(crate) async fn keep_in(&self, entry: &EntryName, tokens: &[SessionToken]) -> Result<(), StoreError> {
        let kept = self.kept_in(entry).await?;
        let is_missing_in = |kept: &[SessionToken]| tokens.iter().any(|token| !is_among(token, kept));
        if !is_missing_in(&kept) {
            return Ok(());
        }
        self.write_tokens(entry, &bundle(&united(tokens, &kept))).await?;
        if is_missing_in(&self.kept_in(entry).await?) {
            return Err(StoreError::Refused("what was written is not there".to_owned()));
        }
        Ok(())
    }

    async fn kept_in(&self, entry: &EntryName) -> Result<Vec<SessionToken>, StoreError> {
        Ok(self.ports.store.read(entry).await?.map(unbundle).unwrap_or_default())
    }

    pub(crate) fn pending_row(&self, account: &Account, why: Why<'_>) -> PendingRevocation {
        let now = self.ports.clock.now();
        let (reason, tries, wait) = match why {
            Why::Unconfirmed(failure) => {
                (Reason::Server(failure.clone()), 1, backoff::after(now, 1, failure.retry_after()))
            }
            Why::NoAnswerYet => {
                let wait = Wait { next_try: Timestamp(now.0 + LONGEST_CALL), asked_to_wait_until: None };
                (Reason::NoAnswerYet, 1, wait)
            }
            Why::Asking => {
                let wait = Wait { next_try: Timestamp(now.0 + LONGEST_CALL), asked_to_wait_until: None };
                (Reason::Asking, 1, wait)
            }
            Why::NotAsked(reason) => (reason, 0, Wait { next_try: now, asked_to_wait_until: None }),
        };
        let over_for_certain_at = account.session_ends_at.0.max(now.0.saturating_add(account.session_life));
        PendingRevocation {
            entry: account.revoke_entry.clone(),
            tenant: account.tenant.clone(),
            account: account.id.clone(),
            session: account.session.clone(),
            account_name: account.called(),
            since: now,
            session_ends_at: account.session_ends_at,
            reason,
            is_dead: false,
            tries,
            last_try: (tries > 0).then_some(now),
            next_try: wait.next_try,
            asked_to_wait_until: wait.asked_to_wait_until,
            over_for_certain_at: Timestamp(over_for_certain_at),
            session_life: account.session_life,
            still_answers_until: None,
            refresh_asked: false,
            older: Vec::new(),
            of_another_list: false,
        }
    }

    /// The row of superseded sessions, made from their tokens. A session lives as long as its refresh token,
    /// which is not stored any more: `life`, if it is known.
    pub(crate) fn superseded_row(
        &self,
        account: &Account,
        entry: &EntryName,
        tokens: &[SessionToken],
        why: Why<'_>,
        life: Option<i64>,
    ) -> PendingRevocation {
        let life = life.filter(|life| *life > 0).unwrap_or(LONGEST_LIFE);
        let end_of = |tokens: &[SessionToken]| {
            let issued = tokens.iter().filter_map(|token| issued_at_of(token).or(expiry_of(token))).max();
            issued.map_or(account.session_ends_at, |at| Timestamp(at.0.saturating_add(life)))
        };
        let older = |tokens: Vec<SessionToken>| {
            let session = tokens.iter().find_map(session_of)?;
            (session != account.session).then(|| OlderSession { session, ends_at: end_of(&tokens) })
        };
        PendingRevocation {
            entry: entry.clone(),
            session_ends_at: end_of(tokens),
            over_for_certain_at: end_of(tokens),
            older: by_session(tokens).into_iter().filter_map(older).collect(),
            ..self.pending_row(account, why)
        }
    }

    /// Written before anything is deleted.
    pub(crate) async fn mark_session_dead(&self, account: &Account) -> Result<(), RegistryError> {
        let (id, session) = (account.id.clone(), account.session.clone());
        self.update(move |registry| registry.session_is_dead(&id, &session)).await
    }
}
