//! A log-in to an account whose entries in the keyring are foreign: it is refused, until the user has said that their
//! session is to be ended.

use crate::Accounts;
use crate::account::{AccountId, EntryName};
use crate::claims::session_of;
use crate::ports::StoreError;
use crate::registry::Registry;
use crate::token::SessionToken;

/// Which foreign entries a log-in may replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replaceable {
    /// Those of these accounts.
    Of(Vec<AccountId>),
    /// All.
    Any,
}

impl Default for Replaceable {
    fn default() -> Self {
        Self::Of(Vec::new())
    }
}

impl Accounts {
    /// From now on a log-in replaces the foreign entries of its account, and queues their session for revocation: of this
    /// account, or of any. Until this process ends.
    pub fn may_replace_foreign(&self, account: Option<AccountId>) {
        let replaceable = &mut self.state().replaceable;
        match (account, &mut *replaceable) {
            (None, _) => *replaceable = Replaceable::Any,
            (Some(account), Replaceable::Of(accounts)) => accounts.push(account),
            (Some(_), Replaceable::Any) => {}
        }
    }

    /// Whether a log-in of this account would put its tokens in the place of foreign ones without having been told to. Under
    /// the account's lock.
    pub(crate) async fn would_replace_foreign(
        &self,
        registry: &Registry,
        id: &AccountId,
    ) -> Result<bool, StoreError> {
        let may = match &self.state().replaceable {
            Replaceable::Of(accounts) => accounts.contains(id),
            Replaceable::Any => true,
        };
        // An account of this list may have other sessions' tokens in its entries; those are its own.
        if may || registry.account(id).is_some() {
            return Ok(false);
        }
        for entry in [EntryName::access(id), EntryName::refresh(id)] {
            let tokens = self.tokens_of(&entry).await?.unwrap_or_default();
            let is_own = |token: &SessionToken| session_of(token).is_some_and(|it| registry.has_held(&it));
            if !tokens.iter().all(is_own) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
