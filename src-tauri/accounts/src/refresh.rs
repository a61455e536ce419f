//! Refreshing: new tokens for the same session, unless the account has logged out or in again meanwhile.
//!
//! The server is called without any lock; then the account's lock is taken, and the answer is stored only if the
//! account is still logged in with the session that it started from. Otherwise what was received is revoked: it must not
//! outlive a log-out.
//!
//! **When** is decided next door, in `ahead.rs`.
//!
//! **Once.** Of several who want an account refreshed at the same time in one process, one asks and all have its result.

mod ahead;
mod several;

use std::sync::{Arc, Mutex, PoisonError};

use crate::account::{AccountId, EntryName};
use crate::activity::Event;
use crate::claims::{Claims, Refused};
use crate::ports::{CallFailure, RefreshError, StoreError};
use crate::registry::{Account, Phase, RegistryError};
use crate::token::{AccessToken, RefreshToken, SessionToken, Tokens};
use crate::{Accounts, Work};

pub(crate) use ahead::Retry;

/// An access token that expires within this is refreshed before it is given away, in seconds.
const ABOUT_TO_EXPIRE: i64 = 60;

/// The refreshes of one account in this process.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    one_at_a_time: tokio::sync::Mutex<()>,
    /// How many have landed, and what the last of them came to.
    landed: Mutex<(u64, Option<Outcome>)>,
}

/// Somebody who wants an account refreshed, since when: what has landed later is theirs, too.
struct Boarding {
    flight: Arc<Flight>,
    before: u64,
}

pub(crate) type Outcome = Result<Refreshed, RefreshFailure>;

impl Flight {
    fn landed(&self) -> (u64, Option<Outcome>) {
        self.landed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn land(&self, outcome: Outcome) {
        let mut landed = self.landed.lock().unwrap_or_else(PoisonError::into_inner);
        *landed = (landed.0 + 1, Some(outcome));
    }
}

/// What a refresh came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// New tokens are stored.
    Stored,
    /// The server ended the session: the user has to log in again.
    SignedOutByServer,
    /// There is no refresh token: the user has to log in again once the access token has expired.
    NoRefreshToken,
    /// The account logged out, or in again, while the server answered; what came late was revoked.
    TooLate,
}

