//! Starts the app. Interrupted work is finished on this machine before the first view; calls to servers run
//! in the background, so that an unreachable server delays nothing. Every change, including another program's
//! on disk, is a notification; the loop answers it with one snapshot.

use std::any::TypeId;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use folder_watch::Watch;
use tauri::{AppHandle, Emitter as _, Manager as _, Runtime, WindowEvent, Wry};

use crate::actions::close::{before_end, close_later, quit};
#[cfg(target_os = "linux")]
use crate::actions::cover::cover;
use crate::actions::keyring::{ask_servers_soon, look_at_keyring, restore_soon, watch_hung_keyring};
use crate::actions::snapshot::next_snapshot;
use crate::actions::{links, news, tray};
use crate::state::app_state::AppState;
use crate::state::followed_log_outs::FollowedLogOuts;
use crate::state::lock;
use crate::system::autostart::HIDDEN;
use crate::system::signals;
use crate::system::theme;
use crate::system::window::{self, MAIN};

/// How long a window that starts hidden waits for the tray.
const TRAY: Duration = Duration::from_secs(15);

pub(crate) fn start<R: Runtime>(app: &AppHandle<R>, state: Arc<AppState>) -> tauri::Result<()> {
    app.manage(state.clone());
    open_window(app, state.clone())?;
    watch_disk(&state);
    #[cfg(target_os = "linux")]
    watch_logind(state.clone());
    watch_signals(app.clone(), state.clone());
    if TypeId::of::<R>() == TypeId::of::<Wry>() {
        tray::start(app, &state);
    }
    send_snapshots(app.clone(), state.clone());
    resume(state);
    Ok(())
}

fn open_window<R: Runtime>(app: &AppHandle<R>, state: Arc<AppState>) -> tauri::Result<()> {
    let windows = app.clone();
    let place = state.place.restore(app, &state.environment.home);
    let theme = tauri::async_runtime::block_on(state.accounts.settings()).theme;
    let is_hidden = std::env::args_os().any(|argument| argument == HIDDEN);
    if is_hidden {
        show_without_tray(app.clone(), state.clone());
    }
    window::open(app, place, theme, is_hidden, move |event| match event {
        WindowEvent::Resized(_) | WindowEvent::Moved(_) => {
            if let Some(window) = windows.get_webview_window(MAIN) {
                state.place.follow(&window);
            }
        }
        WindowEvent::Focused(has_focus) => {
            if *has_focus {
                look_at_keyring(&state);
            }
            // The data folder may be another one, or a notification due that was not needed in front.
            state.changed();
        }
        WindowEvent::CloseRequested { api, .. } if hides(&state) && window::hide(&windows) => {
            api.prevent_close();
        }
        WindowEvent::CloseRequested { api, .. } => {
            let window = windows.get_webview_window(MAIN);
            if window.is_some_and(|window| close_later(&state, window)) {
                api.prevent_close();
            }
        }
        _ => {}
    })
}

/// After a start at login the desktop may not have its tray yet.
fn show_without_tray<R: Runtime>(app: AppHandle<R>, state: Arc<AppState>) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(TRAY).await;
        if !state.has_tray.load(Ordering::SeqCst) {
            window::show(&app);
        }
    });
}

/// A window that is closed goes on in the tray.
fn hides(state: &AppState) -> bool {
    state.closes_to_tray.load(Ordering::SeqCst) && state.has_tray.load(Ordering::SeqCst)
}

fn watch_disk(state: &Arc<AppState>) {
    let watching = state.clone();
    set_watch(
        state,
        folder_watch::start(&state.environment.home, move || watching.accounts.registry_changed()),
    );
}

