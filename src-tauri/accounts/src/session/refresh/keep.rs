//! The tokens of a refresh are stored, kept until they can be, left for the next refresh, or revoked.

use crate::base::refresh_outcome::Left;
use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::base::Accounts;
use crate::base::refresh_outcome::Outcome;
use crate::base::refresh_outcome::{RefreshFailure, Refreshed};
use crate::model::account::EntryName;
use crate::model::activity::{Event, Program};
use crate::model::claims::{Claims, Refused, is_refresh_token, issued_at_of, session_of};
use crate::model::registry::{Account, Phase};
use crate::model::registry_error::RegistryError;
use crate::model::session_tokens::unbundle;
use crate::model::token::{AccessToken, RefreshToken, SessionToken, Tokens};
use crate::ports::StoreError;
use crate::ports::not_stored::NotStored;
use crate::session::refresh::caller::Caller;

/// How long the command line tries to store new tokens. Its user waits; the app's does not.
const PATIENCE_OF_CLI: Duration = Duration::from_secs(30);
/// How often it is tried, if the keyring is not reported as usable.
const TRY_AGAIN: Duration = Duration::from_secs(5);

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForNextRefresh => f.write_str("They are in the keyring, and the next refresh uses them."),
            Self::Gone => f.write_str(
                "They could not be kept. The tokens from before are still in the keyring; if Userfront \
                 refuses them, log in again.",
            ),
            Self::OtherSession(rollback) => rollback.fmt(f),
        }
    }
}

impl Accounts {
    pub(crate) async fn keep_refreshed(
        &self,
        before: &Account,
        tokens: &Tokens,
        caller: &mut Caller,
    ) -> Outcome {
        let claims = match Claims::read_refreshed(&before.tenant, tokens, &before.session) {
            Ok(claims) if claims.account == before.id => claims,
            unexpected => {
                self.refuse_strange(before, tokens.for_revocation()).await?;
                return Err(unexpected.err().unwrap_or(Refused::Mixed).into());
            }
        };
        let (store, give_up) =
            (|| self.store_refreshed(before, tokens, &claims), || self.give_up(before, tokens, &claims));
        self.until_stored(before, caller, store, give_up).await
    }

    pub(crate) async fn until_stored<S, G>(
        &self,
        before: &Account,
        caller: &mut Caller,
        store: impl Fn() -> S,
        give_up: impl FnOnce() -> G,
    ) -> Outcome
    where
        S: Future<Output = Result<Refreshed, NotStored>>,
        G: Future<Output = Left>,
    {
        let begun_at = Instant::now();
        loop {
            let cause = match store().await {
                Ok(refreshed) => return Ok(refreshed),
                Err(cause) => cause,
            };
            tracing::warn!(account = %before.id, %cause, "new tokens are not stored yet");
            if self.program == Program::Cli && begun_at.elapsed() >= PATIENCE_OF_CLI {
                let left = give_up().await;
                tracing::error!(account = %before.id, %cause, %left, "new tokens were not stored");
                return Err(RefreshFailure::GivenUp { cause, left });
            }
            if self.program == Program::App {
                caller.is_told_early(cause.into());
            }
            self.look_at_store().await;
            tokio::select! {
                () = self.store_is_back.notified() => {}
                () = sleep(TRY_AGAIN) => {}
            }
        }
    }

    /// Can be repeated after a failure at any place.
    async fn store_refreshed(
        &self,
        before: &Account,
        tokens: &Tokens,
        claims: &Claims,
    ) -> Result<Refreshed, NotStored> {
        let lock = self.ports.registry.lock_account(&before.id).await?;
        let registry = self.ports.registry.read().await?;
        let Some(account) =
            registry.account(&before.id).filter(|now| takes(now, before, claims) && !self.is_hidden(now))
        else {
            drop(lock);
            self.refuse_late(before, tokens).await;
            return Ok(Refreshed::TooLate);
        };
        self.usable_store().await?;
        let again_at = self.refresh_at(claims);
        let superseded = if claims.session == before.session {
            None
        } else {
            self.supersede(account, before, claims, &tokens.access).await?
        };
        let (has_refresh, token) = (tokens.refresh.is_some(), SessionToken::Access(tokens.access.clone()));
        if let Some(refresh) = tokens.refresh.clone() {
            self.write_tokens(&EntryName::refresh(&before.id), &refresh.into_secret()).await?;
        }
        self.write_tokens(&EntryName::access(&before.id), &tokens.access.clone().into_secret()).await?;
        let (generation, stored) = (account.generation, claims.clone());
        let (id, now, life) = (before.id.clone(), self.ports.clock.now(), claims.session_life);
        self.update(move |registry| {
            registry.refreshed(generation, stored, has_refresh, again_at, now);
            if has_refresh {
                registry.session_lasts(&id, generation, now, life);
            }
        })
        .await?;
        self.record(account, Event::Refreshed, Some(&token)).await;
        drop(lock);
        if let Some(older) = superseded {
            self.ask_about_superseded(before, older);
        }
        Ok(Refreshed::Stored)
    }

