//! Watches the data folder for changes by other programs. A change is shown within half a second; nothing is
//! polled.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use accounts::storage::activity_file;
use accounts::storage::registry_file::DOCUMENT;
use accounts::storage::settings_file;
use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    home: PathBuf,
    /// None while it is awaited.
    folder: Option<Identity>,
    /// Its number may be another folder's by now.
    is_removed: Arc<AtomicBool>,
    _watcher: RecommendedWatcher,
}

/// On Unix it holds nothing open: Linux tells of a folder's removal when nothing holds it any more.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = same_file::Handle;

#[cfg(unix)]
fn identity(home: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(home).map(|folder| (folder.dev(), folder.ino())).ok()
}

#[cfg(not(unix))]
fn identity(home: &Path) -> Option<Identity> {
    same_file::Handle::from_path(home).ok()
}

impl Watch {
    /// Whether what is watched is still what is at the path: the folder, or nothing where it is awaited. A
    /// folder that went with the one around it is not told.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        !self.is_removed.load(Ordering::SeqCst) && identity(&self.home) == self.folder
    }
}

/// Calls `changed` after every change to a file of ours in `home`, which is created if needed, and when it is
/// removed or replaced.
///
/// # Errors
/// When the folder cannot be created or watched.
pub fn start(home: &Path, changed: impl Fn() + Send + 'static) -> notify::Result<Watch> {
    std::fs::create_dir_all(home)?;
    restart(home, changed)
}

/// The same for a folder that was removed or replaced: one that is not there is awaited, and not created.
///
/// # Errors
/// When neither the folder nor the one around it can be watched.
pub fn restart(home: &Path, changed: impl Fn() + Send + 'static) -> notify::Result<Watch> {
    let folder = identity(home);
    let is_removed = Arc::new(AtomicBool::new(false));
    let (of, removed) = (home.to_owned(), is_removed.clone());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
        Ok(event) if is_of_folder(&event, &of) => {
            removed.fetch_or(matches!(event.kind, EventKind::Remove(_)), Ordering::SeqCst);
            changed();
        }
        Ok(event) if is_ours(&event) => changed(),
        Ok(_) => {}
        // Events may be lost: an extra check does no harm.
        Err(error) => {
            tracing::warn!(%error, "a change on disk may have been missed");
            changed();
        }
    })?;
    let place = if folder.is_some() { home } else { home.parent().unwrap_or(home) };
    watcher.watch(place, RecursiveMode::NonRecursive)?;
    Ok(Watch { home: home.to_owned(), folder, is_removed, _watcher: watcher })
}

/// The folder has come or gone.
fn is_of_folder(event: &Event, home: &Path) -> bool {
    let kind = &event.kind;
    let is_coming_or_going =
        kind.is_create() || kind.is_remove() || matches!(kind, EventKind::Modify(ModifyKind::Name(_)));
    is_coming_or_going && event.paths.iter().any(|path| path == home)
}

fn is_ours(event: &Event) -> bool {
    let names = [DOCUMENT, settings_file::NAME, activity_file::NAME];
    let is_named = |path: &std::path::PathBuf| names.iter().any(|name| path.ends_with(name));
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_named)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_by_another_program_is_noticed_within_half_a_second() {
        let home = tempfile::tempdir().unwrap();
        let (tell, told) = mpsc::channel();
        let _watch = start(home.path(), move || tell.send(()).unwrap()).unwrap();
        std::fs::write(home.path().join("accounts.lock"), "").unwrap();
        assert!(told.recv_timeout(Duration::from_millis(300)).is_err(), "a lock is no change");
        std::fs::write(home.path().join("new"), "{}").unwrap();
        std::fs::rename(home.path().join("new"), home.path().join(DOCUMENT)).unwrap();
        told.recv_timeout(Duration::from_millis(500)).unwrap();
    }

    // Windows may not let go of a folder that is watched.
    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_moved_removed_or_replaced_is_not_in_place_and_that_is_told() {
        const LIMIT: Duration = Duration::from_secs(30);
        let parent = tempfile::tempdir().unwrap();
        let (home, elsewhere) = (parent.path().join("home"), parent.path().join("elsewhere"));
        let (tell, told) = mpsc::channel();
        let listen = || {
            let tell = tell.clone();
            move || tell.send(()).unwrap_or_default()
        };
        let watch = start(&home, listen()).unwrap();
        assert!(watch.is_in_place());
        std::fs::rename(&home, &elsewhere).unwrap();
        told.recv_timeout(LIMIT).unwrap();
        assert!(!watch.is_in_place(), "moved");
        std::fs::create_dir(&home).unwrap();
        assert!(!watch.is_in_place(), "replaced");
        std::fs::remove_dir(&home).unwrap();
        drop(watch);
        while told.try_recv().is_ok() {}

        let awaited = restart(&home, listen()).unwrap();
        assert!(awaited.is_in_place() && !home.exists());
        std::fs::rename(&elsewhere, &home).unwrap();
        told.recv_timeout(LIMIT).unwrap();
        assert!(!awaited.is_in_place(), "it has come");
        drop(awaited);
        while told.try_recv().is_ok() {}

        let watch = restart(&home, listen()).unwrap();
        assert!(watch.is_in_place());
        std::fs::remove_dir_all(&home).unwrap();
        told.recv_timeout(LIMIT).unwrap();
        std::fs::create_dir(&home).unwrap();
        assert!(!watch.is_in_place(), "removed and made anew, maybe with the same number");
    }
}
