//! Closing the window while something is under way that would leave a session behind unsaid.

use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::ports::Observer as _;
use tauri::{AppHandle, Manager, Runtime};
use tokio::time::{Instant, sleep};

use super::Shell;
use crate::window::MAIN;

/// How long the window stays at most for a log-in or a refresh. Log-outs are waited for, for each is pending,
/// durably, within seconds.
const LIMIT: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(20);

impl Shell {
    /// Whether the window is about to close.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}

/// Whether the window is to stay for a moment; it then closes by itself. A user who closes it once more does
/// not wait.
pub(crate) fn close_later<R: Runtime>(app: &AppHandle<R>) -> bool {
    let shell = app.state::<Shell>();
    if shell.closing.swap(true, Ordering::SeqCst) || !shell.accounts.interrupt() {
        return false;
    }
    shell.bell.changed();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let deadline = Instant::now() + LIMIT;
        let waits = || shell.accounts.must_not_end_yet() && Instant::now() < deadline;
        while shell.accounts.is_logging_out() || waits() {
            sleep(STEP).await;
        }
        let Some(window) = app.get_webview_window(MAIN) else { return };
        if let Err(error) = window.destroy() {
            tracing::error!(%error, "the window does not close");
        }
    });
    true
}
