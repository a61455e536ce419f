//! A log-in that is not kept: its session is ended, or owed, or said to be alive, and what was stored of it is taken back.

use crate::Accounts;
use crate::account::EntryName;
use crate::activity::{self, Event};
use crate::claims::{Claims, session_of};
use crate::interrupted::Remaining;
use crate::ports::{CallFailure, Timestamp};
use crate::registry::Account;
use crate::revocation::Why;
use crate::tenant::Tenant;
use crate::token::{SessionToken, Tokens};

/// What became of a session that was made and could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// It is dead at the server.
    #[error("The new session was ended again.")]
    Ended,
    /// The server did not confirm it; it is a pending revocation now.
    #[error("The new session may still be alive; it is listed as pending and will be ended.")]
    Pending,
    /// The server did not confirm it, and its token could not be kept either.
    #[error("The new session could not be ended ({reason}) and stays alive at Userfront until it expires.")]
    Alive {
        /// Why.
        reason: CallFailure,
        /// When it ends by itself, if the tokens tell.
        until: Option<Timestamp>,
    },
}

impl Accounts {
    /// Ends a session of which nothing has been written anywhere.
    pub(super) async fn end_unkept(
        &self,
        tenant: &Tenant,
        tokens: &Tokens,
        until: Option<Timestamp>,
    ) -> Undone {
        match self.revoke(tenant, &tokens.for_revocation()).await.0 {
            Ok(_) => Undone::Ended,
            Err(reason) => Undone::Alive { reason, until },
        }
    }

    /// Ends the session of tokens that are not wanted, since they came too late or are somebody else's; or owes it.
    pub(crate) async fn refuse_late(&self, account: &Account, tokens: &Tokens) -> Undone {
        let held = tokens.for_revocation();
        // They may belong to another session than the account's.
        let session = held.first().and_then(session_of).unwrap_or_else(|| account.session.clone());
        let sha256 = held.first().map(SessionToken::sha256).unwrap_or_default();
        let revoke_entry = EntryName::revoke(&account.id, &session, &sha256);
        let account = &Account { session, revoke_entry, ..account.clone() };
        let (undone, session) = match self.revoke(&account.tenant, &held).await.0 {
            Ok(_) => (Undone::Ended, activity::Session::Dead),
            Err(failure) => match self.park_late(account, &held, &failure).await {
                Ok(()) => (Undone::Pending, activity::Session::Pending),
                Err(error) => {
                    tracing::error!(account = %account.id, %error, "a session that came too late lives on");
                    let undone = Undone::Alive { reason: failure, until: Some(account.session_ends_at) };
                    (undone, activity::Session::Lost)
                }
            },
        };
        self.record(account, Event::CameTooLate { session }, held.first()).await;
        undone
    }

    /// A write that failed may have taken place all the same: *arriving* must not name a session that is dead.
    pub(super) async fn undo_half_written(&self, claims: Claims) {
        let id = claims.account.clone();
        let marked = self.update_and_read(move |registry| {
            registry.session_is_dead(&claims.account, &claims.session);
        });
        let finished = match marked.await {
            Ok(registry) => match registry.account(&id).filter(|account| account.session_is_dead) {
                Some(account) => self.finish_one(account).await,
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = finished {
            tracing::warn!(account = %id, %error, "what is left of a log-in is undone by the next start");
        }
    }

    /// Ends a session that is *arriving*, and takes back what was stored of it. What could not be done now is done by the
    /// next start: *arriving* is still there.
    pub(super) async fn take_back(&self, account: &Account, tokens: &Tokens) -> Undone {
        let held = tokens.for_revocation();
        let failure = self.revoke(&account.tenant, &held).await.0.err();
        let remaining = match &failure {
            None => Remaining::Dead,
            Some(failure) => Remaining::Owed(&held, Why::Unconfirmed(failure)),
        };
        let finished = self.finish(account, &remaining).await;
        if let Err(error) = &finished {
            tracing::error!(account = %account.id, %error, "a log-in that failed is not undone yet");
        }
        let (undone, session) = match (failure, finished) {
            (None, _) => (Undone::Ended, activity::Session::Dead),
            (Some(_), Ok(_)) => (Undone::Pending, activity::Session::Pending),
            (Some(reason), Err(_)) => {
                let undone = Undone::Alive { reason, until: Some(account.session_ends_at) };
                (undone, activity::Session::Lost)
            }
        };
        self.record(account, Event::LogInFailed { session }, held.first()).await;
        undone
    }
}
