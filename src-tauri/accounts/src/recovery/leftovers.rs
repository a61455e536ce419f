//! Leftover entries: the keyring did not delete them, and they are named to the user until they are gone.

use crate::base::Accounts;
use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::claims::session_of;
use crate::model::log_out_outcome::Deletion;
use crate::model::registry::{LeftoverEntry, Registry};
use crate::model::registry_error::RegistryError;
use crate::ports::not_stored::NotStored;
use crate::recovery::reconcile::account_behind;

impl Accounts {
    /// Tries again to delete them: at every start, and when the keyring has been unlocked.
    pub(crate) async fn retry_leftovers(&self) -> Result<(), RegistryError> {
        for leftover in &self.ports.registry.read().await?.leftovers {
            match self.retry_leftover(&leftover.entry).await {
                Ok(()) => {}
                Err(NotStored::Registry(error)) if error != RegistryError::Busy => return Err(error),
                Err(error) => {
                    tracing::warn!(entry = %leftover.entry, %error, "a leftover entry is still there");
                }
            }
        }
        Ok(())
    }

    /// Under the lock of the account that the entry may belong to by now.
    async fn retry_leftover(&self, entry: &EntryName) -> Result<(), NotStored> {
        let _lock = match self.owner_of(entry).await? {
            Some(id) => Some(self.ports.registry.lock_account(&id).await?),
            None => None,
        };
        let registry = self.ports.registry.read().await?;
        let Some(leftover) = registry.leftovers.iter().find(|other| other.entry == *entry) else {
            return Ok(());
        };
        if self.is_another_lists(&registry, leftover).await? {
            tracing::warn!(%entry, "another list of accounts has put its own token where one was left over");
        } else if let Deletion::StillPresent(_) = self.ports.store.delete(std::slice::from_ref(entry)).await?
        {
            tracing::warn!(%entry, "a leftover entry is still there");
            return Ok(());
        }
        let gone = entry.clone();
        self.update(move |registry| registry.leftovers.retain(|other| other.entry != gone)).await?;
        Ok(())
    }

    /// Whether the entry holds the token of a session that this list never had: it is foreign then, and
    /// stays.
    async fn is_another_lists(
        &self,
        registry: &Registry,
        leftover: &LeftoverEntry,
    ) -> Result<bool, NotStored> {
        if !leftover.sessions_are_known {
            return Ok(false);
        }
        let tokens = self.tokens_of(&leftover.entry).await?.unwrap_or_default();
        Ok(tokens.iter().filter_map(session_of).any(|session| !registry.has_held(&session)))
    }

    /// The account whose lock guards an entry, as far as its name or its tokens say.
    async fn owner_of(&self, entry: &EntryName) -> Result<Option<AccountId>, NotStored> {
        match entry.meaning() {
            Some(Listed::OfAccount(id)) => Ok(Some(id)),
            Some(Listed::OfRevocation { .. } | Listed::OfSuperseded { .. }) => {
                let Some(tokens) = self.tokens_of(entry).await? else { return Ok(None) };
                let registry = self.ports.registry.read().await?;
                Ok(account_behind(&registry, entry, &tokens).map(|account| account.id))
            }
            None => Ok(None),
        }
    }
}
