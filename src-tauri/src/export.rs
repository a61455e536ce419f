//! What the user wants as a file: the activity as one JSON document, backup codes a line each. Where the user
//! says, in the desktop's own dialog; readable by the user alone.

use std::any::TypeId;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use accounts::model::activity::Line;
use accounts::model::token::OneTimeCode;
use tauri::{AppHandle, Runtime, Wry};
use tokio::sync::oneshot;

use crate::here::Window;
use crate::ipc::dto::{ErrorCause, IpcError, Notice};
use crate::steps::Step;

/// For how long what shows a folder may fail and be noticed.
const NOTICED: Duration = Duration::from_secs(2);

type Done = Result<(), IpcError>;

impl<R: Runtime> Window<'_, R> {
    /// Writes the backup codes that are shown to a file, where the user wants them.
    pub(crate) async fn save_backup_codes(self) -> Done {
        let screen = self.shell().screen(self.label);
        let on_the_way_in = screen.steps.iter().rev().find_map(|step| match step {
            Step::SetUpTotp(_, totp) => Some(totp.as_ref().clone()),
            _ => None,
        });
        let in_profile = screen.profile.and_then(|profile| profile.totp);
        let totp = on_the_way_in.or(in_profile).ok_or(ErrorCause::OtherStep)?;
        let home = &self.shell().environment.home;
        let Some(path) = ask(self.app, "userfront-accounts-backup-codes.txt", home).await else {
            return Ok(());
        };
        write_backup_codes(&totp.backup_codes, &path)
            .map_err(|error| IpcError::from(ErrorCause::BackupCodesNotSaved).with_detail(&error))?;
        let path = path.display().to_string();
        self.shell()
            .change_screen(self.label, |screen| screen.notice = Some(Notice::BackupCodesSaved { path }));
        Ok(())
    }

    /// Writes the activity to a file, where the user wants it.
    pub(crate) async fn export_activity(self) -> Done {
        let lines = self.shell().accounts.activity().await?;
        let home = &self.shell().environment.home;
        let Some(path) = ask(self.app, "userfront-accounts-activity.json", home).await else {
            return Ok(());
        };
        write(&lines, &path).map_err(|error| IpcError::from(ErrorCause::NotExported).with_detail(&error))?;
        let path = path.display().to_string();
        self.shell()
            .change_screen(self.label, |screen| screen.notice = Some(Notice::ActivityExported { path }));
        Ok(())
    }
}

/// Has the user choose a file; nothing, where none is wanted after all. `home` where downloads have no folder
/// of their own.
async fn ask<R: Runtime>(app: &AppHandle<R>, name: &'static str, home: &Path) -> Option<PathBuf> {
    let folder = dirs::download_dir().filter(|folder| folder.is_dir()).unwrap_or_else(|| home.to_owned());
    if TypeId::of::<R>() != TypeId::of::<Wry>() {
        // No desktop, and nobody to ask.
        return Some(home.join(name));
    }
    let (sender, receiver) = oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        let dialog = rfd::AsyncFileDialog::new().set_title("Save").set_directory(folder).set_file_name(name);
        let chosen = dialog.save_file();
        tauri::async_runtime::spawn(async move {
            // Too late is the same as never.
            drop(sender.send(chosen.await.map(|file| file.path().to_owned())));
        });
    });
    if let Err(error) = asked {
        tracing::error!(%error, "nobody was asked where to save a file");
    }
    receiver.await.ok().flatten()
}

/// Writes the lines.
fn write(lines: &[Line], path: &Path) -> io::Result<()> {
    put(path, &serde_json::to_vec_pretty(lines)?)
}

/// Writes the codes.
fn write_backup_codes(codes: &[OneTimeCode], path: &Path) -> io::Result<()> {
    let lines: Vec<_> = codes.iter().map(|code| format!("{}\n", code.secret())).collect();
    put(path, lines.concat().as_bytes())
}

/// Mode 0600, and whole or not at all. The dialog has asked about a file that is there.
fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        if let Err(error) = std::fs::remove_file(&beside) {
            tracing::info!(%error, "what was written of a file is left");
        }
    })
}

/// Shows the folder of a file.
pub(crate) async fn open_folder(path: &str) -> io::Result<()> {
    let folder = Path::new(path).parent().unwrap_or(Path::new("/"));
    let folder = folder.to_owned();
    let opened =
        tauri::async_runtime::spawn_blocking(move || open::that_detached_with_timeout(folder, NOTICED)).await;
    opened.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_users_alone_and_takes_the_place_of_one_that_was_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.txt");
        std::fs::write(&path, "older").unwrap();
        put(&path, b"newer").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "newer");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(put(&folder.path().join("nowhere/codes.txt"), b"x").is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }
}
