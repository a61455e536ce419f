//! Logging in: from a password to an account whose tokens lie in the keyring.
//!
//! ```text
//! keyring unlocked? registry writable? ──no──► say so; no session was made
//!   └─ call the server ─► read the tokens ─► arriving (durable) ─► refresh entry ─► access entry ─► active (durable)
//!                             │                  │                     │                │              │
//!                             └──────────────────┴──── on a failure ───┴────────────────┴──────────────┘
//!                                                      revoke at once, take back what was stored, and say so
//! ```
//!
//! A crash anywhere after *arriving* is undone by the next start. One window remains that nobody can close: tokens
//! that were received and not yet written anywhere die with the process; *arriving* then names the session, and the
//! next start says until when it lives.
//!
//! If the account is there already, its older session becomes a pending revocation first: two log-ins never leave a
//! session that nobody lists.

use crate::account::{AccountId, EntryName};
use crate::claims::{Claims, Refused};
use crate::interrupted::Interrupted;
use crate::ports::{AccountLock, CallFailure, PasswordError, StoreError, StoreStatus, Timestamp};
use crate::registry::{Account, LastTenant, PendingRevocation, Phase, RegistryError};
use crate::tenant::Tenant;
use crate::token::{Password, SessionToken, Tokens};
use crate::{Accounts, Work};

/// Why nobody is logged in. Each says what is left behind, if anything is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// The keyring cannot take tokens now; nothing was sent to the server.
    #[error(transparent)]
    Store(StoreError),
    /// The registry cannot be written now; nothing was sent to the server.
    #[error(transparent)]
    Registry(RegistryError),
    /// The server did not log in.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The server sent tokens that cannot be kept.
    #[error("{refused} {undone}")]
    Tokens {
        /// What is wrong with them.
        refused: Refused,
        /// What became of their session.
        undone: Undone,
    },
    /// The tokens could not be stored.
    #[error("{cause} {undone}")]
    NotStored {
        /// Keyring or registry.
        cause: NotStored,
        /// What became of their session.
        undone: Undone,
    },
}

