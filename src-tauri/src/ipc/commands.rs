//! What the user can want.

use accounts::model::pasted;
use accounts::{AccountId, EntryName, Tenant};
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use super::dto::{ErrorCause, IpcError, Notice, Redirect, Snapshot};
use super::{at, error};
use crate::export;
use crate::screen::{ChosenTenant, Open, Screen};
use crate::shell::{self, Shell};

type Done = Result<(), IpcError>;

/// What the window shows now.
#[tauri::command]
pub(crate) async fn snapshot<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
) -> Result<Snapshot, ()> {
    Ok(at(&app, &window).shell().snapshot(&app, window.label()).await)
}

/// Asks a tenant for its ways in, and shows them.
#[tauri::command]
pub(crate) async fn choose_tenant<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    tenant_id: String,
    api_url: String,
    domain: String,
) -> Done {
    let at = at(&app, &window);
    let tenant = parse_tenant(at.shell(), &tenant_id, &api_url, &domain)?;
    at.answer(at.choose_tenant(tenant)).await
}

/// Empty API URL: the default; empty domain: none.
fn parse_tenant(shell: &Shell, id: &str, api: &str, domain: &str) -> Result<Tenant, IpcError> {
    let api = match pasted::name(api) {
        "" => shell.environment.api.clone()?,
        url => url.parse()?,
    };
    let domain =
        Some(pasted::name(domain)).filter(|domain| !domain.is_empty()).map(str::parse).transpose()?;
    Ok(Tenant { id: pasted::name(id).parse()?, api, domain })
}

/// Asks for another tenant.
#[tauri::command]
pub(crate) async fn change_tenant<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.leave_form(window.label(), |screen| screen.choose(ChosenTenant::Asking)).await;
    Ok(())
}

/// Logs an account out, and sends every window to where that leads.
#[tauri::command]
pub(crate) async fn log_out<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: AccountId,
    redirect: Redirect,
) -> Done {
    let outcome = shell.accounts.log_out(&account, &redirect.into()).await?;
    shell::unwritten(&app, account, outcome).await;
    Ok(())
}

/// Logs every account out. One that cannot be does not keep the others; those that stay are named.
#[tauri::command]
pub(crate) async fn log_out_all<R: Runtime>(app: AppHandle<R>, shell: State<'_, Shell>) -> Done {
    let mut failed = Vec::new();
    for (account, done) in shell.accounts.log_out_all().await? {
        match done {
            Ok(outcome) => shell::unwritten(&app, account.id, outcome).await,
            Err(error) => failed.push((account.id.clone(), account.name().to_owned(), error.into())),
        }
    }
    shell.say_failed(&app, &failed).await;
    error::of_log_outs(failed)
}

/// Logs an account out as soon as the keyring can be read.
#[tauri::command]
pub(crate) async fn log_out_once_unlocked<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: AccountId,
) -> Done {
    shell.accounts.log_out_once_unlocked(&account).await?;
    shell::restore_soon(&app);
    Ok(())
}

/// Gives up an account whose keyring is out of reach.
#[tauri::command]
pub(crate) async fn forget(shell: State<'_, Shell>, account: AccountId) -> Done {
    Ok(shell.accounts.forget(&account).await?)
}

/// Tries one pending revocation again.
#[tauri::command]
pub(crate) async fn retry_revocation<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    id: String,
) -> Done {
    at(&app, &window).retry_revocation(&EntryName::listed(id)).await
}

/// Gives one pending revocation up.
#[tauri::command]
pub(crate) async fn discard_revocation(shell: State<'_, Shell>, id: String) -> Done {
    // What is still there is in the next snapshot, as a leftover entry.
    shell.accounts.discard_revocation(&EntryName::listed(id)).await?;
    Ok(())
}

/// The network is back: tries what is owed.
#[tauri::command]
pub(crate) async fn network_returned(shell: State<'_, Shell>) -> Done {
    Ok(shell.accounts.network_returned().await?)
}

