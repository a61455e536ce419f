//! What the user can want with a sign-in in the keyring that is not in this list.

use accounts::model::account::Listed;
use accounts::model::pasted;
use accounts::recovery::foreign::At;
use accounts::{AccountId, EntryName};
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use super::at;
use super::dto::{IpcError, Notice};
use crate::shell::Shell;

type Done = Result<(), IpcError>;

/// Empty: not said.
fn place(shell: &Shell, entry: &EntryName, api_url: &str, domain: &str) -> Result<At, IpcError> {
    let said = |text: &str| Some(pasted::name(text).to_owned()).filter(|text| !text.is_empty());
    let api = said(api_url).map(|url| url.parse()).transpose()?;
    let at = At { api, domain: said(domain).map(|domain| domain.parse()).transpose()? };
    Ok(at.or_at(entry, shell.environment.api.as_ref().ok()))
}

/// Makes it an account of this list, and shows it.
#[tauri::command]
pub(crate) async fn take_over<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    entry: String,
    api_url: String,
    domain: String,
) -> Done {
    let (window, entry) = (at(&app, &window), EntryName::listed(entry));
    let place = place(window.shell(), &entry, &api_url, &domain)?;
    let account = window.shell().accounts.take_over(&entry, &place).await?;
    window.logged_in(account);
    Ok(())
}

/// Logs out of it; every window says what came of it, and stays where it is.
#[tauri::command]
pub(crate) async fn log_out_foreign(
    shell: State<'_, Shell>,
    entry: String,
    api_url: String,
    domain: String,
) -> Done {
    let entry = EntryName::listed(entry);
    let at = place(&shell, &entry, &api_url, &domain)?;
    let outcome = shell.accounts.log_out_foreign(&entry, &at).await?;
    if let Some(Listed::OfSuperseded { .. }) = entry.meaning() {
        shell.change_screens(|screen| screen.say_log_out_of_session(&outcome));
    }
    Ok(())
}

/// Leaves it as it is.
#[tauri::command]
pub(crate) async fn leave_foreign(shell: State<'_, Shell>, entry: String) -> Done {
    Ok(shell.accounts.leave_foreign(&EntryName::listed(entry)).await?)
}

/// Asks about it again.
#[tauri::command]
pub(crate) async fn undo_leave(shell: State<'_, Shell>, entry: String) -> Done {
    Ok(shell.accounts.undo_leave(&EntryName::listed(entry)).await?)
}

/// From now on a log-in to this account ends the session that the keyring holds of it. `repeats`: the window
/// makes the same log-in once more by itself; else the user is told to.
#[tauri::command]
pub(crate) async fn replace_foreign<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    account: AccountId,
    repeats: bool,
) -> Result<(), ()> {
    shell.accounts.may_replace_foreign(Some(account));
    if !repeats {
        shell.change_screen(window.label(), |screen| screen.notice = Some(Notice::ForeignReplaceable));
    }
    Ok(())
}
