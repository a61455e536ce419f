//! Logging in: from an answer with tokens to an account whose tokens are in the keyring.
//! [`auth_methods`](crate::log_in::auth_methods) makes the call.
//!
//! ```text
//! keyring unlocked? registry writable? ──no──► say so; no session was made
//!   └─ call the server ─► read the tokens ─► logging in ─► refresh entry ─► access entry ─► active
//!                            │               (durable)        │                │           (durable)
//!                            │                  │             │                │               │
//!                            └── on a failure ──┴─────────────┴────────────────┴───────────────┘
//!                               rollback: revoke at once, or queue; delete stored tokens; say so
//! ```
//!
//! A crash anywhere after *logging in* is rolled back by the next start. One gap remains: tokens that were
//! received and not yet written anywhere are lost with the process. *Logging in* then names the session, and
//! the next start reports until when it lives.
//!
//! A lost answer may leave a session that cannot be named here: the [`activity`](crate::base::activity)
//! records it. The same holds for an answer that the program does not wait for, since it is
//! [interrupted](Accounts::interrupt).
//!
//! A log-out of the same account between the beginning of a log-in and its answer wins; so does one that
//! waits for the keyring, and so does abandoning the account. The tokens then came too late: they are not
//! stored, and their session is ended or queued for revocation.
//!
//! If the keyring holds a sign-in of the account that is not in this list, the log-in is refused and its
//! session ended, until the user agrees to replace the other one ([`foreign`](crate::recovery::foreign)).
//!
//! If the account is there already, its older session becomes a pending revocation first: two log-ins never
//! leave an unlisted session.

use crate::base::Accounts;
use crate::base::stored_tokens::{other_tokens, sessions_of};
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::LogIn;
use crate::log_in::progress::{MfaChallenge, Progress};
use crate::log_out::revoke::Why;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Event;
use crate::model::claims::{Claims, Refused};
use crate::model::log_out_outcome::Deletion;
use crate::model::reason::Reason;
use crate::model::registry::{Account, LastTenant, PendingRevocation, Phase, RecentLogOut, Registry};
use crate::model::timestamp::Timestamp;
use crate::model::token::{RefreshToken, SessionToken, Tokens};
use crate::ports::not_stored::NotStored;
use crate::ports::{AccountLock, FactorAnswer, FactorError, StoreError};

impl Accounts {
    /// Makes a call that logs in, and keeps its tokens. The account is then active, and the one that is
    /// shown.
    pub(crate) async fn log_in(
        &self,
        log_in: LogIn<'_>,
        call: impl Future<Output = Result<FactorAnswer, FactorError>>,
    ) -> Result<Progress, LogInError> {
        let _at_work = self.begin(Work::LoggingIn);
        let began_at = self.ready_to_store().await?;
        let answer = match self.unless_interrupted(&log_in, call).await? {
            Ok(FactorAnswer::Tokens(answer)) => answer,
            Ok(FactorAnswer::SecondFactor(required)) => {
                return Ok(Progress::SecondFactor(MfaChallenge::new(&log_in, required)));
            }
            Ok(FactorAnswer::WithoutAccess(refresh)) => {
                let rollback = Box::pin(self.refuse_unkept(&log_in, &[SessionToken::Refresh(refresh)])).await;
                return Err(LogInError::Tokens { refused: Refused::Unreadable("no access token"), rollback });
            }
            Err(FactorError::Failed(failure)) if failure.is_lost_answer() => {
                let event = Event::LogInUnanswered { interrupted: false };
                self.record_of_nobody(&log_in.tenant.id, log_in.name, event, None).await;
                return Err(LogInError::AnswerLost { failure });
            }
            Err(error) => return Err(error.into()),
        };
        // Boxed: its future is large.
        let id = Box::pin(self.keep(&log_in, answer.tokens, began_at)).await?;
        tracing::info!(account = %id, "logged in");
        Ok(Progress::LoggedIn(id))
    }

