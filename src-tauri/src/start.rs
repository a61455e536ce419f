//! Starts the app. Interrupted work is finished on this machine before the first view; calls to servers run
//! in the background, so that an unreachable server delays nothing. Every change, including another program's
//! on disk, is a notification; the loop answers it with one snapshot.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tauri::{AppHandle, Emitter as _, Manager as _, Runtime, WindowEvent};

use crate::actions::close::close_later;
use crate::actions::keyring::{look_at_keyring, restore_soon, watch_hung_keyring};
use crate::actions::links;
use crate::actions::snapshot::next_snapshot;
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::system::watch;
use crate::system::window::{self, MAIN};

pub(crate) fn start<R: Runtime>(app: &AppHandle<R>, state: Arc<AppState>) -> tauri::Result<()> {
    app.manage(state.clone());
    open_window(app, state.clone())?;
    watch_disk(&state);
    watch_sleep(&state);
    send_snapshots(app.clone(), state.clone());
    resume(state);
    Ok(())
}

fn open_window<R: Runtime>(app: &AppHandle<R>, state: Arc<AppState>) -> tauri::Result<()> {
    let windows = app.clone();
    window::open(app, move |event| match event {
        WindowEvent::Focused(true) => look_at_keyring(&state),
        WindowEvent::CloseRequested { api, .. } => {
            let window = windows.get_webview_window(MAIN);
            if window.is_some_and(|window| close_later(&state, window)) {
                api.prevent_close();
            }
        }
        _ => {}
    })
}

/// Without it, other programs' changes are shown later.
fn watch_disk(state: &Arc<AppState>) {
    let watching = state.clone();
    match watch::start(&state.environment.home, move || watching.accounts.registry_changed()) {
        Ok(watch) => *lock(&state.watch) = Some(watch),
        Err(error) => tracing::warn!(%error, "changes by other programs are not noticed at once"),
    }
}

/// After a sleep, due work is checked again. Without it, the window's focus triggers the check.
fn watch_sleep(state: &Arc<AppState>) {
    #[cfg(target_os = "linux")]
    {
        let state = state.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = crate::system::sleep::watch(|| state.accounts.woke()).await {
                tracing::info!(%error, "this machine's sleep is not noticed");
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _: &Arc<AppState> = state;
}

fn send_snapshots<R: Runtime>(app: AppHandle<R>, state: Arc<AppState>) {
    tauri::async_runtime::spawn(async move {
        loop {
            state.wait_for_change().await;
            let (snapshot, overview) = next_snapshot(&state).await;
            if let Err(error) = app.emit_to(MAIN, "snapshot", &snapshot) {
                tracing::error!(%error, "the window was not told of a change");
            }
            watch_hung_keyring(&state, &overview.store);
        }
    });
}

fn resume(state: Arc<AppState>) {
    tauri::async_runtime::spawn(async move {
        let overview = state.accounts.overview().await;
        if overview.registry_is_read {
            lock(&state.followed_log_outs).take_new(&overview.registry);
        }
        state.accounts.look_for_unanswered().await;
        if let Err(error) = state.accounts.resume().await {
            tracing::error!(%error, "interrupted work is not finished");
        }
        state.is_resumed.store(true, Ordering::SeqCst);
        state.changed();
        // In the background: a server that hangs delays no retry.
        restore_soon(&state);
        state.accounts.run_scheduler().await;
    });
}

pub(crate) fn arrive<R: Runtime>(app: &AppHandle<R>, link: Option<String>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(link) = link {
            links::arrive(&app.state::<Arc<AppState>>(), &link).await;
        }
        window::to_front(&app);
    });
}
