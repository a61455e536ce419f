//! The rollback of a log-in: its session is ended, queued for revocation or reported as alive, and its stored
//! tokens are deleted.

use crate::base::Accounts;
use crate::base::rollback_outcome::Rollback;
use crate::log_in::progress::LogIn;
use crate::log_out::interrupted::Remaining;
use crate::log_out::revoke::Why;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Event;
use crate::model::claims::{expiry_of, life_of, mode_of, session_of, user_of};
use crate::model::registry::Account;
use crate::model::tenant::{Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::{SessionToken, Tokens};

impl Accounts {
    pub(crate) async fn refuse_unkept(&self, log_in: &LogIn<'_>, stored: &[SessionToken]) -> Rollback {
        if let Some(account) = self.named_in(log_in.tenant, stored) {
            return self.refuse(&account, stored, |session| Event::LogInFailed { session }).await;
        }
        // Without an account the session cannot be queued.
        let rollback = match self.end_now(log_in.tenant, stored).await {
            Ok(()) => Rollback::Ended,
            Err(reason) => Rollback::Alive { reason, until: stored.iter().filter_map(expiry_of).max() },
        };
        let event = Event::LogInFailed { session: rollback.outcome() };
        self.record_of_nobody(&log_in.tenant.id, log_in.name, event, stored.first()).await;
        rollback
    }

    /// The account that unusable tokens name, at the tenant that was asked.
    fn named_in(&self, tenant: &Tenant, stored: &[SessionToken]) -> Option<Account> {
        let user = stored.iter().find_map(user_of)?;
        let session = stored.iter().find_map(session_of)?;
        // Without a readable mode, live is assumed. The witnesses are then asked only if the tenant's domain
        // is known.
        let mode = stored.iter().find_map(mode_of).unwrap_or(Mode::Live);
        let id = AccountId::new(&tenant.api, mode, tenant.id.clone(), user);
        let session_life = stored.iter().map(life_of).max()?;
        let by_life = self.ports.clock.now().0.saturating_add(session_life);
        let ends_at = stored.iter().filter_map(expiry_of).max().unwrap_or(Timestamp(by_life));
        let revoke_entry = EntryName::revoke(&id, &session, &stored.first()?.sha256());
        let named = Account::in_name_only(id, tenant.clone(), session, revoke_entry, ends_at);
        Some(Account { session_life, ..named })
    }

    /// A failed write may have taken place all the same: *logging in* is then rolled back at once. It must
    /// not name a session that is over, and a queued row waits for it.
    pub(crate) async fn roll_back_half_written(&self, new: &Account, rollback: &Rollback) {
        let (id, session) = (new.id.clone(), new.session.clone());
        let read = if *rollback == Rollback::Ended {
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
            tracing::warn!(account = %new.id, %error, "the next start rolls back the rest of a log-in");
        }
    }

    /// Ends the session of an account that is *logging in*, and deletes its stored tokens. The next start
    /// repeats what fails now: *logging in* is still written down.
    pub(crate) async fn roll_back(&self, account: &Account, tokens: &Tokens) -> Rollback {
        let stored = tokens.for_revocation();
        let failure = self.end_now(&account.tenant, &stored).await.err();
        let remaining = match &failure {
            None => Remaining::Dead,
            Some(failure) => Remaining::Queued(&stored, Why::Unconfirmed(failure)),
        };
        let finished = self.finish(account, &remaining).await;
        if let Err(error) = &finished {
            tracing::error!(account = %account.id, %error, "a log-in that failed is not rolled back yet");
        }
        let rollback = match (failure, finished) {
            (None, _) => Rollback::Ended,
            (Some(_), Ok(_)) => Rollback::Pending,
            (Some(reason), Err(_)) => Rollback::Alive { reason, until: Some(account.session_ends_at) },
        };
        let event = Event::LogInFailed { session: rollback.outcome() };
        self.record(account, event, stored.first()).await;
        rollback
    }
}
