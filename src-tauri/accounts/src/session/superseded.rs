//! Superseded sessions: a refresh has given the account another session, and the one before may live on.
//!
//! It is not known whether a refresh at Userfront keeps the session ID. Each case is handled: the ID is kept;
//! a new session replaces the old one; both live; both belong to one family, and a log-out of any ends them
//! all. So the old session stays listed, and nothing is done that could end the new one:
//!
//! 1. Registry: the new session becomes the account's, the old one goes to the account's superseded row.
//! 2. Keyring: the old access token goes to the row's entry, and is read back.
//! 3. Only then the account's entries are overwritten, and the registry gets the tokens' expiry. The old
//!    refresh token is kept only without an old access token: it is then all that can end that session.
//! 4. The witnesses are asked once about the old access token, by the rule of
//!    [`evidence`](crate::log_out::evidence). *Over*: the session leaves the row. Any other answer proves
//!    nothing, and the row stays as it is.
//! 5. A session whose end has passed by the server's clock leaves the row at the next refresh.
//! 6. The account's log-out, or a new log-in, makes the row a pending revocation: then each of its sessions
//!    is ended.
//!
//! **A crash** after 1 or 2: the account's entries still hold the old tokens. The next start, or the next
//! refresh, makes the old session the account's again; the new one, whose tokens were lost with the process,
//! is named as lost. Once the new refresh token is written, the new session stays, and a refresh gets the
//! missing access token.
//!
//! One row an account. How many sessions it names depends on the server: as many as it gave, less those that
//! it refuses and those that have ended. A session that may be alive is never dropped on a guess.
//!
//! The entry is called `superseded.…` and not `revoke.…`: another data folder's list takes the latter for a
//! session that was logged out, and would end the family.

use crate::base::Accounts;
use crate::base::stored_tokens::lost;
use crate::log_out::evidence::{Finding, Written};
use crate::log_out::other_session_tokens::FOUND;
use crate::log_out::revoke::Why;
use crate::model::account::{AccountId, EntryName};
use crate::model::activity::Event;
use crate::model::claims::{Claims, session_of};
use crate::model::reason::Reason;
use crate::model::registry::{Account, PendingRevocation, Phase, Successor};
use crate::model::registry_error::RegistryError;
use crate::model::session_tokens::{bundle, unbundle};
use crate::model::tenant::SessionId;
use crate::model::token::{AccessToken, SessionToken};
use crate::ports::not_stored::NotStored;

const WHY: Why<'static> = Why::NotAsked(Reason::NewSession);

impl Accounts {
    /// Steps 1 and 2, under the account's lock: the session of `claims` replaces that of `before`. Returns
    /// the old access token, if it is there. `now` is the account as it is listed, with either session.
    pub(crate) async fn supersede(
        &self,
        now: &Account,
        before: &Account,
        claims: &Claims,
        new: &AccessToken,
    ) -> Result<Option<AccessToken>, NotStored> {
        let old = self.tokens_in(now, &EntryName::access(&now.id)).await?;
        let old = old.into_iter().find(|token| session_of(token).is_none_or(|named| named == before.session));
        let sha256 = SessionToken::Access(new.clone()).sha256();
        let revoke_entry = EntryName::revoke(&now.id, &claims.session, &sha256);
        let current =
            Account { session: claims.session.clone(), revoke_entry: revoke_entry.clone(), ..now.clone() };
        if now.session == before.session {
            tracing::info!(account = %now.id, "a refresh brought another session");
            let sha256 = old.as_ref().map(SessionToken::sha256).unwrap_or_default();
            let entry = EntryName::superseded(&now.id, &now.session, &sha256);
            let row = PendingRevocation { entry, ..self.pending_row(now, WHY) };
            let successor = Successor {
                account: now.id.clone(),
                generation: now.generation,
                session: claims.session.clone(),
                revoke_entry,
            };
            let at = self.ports.clock.now();
            self.update(move |registry| registry.supersede(successor, row, at)).await?;
            self.move_reserved(&now.revoke_entry, &current.revoke_entry).await?;
        }
        self.keep_other_session_tokens(&current).await?;
        Ok(old.map(|token| AccessToken::new(token.secret())))
    }

    async fn move_reserved(&self, from: &EntryName, to: &EntryName) -> Result<(), NotStored> {
        if from == to {
            return Ok(());
        }
        if let Some(left) = self.tokens_of(from).await?.filter(|left| !left.is_empty()) {
            self.keep_in(to, &left).await?;
        }
        let (still_there, at) = (self.delete_entry(from).await?, self.ports.clock.now());
        if !still_there.is_empty() {
            self.update(move |registry| registry.name_leftovers(still_there, at)).await?;
        }
        Ok(())
    }

