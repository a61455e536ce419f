//! Changes of the registry that wait for their turn, of all tasks of this process. Those that come during a
//! write are made together, in the next one.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::model::registry::Registry;
use crate::model::registry_error::{Action, RegistryError};
use crate::ports::Change;

type Written = Result<Arc<Registry>, RegistryError>;

#[derive(Default)]
pub(super) struct Changes {
    waiting: Mutex<Vec<(Change, oneshot::Sender<Written>)>>,
    writing: Mutex<()>,
}

impl Changes {
    /// The result comes when it is written; none comes when a change that is made with it panics.
    pub(super) fn add(&self, change: Change) -> oneshot::Receiver<Written> {
        let (tell, written) = oneshot::channel();
        locked(&self.waiting).push((change, tell));
        written
    }

    /// Returns when all changes that were added before are written, or have failed.
    pub(super) fn write_all(&self, write: impl FnOnce(Vec<Change>) -> Written) {
        let _one_at_a_time = locked(&self.writing);
        let (changes, told): (Vec<_>, Vec<_>) = mem::take(&mut *locked(&self.waiting)).into_iter().unzip();
        if changes.is_empty() {
            return;
        }
        let written = write(changes);
        for tell in told {
            // The caller may be gone; the change counts all the same.
            drop(tell.send(written.clone()));
        }
    }
}

/// Also after a panic in a change: what is locked is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For a change that was to be made with one that panicked. Nothing was written.
pub(super) fn not_made() -> RegistryError {
    let detail = "a change that was to be written with it failed".to_owned();
    RegistryError::Io { action: Action::Written, detail }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}
