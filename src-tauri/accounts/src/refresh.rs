//! Refreshing: new tokens for the same session, unless the account has logged out or in again meanwhile.
//!
//! The server is called without any lock; then the account's lock is taken, and the answer is stored only if the
//! account is still logged in with the session that it started from. Otherwise what was received is revoked: it must not
//! outlive a log-out.
//!
//! **When.** Ahead of expiry: at 80 % of an access token's life, a little earlier or later so that not all accounts come at once.
//! The moment is fixed when the tokens arrive, from their life alone and by this machine's clock: a clock that is set wrong does
//! not matter. The one timer is [`tend`](Accounts::tend)'s, which also serves what is owed; a program that has slept looks at
//! the clock again ([`woke`](Accounts::woke)). What fails is tried again by the [`backoff`]. Never for an
//! account that is logged out, and never while the keyring is locked.
//!
//! **Once.** Of several who want an account refreshed at the same time in one process, one asks and all have its result.
//!
//! **Clocks.** Tokens say when they were issued. If that is not about now, this machine's clock is wrong, and the user is told.

mod several;

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::account::{AccountId, EntryName};
use crate::activity::Event;
use crate::backoff;
use crate::claims::{Claims, Refused};
use crate::pending::Occasion;
use crate::ports::{CallFailure, RefreshError, StoreError, Timestamp};
use crate::registry::{Account, Phase, RegistryError};
use crate::token::{AccessToken, RefreshToken, SessionToken, Tokens};
use crate::{Accounts, Work};

/// An access token that expires within this is refreshed before it is given away, in seconds.
const ABOUT_TO_EXPIRE: i64 = 60;
/// Tokens that live shorter than this, in seconds, are refreshed when they are needed and not by the timer: it would poll.
const SHORTEST_LIFE: i64 = 5;
/// A clock may differ from the server's by this much before anybody is told, in seconds.
const CLOCKS_AGREE: i64 = 120;

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

