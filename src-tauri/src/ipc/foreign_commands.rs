use accounts::model::account::Listed;
use accounts::model::pasted;
use accounts::recovery::foreign::At;
use accounts::{AccountId, EntryName};

use crate::actions::action::{Action, Done};
use crate::dto::{IpcError, Notice};
use crate::state::app_state::AppState;

/// Empty texts mean: not given.
fn place(app: &AppState, entry: &EntryName, api_url: &str, domain: &str) -> Result<At, IpcError> {
    let said = |text: &str| Some(pasted::name(text).to_owned()).filter(|text| !text.is_empty());
    let api = said(api_url).map(|url| url.parse()).transpose()?;
    let at = At { api, domain: said(domain).map(|domain| domain.parse()).transpose()? };
    Ok(at.or_at(entry, app.environment.api.as_ref().ok()))
}

#[tauri::command]
pub(crate) async fn take_over(action: Action, entry: String, api_url: String, domain: String) -> Done {
    let entry = EntryName::listed(entry);
    let place = place(&action.app, &entry, &api_url, &domain)?;
    let account = action.app.accounts.take_over(&entry, &place).await?;
    action.logged_in(account);
    Ok(())
}

#[tauri::command]
pub(crate) async fn log_out_foreign(action: Action, entry: String, api_url: String, domain: String) -> Done {
    let entry = EntryName::listed(entry);
    let at = place(&action.app, &entry, &api_url, &domain)?;
    let outcome = action.app.accounts.log_out_foreign(&entry, &at).await?;
    if let Some(Listed::OfSuperseded { .. }) = entry.meaning() {
        action.app.change_screen(|screen| screen.say_log_out_of_session(&outcome));
    }
    Ok(())
}

#[tauri::command]
pub(crate) async fn leave_foreign(action: Action, entry: String) -> Done {
    Ok(action.app.accounts.leave_foreign(&EntryName::listed(entry)).await?)
}

#[tauri::command]
pub(crate) async fn undo_leave(action: Action, entry: String) -> Done {
    Ok(action.app.accounts.undo_leave(&EntryName::listed(entry)).await?)
}

/// From now on a log-in to this account ends the session in the keyring. `repeats`: the webview repeats the
/// log-in by itself; else the user is asked to.
#[tauri::command]
pub(crate) async fn replace_foreign(action: Action, account: AccountId, repeats: bool) -> Result<(), ()> {
    action.app.accounts.may_replace_foreign(Some(account));
    if !repeats {
        action.app.change_screen(|screen| screen.notice = Some(Notice::ForeignReplaceable));
    }
    Ok(())
}
