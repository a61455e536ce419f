//! How the shell comes to life: [`wake`] has what was cut off finished on this machine, before the first
//! view; what needs a server goes on in the background, so that a dead one delays nothing. Every change rings
//! the bell, also one that another program of ours has made on disk ([`watch`]); the loop answers with one
//! snapshot, however often it rang meanwhile.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::Overview;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{RecentLogOut, Registry};
use accounts::ports::{Observer as _, StoreStatus};
use tauri::{AppHandle, Emitter, Manager, Runtime};

use super::Shell;
use super::log_outs::go_to_destination;
use crate::watch;

/// How often a keyring that hangs is looked at.
const WATCH: Duration = Duration::from_secs(2);

/// Starts the loop that sends snapshots, finishes what was cut off, and then restores the accounts and tends
/// to what is owed.
pub(crate) fn wake<R: Runtime>(app: &AppHandle<R>) {
    watch_the_disk(app);
    watch_sleep(app);
    let sending = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = sending.state::<Shell>();
        loop {
            shell.bell.0.notified().await;
            send(&sending, &shell).await;
            shell.watch_hung_keyring(&sending).await;
        }
    });
    let restoring = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = restoring.state::<Shell>();
        let overview = shell.accounts.overview().await;
        if overview.registry_is_read {
            shell.log_outs_to_follow(&overview.registry);
        }
        if let Err(error) = shell.accounts.resume().await {
            tracing::error!(%error, "what was cut off is not finished");
        }
        shell.resumed.store(true, Ordering::SeqCst);
        shell.bell.changed();
        // Beside it: a server that hangs keeps nothing else from being done in its time.
        restore_soon(&restoring);
        shell.accounts.run_scheduler().await;
    });
}

/// What other programs of ours change is shown too. Without that the app works on its own.
fn watch_the_disk<R: Runtime>(app: &AppHandle<R>) {
    let (shell, watching) = (app.state::<Shell>(), app.clone());
    match watch::start(&shell.environment.home, move || watching.state::<Shell>().accounts.registry_changed())
    {
        Ok(watch) => *shell.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch),
        Err(error) => tracing::warn!(%error, "what other programs change is not noticed at once"),
    }
}

/// After a sleep, what is due is looked at again. Without that the window's focus is the occasion.
fn watch_sleep<R: Runtime>(app: &AppHandle<R>) {
    #[cfg(target_os = "linux")]
    {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = crate::sleep::watch(|| app.state::<Shell>().accounts.woke()).await {
                tracing::info!(%error, "nobody tells of this machine's sleep");
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _: &AppHandle<R> = app;
}

impl Shell {
    /// Goes where the log-outs lead that are new, and says what became of those that were told.
    pub(super) fn follow<R: Runtime>(&self, app: &AppHandle<R>, overview: &Overview) {
        if !overview.registry_is_read {
            return;
        }
        let registry = &overview.registry;
        for log_out in self.log_outs_to_follow(registry) {
            go_to_destination(app, &log_out, registry);
        }
        for (before, after) in self.revised_log_outs(registry) {
            self.change_screens(|screen| screen.revise_log_out(&before, &after));
        }
    }

    /// The log-outs, by whichever program, whose destination the windows have not gone to yet. Those that
    /// were there at the start are nobody's business any more.
    fn log_outs_to_follow(&self, registry: &Registry) -> Vec<RecentLogOut> {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = registry.log_outs();
        let Some(followed) = followed.as_mut() else {
            *followed = Some(recent.iter().map(|recent| recent.generation).collect());
            return Vec::new();
        };
        // One that began earlier may be done later.
        recent.into_iter().filter(|recent| followed.insert(recent.generation)).collect()
    }

    /// The log-outs of which the windows were told something else than what is known by now.
    fn revised_log_outs(&self, registry: &Registry) -> Vec<(LogOut, LogOut)> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let now = registry.log_outs();
        let before = std::mem::replace(&mut *told, now.clone());
        let pairs = before.into_iter().filter_map(|before| {
            let now = now.iter().find(|now| now.generation == before.generation)?;
            (now.outcome != before.outcome).then(|| (before.outcome, now.outcome.clone()))
        });
        pairs.collect()
    }

    /// While the keyring hangs, looks every two seconds whether it answers again; then does what had to wait
    /// for it. Nothing polls at any other time.
    async fn watch_hung_keyring<R: Runtime>(&self, app: &AppHandle<R>) {
        let hangs = self.accounts.overview().await.store == StoreStatus::Hung;
        if !hangs || self.watching.swap(true, Ordering::SeqCst) {
            return;
        }
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            let shell = app.state::<Shell>();
            loop {
                tokio::time::sleep(WATCH).await;
                if shell.accounts.look_at_store().await != StoreStatus::Hung {
                    break;
                }
            }
            shell.watching.store(false, Ordering::SeqCst);
            restore(&app).await;
        });
    }
}

async fn send<R: Runtime>(app: &AppHandle<R>, shell: &Shell) {
    for label in app.webview_windows().into_keys() {
        let snapshot = shell.snapshot(app, &label).await;
        if let Err(error) = app.emit_to(&label, "snapshot", &snapshot) {
            tracing::error!(%error, window = label, "a window was not told of a change");
        }
    }
}

/// Does what had to wait, in the background.
pub(crate) fn restore_soon<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { restore(&app).await });
}

async fn restore<R: Runtime>(app: &AppHandle<R>) {
    let shell = app.state::<Shell>();
    if let Err(error) = shell.accounts.restore().await {
        tracing::error!(%error, "the accounts were not restored");
    }
}

/// Asks the keyring how it is. Once it is open again, what had to wait for it is done.
pub(crate) fn look_at_keyring<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let accounts = &app.state::<Shell>().accounts;
        accounts.woke();
        let before = accounts.overview().await.store;
        let now = accounts.look_at_store().await;
        if now != before && now.usable().is_ok() {
            restore(&app).await;
        }
    });
}