type Outcome = Result<Refreshed, RefreshFailure>;

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
        self.fly(id, self.board(id)).await
    }

    fn board(&self, id: &AccountId) -> Boarding {
        let flight = self.state().flights.entry(id.clone()).or_default().clone();
        let before = flight.landed().0;
        Boarding { flight, before }
    }

    async fn fly(&self, id: &AccountId, Boarding { flight, before }: Boarding) -> Outcome {
        let _alone = flight.one_at_a_time.lock().await;
        if let (count, Some(outcome)) = flight.landed()
            && count > before
        {
            return outcome;
        }
        let outcome = self.refresh_alone(id).await;
        self.plan_retry(id, outcome.as_ref().err());
        flight.land(outcome.clone());
        outcome
    }

    async fn refresh_alone(&self, id: &AccountId) -> Outcome {
        let account = self.active_account(id).await?;
        let _at_work = self.begin(Work::Refreshing(id.clone()));
        let Some(secret) = self.ports.store.read(&EntryName::refresh(id)).await? else {
            let (id, generation) = (id.clone(), account.generation);
            self.update(move |registry| registry.cannot_refresh(&id, generation)).await?;
            return Ok(Refreshed::NoRefreshToken);
        };
        match self.ports.userfront.refresh(&account.tenant, &RefreshToken::from(secret)).await {
            Ok(tokens) => self.store_refreshed(&account, tokens).await,
            Err(RefreshError::Failed(failure)) => Err(RefreshFailure::Server(failure)),
            Err(RefreshError::SessionOver { .. }) => {
                let (id, generation) = (account.id.clone(), account.generation);
                self.update(move |registry| registry.signed_out_by_server(&id, generation)).await?;
                tracing::info!(account = %account.id, "the server has ended the session");
                self.record(&account, Event::SignedOutByServer, None).await;
                Ok(Refreshed::SignedOutByServer)
            }
        }
    }

    /// When to try again by ourselves, after a failure.
    fn plan_retry(&self, id: &AccountId, failure: Option<&RefreshFailure>) {
        let now = self.ports.clock.now();
        let mut state = self.state();
        let Some(failure) = failure else {
            state.refresh_retries.remove(id);
            return;
        };
        let retry_after = match failure {
            RefreshFailure::Server(failure) => failure.retry_after(),
            _ => None,
        };
        let retry = match state.refresh_retries.entry(id.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert((0, now)),
        };
        retry.0 = retry.0.saturating_add(1);
        retry.1 = backoff::after(now, retry.0, retry_after).next_try;
    }

    /// When the timer is to refresh an account; nothing, if it is not.
    pub(crate) fn refresh_due(&self, account: &Account) -> Option<Timestamp> {
        let can = account.phase == Phase::Active && !account.signed_out_by_server && !account.tokens_missing;
        let due = account.refresh_at.filter(|_| can)?;
        let retry = self.state().refresh_retries.get(&account.id).map(|(_, next)| *next);
        // A moment further ahead than the tokens live was written under another clock.
        let retry = retry.filter(|next| next.0 <= self.ports.clock.now().0 + backoff::LONGEST);
        Some(retry.map_or(due, |retry| retry.max(due)))
    }

    /// How long until the next account is to be refreshed.
    pub(crate) fn until_next_refresh(&self, accounts: &[Account]) -> Option<Duration> {
        let now = self.ports.clock.now();
        let due = accounts.iter().filter_map(|account| self.refresh_due(account)).min()?;
        Some(Duration::from_secs((due.0 - now.0).max(0).unsigned_abs()))
    }

    /// The machine has slept, or its clock was set: what is due may be something else.
    pub fn woke(&self) {
        self.owed_anew.notify_one();
    }

    /// The network has returned: tries what was tried in vain.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn network_returned(&self) -> Result<(), RegistryError> {
        self.state().refresh_retries.clear();
        self.owed_anew.notify_one();
        self.retry_pending(Occasion::Opportunity).await
    }

    /// When to refresh tokens that have arrived just now; nothing if they hardly live, or do not say how long.
    pub(crate) fn refresh_at(&self, claims: &Claims) -> Option<Timestamp> {
        let life = claims.access_expires_at.0.checked_sub(claims.issued_at?.0)?;
        if life < SHORTEST_LIFE {
            return None;
        }
        let wait = life.saturating_mul(fastrand::i64(75..=85)) / 100;
        Some(Timestamp(self.ports.clock.now().0.saturating_add(wait)))
    }

    /// Tokens that have arrived just now tell the server's time.
    pub(crate) fn compare_clocks(&self, claims: &Claims) {
        let Some(issued_at) = claims.issued_at else { return };
        let ahead = self.ports.clock.now().0.saturating_sub(issued_at.0);
        self.state().clock_ahead = (ahead.saturating_abs() > CLOCKS_AGREE).then_some(ahead);
    }

    /// The access token of an account, refreshed first when it has expired or is about to. It leaves the app here and
    /// nowhere else: for the command line's `token`.
    ///
    /// # Errors
    /// [`RefreshFailure`], when there is no token that is still valid; [`RefreshFailure::NotLoggedIn`] also when the keyring
    /// has none.
    pub async fn access_token(&self, id: &AccountId) -> Result<AccessToken, RefreshFailure> {
        let account = self.active_account(id).await?;
        let now = self.ports.clock.now();
        if account.access_expires_at.0 - now.0 <= ABOUT_TO_EXPIRE {
            match self.refresh(id).await {
                Ok(Refreshed::Stored | Refreshed::NoRefreshToken) => {}
                Ok(Refreshed::SignedOutByServer | Refreshed::TooLate) => {
                    return Err(RefreshFailure::NotLoggedIn);
                }
                Err(failure) if account.access_expires_at <= now => return Err(failure),
                Err(failure) => {
                    tracing::warn!(account = %id, %failure, "not refreshed; still valid for a moment");
                }
            }
        }
        let token = self.ports.store.read(&EntryName::access(id)).await?;
        token.map(AccessToken::from).ok_or(RefreshFailure::NotLoggedIn)
    }

    pub(crate) async fn active_account(&self, id: &AccountId) -> Result<Account, RefreshFailure> {
        let registry = self.ports.registry.read().await?;
        let found = registry.account(id).filter(|account| account.phase == Phase::Active);
        found.cloned().ok_or(RefreshFailure::NotLoggedIn)
    }

    async fn store_refreshed(&self, before: &Account, tokens: Tokens) -> Result<Refreshed, RefreshFailure> {
        let _lock = self.ports.registry.lock_account(&before.id).await?;
        let now = self.ports.registry.read().await?;
        // A log-out that did not take place has drawn a new generation: it is the same session that counts then.
        let same_log_in =
            |account: &&Account| account.phase == Phase::Active && account.session == before.session;
        let Some(account) = now.account(&before.id).filter(same_log_in) else {
            self.refuse_late(before, &tokens).await;
            return Ok(Refreshed::TooLate);
        };
        let expected = |claims: &Claims| claims.account == before.id && claims.session == before.session;
        let claims = match Claims::read(&before.tenant, &tokens) {
            Ok(claims) if expected(&claims) => claims,
            unexpected => {
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
        self.update(move |registry| registry.refreshed(generation, claims, has_refresh, again_at)).await?;
        self.record(account, Event::Refreshed, Some(&token)).await;
        Ok(Refreshed::Stored)
    }
}
