//! The tray: what it shows, and what a click on it does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use accounts::model::destination::Redirect;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::{AccountId, Overview};
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc;

use crate::actions::action::{Action, Done};
use crate::actions::close::quit;
use crate::actions::log_out::say_unwritten;
use crate::dto::Notice;
use crate::state::app_state::AppState;
use crate::state::screen::Open;
use crate::state::tray_action::TrayAction;
use crate::system::{question, tray, window};
use crate::views::tray::{log_out_question, menu};

/// With every change: the menu, and whether closing the window hides it.
pub(crate) fn show(app: &AppState, overview: &Overview) {
    let wanted = overview.settings.tray.then(|| menu(overview));
    app.tray_menu.send_if_modified(|shown| {
        let is_other = *shown != wanted;
        if is_other {
            *shown = wanted;
        }
        is_other
    });
    app.closes_to_tray.store(overview.settings.close_to_tray, Ordering::SeqCst);
}

/// Keeps the tray's item, and does what is clicked.
pub(crate) fn start<R: Runtime>(handle: &AppHandle<R>, app: &Arc<AppState>) {
    let (clicks, mut clicked) = mpsc::unbounded_channel();
    let icon = handle.default_window_icon();
    let icon = icon.map(|icon| (icon.rgba().to_vec(), icon.width(), icon.height())).unwrap_or_default();
    let (state, windows) = (app.clone(), handle.clone());
    let is_there = move |is_there| {
        let was_there = state.has_tray.swap(is_there, Ordering::SeqCst);
        if was_there != is_there {
            state.changed();
        }
        // A hidden window could not be reached any more.
        if was_there && !is_there {
            window::show(&windows);
        }
    };
    let menu = app.tray_menu.subscribe();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = tray::run(icon, TrayAction::Open, menu, clicks, &is_there).await {
            tracing::info!(%error, "there is no tray");
            is_there(false);
        }
    });
    let (handle, app) = (handle.clone(), app.clone());
    tauri::async_runtime::spawn(async move {
        while let Some(action) = clicked.recv().await {
            app.accounts.allow_keyring_questions();
            tauri::async_runtime::spawn(act(handle.clone(), app.clone(), action));
        }
    });
}

async fn act<R: Runtime>(handle: AppHandle<R>, app: Arc<AppState>, action: TrayAction) {
    let done = match action {
        TrayAction::Open => {
            window::to_front(&handle);
            Ok(())
        }
        TrayAction::ShowAccounts => {
            app.change_screen(|screen| screen.turn_to(Some(Open::Accounts)));
            window::to_front(&handle);
            Ok(())
        }
        TrayAction::Switch(account) => Action::begin(&app).switch_account(&account).await.map(drop),
        TrayAction::LogOut(account) => log_out(&app, account, &handle).await,
        TrayAction::LogOutOfAll => log_out_of_all(&app, &handle).await,
        TrayAction::RetryPending => Action::begin(&app).retry().await,
        TrayAction::Quit => {
            quit(&app, &handle);
            if app.accounts.is_logging_out() {
                // It asks there.
                window::to_front(&handle);
            }
            Ok(())
        }
    };
    if let Err(error) = done {
        // The account that it is about is the active one: its view is behind the notice.
        app.change_screen(|screen| {
            screen.leave_view();
            screen.notice = Some(Notice::Warning { causes: vec![error.cause] });
        });
        window::to_front(&handle);
    }
}

/// Asks by a dialog, since the window may be hidden. The window then shows what came of each.
async fn log_out_of_all<R: Runtime>(app: &Arc<AppState>, handle: &AppHandle<R>) -> Done {
    let is_covered = app.is_covered.load(Ordering::SeqCst);
    let question = log_out_question(&*app.registry().await, is_covered);
    let Some((accounts, title, text)) = question else { return Ok(()) };
    if !question::ask(handle, title, text, "Log out of all".to_owned()).await {
        return Ok(());
    }
    window::to_front(handle);
    Action::begin(app).log_out_several(Some(accounts)).await
}

/// The menu says whether a session is pending; the window says all else that is left.
async fn log_out<R: Runtime>(app: &Arc<AppState>, account: AccountId, handle: &AppHandle<R>) -> Done {
    let registry = app.registry().await;
    if registry.account(&account).is_none_or(|account| account.phase != Phase::Active) {
        return Ok(());
    }
    let outcome = app.accounts.log_out(&account, &Redirect::Follow).await?;
    let is_quiet = outcome.session != SessionOutcome::Lost
        && outcome.deletion.remaining().is_empty()
        && outcome.unwritten.is_none()
        && !outcome.is_back;
    say_unwritten(app, account, outcome).await;
    if !is_quiet {
        window::to_front(handle);
    }
    Ok(())
}
