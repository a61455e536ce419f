//! Erasing every trace of this list of accounts, for uninstalling: its entries in the keyring, and our files.
//!
//! Log out first: this ends no session. What the keyring holds of another list is [foreign](crate::foreign), and stays. Only
//! files with names of ours are removed; a folder goes when nothing else is in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Accounts;
use crate::account::EntryName;
use crate::claims::session_of;
use crate::files;
use crate::log_in::NotStored;
use crate::ports::{Deletion, StoreError, StoreStatus};
use crate::registry::{Registry, file};
use crate::service_name;
use crate::token::SessionToken;

/// What became of the entries in the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedEntries {
    /// Of this list's own.
    pub deletion: Deletion,
    /// What was there besides, and is still: it is not this list's.
    pub foreign: Vec<EntryName>,
}

impl Accounts {
    /// Deletes every entry that this list accounts for, or whose session it once held, and looks whether it is gone.
    ///
    /// # Errors
    /// When the keyring is locked, hung or out of reach, or the list cannot be read.
    pub async fn erase_entries(&self) -> Result<ErasedEntries, NotStored> {
        match self.look_at_store().await {
            StoreStatus::Ok => {}
            StoreStatus::Locked => return Err(StoreError::Locked.into()),
            StoreStatus::Hung => return Err(StoreError::Hung.into()),
            StoreStatus::Unavailable(why) => return Err(StoreError::Unavailable(why).into()),
        }
        let registry = self.ports.registry.read().await?;
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for entry in self.ports.store.entries().await? {
            if self.is_own(&registry, &entry).await? {
                own.push(entry);
            } else {
                foreign.push(entry);
            }
        }
        Ok(ErasedEntries { deletion: self.ports.store.delete(&own).await?, foreign })
    }

    async fn is_own(&self, registry: &Registry, entry: &EntryName) -> Result<bool, StoreError> {
        if registry.pending_row(entry).is_some_and(|row| row.of_another_list) {
            return Ok(false);
        }
        if registry.ended_elsewhere.contains(entry) {
            return Ok(false);
        }
        if registry.accounts_for(entry) {
            return Ok(true);
        }
        let tokens = self.tokens_of(entry).await?.unwrap_or_default();
        let was_held = |token: &SessionToken| session_of(token).is_some_and(|it| registry.has_held(&it));
        Ok(!tokens.is_empty() && tokens.iter().all(was_held))
    }
}

/// Removes our files from the data folder, and the folder if nothing else is in it. What was removed.
///
/// # Errors
/// When a file cannot be removed; those before it are.
pub fn erase_files(home: &Path) -> io::Result<Vec<PathBuf>> {
    let mut removed = Vec::new();
    for folder in [home.join("logs"), home.to_owned()] {
        let Some(names) = names_in(&folder)? else { continue };
        let is_log_folder = folder != home;
        for path in names.into_iter().filter(|path| is_ours(path, is_log_folder)) {
            fs::remove_file(&path)?;
            removed.push(path);
        }
        if names_in(&folder)?.is_some_and(|left| left.is_empty()) {
            fs::remove_dir(&folder)?;
            removed.push(folder);
        }
    }
    Ok(removed)
}

fn names_in(folder: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>().map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_ours(path: &Path, is_log: bool) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let between = |start: &str, end: &str| name.starts_with(start) && name.ends_with(end);
    if is_log {
        return between("userfront", ".log");
    }
    file::is_ours(name)
        || service_name::is_ours(name)
        || files::is_unfinished(name, crate::settings::NAME)
        || [crate::settings::NAME, crate::activity::NAME, crate::activity::OLDER, crate::activity::LOCK]
            .contains(&name)
        || between("userfront-accounts-activity", ".json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_goes() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        fs::create_dir_all(folder.join("logs")).unwrap();
        let ours = [
            "accounts.json",
            "accounts.last-good.json",
            "accounts.damaged-1800000000.json",
            "accounts.lock",
            ".accounts.json.k3Jq0Z",
            ".settings.json.k3Jq0Z",
            "account-0123456789abcdef01234567.lock",
            "settings.json",
            "keyring-service",
            ".keyring-service.123",
            "activity.jsonl",
            "activity.1.jsonl",
            "activity.lock",
            "logs/userfront-accounts.2026-11-22.log",
            "logs/userfront.2026-11-22.log",
        ];
        let theirs = [".accounts.jsonl", "holiday.jpg"];
        for name in ours {
            fs::write(folder.join(name), "").unwrap();
        }
        for name in theirs {
            fs::write(folder.join(name), "").unwrap();
        }
        assert_eq!(erase_files(&folder).unwrap().len(), ours.len() + 1, "and the log folder");
        let mut left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, theirs);
        for name in theirs {
            fs::remove_file(folder.join(name)).unwrap();
        }
        assert_eq!(erase_files(&folder).unwrap(), [folder.as_path()]);
        assert_eq!(erase_files(&folder).unwrap(), Vec::<PathBuf>::new(), "twice is no error");
    }
}
