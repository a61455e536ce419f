//! What the user can want.

use accounts::{AccountId, Password, Tenant};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use super::dto::{IpcError, Notice, Snapshot};
use super::error;
use crate::shell::{self, ChosenTenant, Picture, Screen, Shell};

type Done = Result<(), IpcError>;

/// What the window shows now.
#[tauri::command]
pub(crate) async fn snapshot<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
) -> Result<Snapshot, ()> {
    Ok(shell.snapshot(window.label()).await)
}

/// Asks a tenant for its ways in, and shows them.
#[tauri::command]
pub(crate) async fn choose_tenant<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    tenant_id: String,
    api_url: String,
    domain: String,
) -> Done {
    let tenant = parse_tenant(&shell, &tenant_id, &api_url, &domain)?;
    let ways_in = shell.accounts.ways_in(&tenant).await?;
    shell.change_screen(window.label(), |screen| screen.tenant = ChosenTenant::Chosen(tenant, ways_in));
    Ok(())
}

/// Empty API URL: the default; empty domain: none.
fn parse_tenant(shell: &Shell, id: &str, api: &str, domain: &str) -> Result<Tenant, IpcError> {
    let api = match api.trim() {
        "" => shell.environment.api.clone(),
        url => url.parse()?,
    };
    let domain = Some(domain.trim()).filter(|domain| !domain.is_empty()).map(str::parse).transpose()?;
    Ok(Tenant { id: id.trim().parse()?, api, domain })
}

/// Asks for another tenant.
#[tauri::command]
pub(crate) async fn change_tenant<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), |screen| screen.tenant = ChosenTenant::Asking);
    Ok(())
}

/// Logs in to the tenant that this window shows, with a password.
#[tauri::command]
pub(crate) async fn log_in<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    email_or_username: String,
    password: SecretString,
) -> Done {
    let tenant = shell.tenant_of(window.label()).await.ok_or_else(error::no_tenant)?;
    let id = shell
        .accounts
        .log_in_with_password(&tenant, email_or_username.trim(), &Password::from(password))
        .await?;
    shell.change_screen(window.label(), Screen::leave_login);
    shell::after_log_in(&app, id);
    Ok(())
}

/// Logs an account out, and sends every window to the login screen.
#[tauri::command]
pub(crate) async fn log_out(shell: State<'_, Shell>, account: AccountId) -> Done {
    let outcome = shell.accounts.log_out(&account).await?;
    let notice = Notice::of_log_out(&outcome);
    shell.change_screens(|screen| screen.show_logged_out(notice.clone()));
    Ok(())
}

/// Shows another account.
#[tauri::command]
pub(crate) async fn switch_account<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    account: AccountId,
) -> Done {
    shell.accounts.switch(&account).await?;
    shell.change_screen(window.label(), Screen::leave_login);
    Ok(())
}

/// Shows the login screen although there is an account to show.
#[tauri::command]
pub(crate) async fn add_account<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), Screen::ask_for_log_in);
    Ok(())
}

/// Goes back to the account.
#[tauri::command]
pub(crate) async fn leave_login<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    shell.change_screen(window.label(), Screen::leave_login);
    Ok(())
}

/// Asks the user for the keyring's password, then does what had to wait for it.
#[tauri::command]
pub(crate) async fn unlock_keyring(shell: State<'_, Shell>) -> Done {
    error::unlocked(shell.accounts.unlock().await)?;
    Ok(shell.accounts.restore().await?)
}

/// Tries again what is owed.
#[tauri::command]
pub(crate) async fn retry(shell: State<'_, Shell>) -> Done {
    Ok(shell.accounts.restore().await?)
}

/// The user has read the notice.
#[tauri::command]
pub(crate) async fn dismiss_notice<R: Runtime>(window: WebviewWindow<R>, shell: State<'_, Shell>) -> Done {
    if shell.dismiss_own_notice(window.label()).await {
        return Ok(());
    }
    Ok(shell.accounts.dismiss_notice().await?)
}

/// An account's picture as a `data:` URL; nothing when it has none, or none that is fit to be shown.
#[tauri::command]
pub(crate) async fn picture(shell: State<'_, Shell>, account: AccountId) -> Result<Option<String>, ()> {
    let Some((tenant, address)) = shell.picture_address(&account).await else { return Ok(None) };
    if let Some(known) = shell.known_picture(&account, &address) {
        return Ok(known.data_url);
    }
    let fetched = shell.userfront.fetch_picture(&tenant, &address).await;
    let data_url =
        fetched.map(|picture| format!("data:{};base64,{}", picture.mime, STANDARD.encode(&picture.bytes)));
    let data_url = data_url.inspect_err(|error| tracing::info!(%account, %error, "no picture")).ok();
    shell.keep_picture(account, Picture { address, data_url: data_url.clone() });
    Ok(data_url)
}
