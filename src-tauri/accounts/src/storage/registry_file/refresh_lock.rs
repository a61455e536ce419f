//! An account's refresh lock: a file of its own, which names the holder. The system releases it when that
//! program ends in any way; a stopped program keeps it.
//!
//! A user's data folders share one keyring, and two of them may share an account that one has taken over. So
//! a program locks in its own folder, and then in the folder that all of them share, if the system has one.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::model::account::AccountId;
use crate::model::activity::Program;
use crate::model::registry_error::RegistryError;
use crate::model::text::hex;
use crate::ports::{AccountLock, RefreshLock, RunningProgram};
use crate::storage::registry_file::{Folder, unwritable};

/// The time limit for another program. A call ends within 15 s.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

const LONGEST: u64 = 64;

pub(crate) fn name(account: &AccountId) -> String {
    format!("refresh-{}.lock", hex(&Sha256::digest(account.to_string())[..12]))
}

impl Folder {
    pub(crate) fn try_lock_refresh(
        &self,
        name: &str,
        program: RunningProgram,
    ) -> Result<RefreshLock, RegistryError> {
        let mut file = self.open_lock(name)?;
        match file.try_lock() {
            Ok(()) => {
                if let Err(error) = say(&mut file, program) {
                    tracing::warn!(%error, "the refresh lock does not say who holds it");
                }
                Ok(RefreshLock::Taken(AccountLock::new(file)))
            }
            Err(TryLockError::WouldBlock) => Ok(RefreshLock::HeldBy(holder(&file))),
            Err(TryLockError::Error(error)) => Err(unwritable(&error)),
        }
    }
}

impl RefreshLock {
    /// If the shared lock cannot be made, the folder's own lock serves alone.
    pub(crate) fn and_shared(self, shared: Option<&Folder>, name: &str, program: RunningProgram) -> Self {
        let (Self::Taken(_), Some(shared)) = (&self, shared) else { return self };
        match shared.try_lock_refresh(name, program) {
            Ok(Self::Taken(shared)) => Self::Taken(AccountLock::new((self, shared))),
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(%error, "a refresh does not keep away the programs of other data folders");
                self
            }
        }
    }
}

fn say(file: &mut File, program: RunningProgram) -> io::Result<()> {
    let name = match program.program {
        Program::App => "app",
        Program::Cli => "cli",
    };
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(format!("{name} {}\n", program.process).as_bytes())
}

/// `None` if a locked file cannot be read (Windows), or has no valid content.
fn holder(file: &File) -> Option<RunningProgram> {
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    let (name, process) = text.trim_end().split_once(' ')?;
    let program = match name {
        "app" => Program::App,
        "cli" => Program::Cli,
        _ => return None,
    };
    Some(RunningProgram { program, process: process.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: RunningProgram = RunningProgram { program: Program::App, process: 4_711 };
    const CLI: RunningProgram = RunningProgram { program: Program::Cli, process: 7 };

    #[test]
    fn a_waiting_program_learns_which_program_has_the_refresh_lock() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().into());
        let taken = folder.try_lock_refresh("refresh-1.lock", APP).unwrap();
        assert!(matches!(taken, RefreshLock::Taken(_)), "{taken:?}");
        let waiting = folder.try_lock_refresh("refresh-1.lock", CLI).unwrap();
        let RefreshLock::HeldBy(Some(holder)) = waiting else { panic!("{waiting:?}") };
        assert_eq!((holder, holder.to_string()), (APP, "the app (process 4711)".to_owned()));
        assert!(matches!(folder.try_lock_refresh("refresh-2.lock", CLI), Ok(RefreshLock::Taken(_))));
        drop(taken);
        let next = folder.try_lock_refresh("refresh-1.lock", CLI).unwrap();
        assert!(matches!(next, RefreshLock::Taken(_)), "{next:?}");
        let waiting = folder.try_lock_refresh("refresh-1.lock", APP).unwrap();
        assert!(matches!(waiting, RefreshLock::HeldBy(Some(CLI))), "{waiting:?}");
    }

    #[test]
    fn programs_of_two_folders_wait_for_one_another() {
        let [first, second, shared] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let folder = |home: &tempfile::TempDir| Folder::new(home.path().into());
        let lock = |home: &tempfile::TempDir, program| {
            let own = folder(home).try_lock_refresh("refresh-1.lock", program).unwrap();
            own.and_shared(Some(&folder(&shared)), "refresh-1.lock", program)
        };
        let taken = lock(&first, APP);
        assert!(matches!(taken, RefreshLock::Taken(_)), "{taken:?}");
        let waiting = lock(&second, CLI);
        assert!(matches!(waiting, RefreshLock::HeldBy(Some(APP))), "{waiting:?}");
        drop(taken);
        assert!(matches!(lock(&second, CLI), RefreshLock::Taken(_)));
        // No file can be made below a file.
        let nowhere = Folder::new(first.path().join("refresh-1.lock/x"));
        let own = folder(&first).try_lock_refresh("refresh-2.lock", APP).unwrap();
        assert!(matches!(own.and_shared(Some(&nowhere), "refresh-2.lock", APP), RefreshLock::Taken(_)));
    }

    #[test]
    fn an_unreadable_lock_file_names_no_program() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().into());
        let taken = folder.try_lock_refresh("refresh-1.lock", APP).unwrap();
        for text in ["", "app", "app x", "other 1", &"1".repeat(10_000)] {
            std::fs::write(home.path().join("refresh-1.lock"), text).unwrap();
            let waiting = folder.try_lock_refresh("refresh-1.lock", CLI).unwrap();
            assert!(matches!(waiting, RefreshLock::HeldBy(None)), "{text}: {waiting:?}");
        }
        drop(taken);
    }
}
