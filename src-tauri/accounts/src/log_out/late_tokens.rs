//! Tokens that came too late or are not wanted: their session is ended, or becomes pending.

use crate::base::Accounts;
use crate::base::rollback_outcome::Rollback;
use crate::base::stored_tokens::lost;
use crate::log_out::asked::Asked;
use crate::log_out::pending_revocations::Tried;
use crate::log_out::revoke::Why;
use crate::model::account::EntryName;
use crate::model::activity::Event;
use crate::model::claims::session_of;
use crate::model::registry::Account;
use crate::model::session_outcome::SessionOutcome;
use crate::model::session_tokens::by_session;
use crate::model::token::{SessionToken, Tokens};
use crate::ports::not_stored::NotStored;

impl Accounts {
    /// Ends the session of tokens that came too late or belong to another account, or queues it for
    /// revocation.
    pub(crate) async fn refuse_late(&self, account: &Account, tokens: &Tokens) -> Rollback {
        self.refuse(account, &tokens.for_revocation(), |session| Event::CameTooLate { session }).await
    }

    pub(crate) async fn refuse(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        event: impl Fn(SessionOutcome) -> Event,
    ) -> Rollback {
        let mut rollback = Rollback::Ended;
        for stored in by_session(tokens) {
            rollback = rollback.or_worse(self.refuse_session(account, &stored, &event).await);
        }
        rollback
    }

    pub(crate) async fn refuse_late_token(&self, account: &Account, token: SessionToken) -> Rollback {
        self.refuse_session(account, &[token], &|session| Event::CameTooLate { session }).await
    }

    async fn refuse_session(
        &self,
        account: &Account,
        stored: &[SessionToken],
        event: &impl Fn(SessionOutcome) -> Event,
    ) -> Rollback {
        // They may belong to another session than the account's.
        let session = stored.iter().find_map(session_of).unwrap_or_else(|| account.session.clone());
        let sha256 = stored.first().map(SessionToken::sha256).unwrap_or_default();
        let revoke_entry = EntryName::revoke(&account.id, &session, &sha256);
        let told_apart_by = match self.ports.registry.read().await {
            Ok(registry) => registry.what_tells_apart(account),
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "accounts of the same name are not looked for");
                account.told_apart_by.clone()
            }
        };
        let account = Account { session, revoke_entry, told_apart_by, ..account.clone() };
        let rollback = self.end_or_queue(&account, stored).await;
        self.record(&account, event(rollback.outcome()), stored.first()).await;
        rollback
    }

    /// Queues the session first, since a crash must leave what is needed to end it. Then asks the server,
    /// also with tokens that could not be kept.
    async fn end_or_queue(&self, account: &Account, stored: &[SessionToken]) -> Rollback {
        let mut queued = self.queue_late(account, stored, Why::Asking).await;
        let (asked, left, _) = self.ask_to_end(&account.tenant, stored).await;
        let entry = &account.revoke_entry;
        if matches!(asked, Asked::Revoked { .. }) {
            if let Err(error) = self.is_over(entry, SessionOutcome::Revoked, None, stored).await {
                tracing::error!(account = %account.id, %error, "that a session is over was not written down");
            }
            return Rollback::Ended;
        }
        let reason = asked.failure();
        if queued.is_err() {
            queued = self.queue_late(account, stored, Why::Unconfirmed(&reason)).await;
        }
        let alive = || Rollback::Alive { reason: reason.clone(), until: Some(account.session_ends_at) };
        if let Err(error) = queued {
            tracing::error!(account = %account.id, %error, "a session that is not kept lives on");
            // A row without tokens shows by itself that its session is lost.
            if matches!(error, NotStored::Registry(_)) {
                let lost = lost(account);
                if let Err(error) = self.update(move |registry| registry.lose(lost)).await {
                    tracing::error!(account = %account.id, %error, "and could not be named");
                }
            }
            return alive();
        }
        self.hear_in_background(entry, asked, Tried { stored: stored.to_vec(), left }).await;
        match self.ports.registry.read().await {
            Ok(registry) if registry.pending_row(entry).is_some_and(|row| !row.is_dead) => {}
            Ok(registry) if registry.lost.iter().any(|lost| lost.session == account.session) => {
                return alive();
            }
            Ok(_) => return Rollback::Ended,
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "whether a session is over is not known");
            }
        }
        Rollback::Pending
    }
}