    /// The tokens do not belong together, or to the account: sessions other than the account's are ended, or
    /// queued for revocation. The account's own stays as it is.
    pub(crate) async fn refuse_strange(
        &self,
        account: &Account,
        tokens: Vec<SessionToken>,
    ) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        for token in tokens {
            let Some(session) = session_of(&token) else { continue };
            if session != account.session && registry.superseded(&account.id, &session).is_none() {
                self.refuse_late_token(account, token).await;
            }
        }
        Ok(())
    }

    /// Leaves the tokens for the next refresh, in an entry that every log-out reads, too. If that fails, an
    /// unlisted session is ended, queued for revocation or named as lost.
    async fn give_up(&self, before: &Account, tokens: &Tokens, claims: &Claims) -> Left {
        match self.leave_for_next(before, tokens, claims).await {
            Ok(()) => Left::ForNextRefresh,
            Err(error) => {
                tracing::error!(account = %before.id, %error, "new tokens are not kept");
                if claims.session == before.session {
                    return Left::Gone;
                }
                Left::OtherSession(self.refuse_late(before, tokens).await)
            }
        }
    }

    /// Keeps the tokens in the reserved entry of the account as it is listed now, with either session. It has
    /// no lock, so it looks again: a log-out that began meanwhile may not have seen them.
    async fn leave_for_next(
        &self,
        before: &Account,
        tokens: &Tokens,
        claims: &Claims,
    ) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        let takes_them = |now: &&Account| takes(now, before, claims);
        let now = registry.account(&before.id).filter(takes_them).ok_or(RegistryError::Busy)?;
        self.keep_in(&now.revoke_entry, &tokens.for_revocation()).await?;
        let later = self.ports.registry.read().await?;
        let is_same = |later: &Account| later.revoke_entry == now.revoke_entry;
        let still = later.account(&before.id).filter(takes_them).is_some_and(is_same);
        if still { Ok(()) } else { Err(RegistryError::Busy.into()) }
    }

    /// Tokens that an earlier refresh had to leave: of one session, and newer than those that the account
    /// uses.
    pub(crate) async fn left_tokens(&self, account: &Account) -> Result<Option<Tokens>, StoreError> {
        let Some(left) = self.ports.store.read(&account.revoke_entry).await? else { return Ok(None) };
        let used = self.ports.store.read(&EntryName::access(&account.id)).await?;
        let used = used.map(|token| SessionToken::Access(token.into()));
        let used_since = used.as_ref().and_then(issued_at_of);
        let mut newer = unbundle(left);
        newer.retain(|token| {
            let is_other = session_of(token).is_some_and(|session| session != account.session);
            issued_at_of(token) > used_since || (is_other && issued_at_of(token) == used_since)
        });
        let newest =
            newer.iter().filter(|token| session_of(token).is_some()).max_by_key(|it| issued_at_of(it));
        let session = newest.and_then(session_of).unwrap_or_else(|| account.session.clone());
        newer.retain(|token| session_of(token).is_none_or(|other| other == session));
        let of_kind = |refreshes: bool| {
            let same = newer.iter().filter(|token| is_refresh_token(token) == refreshes);
            same.max_by_key(|token| issued_at_of(token)).map(SessionToken::secret)
        };
        let tokens = |access| Tokens {
            access: AccessToken::new(access),
            id: None,
            refresh: of_kind(true).map(RefreshToken::new),
        };
        Ok(of_kind(false).map(tokens))
    }

    pub(crate) async fn store_left(&self, account: &Account, left: Tokens, caller: &mut Caller) -> Outcome {
        tracing::info!(account = %account.id, "an earlier refresh has left its tokens");
        let stored = self.keep_refreshed(account, &left, caller).await?;
        let registry = self.ports.registry.read().await?;
        if let (Refreshed::Stored, Some(now)) = (stored, registry.account(&account.id)) {
            let (id, generation) = (now.id.clone(), now.generation);
            self.update(move |registry| registry.came_earlier(&id, generation)).await?;
            let tokens = self.tokens_in(now, &now.revoke_entry).await?;
            self.keep_other_sessions_among(now, &tokens).await?;
            let still_there = self.delete_entry(&now.revoke_entry).await?;
            if !still_there.is_empty() {
                tracing::warn!(account = %account.id, "stored tokens are in the reserved entry, too");
            }
        }
        Ok(stored)
    }
}

/// A failed log-out has drawn a new generation: so the session is compared. It is the new one already if the
/// tokens could be stored only in part.
fn takes(now: &Account, before: &Account, claims: &Claims) -> bool {
    now.phase == Phase::Active && (now.session == before.session || now.session == claims.session)
}
