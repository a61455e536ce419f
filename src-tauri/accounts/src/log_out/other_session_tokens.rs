//! Other-session tokens: tokens in an account's own entries that name another session.
//!
//! An account that logs in again has them for a moment. It has them for longer when the account list is
//! behind the keyring: it was mended from a copy that does not have the last log-in. And a refresh that can
//! write no list leaves its tokens in the reserved entry, for the next one. Before such tokens are deleted or
//! replaced, they move to the `revoke.` entry of their own session, which is queued; when the account is
//! logged out, to its superseded row, so that they are ended with it. A mended list is first [brought up to
//! date](Accounts::follow_keyring): the session in the keyring becomes the account's, and the older one is
//! queued for revocation or named as lost.
//!
//! Non-goals: tokens that name no session. They count as the account's.

use crate::base::Accounts;
use crate::base::stored_tokens::{StoredToken, is_known_to_be_over, lost, other_tokens, tokens_of};
use crate::log_out::revoke::Why;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Event;
use crate::model::claims::{Claims, expiry_of, is_refresh_token, session_of};
use crate::model::reason::Reason;
use crate::model::registry::{Account, Phase, Registry};
use crate::model::session_tokens::by_session;
use crate::model::tenant::SessionId;
use crate::model::timestamp::Timestamp;
use crate::model::token::{AccessToken, RefreshToken, SessionToken, Tokens};
use crate::ports::not_stored::NotStored;

/// The reason for queuing a session that only the keyring knew.
pub(crate) const FOUND: Why<'static> = Why::NotAsked(Reason::Found);

impl Accounts {
    /// Moves an account's other-session tokens to the entries of their own sessions. Under the account's
    /// lock.
    pub(crate) async fn keep_other_session_tokens(&self, account: &Account) -> Result<(), NotStored> {
        let stored = self.stored(account).await?;
        self.keep_other_sessions_among(account, &tokens_of(&stored)).await
    }

    pub(crate) async fn keep_other_sessions_among(
        &self,
        account: &Account,
        tokens: &[SessionToken],
    ) -> Result<(), NotStored> {
        let other_sessions = by_session(&other_tokens(account, tokens.to_vec()));
        if other_sessions.is_empty() {
            return Ok(());
        }
        let registry = self.ports.registry.read().await?;
        for tokens in other_sessions {
            let Some(session) = tokens.first().and_then(session_of) else { continue };
            if let Some(row) = registry.superseded(&account.id, &session) {
                self.keep_in(&row.entry, &for_superseded(tokens)).await?;
                continue;
            }
            match registry.queued(&account.id, &session) {
                Some(row) if row.is_dead => {}
                Some(row) => self.keep_in(&row.entry, &tokens).await?,
                // Boxed: the cases are rare and their futures large.
                None if account.phase == Phase::LoggingOut => {
                    Box::pin(self.supersede_other_session(account, session, tokens)).await?;
                }
                None => Box::pin(self.queue_other_session(account, session, &tokens)).await?,
            }
        }
        Ok(())
    }

    /// For an account that is logging out: its superseded sessions are ended with it. The row comes first, as
    /// in `queue_unreserved`.
    async fn supersede_other_session(
        &self,
        account: &Account,
        session: SessionId,
        tokens: Vec<SessionToken>,
    ) -> Result<(), NotStored> {
        let sha256 = tokens.first().map(SessionToken::sha256).unwrap_or_default();
        let registry = self.ports.registry.read().await?;
        let own = registry.superseded_of(&account.id).map(|row| row.entry.clone());
        let entry = own.unwrap_or_else(|| EntryName::superseded(&account.id, &session, &sha256));
        let other_session = Account { session, ..account.clone() };
        let life = Some(account.session_life);
        let row = self.superseded_row(&other_session, &entry, &tokens, FOUND, life);
        self.update(move |registry| registry.keep_superseded(row)).await?;
        self.keep_in(&entry, &for_superseded(tokens)).await?;
        tracing::warn!(account = %account.id, "a token of another session was found; it is superseded");
        Ok(())
    }

    async fn queue_other_session(
        &self,
        account: &Account,
        session: SessionId,
        tokens: &[SessionToken],
    ) -> Result<(), NotStored> {
        let sha256 = tokens.first().map(SessionToken::sha256).unwrap_or_default();
        let revoke_entry = EntryName::revoke(&account.id, &session, &sha256);
        let session_ends_at = tokens.iter().filter_map(expiry_of).max().unwrap_or(account.session_ends_at);
        let other_session = Account { session, revoke_entry, session_ends_at, ..account.clone() };
        if self.queue_unreserved(&other_session, tokens, FOUND).await? {
            tracing::warn!(account = %account.id, "a token of another session was found; it is queued");
            self.record(&other_session, Event::Found, tokens.first()).await;
        }
        Ok(())
    }

