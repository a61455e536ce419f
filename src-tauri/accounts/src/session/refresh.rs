//! Refreshing: new tokens for an account, unless it has logged out or in again meanwhile.
//!
//! ```text
//! refresh lock ─► changed meanwhile? ──yes──► those tokens are used; no call
//!       └─ no ─► keyring usable? ─► auth/refresh ─► account's lock ─► still this log-in? ──no──► revoked
//!                                                        │                   └─ yes ─► stored
//!                                                        └─ busy, or keyring locked ─► kept in memory
//! ```
//!
//! **One at a time, across processes.** A server may accept each refresh token once, and end the session if
//! one comes a second time. So a refresh holds the account's *refresh lock* from before the refresh token is
//! read until the new one is stored. It is taken before the account's lock and never while that is held; a
//! log-out takes only the account's. A caller that had to wait first checks whether the tokens have changed
//! since its request. Waiting ends after 20 s, since the other program may be stopped. No refresh bypasses
//! the lock ([`RefreshFailure::Elsewhere`] names the program that has it). Within a process, callers share a
//! refresh (`single_flight.rs`); `one_refresh.rs` is the refresh itself.
//!
//! **Received tokens are never dropped** (`keep.rs`). The refresh runs to its end in the background, even if
//! its callers stop waiting. It waits for the account's lock, the keyring and the disk without limit, with
//! the tokens in memory; the command line gives up after 30 s, and reports the outcome. They are
//! revoked only if the account has logged out or in again. A refresh token without an access token is kept as
//! well (`without_access.rs`).
//!
//! **The session may be another one afterwards**: nothing here relies on a server that keeps its ID
//! ([`superseded`](crate::session::superseded)).
//!
//! **When** to refresh is decided in `schedule.rs`.

mod caller;
mod keep;
mod one_refresh;
mod schedule;
mod several;
mod single_flight;
mod without_access;

use secrecy::SecretString;

use crate::base::Accounts;
use crate::base::refresh_outcome::{RefreshFailure, Refreshed};
use crate::model::account::{AccountId, EntryName};
use crate::model::claims::{expiry_of, session_of};
use crate::model::registry::{Account, Phase};
use crate::model::token::{AccessToken, SessionToken};
use crate::ports::StoreError;

/// In seconds. An access token that expires within this time is refreshed before it is given away.
const ABOUT_TO_EXPIRE: i64 = 60;

impl Accounts {
    /// The access token of an account, refreshed first when it has expired, is about to, or is not in the
    /// keyring. This is the only place where a token leaves the app: for the command line's `token`, and for
    /// the window's clipboard. The token of a session that is known to be over is not returned.
    ///
    /// # Errors
    /// [`RefreshFailure`], when there is no valid token.
    pub async fn access_token(&self, id: &AccountId) -> Result<AccessToken, RefreshFailure> {
        let account = self.active_account(id).await?;
        if account.signed_out_by_server {
            return Err(RefreshFailure::SessionOver);
        }
        let now = self.ports.clock.now();
        let access = EntryName::access(id);
        let is_there = self.ports.store.read(&access).await?.and_then(readable).is_some();
        // If the clock was set since, the token's age is unknown in a later run.
        let is_about_to_expire =
            account.access_expires(now).0 - now.0 <= ABOUT_TO_EXPIRE || account.is_of_another_clock(now);
        if is_about_to_expire || !is_there || self.is_of_older_session(&account).await? {
            let serves = is_there && account.access_expires(now) > now;
            match self.refresh(id).await {
                Ok(Refreshed::NoRefreshToken) if !serves => return Err(RefreshFailure::Expired),
                Ok(Refreshed::Stored | Refreshed::NoRefreshToken) => {}
                Ok(Refreshed::SignedOutByServer) => return Err(RefreshFailure::SessionOver),
                // If the account has logged in again meanwhile, there is another token.
                Ok(Refreshed::TooLate) => {
                    self.active_account(id).await?;
                }
                Err(RefreshFailure::Server(_) | RefreshFailure::WithoutDomain)
                    if account.ends_by_itself_at() <= now =>
                {
                    return Err(RefreshFailure::Ended);
                }
                Err(failure) if !serves => return Err(failure),
                Err(failure) => {
                    tracing::warn!(account = %id, %failure, "not refreshed; still valid for a moment");
                }
            }
        }
        let token = self.ports.store.read(&access).await?;
        token.and_then(readable).ok_or(RefreshFailure::TokensMissing)
    }

    /// An interrupted refresh has left the access token of the session that it superseded.
    async fn is_of_older_session(&self, account: &Account) -> Result<bool, StoreError> {
        let token = self.ports.store.read(&EntryName::access(&account.id)).await?;
        let session = token.and_then(|token| session_of(&SessionToken::Access(token.into())));
        Ok(session.is_some_and(|session| session != account.session))
    }

    pub(crate) async fn active_account(&self, id: &AccountId) -> Result<Account, RefreshFailure> {
        let registry = self.ports.registry.read().await?;
        let found = registry.account(id).filter(|account| account.phase == Phase::Active);
        found.cloned().ok_or(RefreshFailure::NotLoggedIn)
    }
}

/// A failed log-out has drawn a new generation: so the session is compared.
fn is_same_log_in(now: &Account, before: &Account) -> bool {
    now.phase == Phase::Active && now.session == before.session
}

/// The entry's content, if it is an access token: a foreign secret must not leave the app.
fn readable(secret: SecretString) -> Option<AccessToken> {
    let token = AccessToken::from(secret);
    expiry_of(&SessionToken::Access(token.clone())).map(|_| token)
}