/// Why there are no new tokens. The account is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshFailure {
    /// No such account, or not logged in.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The server has ended the session.
    #[error("Your session has ended. Log in again.")]
    SessionOver,
    /// By this machine's clock the session has reached its own end, and the server could not be asked.
    #[error("Your session has expired, by this computer's clock. Log in again.")]
    Ended,
    /// Neither token of the account is in the keyring.
    #[error("The sign-in for this account is missing from your keyring. Log in again.")]
    TokensMissing,
    /// The access token has expired, and there is no refresh token to get another one with.
    #[error("The access token has expired, and there is no refresh token. Log in again.")]
    Expired,
    /// The keyring.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server gave no usable answer.
    #[error(transparent)]
    Server(CallFailure),
    /// The server sent tokens that cannot be kept.
    #[error(transparent)]
    Tokens(#[from] Refused),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Accounts {
    /// Gets new tokens for an account. Who asks while that is being done gets the same result.
    ///
    /// # Errors
    /// [`RefreshFailure`]; the account is then as it was.
    pub async fn refresh(&self, id: &AccountId) -> Result<Refreshed, RefreshFailure> {
        self.share_flight(id, self.board(id)).await
    }

    fn board(&self, id: &AccountId) -> Boarding {
        let flight = self.flight(id);
        let before = flight.landed().0;
        Boarding { flight, before }
    }

    async fn share_flight(&self, id: &AccountId, Boarding { flight, before }: Boarding) -> Outcome {
        let _alone = flight.one_at_a_time.lock().await;
        if let (count, Some(outcome)) = flight.landed()
            && count > before
        {
            return outcome;
        }
        self.fly(id, &flight).await
    }

    /// Does `first`, then gets new tokens, which say what the server says by now: those of a flight that began earlier do
    /// not count, and have landed before `first` is done.
    pub(crate) async fn refresh_anew(&self, id: &AccountId, first: impl Future<Output = ()>) -> Outcome {
        let flight = self.flight(id);
        let _alone = flight.one_at_a_time.lock().await;
        first.await;
        self.fly(id, &flight).await
    }

    fn flight(&self, id: &AccountId) -> Arc<Flight> {
        self.state().flights.entry(id.clone()).or_default().clone()
    }

    async fn fly(&self, id: &AccountId, flight: &Flight) -> Outcome {
        let outcome = self.refresh_alone(id).await;
        self.plan_retry(id, outcome.as_ref().err());
        flight.land(outcome.clone());
        outcome
    }

    async fn refresh_alone(&self, id: &AccountId) -> Outcome {
        let account = self.active_account(id).await?;
        let _at_work = self.begin(Work::Refreshing(id.clone()));
        let Some(secret) = self.ports.store.read(&EntryName::refresh(id)).await? else {
            if self.ports.store.read(&EntryName::access(id)).await?.is_none() {
                return Err(RefreshFailure::TokensMissing);
            }
            let (id, generation) = (id.clone(), account.generation);
            self.update(move |registry| registry.cannot_refresh(&id, generation)).await?;
            return Ok(Refreshed::NoRefreshToken);
        };
        let sent = RefreshToken::from(secret);
        match self.ports.userfront.refresh(&account.tenant, &sent).await {
            Ok(tokens) => self.store_refreshed(&account, tokens).await,
            Err(RefreshError::Failed(failure)) => Err(RefreshFailure::Server(failure)),
            Err(RefreshError::SessionOver { .. }) => self.refused(&account, sent).await,
        }
    }

    /// The server does not take a refresh token. Only of the one that is still held does that say anything: another program
    /// may have refreshed at the same time, at a server that takes each only once.
    async fn refused(&self, before: &Account, sent: RefreshToken) -> Outcome {
        let _lock = self.ports.registry.lock_account(&before.id).await?;
        let registry = self.ports.registry.read().await?;
        let Some(account) = registry.account(&before.id).filter(|now| is_same_log_in(now, before)) else {
            return Ok(Refreshed::TooLate);
        };
        let Some(held) = self.ports.store.read(&EntryName::refresh(&before.id)).await? else {
            return Ok(Refreshed::NoRefreshToken);
        };
        let sha256 = |token: RefreshToken| SessionToken::Refresh(token).sha256();
        if sha256(held.into()) != sha256(sent) {
            return Ok(Refreshed::Stored);
        }
        let (id, generation) = (account.id.clone(), account.generation);
        self.update(move |registry| registry.signed_out_by_server(&id, generation)).await?;
        tracing::info!(account = %account.id, "the server has ended the session");
        self.record(account, Event::SignedOutByServer, None).await;
        Ok(Refreshed::SignedOutByServer)
    }

    /// The access token of an account, refreshed first when it has expired, is about to, or is not in the keyring. It leaves
    /// the app here and nowhere else: for the command line's `token`. None leaves of a session that is known to be over.
    ///
    /// # Errors
    /// [`RefreshFailure`], when there is no token that is still valid.
    pub async fn access_token(&self, id: &AccountId) -> Result<AccessToken, RefreshFailure> {
        let account = self.active_account(id).await?;
        if account.signed_out_by_server {
            return Err(RefreshFailure::SessionOver);
        }
        let now = self.ports.clock.now();
        let access = EntryName::access(id);
        let is_there = self.ports.store.read(&access).await?.is_some();
        if account.access_expires_at.0 - now.0 <= ABOUT_TO_EXPIRE || !is_there {
            let serves = is_there && account.access_expires_at > now;
            match self.refresh(id).await {
                Ok(Refreshed::NoRefreshToken) if !serves => return Err(RefreshFailure::Expired),
                Ok(Refreshed::Stored | Refreshed::NoRefreshToken) => {}
                Ok(Refreshed::SignedOutByServer) => return Err(RefreshFailure::SessionOver),
                Ok(Refreshed::TooLate) => return Err(RefreshFailure::NotLoggedIn),
                Err(RefreshFailure::Server(_)) if account.ends_by_itself_at() <= now => {
                    return Err(RefreshFailure::Ended);
                }
                Err(failure) if !serves => return Err(failure),
                Err(failure) => {
                    tracing::warn!(account = %id, %failure, "not refreshed; still valid for a moment");
                }
            }
        }
        let token = self.ports.store.read(&access).await?;
        token.map(AccessToken::from).ok_or(RefreshFailure::TokensMissing)
    }

    pub(crate) async fn active_account(&self, id: &AccountId) -> Result<Account, RefreshFailure> {
        let registry = self.ports.registry.read().await?;
        let found = registry.account(id).filter(|account| account.phase == Phase::Active);
        found.cloned().ok_or(RefreshFailure::NotLoggedIn)
    }

    async fn store_refreshed(&self, before: &Account, tokens: Tokens) -> Result<Refreshed, RefreshFailure> {
        let lock = self.ports.registry.lock_account(&before.id).await?;
        let now = self.ports.registry.read().await?;
        let Some(account) = now.account(&before.id).filter(|now| is_same_log_in(now, before)) else {
            drop(lock);
            self.refuse_late(before, &tokens).await;
            return Ok(Refreshed::TooLate);
        };
        let expected = |claims: &Claims| claims.account == before.id && claims.session == before.session;
        let claims = match Claims::read(&before.tenant, &tokens) {
            Ok(claims) if expected(&claims) => claims,
            unexpected => {
                drop(lock);
                self.refuse_late(before, &tokens).await;
                return Err(unexpected.err().unwrap_or(Refused::Mixed).into());
            }
        };
        self.compare_clocks(&claims);
        let again_at = self.refresh_at(&claims);
        let (has_refresh, token) = (tokens.refresh.is_some(), SessionToken::Access(tokens.access.clone()));
        if let Some(refresh) = tokens.refresh {
            self.write_tokens(&EntryName::refresh(&before.id), &refresh.into_secret()).await?;
        }
        self.write_tokens(&EntryName::access(&before.id), &tokens.access.into_secret()).await?;
        let generation = account.generation;
        let (id, now, life) = (before.id.clone(), self.ports.clock.now(), claims.session_life);
        self.update(move |registry| {
            registry.refreshed(generation, claims, has_refresh, again_at);
            if has_refresh {
                registry.session_lasts(&id, generation, now, life);
            }
        })
        .await?;
        self.record(account, Event::Refreshed, Some(&token)).await;
        Ok(Refreshed::Stored)
    }
}

/// A log-out that did not take place has drawn a new generation: it is the same session that counts then.
fn is_same_log_in(now: &Account, before: &Account) -> bool {
    now.phase == Phase::Active && now.session == before.session
}