    /// After a crash in the middle: the account gets back the session whose tokens it has. Under the refresh
    /// lock, or at a start.
    pub(crate) async fn settle_superseded(&self, account: &Account) -> Result<Account, NotStored> {
        let id = &account.id;
        // Rare: most accounts have no superseded session, or have their own tokens. They need no lock.
        if self.is_cut_off(id).await?.is_none() {
            return Ok(account.clone());
        }
        let _lock = self.ports.registry.lock_account(id).await?;
        let Some((now, token, session)) = self.is_cut_off(id).await? else { return Ok(account.clone()) };
        tracing::warn!(account = %id, "a refresh was cut off; the account has the session from before again");
        let revoke_entry = EntryName::revoke(id, &session, &token.sha256());
        let generation = now.generation;
        let back = Successor { account: id.clone(), generation, session, revoke_entry };
        let (lost, at) = (lost(&now), self.ports.clock.now());
        let registry =
            self.update_and_read(move |registry| registry.take_back_session(back, lost, at)).await?;
        Ok(registry.account(id).cloned().unwrap_or(now))
    }

    /// An account without tokens of its session, but with one of a superseded session.
    async fn is_cut_off(
        &self,
        id: &AccountId,
    ) -> Result<Option<(Account, SessionToken, SessionId)>, NotStored> {
        let registry = self.ports.registry.read().await?;
        let Some(account) = registry.account(id).filter(|account| account.phase == Phase::Active) else {
            return Ok(None);
        };
        if registry.superseded_of(id).is_none() {
            return Ok(None);
        }
        let mut older = None;
        for entry in account.entries() {
            for token in self.tokens_in(account, &entry).await? {
                match session_of(&token) {
                    Some(session) if session != account.session => older = older.or(Some((token, session))),
                    _ => return Ok(None),
                }
            }
        }
        let older = older.filter(|(_, session)| registry.superseded(id, session).is_some());
        Ok(older.map(|(token, session)| (account.clone(), token, session)))
    }

    /// A busy account is left to the next refresh.
    pub(crate) async fn settle_all_superseded(&self) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        for row in &registry.superseded {
            let Some(account) = registry.account(&row.account) else { continue };
            if let Err(error) = self.settle_superseded(account).await {
                tracing::warn!(account = %account.id, %error, "a refresh that was cut off is settled later");
            }
        }
        Ok(())
    }

    /// Step 4.
    pub(crate) fn ask_about_superseded(&self, older: &Account, token: AccessToken) {
        let (accounts, older) = (self.clone(), older.clone());
        self.background.spawn(async move {
            let stored = [SessionToken::Access(token)];
            match accounts.hear_witnesses(&older.tenant, older.id.mode(), &stored, Written::Memory).await.0 {
                Finding::Over { .. } => {
                    if let Err(error) = accounts.drop_superseded(&older.id, &older.session).await {
                        tracing::warn!(account = %older.id, %error, "a session that is over stays listed");
                    }
                }
                finding => tracing::info!(account = %older.id, ?finding, "a superseded session may live on"),
            }
        });
    }

    /// An entry of superseded sessions that the list does not have, or not with all of its sessions, under
    /// its account's lock. It goes to the account if that is logged in or has the entry; otherwise its
    /// sessions are queued for revocation. `account` is the one that its tokens name, with their latest
    /// session.
    pub(crate) async fn found_superseded(
        &self,
        account: &Account,
        entry: &EntryName,
        tokens: &[SessionToken],
    ) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        let listed = registry.account(&account.id).filter(|listed| listed.phase == Phase::Active);
        let row =
            self.superseded_row(account, entry, tokens, FOUND, listed.map(|listed| listed.session_life));
        let own = registry.superseded_of(&account.id).map(|row| row.entry.clone());
        if listed.is_none() && own.as_ref() != Some(entry) {
            self.update(move |registry| registry.queue_revocation(row)).await?;
            self.record(account, Event::Found, tokens.first()).await;
            return Ok(());
        }
        let another = own.filter(|own| own != entry);
        if let Some(another) = &another {
            self.keep_in(another, tokens).await?;
        }
        self.update(move |registry| registry.keep_superseded(row)).await?;
        if another.is_some() {
            let (entries, now) = (self.delete_entry(entry).await?, self.ports.clock.now());
            self.update(move |registry| registry.name_leftovers(entries, now)).await?;
        }
        Ok(())
    }

    /// First the row, then its entry: a token too many in the entry is ended like that of a dead session.
    async fn drop_superseded(&self, id: &AccountId, session: &SessionId) -> Result<(), NotStored> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let registry = self.ports.registry.read().await?;
        let Some(entry) = registry.superseded(id, session).map(|row| row.entry.clone()) else {
            return Ok(());
        };
        let (account, gone) = (id.clone(), session.clone());
        let registry =
            self.update_and_read(move |registry| registry.drop_superseded(&account, &gone)).await?;
        if registry.superseded_of(id).is_some() {
            let kept = self.ports.store.read(&entry).await?.map(unbundle).unwrap_or_default();
            let is_kept = |token: &SessionToken| session_of(token).as_ref() != Some(session);
            let kept: Vec<_> = kept.into_iter().filter(is_kept).collect();
            if !kept.is_empty() {
                self.write_tokens(&entry, &bundle(&kept)).await?;
            }
            return Ok(());
        }
        let (still_there, now) = (self.delete_entry(&entry).await?, self.ports.clock.now());
        self.update(move |registry| {
            registry.drop_pending(&entry);
            registry.name_leftovers(still_there, now);
        })
        .await?;
        Ok(())
    }
}