/// The data folder may have been removed or replaced: its list is another one then. Where not even the folder
/// around it was there to be watched, it may have come by now.
fn keep_watch(state: &Arc<AppState>) {
    let is_watched = match &*lock(&state.watch) {
        Some(watch) if watch.is_in_place() => return,
        watch => watch.is_some(),
    };
    let watching = state.clone();
    let watch = folder_watch::restart(&state.environment.home, move || watching.accounts.registry_changed());
    if !is_watched && watch.is_err() {
        return;
    }
    tracing::warn!("the data folder was removed or replaced");
    // Another list counts its log-outs from the beginning.
    *lock(&state.followed_log_outs) = FollowedLogOuts::default();
    set_watch(state, watch);
    state.accounts.folder_replaced();
    // A list that is gone has no work, and a look makes no folder.
    if state.environment.home.exists() {
        restore_soon(state);
    }
}

/// Without it, other programs' changes are shown later.
fn set_watch<E: Display>(state: &AppState, watch: Result<Watch, E>) {
    let error = match watch {
        Ok(watch) => return *lock(&state.watch) = Some(watch),
        Err(error) => error,
    };
    *lock(&state.watch) = None;
    tracing::warn!(%error, "changes by other programs are not noticed at once");
}

/// After a sleep, due work is checked again. Without it, the window's focus triggers the check.
#[cfg(target_os = "linux")]
fn watch_logind(state: Arc<AppState>) {
    use crate::system::logind::{self, Told};

    tauri::async_runtime::spawn(async move {
        let hears_of_idle = |hears| {
            state.hears_of_idle.store(hears, Ordering::SeqCst);
            state.changed();
        };
        let on = |told| {
            let state = state.clone();
            async move {
                match told {
                    Told::Woke => state.accounts.woke(),
                    Told::Away => cover(&state).await,
                }
            }
        };
        if let Err(error) = logind::watch(|| hears_of_idle(true), on).await {
            tracing::info!(%error, "this machine's sleep, and its user's absence, are not noticed");
        }
        hears_of_idle(false);
    });
}

/// An end by a signal is an orderly one.
fn watch_signals<R: Runtime>(app: AppHandle<R>, state: Arc<AppState>) {
    tauri::async_runtime::spawn(async move {
        loop {
            match signals::end_is_asked_for().await {
                Ok(()) => quit(&state, &app),
                Err(error) => return tracing::warn!(%error, "a signal ends the app at once"),
            }
        }
    });
}

/// The last call before the process ends.
pub(crate) fn end<R: Runtime>(app: &AppHandle<R>) {
    if let Some(state) = app.try_state::<Arc<AppState>>() {
        before_end(&state);
    }
}

fn send_snapshots<R: Runtime>(app: AppHandle<R>, state: Arc<AppState>) {
    tauri::async_runtime::spawn(async move {
        let mut next_look = None;
        let mut theme = state.accounts.settings().await.theme;
        let mut told = 0;
        loop {
            let change = state.wait_for_change();
            match next_look {
                // Too late is a change as well: time has passed.
                Some(wait) => drop(tokio::time::timeout(wait, change).await),
                None => change.await,
            }
            keep_watch(&state);
            let (snapshot, overview) = next_snapshot(&state).await;
            if std::mem::replace(&mut theme, overview.settings.theme) != overview.settings.theme
                && let Some(window) = app.get_webview_window(MAIN)
            {
                theme::apply(&window, overview.settings.theme);
            }
            // Nothing that is shown may have changed.
            if std::mem::replace(&mut told, snapshot.revision) != snapshot.revision
                && let Err(error) = app.emit_to(MAIN, "snapshot", snapshot.for_event())
            {
                tracing::error!(%error, "the window was not told of a change");
            }
            watch_hung_keyring(&state, &overview.store);
            tray::show(&state, &overview);
            next_look = news::tell(&app, &state, &overview).await;
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
        let active = overview.registry.active.clone();
        if let Err(error) = state.accounts.resume_for(active.as_ref()).await {
            tracing::error!(%error, "interrupted work is not finished");
        }
        state.is_resumed.store(true, Ordering::SeqCst);
        state.changed();
        // The comparison takes a call for each entry in the keyring: the first view does not wait for it.
        if let Err(error) = state.accounts.resume().await {
            tracing::error!(%error, "the keyring is not compared with the account list");
        }
        // In the background: a server that hangs delays no retry.
        ask_servers_soon(&state);
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
