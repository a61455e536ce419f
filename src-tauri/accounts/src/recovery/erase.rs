//! Erasing every trace of this list of accounts, for uninstalling: its entries in the keyring, and our files.
//!
//! Log out first: this ends no session. Entries of another list are [foreign](crate::recovery::foreign), and
//! stay. Only files with our names are removed, including backup codes that were saved here; a folder is
//! removed when nothing else is in it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::claims::session_of;
use crate::model::log_out_outcome::Deletion;
use crate::model::registry::Registry;
use crate::model::token::SessionToken;
use crate::ports::not_stored::NotStored;
use crate::ports::{EntryElsewhere, StoreError};
use crate::storage::files;
use crate::storage::registry_file;
use crate::storage::service_name;

/// The result for the entries in the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedEntries {
    /// Of this list's own entries.
    pub deletion: Deletion,
    /// Entries that are not this list's, and are still there.
    pub foreign: Vec<EntryName>,
    /// Entries under the earlier services of this data folder: they may be this list's, and are still there.
    pub elsewhere: Vec<EntryElsewhere>,
}

const LOGS: &str = "logs";

impl Accounts {
    /// Deletes every entry that this list accounts for, or whose session it once had, and checks.
    ///
    /// # Errors
    /// When the keyring is locked, hung or out of reach, or the list cannot be read.
    pub async fn erase_entries(&self) -> Result<ErasedEntries, NotStored> {
        self.usable_store().await?;
        let registry = self.ports.registry.read().await?;
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for entry in self.ports.store.entries().await? {
            if self.is_own(&registry, &entry).await? {
                own.push(entry);
            } else {
                foreign.push(entry);
            }
        }
        let elsewhere = self.ports.store.entries_elsewhere().await?;
        Ok(ErasedEntries { deletion: self.ports.store.delete(&own).await?, foreign, elsewhere })
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
        let was_stored = |token: &SessionToken| session_of(token).is_some_and(|it| registry.has_held(&it));
        Ok(!tokens.is_empty() && tokens.iter().all(was_stored))
    }
}

/// The result for our files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ErasedFiles {
    /// Files and folders that were removed.
    pub removed: Vec<PathBuf>,
    /// Those that could not be removed.
    pub left: Vec<LeftFile>,
}

/// A file or folder of ours that is still there.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftFile {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// Removes our files from the data folder, and the folder if nothing else is in it. A file that cannot be
/// removed does not stop the others.
///
/// The data folder may be a link or a mount point: the user set that up, and it stays when it is empty. No
/// other link is followed.
#[must_use]
pub fn erase_files(home: &Path) -> ErasedFiles {
    let mut erased = ErasedFiles::default();
    let logs = home.join(LOGS);
    if is_link(&logs) {
        erased.leave(logs, &"it is a link, and what it leads to is not looked at");
    } else {
        erased.erase_in(&logs, |name| between(name, "userfront", ".log"));
    }
    erased.erase_in(home, is_ours);
    erased
}

/// Names the data folder.
const HOME: &str = "USERFRONT_ACCOUNTS_HOME";

impl ErasedFiles {
    /// Removes the entry that starts the window at login, if it is of this data folder: of the one that
    /// `USERFRONT_ACCOUNTS_HOME` names, or of the ordinary one.
    pub fn erase_autostart(&mut self, entry: &Path, named: Option<&Path>) {
        let text = match fs::read_to_string(entry) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.leave(entry.to_owned(), &error),
        };
        let is_of_it = named.map_or_else(
            || !text.contains(HOME),
            |home| text.contains(&format!("{HOME}={}\"", home.display())),
        );
        if !is_of_it {
            return;
        }
        match fs::remove_file(entry) {
            Ok(()) => self.removed.push(entry.to_owned()),
            Err(error) => self.leave(entry.to_owned(), &error),
        }
    }
}

/// Files that the user saved with the app in the download folder: they are not removed.
#[must_use]
pub fn saved_elsewhere() -> Vec<PathBuf> {
    let folder = dirs::download_dir();
    let names = folder.and_then(|folder| names_in(&folder).ok().flatten()).unwrap_or_default();
    names.into_iter().filter(|path| name_of(path).is_some_and(is_export)).collect()
}

impl ErasedFiles {
    fn erase_in(&mut self, folder: &Path, is_ours: fn(&str) -> bool) {
        let names = match names_in(folder) {
            Ok(None) => return,
            Ok(Some(names)) => names,
            Err(error) => return self.leave(folder.to_owned(), &error),
        };
        let mut ours: Vec<_> = names.into_iter().filter(|path| name_of(path).is_some_and(is_ours)).collect();
        ours.sort_by_key(|path| turn(path));
        for path in ours {
            match fs::remove_file(&path) {
                Ok(()) => self.removed.push(path),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.leave(path, &error),
            }
        }
        let is_empty = names_in(folder).is_ok_and(|left| left.is_some_and(|left| left.is_empty()));
        if !is_empty || is_link(folder) {
            return;
        }
        match fs::remove_dir(folder) {
            Ok(()) => self.removed.push(folder.to_owned()),
            // A mount point.
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
            Err(error) => self.leave(folder.to_owned(), &error),
        }
    }

    fn leave(&mut self, path: PathBuf, reason: &dyn fmt::Display) {
        self.left.push(LeftFile { path, reason: reason.to_string() });
    }
}

