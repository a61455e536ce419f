//! Sends news to the desktop, while the window does not have the focus.

use std::any::TypeId;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::model::settings::Settings;
use accounts::{AccountId, Overview};
use tauri::{AppHandle, Manager as _, Runtime, Wry};

use crate::actions::action::Action;
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::news::{NewsEvent, next_look};
use crate::system::window::{self, MAIN};
use crate::system::{notification, notified};
use crate::views::news::{without_names, words};

/// Returns when to look again, if nothing changes before.
pub(crate) async fn tell<R: Runtime>(
    handle: &AppHandle<R>,
    app: &Arc<AppState>,
    overview: &Overview,
) -> Option<Duration> {
    if !overview.registry_is_read {
        return None;
    }
    let needs_activity = lock(&app.news).needs_activity(overview);
    let activity = if needs_activity { app.accounts.activity().await } else { Ok(Vec::new()) };
    let activity = activity.unwrap_or_else(|error| {
        tracing::warn!(%error, "why a pending revocation is gone is not known");
        Vec::new()
    });
    let is_covered = app.is_covered.load(Ordering::SeqCst);
    // The user sees it in the window. A test has no desktop.
    let is_seen = has_focus(handle) && !is_covered || TypeId::of::<R>() != TypeId::of::<Wry>();
    let items = lock(&app.news).take(overview, &activity, is_seen);
    for item in items.iter().filter(|item| !is_seen && is_wanted(item.event, overview.settings)) {
        let (title, text) = if is_covered { without_names() } else { words(item, &overview.registry) };
        let (handle, app, account) = (handle.clone(), app.clone(), item.account.clone());
        notification::show(title, text, move || open(&handle, app, account));
    }
    if items.iter().any(|item| matches!(item.event, NewsEvent::EndsSoon(_))) {
        keep_told(app).await;
    }
    let next = next_look(overview).and_then(|seconds| u64::try_from(seconds).ok());
    next.map(Duration::from_secs)
}

async fn keep_told(app: &Arc<AppState>) {
    let (home, told) = (app.environment.home.clone(), lock(&app.news).ends_told().clone());
    let kept = tauri::async_runtime::spawn_blocking(move || notified::write(&home, &told)).await;
    if let Err(error) = kept {
        tracing::error!(%error, "what was notified is not kept");
    }
}

fn has_focus<R: Runtime>(handle: &AppHandle<R>) -> bool {
    handle.get_webview_window(MAIN).is_some_and(|window| window.is_focused().unwrap_or_default())
}

fn is_wanted(event: NewsEvent, settings: Settings) -> bool {
    match event {
        NewsEvent::SessionEnded => settings.notify_session_ended,
        NewsEvent::EndsSoon(_) => settings.notify_ends_soon,
        NewsEvent::RevocationDone(_) | NewsEvent::SessionLost | NewsEvent::RevocationNeedsUser => {
            settings.notify_revocations
        }
    }
}

/// Shows the account, or else the window as it is: a pending revocation is named in each of its views.
pub(crate) fn open<R: Runtime>(handle: &AppHandle<R>, app: Arc<AppState>, account: AccountId) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        if app.registry().await.account(&account).is_some()
            && let Err(error) = Action::begin(&app).switch_account(&account).await
        {
            tracing::warn!(%account, code = ?error.code, "the account of a notification is not shown");
        }
        window::to_front(&handle);
    });
}
