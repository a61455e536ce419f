//! Finds foreign entries by their names alone.

use std::collections::HashSet;

use crate::base::Accounts;
use crate::base::listing::Listing;
use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::registry::Registry;
use crate::ports::StoreStatus;
use crate::ports::not_stored::NotStored;

/// An entry of ours in the keyring that this list does not account for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignEntry {
    /// The entry's name.
    pub entry: EntryName,
    /// The account that the name says; `None` if the name has another form.
    pub account: Option<AccountId>,
    /// Whether the user left it as it is.
    pub is_left: bool,
}

/// As of the last listing of the keyring.
#[derive(Debug, Default)]
pub(crate) struct Foreign {
    pub(crate) entries: Vec<EntryName>,
    pub(crate) generation: u64,
}

impl Foreign {
    /// The entries that are still foreign: an account may have been taken over or logged out since.
    pub(crate) fn still(&mut self, registry: &Registry) -> Vec<ForeignEntry> {
        let generation = self.generation;
        self.entries.retain(|entry| {
            let was_logged_out = match entry.meaning() {
                Some(Listed::OfAccount(id)) => registry.logged_out_since(&id, generation),
                Some(Listed::OfRevocation { .. } | Listed::OfSuperseded { .. }) | None => false,
            };
            !was_logged_out && !registry.accounts_for(entry)
        });
        let named = |entry: &EntryName| ForeignEntry {
            entry: entry.clone(),
            account: account_of(entry),
            is_left: registry.left_entries.contains(entry),
        };
        self.entries.iter().map(named).collect()
    }
}

fn account_of(entry: &EntryName) -> Option<AccountId> {
    match entry.meaning()? {
        Listed::OfAccount(id) => Some(id),
        Listed::OfRevocation { .. } | Listed::OfSuperseded { .. } => None,
    }
}

impl Accounts {
    /// Lists the keyring, unless `listed` still holds, and remembers which entries are foreign or under an
    /// earlier service. Reads no secret and changes nothing in the keyring.
    pub(crate) async fn name_foreign(&self, listed: &mut Option<Listing>) -> Result<(), NotStored> {
        self.name_foreign_here(listed).await?;
        let elsewhere = self.ports.store.entries_elsewhere().await?;
        let before = std::mem::replace(&mut self.state().elsewhere, elsewhere.clone());
        if before != elsewhere {
            self.ports.observer.changed();
        }
        Ok(())
    }

    async fn name_foreign_here(&self, listed: &mut Option<Listing>) -> Result<(), NotStored> {
        let Listing { registry, entries, .. } = self.list(listed).await?;
        // A locked entry may be missing from the list.
        let is_gone = |entry: &EntryName| !entries.contains(entry);
        if self.store_status() == StoreStatus::Ok && registry.ended_elsewhere.iter().any(is_gone) {
            let there = entries.clone();
            self.update(move |registry| registry.forget_absent(&there)).await?;
        }
        let known: HashSet<_> = registry.known_entries().collect();
        let mut foreign: Vec<_> = entries.difference(&known).cloned().collect();
        foreign.sort();
        let is_new = {
            let state = &mut self.state().foreign;
            let is_new = state.entries != foreign;
            *state = Foreign { entries: foreign, generation: registry.generation };
            is_new
        };
        if is_new {
            self.ports.observer.changed();
        }
        Ok(())
    }

    /// The same after a change. If the keyring cannot be listed now, the next start does it.
    pub(crate) async fn name_foreign_again(&self) {
        if let Err(error) = self.name_foreign(&mut None).await {
            tracing::warn!(%error, "the foreign entries in the keyring were not named");
        }
    }
}
