//! A log-in to an account whose entries in the keyring are foreign: refused until the user agrees to end
//! their session.

use crate::base::Accounts;
use crate::base::state::Replaceable;
use crate::model::account::{AccountId, EntryName};
use crate::model::claims::session_of;
use crate::model::link::FRESH_FOR;
use crate::model::registry::Registry;
use crate::model::session_tokens::unbundle;
use crate::model::token::SessionToken;
use crate::ports::StoreError;

impl Accounts {
    /// Allows the next log-in to replace the foreign entries of its account, and to queue their session for
    /// revocation. For one account: once, within 15 minutes. For any account: as long as this process runs.
    pub fn may_replace_foreign(&self, account: Option<AccountId>) {
        let now = self.ports.clock.now();
        let replaceable = &mut self.state().replaceable;
        match (account, &mut *replaceable) {
            (None, _) => *replaceable = Replaceable::Any,
            (Some(account), Replaceable::Of(accounts)) => accounts.push((account, now)),
            (Some(_), Replaceable::Any) => {}
        }
    }

    /// The account has logged in: foreign entries found later need another permission.
    pub(crate) fn has_replaced_foreign(&self, id: &AccountId) {
        if let Replaceable::Of(accounts) = &mut self.state().replaceable {
            accounts.retain(|(account, _)| account != id);
        }
    }

    /// Whether a log-in of this account would replace foreign tokens without permission. Under the account's
    /// lock.
    pub(crate) async fn would_replace_foreign(
        &self,
        registry: &Registry,
        id: &AccountId,
    ) -> Result<bool, StoreError> {
        let now = self.ports.clock.now();
        let may = match &self.state().replaceable {
            Replaceable::Of(accounts) => accounts
                .iter()
                .any(|(account, at)| account == id && (0..=FRESH_FOR).contains(&(now.0 - at.0))),
            Replaceable::Any => true,
        };
        // An account of this list may have other-session tokens in its entries; those are its own.
        if may || registry.account(id).is_some() {
            return Ok(false);
        }
        let is_own = |token: SessionToken| session_of(&token).is_some_and(|it| registry.has_held(&it));
        let read = self.ports.store.read_all(&[EntryName::access(id), EntryName::refresh(id)]).await?;
        Ok(!read.into_iter().flat_map(|(_, secret)| unbundle(secret)).all(is_own))
    }
}