/// Opens what the notice of a log-out offers, in the system's browser.
#[tauri::command]
pub(crate) async fn open_in_browser<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    let page = shell.screen(window.label()).page.ok_or(ErrorCause::NoPage)?;
    loopback::open_browser(page.url().clone())
        .await
        .map_err(|error| IpcError::from(ErrorCause::BrowserNotOpened).with_detail(&error))
}

/// Shows the list of accounts.
#[tauri::command]
pub(crate) async fn show_accounts<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), |screen| screen.turn_to(Some(Open::Accounts)));
    Ok(())
}

/// Shows what was done.
#[tauri::command]
pub(crate) async fn show_activity<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), |screen| screen.turn_to(Some(Open::Activity)));
    Ok(())
}

/// Shows what can be chosen.
#[tauri::command]
pub(crate) async fn show_settings<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), |screen| screen.turn_to(Some(Open::Settings)));
    Ok(())
}

/// Back to the account or the login screen.
#[tauri::command]
pub(crate) async fn leave_view<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), Screen::leave_view);
    Ok(())
}

/// Writes the activity as JSON where the user says, and says where that is.
#[tauri::command]
pub(crate) async fn export_activity<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).export_activity().await
}

/// Shows the folder of the file that was saved last.
#[tauri::command]
pub(crate) async fn open_folder<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    let path = shell.screen(window.label()).notice.and_then(Notice::path).ok_or(ErrorCause::NoPage)?;
    export::open_folder(&path)
        .await
        .map_err(|error| IpcError::from(ErrorCause::FolderNotOpened).with_detail(&error))
}

/// Whether the server is asked after a log-out if the token still works.
#[tauri::command]
pub(crate) async fn set_probe(shell: State<'_, Shell>, probe: bool) -> Done {
    Ok(shell.accounts.set_verify_revocation(probe).await?)
}

/// Shows another account.
#[tauri::command]
pub(crate) async fn switch_account<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    account: AccountId,
) -> Done {
    if !shell.accounts.switch(&account).await? {
        return Err(ErrorCause::NotLoggedInNow.into());
    }
    shell.go_another_way(window.label(), Screen::leave_login);
    Ok(())
}

/// Shows the login screen although there is an account to show.
#[tauri::command]
pub(crate) async fn add_account<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.go_another_way(window.label(), Screen::ask_for_log_in);
    Ok(())
}

/// Goes back to the account, or to all of them.
#[tauri::command]
pub(crate) async fn leave_login<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    let shows_one = accounts::view::shown_account(&shell.accounts.overview().await).is_some();
    shell.go_another_way(window.label(), |screen| {
        screen.leave_login();
        screen.open = (!shows_one).then_some(Open::Accounts);
    });
    Ok(())
}

/// Asks the user for the keyring's password, then does what had to wait for it; what needs a server, in the
/// background.
#[tauri::command]
pub(crate) async fn unlock_keyring<R: Runtime>(app: AppHandle<R>, shell: State<'_, Shell>) -> Done {
    error::unlocked(shell.accounts.unlock().await)?;
    shell.accounts.resume().await?;
    shell::restore_soon(&app);
    Ok(())
}

/// Tries again what is owed.
#[tauri::command]
pub(crate) async fn retry<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).retry().await
}

/// The user has read the notice that the window shows.
#[tauri::command]
pub(crate) async fn dismiss_notice<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    Ok(shell.dismiss_notice(window.label()).await?)
}

/// An account's picture as a `data:` URL; nothing when it has none that is fit to be shown. An error: it may
/// come later.
#[tauri::command]
pub(crate) async fn picture(shell: State<'_, Shell>, account: AccountId) -> Result<Option<String>, ()> {
    shell.picture(&account).await.map_err(|error| tracing::info!(%account, %error, "no picture yet"))
}
