//! Comparing the registry with the keyring, once after the registry began anew or was mended, or after a write to the keyring
//! that may have landed late: at the next start, when the keyring has been unlocked or is back, or before the next log-in,
//! whichever is first.
//!
//! The registry is the index of the keyring. When it was lost, the keyring may hold tokens that nobody accounts for, and
//! their sessions may be alive. Nobody knows any more whether the user was logged in or had just logged out, and a
//! log-out must not be undone by a damaged file: so these sessions are owed, like any other that is over here ([`pending`](crate::pending)).
//! What cannot be understood (a name of no known form, a token that cannot be read) is a remnant, by name. An account that is
//! listed, but with an older session than the keyring holds, [follows the keyring](crate::strays).
//!
//! Others may be at work meanwhile: what is found is looked at again under its account's lock. One entry that the keyring
//! does not give out keeps none of the others waiting; the comparison is then made again.
//!
//! At every start the other direction is looked at, too: an account whose tokens are gone is no longer logged in, and says so.
//!
//! Non-goals: guarding against somebody who changes the keyring while the app runs; the keyring is the user's own.

mod behind;

use crate::Accounts;
use crate::account::{AccountId, EntryName};
use crate::activity::Event;
use crate::log_in::NotStored;
use crate::ports::{Deletion, StoreError};
use crate::registry::{Phase, Registry, RegistryError};
use crate::strays::FOUND;
use crate::token::{SessionToken, unbundle};

pub(crate) use behind::account_behind;

impl Accounts {
    /// Owes or names every entry of ours that the registry does not account for. The keyring must be unlocked.
    pub(crate) async fn reconcile(&self) -> Result<(), NotStored> {
        if self.compare_with_keyring().await? {
            self.update(|registry| registry.reconciled = true).await?;
        }
        Ok(())
    }

    /// The same, but for writing down that it is done: whether there was need to.
    pub(crate) async fn compare_with_keyring(&self) -> Result<bool, NotStored> {
        let registry = self.ports.registry.read().await?;
        if registry.reconciled {
            return Ok(false);
        }
        let mut done = Ok(());
        for account in registry.accounts {
            done = done.and(self.bring_up_to_date(&account.id).await);
        }
        // First the keyring, then the registry: whatever is written meanwhile was in the registry before it was in the
        // keyring.
        let listed = self.ports.store.entries().await?;
        let registry = self.ports.registry.read().await?;
        let mut unknown: Vec<_> = listed.into_iter().filter(|entry| !is_known(&registry, entry)).collect();
        unknown.sort();
        unknown.dedup();
        for entry in unknown {
            done = done.and(self.account_for(entry).await);
        }
        done.map(|()| true)
    }

    async fn bring_up_to_date(&self, id: &AccountId) -> Result<(), NotStored> {
        let _lock = self.ports.registry.lock_account(id).await?;
        self.follow_keyring(id).await
    }

    /// Looks whether the tokens of every account that is logged in are there: somebody may have removed them, or a disk that
    /// was full kept a log-out from being written down.
    pub(crate) async fn look_for_tokens(&self) -> Result<(), NotStored> {
        // First the registry, then the keyring: who logs in meanwhile is not looked for, and who logs out has a later
        // generation.
        let accounts = self.ports.registry.read().await?.accounts;
        let listed = self.ports.store.entries().await?;
        let (mut done, mut without_tokens) = (Ok(()), Vec::new());
        for account in accounts.into_iter().filter(|account| account.phase == Phase::Active) {
            let missing = !account.entries().iter().any(|entry| listed.contains(entry));
            if missing {
                without_tokens.push((account.id.clone(), account.generation));
            }
            if missing != account.tokens_missing {
                tracing::warn!(account = %account.id, missing, "the tokens of an account are missing, or back");
                let told = self.update(move |registry| {
                    registry.tokens_are_missing(&account.id, account.generation, missing);
                });
                done = done.and(told.await);
            }
        }
        self.state().without_tokens = without_tokens;
        Ok(done?)
    }

    async fn account_for(&self, entry: EntryName) -> Result<(), NotStored> {
        let Some(tokens) = self.tokens_of_nobody(&entry).await? else {
            return self.name_what_is_left(entry).await;
        };
        let registry = self.ports.registry.read().await?;
        let Some(id) = account_behind(&registry, &entry, &tokens).map(|account| account.id) else {
            return self.name_what_is_left(entry).await;
        };
        let _lock = self.ports.registry.lock_account(&id).await?;
        // Whoever held the lock may have made it their own, and put other tokens there.
        let registry = self.ports.registry.read().await?;
        if is_known(&registry, &entry) {
            return Ok(());
        }
        let Some(tokens) = self.tokens_of_nobody(&entry).await? else {
            return self.name_what_is_left(entry).await;
        };
        let Some(account) = account_behind(&registry, &entry, &tokens).filter(|account| account.id == id)
        else {
            // Somebody is at work on it who holds another lock, or none.
            return Err(RegistryError::Busy.into());
        };
        let is_new = self.park_unreserved(&account, &tokens, FOUND).await?;
        tracing::warn!(account = %account.id, "a token that no account listed was found; its session is owed");
        if is_new {
            self.record(&account, Event::Found, tokens.first()).await;
        }
        if entry == account.revoke_entry {
            return Ok(());
        }
        match self.ports.store.delete(std::slice::from_ref(&entry)).await? {
            Deletion::Deleted | Deletion::AlreadyAbsent => Ok(()),
            Deletion::StillPresent(entries) => self.name_remnants_unless_known(entries).await,
        }
    }

    async fn tokens_of_nobody(&self, entry: &EntryName) -> Result<Option<Vec<SessionToken>>, StoreError> {
        Ok(self.ports.store.read(entry).await?.map(unbundle))
    }

    /// What was listed and holds nothing that can be understood: a remnant, if it is still there. Parts of a secret whose
    /// head is gone read as nothing, and are.
    async fn name_what_is_left(&self, entry: EntryName) -> Result<(), NotStored> {
        if !self.ports.store.entries().await?.contains(&entry) {
            return Ok(());
        }
        tracing::warn!(%entry, "an entry that cannot be understood is in the keyring");
        self.name_remnants_unless_known(vec![entry]).await
    }

    async fn name_remnants_unless_known(&self, mut entries: Vec<EntryName>) -> Result<(), NotStored> {
        let now = self.ports.clock.now();
        self.update(move |registry| {
            entries.retain(|entry| !is_known(registry, entry));
            registry.name_remnants(entries, now);
        })
        .await?;
        Ok(())
    }
}

/// A remnant is not: in a list that is behind, it may have become the entry of a log-in that the list knows nothing of.
fn is_known(registry: &Registry, entry: &EntryName) -> bool {
    registry.accounts.iter().any(|account| account.entries().contains(entry))
        || registry.pending_row(entry).is_some()
}
