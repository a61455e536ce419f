//! The app's own state, in memory: the screen, the steps of a log-in, pictures, a link that arrived.

pub(crate) mod app_state;
pub(crate) mod arrived_link;
pub(crate) mod change_notifier;
pub(crate) mod followed_log_outs;
pub(crate) mod news;
pub(crate) mod pictures;
pub(crate) mod profile_screen;
pub(crate) mod screen;
pub(crate) mod steps;
pub(crate) mod tenant;
pub(crate) mod tray_action;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic while it is locked leaves only valid values behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
