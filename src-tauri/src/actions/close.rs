//! Closing the window during a log-in, refresh or log-out.

use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::Accounts;
use tauri::{Runtime, WebviewWindow};
use tokio::time::{Instant, sleep};

use crate::state::app_state::AppState;

/// The limit for a log-in or a refresh. A log-out needs none: it is stored as pending within seconds.
const LIMIT: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(20);

/// Whether the window stays open for now; it then closes by itself. A second attempt to close it does not
/// wait.
pub(crate) fn close_later<R: Runtime>(app: &AppState, window: WebviewWindow<R>) -> bool {
    if app.is_closing.swap(true, Ordering::SeqCst) || !app.accounts.interrupt() {
        return false;
    }
    app.changed();
    let accounts = app.accounts.clone();
    tauri::async_runtime::spawn(async move {
        wait_for_work(&accounts).await;
        if let Err(error) = window.destroy() {
            tracing::error!(%error, "the window does not close");
        }
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