    /// Checks keyring and disk before the server is asked, so that no session is made that cannot be kept.
    /// Returns the generation at which the log-in begins: a log-out with a later one wins.
    pub(crate) async fn ready_to_store(&self) -> Result<u64, LogInError> {
        self.usable_store().await.map_err(LogInError::Store)?;
        self.remove_hidden().await.map_err(LogInError::Registry)?;
        // After a lost or mended account list, the entries may hold other tokens. A comparison that fails
        // does not stop the log-in: tokens that are found when it stores its own are kept, too.
        let compared = Box::pin(self.compare_if_due()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the keyring was not compared with the account list");
            None
        });
        // Drawing a number changes the registry, and so tests that it can be written.
        let draw = move |registry: &mut Registry| {
            if let Some(looked_for) = compared {
                registry.compared(&looked_for);
            }
            registry.next_generation()
        };
        self.update_with(draw).await.map_err(LogInError::Registry)
    }

    async fn keep(&self, log_in: &LogIn<'_>, tokens: Tokens, began_at: u64) -> Result<AccountId, LogInError> {
        let tenant = log_in.tenant;
        let claims = match Claims::read(tenant, &tokens) {
            Ok(claims) => claims,
            Err(refused) => {
                let rollback = self.refuse_unkept(log_in, &tokens.for_revocation()).await;
                return Err(LogInError::Tokens { refused, rollback });
            }
        };
        let new = self.new_account(tenant, &claims, &tokens);
        if log_in.only.is_some_and(|only| *only != claims.account) {
            let rollback = self.refuse_late(&new, &tokens).await;
            return Err(LogInError::OtherAccount { rollback });
        }
        let logging_in = match self.begin_log_in(new.clone(), claims.issued_at, began_at).await {
            Ok(Begun::LoggingIn(logging_in)) => {
                self.has_replaced_foreign(&new.id);
                logging_in
            }
            Ok(Begun::TooLate) => {
                let rollback = self.refuse_late(&new, &tokens).await;
                return Err(LogInError::LoggedOutMeanwhile { rollback });
            }
            Ok(Begun::Foreign) => {
                let rollback = self
                    .refuse(&new, &tokens.for_revocation(), |session| Event::LogInFailed { session })
                    .await;
                // It may have come since the keyring was listed, and the user has to choose.
                self.name_foreign_again().await;
                return Err(LogInError::Foreign { account: new.id, rollback });
            }
            Err(cause) => {
                let stored = tokens.for_revocation();
                let rollback = self.refuse(&new, &stored, |session| Event::LogInFailed { session }).await;
                self.roll_back_half_written(&new, &rollback).await;
                return Err(LogInError::NotStored { cause, rollback });
            }
        };
        match self.store_and_activate(&logging_in.account, log_in, &tokens).await {
            Ok(()) => {
                self.record(&logging_in.account, Event::LoggedIn, Some(&SessionToken::Access(tokens.access)))
                    .await;
                Ok(claims.account)
            }
            Err(cause) => {
                let rollback = self.roll_back(&logging_in.account, &tokens).await;
                // Tells the observers of the keyring that it hangs, and when it is back.
                self.look_at_store().await;
                Err(LogInError::NotStored { cause, rollback })
            }
        }
    }

    /// Writes *logging in*, under the account's lock. In the same write an older session of the account
    /// becomes a pending revocation; its tokens are moved before the new ones replace them. Refused after a
    /// later log-out.
    async fn begin_log_in(
        &self,
        new: Account,
        issued_at: Option<Timestamp>,
        began_at: u64,
    ) -> Result<Begun, NotStored> {
        let lock = self.ports.registry.lock_account(&new.id).await?;
        let registry = self.ports.registry.read().await?;
        let is_later = |log_out: &RecentLogOut| log_out.account == new.id && log_out.generation > began_at;
        // A later log-out that is not finished yet: it waits for the keyring.
        let waits = |account: &Account| {
            matches!(account.phase, Phase::LoggingOut | Phase::Abandoned) && account.generation > began_at
        };
        if registry.recent_log_outs.iter().any(is_later) || registry.account(&new.id).is_some_and(waits) {
            return Ok(Begun::TooLate);
        }
        if self.would_replace_foreign(&registry, &new.id).await? {
            return Ok(Begun::Foreign);
        }
        let older = self.older_session(&registry, &new).await?;
        let mut logging_in = new.clone();
        if let Some(same) = registry.account(&new.id).filter(|account| account.session == new.session) {
            // That entry may hold tokens already, and its name does not always contain the session.
            logging_in.revoke_entry = same.revoke_entry.clone();
        }
        let here = self.ports.clock.now();
        let begin_log_in = move |registry: &mut Registry| {
            if let Some(issued_at) = issued_at {
                registry.hear_clock(logging_in.id.host(), issued_at, here);
            }
            registry.end_superseded(&logging_in.id);
            registry.begin_log_in(logging_in, older);
        };
        let registry = self.update_and_read(begin_log_in).await?;
        let account = registry.account(&new.id).cloned().unwrap_or(new);
        Ok(Begun::LoggingIn(Box::new(LoggingIn { account, _lock: lock })))
    }

    /// The row for the older session of an account that logs in again. A session that is known to be over
    /// gets one for the entries that it may have left. A refused refresh does not prove that: it is about one
    /// token, and a session is over only if the server accepts none of its stored tokens. A refresh may have
    /// left tokens of another session in that entry.
    async fn older_session(
        &self,
        registry: &Registry,
        new: &Account,
    ) -> Result<Option<PendingRevocation>, StoreError> {
        let older = registry.account(&new.id).filter(|older| older.session != new.session);
        let Some(older) = older else { return Ok(None) };
        let mut row = self.pending_row(older, Why::NotAsked(Reason::LoggedInAgain));
        row.is_dead = older.session_is_dead || self.has_note(older).await?;
        let left = sessions_of(&other_tokens(older, self.tokens_in(older, &older.revoke_entry).await?));
        if let (true, Some(alive)) = (row.is_dead, left.first()) {
            (row.session, row.session_ends_at, row.is_dead) = (alive.session.clone(), alive.ends_at, false);
        }
        row.hold(left.into_iter());
        Ok(Some(row))
    }

    async fn store_and_activate(
        &self,
        account: &Account,
        log_in: &LogIn<'_>,
        tokens: &Tokens,
    ) -> Result<(), NotStored> {
        self.keep_other_session_tokens(account).await?;
        self.store_refresh_token(&account.id, tokens.refresh.as_ref()).await?;
        self.write_tokens(&EntryName::access(&account.id), &tokens.access.clone().into_secret()).await?;
        let (id, generation) = (account.id.clone(), account.generation);
        // Only now: a name that the server has not accepted may be a password in the wrong field.
        let last = LastTenant {
            tenant: account.tenant.clone(),
            name: None,
            email_or_username: log_in.name.map(str::to_owned),
            last_factor: log_in.factor.cloned(),
            auth_config: None,
        };
        self.update(move |registry| {
            registry.activate(&id, generation);
            registry.remember_tenant(last);
        })
        .await?;
        Ok(())
    }

    /// Without a refresh token, that of an older session must not stay: the server would refuse it, and this
    /// session would count as over.
    async fn store_refresh_token(
        &self,
        id: &AccountId,
        token: Option<&RefreshToken>,
    ) -> Result<(), StoreError> {
        let entry = EntryName::refresh(id);
        if let Some(token) = token {
            return self.write_tokens(&entry, &token.clone().into_secret()).await;
        }
        match self.ports.store.delete(&[entry]).await? {
            Deletion::Deleted | Deletion::AlreadyAbsent => Ok(()),
            Deletion::StillPresent(_) => {
                Err(StoreError::Refused("an older refresh token would not go".to_owned()))
            }
        }
    }
}

enum Begun {
    LoggingIn(Box<LoggingIn>),
    TooLate,
    /// Foreign tokens lie where its own would.
    Foreign,
}

struct LoggingIn {
    account: Account,
    _lock: AccountLock,
}
