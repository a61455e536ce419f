//! The keyring: unlocked by the user, checked when they return to the window, watched while it hangs.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::ports::StoreStatus;

use crate::actions::action::{Action, Done};
use crate::error;
use crate::state::app_state::AppState;

const INTERVAL: Duration = Duration::from_secs(2);

impl Action {
    /// Asks for the keyring's password, then does the work that waited for it; calls to servers run in the
    /// background.
    pub(crate) async fn unlock_keyring(&self) -> Done {
        error::unlocked(self.app.accounts.unlock().await)?;
        self.app.accounts.resume().await?;
        ask_servers_soon(&self.app);
        Ok(())
    }
}

pub(crate) fn ask_servers_soon(app: &Arc<AppState>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.accounts.ask_servers().await {
            tracing::error!(%error, "the servers were not asked");
        }
    });
}

pub(crate) fn restore_soon(app: &Arc<AppState>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { restore(&app).await });
}

async fn restore(app: &AppState) {
    if let Err(error) = app.accounts.restore().await {
        tracing::error!(%error, "the accounts were not restored");
    }
}

/// The user may have unlocked or locked the keyring while the window was in the background.
pub(crate) fn look_at_keyring(app: &Arc<AppState>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        app.accounts.woke();
        let before = app.accounts.overview().await.store;
        let now = app.accounts.look_at_store().await;
        if now != before && now.usable().is_ok() {
            restore(&app).await;
        }
    });
}

/// While the keyring hangs, checks whether it answers again; then does the work that waited for it. Nothing
/// polls at any other time.
pub(crate) fn watch_hung_keyring(app: &Arc<AppState>, status: &StoreStatus) {
    if *status != StoreStatus::Hung || app.is_watching_keyring.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if app.accounts.look_at_store().await != StoreStatus::Hung {
                break;
            }
        }
        app.is_watching_keyring.store(false, Ordering::SeqCst);
        restore(&app).await;
    });
}
