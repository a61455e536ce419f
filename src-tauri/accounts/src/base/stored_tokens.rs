//! The tokens that an account holds in the keyring, read and written; and what is said of its session when it
//! holds none.

use secrecy::SecretString;

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::claims::session_of;
use crate::model::registry::{Account, LostSession};
use crate::model::session_tokens::unbundle;
use crate::model::token::{AccessToken, RefreshToken, SessionToken};
use crate::ports::StoreError;

/// A token and the entry in which it was found.
pub(crate) type StoredToken = (EntryName, SessionToken);

impl Accounts {
    pub(crate) async fn tokens_of(&self, entry: &EntryName) -> Result<Option<Vec<SessionToken>>, StoreError> {
        Ok(self.ports.store.read(entry).await?.map(unbundle))
    }

    /// The tokens of an account, all of them, the access token first. Empty when the keyring, unlocked, has
    /// none.
    pub(crate) async fn stored(&self, account: &Account) -> Result<Vec<StoredToken>, StoreError> {
        self.usable_store().await?;
        let mut stored = Vec::new();
        for entry in account.entries() {
            let tokens = self.tokens_in(account, &entry).await?;
            stored.extend(tokens.into_iter().map(|token| (entry.clone(), token)));
        }
        Ok(stored)
    }

    /// Whether the keyring answers and is open; else why not.
    pub(crate) async fn usable_store(&self) -> Result<(), StoreError> {
        self.look_at_store().await.usable()
    }

    /// Writes tokens into an entry. A write that hangs may land when nobody counts on it any more, beside a
    /// log-out of another program even after the entry was deleted: what the keyring lists is then compared
    /// with the registry as soon as the keyring is back.
    pub(crate) async fn write_tokens(
        &self,
        entry: &EntryName,
        tokens: &SecretString,
    ) -> Result<(), StoreError> {
        let written = self.ports.store.write(entry, tokens).await;
        if written == Err(StoreError::Hung) {
            let late = entry.clone();
            if let Err(error) = self.update(|registry| registry.write_may_be_late(late)).await {
                tracing::error!(%entry, %error, "a write that may land late is not looked for");
            }
            // Whoever watches the keyring learns that it hangs, and when it is back.
            self.look_at_store().await;
        }
        written
    }

    /// The tokens in one entry of an account.
    pub(crate) async fn tokens_in(
        &self,
        account: &Account,
        entry: &EntryName,
    ) -> Result<Vec<SessionToken>, StoreError> {
        let read = self.ports.store.read(entry).await;
        if read.is_err() {
            // For the view: how the keyring is now.
            self.look_at_store().await;
        }
        let Some(secret) = read? else { return Ok(Vec::new()) };
        Ok(if *entry == account.revoke_entry {
            unbundle(secret)
        } else if *entry == EntryName::refresh(&account.id) {
            vec![SessionToken::Refresh(RefreshToken::from(secret))]
        } else {
            vec![SessionToken::Access(AccessToken::from(secret))]
        })
    }
}

/// Those of the account's own session, and those that do not say whose they are.
pub(crate) fn own_tokens(account: &Account, tokens: Vec<SessionToken>) -> Vec<SessionToken> {
    let is_own = |token: &SessionToken| session_of(token).is_none_or(|session| session == account.session);
    tokens.into_iter().filter(is_own).collect()
}

pub(crate) fn tokens_of(stored: &[StoredToken]) -> Vec<SessionToken> {
    stored.iter().map(|(_, token)| token.clone()).collect()
}

/// Whether the server has said that the session of an account is over: then nothing of it is lost when its
/// tokens are gone.
pub(crate) fn is_known_to_be_over(account: &Account) -> bool {
    account.session_is_dead || account.signed_out_by_server
}

pub(crate) fn lost(account: &Account) -> LostSession {
    LostSession {
        account: account.id.clone(),
        account_name: account.called(),
        session: account.session.clone(),
        alive_until: account.session_ends_at,
    }
}
