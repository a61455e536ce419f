//! Watches the data folder for changes by other programs. A change is shown within half a second; nothing is
//! polled.

use std::path::Path;

use accounts::storage::activity_file;
use accounts::storage::registry_file::DOCUMENT;
use accounts::storage::settings_file;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

pub(crate) struct Watch {
    _watcher: RecommendedWatcher,
}

/// Calls `changed` after every change to a file of ours in `home`, which is created if needed.
pub(crate) fn start(home: &Path, changed: impl Fn() + Send + 'static) -> notify::Result<Watch> {
    std::fs::create_dir_all(home)?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
        Ok(event) if is_ours(&event) => changed(),
        Ok(_) => {}
        // Events may be lost: an extra check does no harm.
        Err(error) => {
            tracing::warn!(%error, "a change on disk may have been missed");
            changed();
        }
    })?;
    watcher.watch(home, RecursiveMode::NonRecursive)?;
    Ok(Watch { _watcher: watcher })
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
}