/// What would not store the tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStored {
    /// The keyring.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

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
    /// Logs in with a password. The account is then active, and the one that is shown.
    ///
    /// # Errors
    /// [`LogInError`]; then nobody new is logged in.
    pub async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<AccountId, LogInError> {
        let _at_work = self.begin(Work::LoggingIn);
        self.ready_to_store().await?;
        let answer = self.ports.userfront.log_in_with_password(tenant, email_or_username, password).await?;
        let id = self.keep(tenant, email_or_username, answer.tokens).await?;
        tracing::info!(account = %id, "logged in");
        Ok(id)
    }

    /// Asks keyring and disk before the server, so that no session is made which could not be kept.
    async fn ready_to_store(&self) -> Result<(), LogInError> {
        match self.look_at_store().await {
            StoreStatus::Ok => {}
            StoreStatus::Locked => return Err(LogInError::Store(StoreError::Locked)),
            StoreStatus::Hung => return Err(LogInError::Store(StoreError::Hung)),
            StoreStatus::Unavailable(why) => return Err(LogInError::Store(StoreError::Unavailable(why))),
        }
        self.remove_hidden().await.map_err(LogInError::Registry)?;
        // Drawing a number is a change, and so a write, in any case.
        let written = self.update(|registry| {
            registry.next_generation();
        });
        written.await.map_err(LogInError::Registry)
    }

    /// *arriving → active*, or back to nothing.
    async fn keep(&self, tenant: &Tenant, name: &str, tokens: Tokens) -> Result<AccountId, LogInError> {
        let claims = match Claims::read(tenant, &tokens) {
            Ok(claims) => claims,
            Err(refused) => {
                let undone = self.end_unkept(tenant, &tokens, None).await;
                return Err(LogInError::Tokens { refused, undone });
            }
        };
        let arrived = match self.arrive(tenant, &claims, &tokens).await {
            Ok(arrived) => arrived,
            Err(cause) => {
                let undone = self.end_unkept(tenant, &tokens, Some(claims.session_ends_at)).await;
                if undone == Undone::Ended {
                    self.undo_half_written(claims).await;
                }
                return Err(LogInError::NotStored { cause, undone });
            }
        };
        match self.store_and_activate(&arrived.account, name, &tokens).await {
            Ok(()) => Ok(claims.account),
            Err(cause) => {
                let undone = self.take_back(&arrived.account, &tokens).await;
                // Whoever watches the keyring learns that it hangs, and when it is back.
                self.look_at_store().await;
                Err(LogInError::NotStored { cause, undone })
            }
        }
    }

    /// The durable *arriving*, under the account's lock. In the same write the account's older session, if there is one,
    /// becomes a pending revocation; its token is moved before the new one takes its place.
    async fn arrive(&self, tenant: &Tenant, claims: &Claims, tokens: &Tokens) -> Result<Arrived, NotStored> {
        let lock = self.ports.registry.lock_account(&claims.account).await?;
        let token = SessionToken::Access(tokens.access.clone());
        let account = Account {
            id: claims.account.clone(),
            tenant: tenant.clone(),
            phase: Phase::Arriving,
            generation: 0,
            session: claims.session.clone(),
            revoke_entry: EntryName::revoke(&claims.account, &claims.session, &token.sha256()),
            access_expires_at: claims.access_expires_at,
            session_ends_at: claims.session_ends_at,
            logged_in_at: self.ports.clock.now(),
            session_is_dead: false,
            signed_out_by_server: false,
            profile: claims.profile.clone(),
        };
        let older = self.older_session(&account).await?;
        let arriving = account.clone();
        let registry = self.update_and_read(move |registry| registry.arrive(arriving, older)).await?;
        let account = registry.account(&account.id).cloned().unwrap_or(account);
        Ok(Arrived { account, _lock: lock })
    }

    /// The row for the older session of an account that logs in again, unless that is known to be dead.
    async fn older_session(&self, new: &Account) -> Result<Option<PendingRevocation>, RegistryError> {
        let registry = self.ports.registry.read().await?;
        let older = registry.account(&new.id);
        let older = older.filter(|older| !older.signed_out_by_server && older.session != new.session);
        Ok(older.map(|older| self.pending_row(older, "You logged in to this account again.".to_owned())))
    }

    async fn store_and_activate(
        &self,
        account: &Account,
        name: &str,
        tokens: &Tokens,
    ) -> Result<(), NotStored> {
        self.keep_older_tokens(account).await?;
        if let Some(refresh) = &tokens.refresh {
            self.ports.store.write(&EntryName::refresh(&account.id), &refresh.clone().into_secret()).await?;
        }
        self.ports.store.write(&EntryName::access(&account.id), &tokens.access.clone().into_secret()).await?;
        let (id, generation) = (account.id.clone(), account.generation);
        // Only now: what the server has not taken for a name may be a password in the wrong field.
        let last = LastTenant {
            tenant: account.tenant.clone(),
            name: None,
            email_or_username: Some(name.to_owned()),
            ways_in: None,
        };
        self.update(move |registry| {
            registry.activate(&id, generation);
            registry.remember_tenant(last);
        })
        .await?;
        Ok(())
    }

    /// Ends a session of which nothing has been written anywhere.
    async fn end_unkept(&self, tenant: &Tenant, tokens: &Tokens, until: Option<Timestamp>) -> Undone {
        match self.revoke(tenant, &tokens.for_revocation()).await {
            Ok(_) => Undone::Ended,
            Err(reason) => Undone::Alive { reason, until },
        }
    }

    /// A write that failed may have taken place all the same: *arriving* must not name a session that is dead.
    async fn undo_half_written(&self, claims: Claims) {
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

    /// Ends a session that is *arriving*, and takes back what was stored of it.
    async fn take_back(&self, account: &Account, tokens: &Tokens) -> Undone {
        match self.finish(account, &tokens.for_revocation()).await {
            Ok(Interrupted::Pending) => Undone::Pending,
            Ok(_) => Undone::Ended,
            // What could not be done now is done by the next start: *arriving* is still there.
            Err(unfinished) => match unfinished.unconfirmed {
                None => Undone::Ended,
                Some(reason) => Undone::Alive { reason, until: Some(account.session_ends_at) },
            },
        }
    }
}

/// An account that is *arriving*, and the lock under which it does.
struct Arrived {
    account: Account,
    _lock: AccountLock,
}
