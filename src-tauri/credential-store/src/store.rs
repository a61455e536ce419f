//! The port's promises on any [`Vault`]: a deletion counts only when the entry can no longer be found.

use std::collections::BTreeSet;
use std::time::Duration;

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{StoreError, StoreStatus};
use secrecy::SecretString;

use crate::split;
use crate::vault::Vault;

pub(crate) struct Store {
    vault: Box<dyn Vault>,
    limit: usize,
}

impl Store {
    pub(crate) fn new(vault: Box<dyn Vault>, limit: usize) -> Self {
        Self { vault, limit }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.vault.name()
    }

    pub(crate) fn status(&mut self) -> StoreStatus {
        self.vault.status()
    }

    pub(crate) fn unlock(&mut self, limit: Duration) -> StoreStatus {
        self.vault.unlock(limit)
    }

    pub(crate) fn allow_questions(&mut self) {
        self.vault.allow_questions();
    }

    pub(crate) fn read(&mut self, entry: &EntryName) -> Result<Option<SecretString>, StoreError> {
        let value = split::read(&mut *self.vault, entry.as_str())?;
        // The value is ASCII, so nothing is lost.
        Ok(value.map(|bytes| SecretString::from(&*String::from_utf8_lossy(&bytes))))
    }

    pub(crate) fn read_all(
        &mut self,
        entries: &[EntryName],
    ) -> Result<Vec<(EntryName, SecretString)>, StoreError> {
        let names: Vec<_> = entries.iter().map(EntryName::as_str).collect();
        // Where a list is needed to tell, each read tells as well.
        let present = if split::splits(self.limit) { None } else { Some(self.vault.present(&names)?) };
        let may_be_there = |entry: &&EntryName| {
            present.as_ref().is_none_or(|names| names.iter().any(|it| it == entry.as_str()))
        };
        let mut read = Vec::new();
        for entry in entries.iter().filter(may_be_there) {
            if let Some(secret) = self.read(entry)? {
                read.push((entry.clone(), secret));
            }
        }
        Ok(read)
    }

    pub(crate) fn write(&mut self, entry: &EntryName, secret: &str) -> Result<(), StoreError> {
        split::write(&mut *self.vault, entry.as_str(), secret, self.limit)
    }

    pub(crate) fn delete(&mut self, entries: &[EntryName]) -> Result<Deletion, StoreError> {
        let listed = if split::splits(self.limit) { self.vault.list()? } else { Vec::new() };
        let mut found = false;
        for entry in entries {
            let mut items = split::items_of(entry.as_str(), &listed);
            found |= !items.is_empty();
            if items.first().is_none_or(|item| item != entry.as_str()) {
                // Not listed, but deleted all the same, in case the list is wrong.
                items.insert(0, entry.as_str().to_owned());
            }
            for item in items {
                match self.vault.delete(&item) {
                    Ok(was_there) => found |= was_there,
                    Err(StoreError::Refused(reason)) => {
                        found = true;
                        tracing::warn!(entry = item, reason, "the keyring refused to delete");
                    }
                    Err(StoreError::Hung) => {
                        found = true;
                        tracing::warn!(entry = item, "the keyring asks the user whether to delete");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        let still = self.still_there(entries)?;
        Ok(match (still.is_empty(), found) {
            (false, _) => Deletion::StillPresent(still),
            (true, true) => Deletion::Deleted,
            (true, false) => Deletion::AlreadyAbsent,
        })
    }

    fn still_there(&mut self, entries: &[EntryName]) -> Result<Vec<EntryName>, StoreError> {
        let names: Vec<_> = entries.iter().map(EntryName::as_str).collect();
        let listed =
            if split::splits(self.limit) { self.vault.list()? } else { self.vault.present(&names)? };
        let left = |entry: &&EntryName| !split::items_of(entry.as_str(), &listed).is_empty();
        Ok(entries.iter().filter(left).cloned().collect())
    }

    pub(crate) fn entries(&mut self) -> Result<Vec<EntryName>, StoreError> {
        let names: BTreeSet<String> =
            self.vault.list()?.iter().map(|item| split::entry_of(item).to_owned()).collect();
        Ok(names.into_iter().map(EntryName::listed).collect())
    }
}