/// The copy of the list goes first and the list last: a program that reads in between would mend a missing
/// list from the copy.
fn turn(path: &Path) -> u8 {
    match name_of(path) {
        Some(registry_file::LAST_GOOD) => 0,
        Some(registry_file::DOCUMENT) => 2,
        _ => 1,
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink())
}

fn names_in(folder: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>().map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

fn between(name: &str, start: &str, end: &str) -> bool {
    name.starts_with(start) && name.ends_with(end)
}

fn is_export(name: &str) -> bool {
    between(name, "userfront-accounts-activity", ".json")
        || between(name, "userfront-accounts-backup-codes", ".txt")
}

fn is_ours(name: &str) -> bool {
    registry_file::is_ours(name)
        || service_name::is_ours(name)
        || files::is_unfinished(name, crate::storage::settings_file::NAME)
        || files::is_unfinished(name, crate::storage::folders::WINDOW)
        || files::is_unfinished(name, crate::storage::folders::NOTIFIED)
        || [
            crate::storage::folders::WINDOW,
            crate::storage::folders::NOTIFIED,
            crate::storage::settings_file::NAME,
            crate::storage::activity_file::NAME,
            crate::storage::activity_file::OLDER,
            crate::storage::activity_file::LOCK,
        ]
        .contains(&name)
        || is_export(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_at_login_is_erased_with_its_own_data_folder_alone() {
        let folder = tempfile::tempdir().unwrap();
        let entry = folder.path().join("entry.desktop");
        let of_home = "Exec=env \"USERFRONT_ACCOUNTS_HOME=/data\" \"/app\" --hidden";
        let ordinary = "Exec=\"/app\" --hidden";
        for (text, named, is_removed) in [
            (of_home, Some("/data"), true),
            (of_home, Some("/dat"), false),
            (of_home, None, false),
            (ordinary, None, true),
            (ordinary, Some("/data"), false),
        ] {
            fs::write(&entry, text).unwrap();
            let mut erased = ErasedFiles::default();
            erased.erase_autostart(&entry, named.map(Path::new));
            assert_eq!(
                (entry.exists(), erased.removed.len()),
                (!is_removed, usize::from(is_removed)),
                "{text}"
            );
            assert_eq!(erased.left.len(), 0);
        }
    }

    #[test]
    fn erasing_removes_only_the_programs_own_files() {
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
            "window.json",
            "notified.json",
            ".notified.json.k3Jq0Z",
            "keyring-service",
            ".keyring-service.123",
            "activity.jsonl",
            "activity.1.jsonl",
            "activity.lock",
            "userfront-accounts-activity.json",
            "userfront-accounts-backup-codes.txt",
            "userfront-accounts-backup-codes-2.txt",
            "logs/userfront-accounts.2026-11-22.log",
            "logs/userfront.2026-11-22.log",
        ];
        let theirs = [".accounts.jsonl", "backup-codes.txt", "holiday.jpg"];
        for name in ours {
            fs::write(folder.join(name), "").unwrap();
        }
        for name in theirs {
            fs::write(folder.join(name), "").unwrap();
        }
        let erased = erase_files(&folder);
        assert_eq!((erased.removed.len(), erased.left), (ours.len() + 1, Vec::new()), "and the log folder");
        let in_folder = &erased.removed[3..];
        assert_eq!(
            in_folder.first(),
            Some(&folder.join("accounts.last-good.json")),
            "the list is mended by it"
        );
        assert_eq!(in_folder.last(), Some(&folder.join("accounts.json")));
        let mut left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, theirs);
        for name in theirs {
            fs::remove_file(folder.join(name)).unwrap();
        }
        assert_eq!(erase_files(&folder).removed, [folder.as_path()]);
        assert_eq!(erase_files(&folder), ErasedFiles::default(), "twice is no error");
    }

    #[cfg(unix)]
    #[test]
    fn erasing_follows_no_link_and_continues_past_irremovable_files() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let (folder, elsewhere) = (home.path().join("data"), home.path().join("elsewhere"));
        fs::create_dir_all(folder.join("activity.jsonl")).unwrap();
        fs::create_dir_all(&elsewhere).unwrap();
        for name in ["userfront-accounts.2026-11-22.log", "settings.json"] {
            fs::write(elsewhere.join(name), "theirs").unwrap();
        }
        symlink(&elsewhere, folder.join("logs")).unwrap();
        symlink(elsewhere.join("settings.json"), folder.join("settings.json")).unwrap();
        fs::write(folder.join("accounts.json"), "").unwrap();
        let link = home.path().join("link");
        symlink(&folder, &link).unwrap();
        let erased = erase_files(&link);
        assert_eq!(erased.removed.len(), 2, "the list, and the link to the settings: {erased:?}");
        let left: Vec<_> = erased.left.iter().map(|left| name_of(&left.path).unwrap()).collect();
        assert_eq!(left, ["logs", "activity.jsonl"]);
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 2);
        fs::remove_dir(folder.join("activity.jsonl")).unwrap();
        fs::remove_file(folder.join("logs")).unwrap();
        assert_eq!(erase_files(&link), ErasedFiles::default(), "a data folder that is a link stays");
        assert!(folder.is_dir() && is_link(&link));
    }
}
