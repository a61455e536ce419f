//! A log-in that is not kept: its session is ended, or owed, or said to be alive, and what was stored of it
//! is taken back.

use super::{LogIn, NotStored};
use crate::Accounts;
use crate::account::{AccountId, EntryName};
use crate::activity::{self, Event};
use crate::claims::{expiry_of, life_of, mode_of, session_of, user_of};
use crate::evidence::Asked;
use crate::held::lost;
use crate::interrupted::Remaining;
use crate::pending::Tried;
use crate::ports::{CallFailure, Timestamp};
use crate::registry::Account;
use crate::revocation::Why;
use crate::superseded::by_session;
use crate::tenant::{Mode, Tenant};
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

impl Undone {
    /// Of two sessions, what became of the one that is worse off.
    fn or_worse(self, other: Self) -> Self {
        let rank = |undone: &Self| match undone {
            Self::Ended => 0,
            Self::Pending => 1,
            Self::Alive { .. } => 2,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}

impl Accounts {
    /// Ends the sessions of tokens that cannot be kept, or owes them, as far as the tokens say whose they
    /// are.
    pub(super) async fn refuse_unkept(&self, log_in: &LogIn<'_>, held: &[SessionToken]) -> Undone {
        if let Some(account) = self.named_in(log_in.tenant, held) {
            return self.refuse(&account, held, |session| Event::LogInFailed { session }).await;
        }
        // Nobody can be said to owe it.
        let (undone, session) = match self.end_now(log_in.tenant, held).await {
            Ok(()) => (Undone::Ended, activity::Session::Dead),
            Err(reason) => {
                let until = held.iter().filter_map(expiry_of).max();
                (Undone::Alive { reason, until }, activity::Session::Lost)
            }
        };
        self.record_of_nobody(log_in, Event::LogInFailed { session }, held.first()).await;
        undone
    }

    /// The account that tokens name which cannot be kept, at the tenant that was asked.
    fn named_in(&self, tenant: &Tenant, held: &[SessionToken]) -> Option<Account> {
        let user = held.iter().find_map(user_of)?;
        let session = held.iter().find_map(session_of)?;
        // Of a live one nothing is believed without its domain.
        let mode = held.iter().find_map(mode_of).unwrap_or(Mode::Live);
        let id = AccountId::new(&tenant.api, mode, tenant.id.clone(), user);
        let session_life = held.iter().map(life_of).max()?;
        let by_life = self.ports.clock.now().0.saturating_add(session_life);
        let ends_at = held.iter().filter_map(expiry_of).max().unwrap_or(Timestamp(by_life));
        let revoke_entry = EntryName::revoke(&id, &session, &held.first()?.sha256());
        let named = Account::in_name_only(id, tenant.clone(), session, revoke_entry, ends_at);
        Some(Account { session_life, ..named })
    }

    /// Ends the session of tokens that are not wanted, since they came too late or are somebody else's; or
    /// owes it.
    pub(crate) async fn refuse_late(&self, account: &Account, tokens: &Tokens) -> Undone {
        self.refuse(account, &tokens.for_revocation(), |session| Event::CameTooLate { session }).await
    }

    /// Ends, or owes, each session that the tokens of one answer belong to.
    pub(super) async fn refuse(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        event: impl Fn(activity::Session) -> Event,
    ) -> Undone {
        let mut undone = Undone::Ended;
        for held in by_session(tokens) {
            undone = undone.or_worse(self.refuse_session(account, &held, &event).await);
        }
        undone
    }

    /// The same for one token that came too late, or is not what was asked for.
    pub(crate) async fn refuse_late_token(&self, account: &Account, token: SessionToken) -> Undone {
        self.refuse_session(account, &[token], &|session| Event::CameTooLate { session }).await
    }

    async fn refuse_session(
        &self,
        account: &Account,
        held: &[SessionToken],
        event: &impl Fn(activity::Session) -> Event,
    ) -> Undone {
        // They may belong to another session than the account's.
        let session = held.iter().find_map(session_of).unwrap_or_else(|| account.session.clone());
        let sha256 = held.first().map(SessionToken::sha256).unwrap_or_default();
        let revoke_entry = EntryName::revoke(&account.id, &session, &sha256);
        let account = Account { session, revoke_entry, ..account.clone() };
        let (undone, session) = self.end_or_owe(&account, held).await;
        self.record(&account, event(session), held.first()).await;
        undone
    }

    /// First it is pending, since a crash must leave what is needed to end it; then the server is asked, also
    /// with what could not be kept.
    async fn end_or_owe(&self, account: &Account, held: &[SessionToken]) -> (Undone, activity::Session) {
        let mut parked = self.park_late(account, held, Why::Asking).await;
        let (asked, left, _) = self.ask_to_end(&account.tenant, held).await;
        let entry = &account.revoke_entry;
        if matches!(asked, Asked::Revoked { .. }) {
            if let Err(error) = self.is_over(entry, activity::Session::Revoked, None, held).await {
                tracing::error!(account = %account.id, %error, "that a session is over was not written down");
            }
            return (Undone::Ended, activity::Session::Dead);
        }
        let reason = asked.failure();
        if parked.is_err() {
            parked = self.park_late(account, held, Why::Unconfirmed(&reason)).await;
        }
        let alive = || {
            let undone = Undone::Alive { reason: reason.clone(), until: Some(account.session_ends_at) };
            (undone, activity::Session::Lost)
        };
        if let Err(error) = parked {
            tracing::error!(account = %account.id, %error, "a session that is not kept lives on");
            // A row without tokens says by itself that its session is lost.
            if matches!(error, NotStored::Registry(_)) {
                let lost = lost(account);
                if let Err(error) = self.update(move |registry| registry.lose(lost)).await {
                    tracing::error!(account = %account.id, %error, "and could not be named");
                }
            }
            return alive();
        }
        self.hear_in_background(entry, asked, Tried { held: held.to_vec(), left }).await;
        match self.ports.registry.read().await {
            Ok(registry) if registry.pending_row(entry).is_some_and(|row| !row.is_dead) => {}
            Ok(registry) if registry.lost.iter().any(|lost| lost.session == account.session) => {
                return alive();
            }
            Ok(_) => return (Undone::Ended, activity::Session::Dead),
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "whether a session is over is not known");
            }
        }
        (Undone::Pending, activity::Session::Pending)
    }

    /// A write that failed may have taken place all the same: *arriving* is then undone at once. It must not
    /// name a session that is dead, and a row that is owed waits for it.
    pub(super) async fn undo_half_written(&self, new: &Account, undone: &Undone) {
        let (id, session) = (new.id.clone(), new.session.clone());
        let read = if *undone == Undone::Ended {
            self.update_and_read(move |registry| registry.session_is_dead(&id, &session)).await
        } else {
            self.ports.registry.read().await
        };
        let finished = match read {
            Ok(registry) => match registry.account(&new.id).filter(|now| now.session == new.session) {
                Some(account) => self.finish_one(account).await,
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = finished {
            tracing::warn!(account = %new.id, %error, "what is left of a log-in is undone by the next start");
        }
    }

    /// Ends a session that is *arriving*, and takes back what was stored of it. What could not be done now is
    /// done by the next start: *arriving* is still there.
    pub(super) async fn take_back(&self, account: &Account, tokens: &Tokens) -> Undone {
        let held = tokens.for_revocation();
        let failure = self.end_now(&account.tenant, &held).await.err();
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
