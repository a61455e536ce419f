//! Reads and writes the stored tokens of an account, and tells whether missing tokens are a lost session.

use secrecy::SecretString;

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::claims::{expiry_of, session_of};
use crate::model::registry::{Account, LostSession, OlderSession};
use crate::model::session_tokens::{by_session, unbundle};
use crate::model::token::{AccessToken, RefreshToken, SessionToken};
use crate::ports::StoreError;

pub(crate) type StoredToken = (EntryName, SessionToken);

impl Accounts {
    pub(crate) async fn tokens_of(&self, entry: &EntryName) -> Result<Option<Vec<SessionToken>>, StoreError> {
        Ok(self.ports.store.read(entry).await?.map(unbundle))
    }

    /// All stored tokens of an account, the access token first. Empty when the keyring, unlocked, has none.
    pub(crate) async fn stored(&self, account: &Account) -> Result<Vec<StoredToken>, StoreError> {
        let read = self.ports.store.read_all(&account.entries()).await;
        if read.is_err() {
            // Updates the keyring's status for the view.
            self.look_at_store().await;
        }
        let tokens = |(entry, secret): (EntryName, SecretString)| {
            let tokens = tokens_from(account, &entry, secret);
            tokens.into_iter().map(move |token| (entry.clone(), token))
        };
        Ok(read?.into_iter().flat_map(tokens).collect())
    }

    pub(crate) async fn usable_store(&self) -> Result<(), StoreError> {
        self.look_at_store().await.usable()
    }

    /// A write that hangs may take effect much later, even after another program's log-out has deleted the
    /// entry. So the keyring is compared with the registry as soon as it is back.
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
            // Updates the keyring's status, which is watched: it hangs now.
            self.look_at_store().await;
        }
        written
    }

    pub(crate) async fn tokens_in(
        &self,
        account: &Account,
        entry: &EntryName,
    ) -> Result<Vec<SessionToken>, StoreError> {
        let read = self.ports.store.read(entry).await;
        if read.is_err() {
            // Updates the keyring's status for the view.
            self.look_at_store().await;
        }
        Ok(read?.map(|secret| tokens_from(account, entry, secret)).unwrap_or_default())
    }
}

fn tokens_from(account: &Account, entry: &EntryName, secret: SecretString) -> Vec<SessionToken> {
    if *entry == account.revoke_entry {
        unbundle(secret)
    } else if *entry == EntryName::refresh(&account.id) {
        vec![SessionToken::Refresh(RefreshToken::from(secret))]
    } else {
        vec![SessionToken::Access(AccessToken::from(secret))]
    }
}

/// The tokens of the account's own session, and those that name no session.
pub(crate) fn own_tokens(account: &Account, tokens: Vec<SessionToken>) -> Vec<SessionToken> {
    let is_own = |token: &SessionToken| session_of(token).is_none_or(|session| session == account.session);
    tokens.into_iter().filter(is_own).collect()
}

/// The tokens of other sessions than the account's.
pub(crate) fn other_tokens(account: &Account, tokens: Vec<SessionToken>) -> Vec<SessionToken> {
    let is_other = |token: &SessionToken| session_of(token).is_some_and(|it| it != account.session);
    tokens.into_iter().filter(is_other).collect()
}

/// The sessions that these tokens name, and when the last token of each expires.
pub(crate) fn sessions_of(tokens: &[SessionToken]) -> Vec<OlderSession> {
    let session = |of_session: Vec<SessionToken>| {
        let session = of_session.iter().find_map(session_of)?;
        let ends_at = of_session.iter().filter_map(expiry_of).max()?;
        Some(OlderSession { session, ends_at })
    };
    by_session(tokens).into_iter().filter_map(session).collect()
}

pub(crate) fn tokens_of(stored: &[StoredToken]) -> Vec<SessionToken> {
    stored.iter().map(|(_, token)| token.clone()).collect()
}

/// Whether the server has said that the account's session is over. Then no session is lost with its tokens.
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
