//! What the user can want with their own account.

use accounts::AccountId;
use accounts::model::browser_pages::SamlStep;
use accounts::model::pasted;
use accounts::model::token::{LinkText, OneTimeCode, Password};
use secrecy::SecretString;
use tauri::{AppHandle, Runtime, WebviewWindow};

use super::at;
use super::dto::{CodeChannel, IpcError};
use crate::profile::Edited;

type Done = Result<(), IpcError>;

/// Shows the user's own details.
#[tauri::command]
pub(crate) async fn show_profile<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    at(&app, &window).show_profile(account).await
}

/// Changes them.
#[tauri::command]
pub(crate) async fn save_profile<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    name: String,
    username: String,
    image: String,
    data: String,
) -> Done {
    let edited = Edited { name, username, image, data };
    at(&app, &window).save_profile(account, &edited).await
}

/// Changes the password.
#[tauri::command]
pub(crate) async fn change_password<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    existing: SecretString,
    password: SecretString,
) -> Done {
    let (existing, new) = (Password::from(existing), Password::from(password));
    at(&app, &window).change_password(account, &existing, &new).await
}

/// Begins to set up an authenticator app.
#[tauri::command]
pub(crate) async fn set_up_totp<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    at(&app, &window).set_up_totp(account).await
}

/// Ends that with a code of it.
#[tauri::command]
pub(crate) async fn confirm_totp<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    code: SecretString,
) -> Done {
    at(&app, &window).confirm_totp(account, &pasted::code(OneTimeCode::from(code).secret())).await
}

/// Gives that up.
#[tauri::command]
pub(crate) async fn leave_totp<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).leave_totp();
    Ok(())
}

/// Writes the backup codes that are shown to a file.
#[tauri::command]
pub(crate) async fn save_backup_codes<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).save_backup_codes().await
}

/// Has a link or a code sent to another e-mail address or phone number.
#[tauri::command]
pub(crate) async fn send_verification<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    channel: CodeChannel,
    address: String,
) -> Done {
    at(&app, &window).send_verification(account, channel, &address).await
}

/// Changes the e-mail address by the link that was sent to the new one.
#[tauri::command]
pub(crate) async fn confirm_email<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    link: SecretString,
) -> Done {
    at(&app, &window).confirm_email(account, LinkText::from(link).secret()).await
}

/// Changes the phone number by the code that was sent to the new one.
#[tauri::command]
pub(crate) async fn confirm_phone<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
    code: SecretString,
) -> Done {
    at(&app, &window).confirm_phone(account, &pasted::code(OneTimeCode::from(code).secret())).await
}

/// Leaves the address as it is.
#[tauri::command]
pub(crate) async fn leave_verification<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).leave_verification();
    Ok(())
}

/// Completes the log-in at a SAML service provider in the browser.
#[tauri::command]
pub(crate) async fn complete_saml_log_in<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    at(&app, &window).complete_saml(account, SamlStep::LogIn).await
}

/// Completes the log-out at a SAML service provider in the browser.
#[tauri::command]
pub(crate) async fn complete_saml_log_out<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    at(&app, &window).complete_saml(account, SamlStep::LogOut).await
}

/// Gets new tokens now.
#[tauri::command]
pub(crate) async fn refresh<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    at(&app, &window).refresh(&account).await
}
