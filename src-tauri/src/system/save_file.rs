//! Saves a file with the desktop's own dialog, and shows its folder.

use accounts::storage::files::private;
use std::any::TypeId;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tauri::{AppHandle, Runtime, Wry};
use tokio::sync::oneshot;

/// How long a file manager's failure is waited for.
const NOTICED: Duration = Duration::from_secs(2);

/// Asks for a file name; `None` when the user cancels. Begins in the downloads folder, else in `home`.
pub(crate) async fn ask_where_to_save<R: Runtime>(
    app: &AppHandle<R>,
    name: &'static str,
    home: &Path,
) -> Option<PathBuf> {
    let folder = dirs::download_dir().filter(|folder| folder.is_dir()).unwrap_or_else(|| home.to_owned());
    if TypeId::of::<R>() != TypeId::of::<Wry>() {
        // A test without a desktop.
        return Some(home.join(name));
    }
    let (sender, receiver) = oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        let dialog = rfd::AsyncFileDialog::new().set_title("Save").set_directory(folder).set_file_name(name);
        let chosen = dialog.save_file();
        tauri::async_runtime::spawn(async move {
            // The receiver may be gone; then the choice is dropped.
            drop(sender.send(chosen.await.map(|file| file.path().to_owned())));
        });
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the dialog to save a file was not opened");
    }
    receiver.await.ok().flatten()
}

/// Mode 0600, and written whole or not at all. The dialog has asked before it replaces a file.
pub(crate) fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut options = private();
    options.write(true).create_new(true);
    let mut file = options.open(&beside)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        if let Err(error) = std::fs::remove_file(&beside) {
            tracing::info!(%error, "a partly written file is left");
        }
    })
}

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
    fn a_saved_file_replaces_the_chosen_one_and_only_the_user_can_read_it() {
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
