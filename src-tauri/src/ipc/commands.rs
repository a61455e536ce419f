use accounts::{AccountId, EntryName};
use tauri::{AppHandle, Runtime};

use crate::actions::action::{Action, Done};
use crate::actions::close;
use crate::actions::cover;
use crate::actions::keyring::restore_soon;
use crate::actions::log_out::say_unwritten;
use crate::actions::snapshot::next_snapshot;
use crate::dto::{ErrorCause, IpcError, Redirect, SettingsChange, Snapshot};
use crate::state::screen::{Open, Screen};
use crate::state::tenant::ChosenTenant;
use crate::system::window;

#[tauri::command]
pub(crate) async fn snapshot(action: Action) -> Result<Snapshot, ()> {
    Ok(next_snapshot(&action.app).await.0)
}

#[tauri::command]
pub(crate) async fn choose_tenant(
    action: Action,
    tenant_id: String,
    api_url: String,
    domain: String,
) -> Done {
    action.answer(action.choose_tenant(&tenant_id, &api_url, &domain)).await
}

#[tauri::command]
pub(crate) async fn change_tenant(action: Action) -> Done {
    action.app.leave_form(|screen| screen.choose(ChosenTenant::Asking)).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn log_out(action: Action, account: AccountId, redirect: Redirect) -> Done {
    let outcome = action.app.accounts.log_out(&account, &redirect.into()).await?;
    say_unwritten(&action.app, account, outcome).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn log_out_all(action: Action) -> Done {
    action.log_out_several(None).await
}

#[tauri::command]
pub(crate) async fn log_out_several(action: Action, accounts: Vec<AccountId>) -> Done {
    action.log_out_several(Some(accounts)).await
}

#[tauri::command]
pub(crate) async fn log_out_once_unlocked(action: Action, account: AccountId) -> Done {
    action.app.accounts.log_out_once_unlocked(&account).await?;
    restore_soon(&action.app);
    Ok(())
}

/// Abandons an account whose keyring is unavailable.
#[tauri::command]
pub(crate) async fn forget(action: Action, account: AccountId) -> Done {
    Ok(action.app.accounts.forget(&account).await?)
}

#[tauri::command]
pub(crate) async fn retry_revocation(action: Action, id: String) -> Done {
    action.retry_revocation(&EntryName::listed(id)).await
}

#[tauri::command]
pub(crate) async fn discard_revocation(action: Action, id: String) -> Done {
    // The next snapshot shows an entry that could not be deleted as a leftover entry.
    action.app.accounts.discard_revocation(&EntryName::listed(id)).await?;
    Ok(())
}

#[tauri::command]
pub(crate) async fn network_returned(action: Action) -> Done {
    Ok(action.app.accounts.network_returned().await?)
}

#[tauri::command]
pub(crate) async fn open_in_browser(action: Action) -> Done {
    let page = action.app.screen().page.ok_or(ErrorCause::NoPage)?;
    loopback::open_browser(page.url().clone())
        .await
        .map_err(|error| IpcError::from(ErrorCause::BrowserNotOpened).with_detail(&error))
}

#[tauri::command]
pub(crate) async fn show_accounts(action: Action) -> Done {
    action.app.change_screen(|screen| screen.turn_to(Some(Open::Accounts)));
    Ok(())
}

#[tauri::command]
pub(crate) async fn show_activity(action: Action) -> Done {
    action.app.change_screen(|screen| screen.turn_to(Some(Open::Activity)));
    Ok(())
}

#[tauri::command]
pub(crate) async fn show_settings(action: Action) -> Done {
    action.app.change_screen(|screen| screen.turn_to(Some(Open::Settings)));
    Ok(())
}

#[tauri::command]
pub(crate) async fn leave_view(action: Action) -> Done {
    action.app.change_screen(Screen::leave_view);
    Ok(())
}

#[tauri::command]
pub(crate) async fn export_activity<R: Runtime>(action: Action, window: AppHandle<R>) -> Done {
    action.export_activity(&window).await
}

#[tauri::command]
pub(crate) async fn open_folder(action: Action) -> Done {
    action.open_folder().await
}

#[tauri::command]
pub(crate) async fn set_settings(action: Action, change: SettingsChange) -> Done {
    action.set_settings(change).await
}

#[tauri::command]
pub(crate) async fn switch_account(action: Action, account: AccountId) -> Result<u64, IpcError> {
    action.switch_account(&account).await
}

#[tauri::command]
pub(crate) async fn switch_back(action: Action) -> Result<u64, IpcError> {
    action.switch_back().await
}

#[tauri::command]
pub(crate) async fn set_pinned(action: Action, account: AccountId, pinned: bool) -> Done {
    Ok(action.app.accounts.set_pinned(&account, pinned).await?)
}

#[tauri::command]
pub(crate) async fn add_account(action: Action) -> Done {
    action.app.go_another_way(Screen::ask_for_log_in);
    Ok(())
}

#[tauri::command]
pub(crate) async fn leave_login(action: Action) -> Done {
    action.leave_login().await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn unlock_keyring(action: Action) -> Done {
    action.unlock_keyring().await
}

#[tauri::command]
pub(crate) async fn retry(action: Action) -> Done {
    action.retry().await
}

#[tauri::command]
pub(crate) async fn dismiss_notice(action: Action) -> Done {
    action.dismiss_notice().await
}

/// An account's picture as a `data:` URL; null when there is none that can be shown. After an error it may
/// come later.
#[tauri::command]
pub(crate) async fn picture(action: Action, account: AccountId) -> Result<Option<String>, ()> {
    let registry = action.app.registry().await;
    let Some(row) = registry.account(&account) else { return Ok(None) };
    let picture = action.app.pictures.of(row, &action.app.userfront).await;
    picture.map_err(|error| tracing::info!(%account, %error, "no picture yet"))
}

#[tauri::command]
pub(crate) async fn uncover(action: Action) -> Done {
    cover::uncover(&action.app);
    Ok(())
}

#[tauri::command]
pub(crate) async fn close_window<R: Runtime>(window: AppHandle<R>) -> Done {
    window::close(&window);
    Ok(())
}

#[tauri::command]
pub(crate) async fn quit<R: Runtime>(action: Action, window: AppHandle<R>) -> Done {
    close::quit(&action.app, &window);
    Ok(())
}
