//! A log-in to an account whose entries in the keyring are foreign: it is refused, until the user has said
//! that their session is to be ended.

use crate::base::Accounts;
use crate::base::state::Replaceable;
use crate::model::account::{AccountId, EntryName};
use crate::model::claims::session_of;
use crate::model::link::FRESH_FOR;
use crate::model::registry::Registry;
use crate::model::token::SessionToken;
use crate::ports::StoreError;

impl Accounts {
    /// The next log-in replaces the foreign entries of its account, and queues their session for revocation:
    /// within 15 minutes and once, if it is to this account; of any account, as long as this process runs.
    pub fn may_replace_foreign(&self, account: Option<AccountId>) {
        let now = self.ports.clock.now();
        let replaceable = &mut self.state().replaceable;
        match (account, &mut *replaceable) {
            (None, _) => *replaceable = Replaceable::Any,
            (Some(account), Replaceable::Of(accounts)) => accounts.push((account, now)),
            (Some(_), Replaceable::Any) => {}
        }
    }

    /// The account has logged in: what lies there afterwards is another sign-in, and another question.
    pub(crate) fn has_replaced_foreign(&self, id: &AccountId) {
        if let Replaceable::Of(accounts) = &mut self.state().replaceable {
            accounts.retain(|(account, _)| account != id);
        }
    }

    /// Whether a log-in of this account would put its tokens in the place of foreign ones without having been
    /// told to. Under the account's lock.
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
