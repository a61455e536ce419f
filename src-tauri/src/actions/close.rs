//! Closing the window, and quitting, during a log-in, refresh or log-out; and the last action before the end.

use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use accounts::Accounts;
use tauri::{AppHandle, Runtime, WebviewWindow};
use tokio::time::{Instant, sleep};

use crate::state::app_state::AppState;

/// The limit for a log-in or a refresh. A log-out needs none: it is stored as pending within seconds.
const LIMIT: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(20);
/// For another program that owns the clipboard.
const CLEARED: Duration = Duration::from_secs(2);

/// Whether the window stays open for now; it then closes by itself. A second attempt to close it does not
/// wait.
pub(crate) fn close_later<R: Runtime>(app: &AppState, window: WebviewWindow<R>) -> bool {
    end_later(app, move || {
        if let Err(error) = window.destroy() {
            tracing::error!(%error, "the window does not close");
        }
    })
}

/// As soon as work under way is done; at once when it is asked for again.
pub(crate) fn quit<R: Runtime>(app: &AppState, handle: &AppHandle<R>) {
    let (handle, later) = (handle.clone(), handle.clone());
    if !end_later(app, move || later.exit(0)) {
        // The command that asked for it is answered first.
        tauri::async_runtime::spawn(async move { handle.exit(0) });
    }
}

/// The window's place is kept, and no token of ours is left in the clipboard. Its owner may be a program that
/// has stopped: it is waited for a moment.
pub(crate) fn before_end(app: &Arc<AppState>) {
    app.place.remember(&app.environment.home);
    let (done, is_done) = mpsc::channel();
    let clipboard = app.clone();
    std::thread::spawn(move || done.send(clipboard.clipboard.clear()));
    match is_done.recv_timeout(CLEARED) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a token may still be in the clipboard"),
        Err(error) => tracing::warn!(%error, "a token may still be in the clipboard: it does not answer"),
    }
}

fn end_later(app: &AppState, end: impl FnOnce() + Send + 'static) -> bool {
    if app.is_closing.swap(true, Ordering::SeqCst) || !app.accounts.interrupt() {
        return false;
    }
    app.changed();
    let accounts = app.accounts.clone();
    tauri::async_runtime::spawn(async move {
        wait_for_work(&accounts).await;
        end();
    });
    true
}

async fn wait_for_work(accounts: &Accounts) {
    let deadline = Instant::now() + LIMIT;
    let waits = || accounts.must_not_end_yet() && Instant::now() < deadline;
    while accounts.is_logging_out() || waits() {
        sleep(STEP).await;
    }
}