    /// For an account that was taken over and whose entries another list uses as well: that list's refresh
    /// may have given it another session. Under the refresh lock.
    pub(crate) async fn follow_another_copy(&self, account: Account) -> Result<Account, NotStored> {
        let id = &account.id;
        let token = self.tokens_in(&account, &EntryName::refresh(id)).await?;
        let Some(session) = token.first().and_then(session_of) else { return Ok(account) };
        if session == account.session || self.ports.registry.read().await?.has_held(&session) {
            return Ok(account);
        }
        let _lock = self.ports.registry.lock_account(id).await?;
        self.follow_keyring(id).await?;
        let registry = self.ports.registry.read().await?;
        Ok(registry.account(id).cloned().unwrap_or(account))
    }

    /// For an account in a mended list: if its entries hold another session than the list names, that one
    /// becomes the account's. The older one is queued or named as lost, as its own entry says. Under the
    /// account's lock.
    pub(crate) async fn follow_keyring(&self, id: &AccountId) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        let Some(account) = registry.account(id) else { return Ok(()) };
        let stored = self.stored(account).await?;
        let newer = (account.phase == Phase::Active).then(|| newer(&registry, account, &stored)).flatten();
        let account = match newer {
            Some(newer) => &self.replace_by_newer(account, newer, &stored).await?,
            None => account,
        };
        self.keep_other_sessions_among(account, &tokens_of(&stored)).await
    }

    /// In one write: every entry is accounted for at any moment.
    async fn replace_by_newer(
        &self,
        older: &Account,
        newer: Account,
        stored: &[StoredToken],
    ) -> Result<Account, NotStored> {
        tracing::warn!(account = %older.id, "the keyring holds a later session than the account list knew");
        let is_kept = stored.iter().any(|(_, token)| session_of(token).as_ref() == Some(&older.session));
        let queued = is_kept.then(|| self.pending_row(older, Why::NotAsked(Reason::LoggedInAgain)));
        let lost = (!is_kept && !is_known_to_be_over(older)).then(|| lost(older));
        let logging_in = newer.clone();
        self.update(move |registry| {
            let is_queued = |session: &SessionId| registry.queued(&logging_in.id, session).is_some();
            let queued = queued.filter(|row| !is_queued(&row.session));
            let lost = lost.filter(|lost| !is_queued(&lost.session));
            registry.begin_log_in(logging_in, queued);
            if let Some(lost) = lost {
                registry.lose(lost);
            }
        })
        .await?;
        Ok(newer)
    }
}

/// The account with the session that its access token names, if no stored token is of the listed session and
/// the new one is not queued.
fn newer(registry: &Registry, account: &Account, stored: &[StoredToken]) -> Option<Account> {
    let in_entry = |entry: EntryName| stored.iter().find(|(of, _)| *of == entry).map(|(_, token)| token);
    let access = in_entry(EntryName::access(&account.id))?;
    let refresh = in_entry(EntryName::refresh(&account.id));
    let is_listed = |token: &SessionToken| session_of(token).as_ref() == Some(&account.session);
    let session = session_of(access)?;
    if is_listed(access) || refresh.is_some_and(is_listed) || registry.queued(&account.id, &session).is_some()
    {
        return None;
    }
    if registry.superseded(&account.id, &session).is_some() {
        return None;
    }
    let refresh = refresh.filter(|token| session_of(token).as_ref() == Some(&session));
    let tokens = Tokens {
        access: AccessToken::new(access.secret()),
        id: None,
        refresh: refresh.map(|token| RefreshToken::new(token.secret())),
    };
    let claims = Claims::read(&account.tenant, &tokens).ok().filter(|claims| claims.account == account.id)?;
    Some(Account {
        revoke_entry: EntryName::revoke(&account.id, &session, &access.sha256()),
        session,
        access_expires_at: claims.access_expires_at,
        access_expires_here_at: Timestamp::default(),
        // When they were issued to us is not known: they are refreshed at once.
        refresh_at: tokens.refresh.is_some().then(Timestamp::default),
        access_life: claims.access_life().unwrap_or_default(),
        session_ends_at: claims.session_ends_at,
        session_ends_here_at: Timestamp::default(),
        session_life: claims.session_life,
        session_is_dead: false,
        tokens_missing: false,
        signed_out_by_server: false,
        ..account.clone()
    })
}

/// A superseded session is ended with its access token; its refresh token is kept only if there is no access
/// token.
fn for_superseded(tokens: Vec<SessionToken>) -> Vec<SessionToken> {
    let (refresh, access): (Vec<_>, Vec<_>) = tokens.into_iter().partition(is_refresh_token);
    if access.is_empty() { refresh } else { access }
}
