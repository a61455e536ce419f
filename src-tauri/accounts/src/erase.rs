//! Erasing every trace of ours, for uninstalling: what lies in the keyring under our service, and our files.
//!
//! Log out first: this ends no session. Only names of ours are removed; a folder goes when nothing else is in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Accounts;
use crate::files;
use crate::ports::{Deletion, StoreError, StoreStatus};
use crate::registry::file;

impl Accounts {
    /// Deletes every entry under our service, known to the registry or not, and looks whether it is gone.
    ///
    /// # Errors
    /// When the keyring is locked, hung or out of reach.
    pub async fn erase_entries(&self) -> Result<Deletion, StoreError> {
        match self.look_at_store().await {
            StoreStatus::Ok => {}
            StoreStatus::Locked => return Err(StoreError::Locked),
            StoreStatus::Hung => return Err(StoreError::Hung),
            StoreStatus::Unavailable(why) => return Err(StoreError::Unavailable(why)),
        }
        let entries = self.ports.store.entries().await?;
        self.ports.store.delete(&entries).await
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
            "refresh-0123456789abcdef01234567.lock",
            "settings.json",
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
