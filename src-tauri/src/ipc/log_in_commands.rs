//! What the user can want on the login screen.

use accounts::AccountId;
use accounts::model::factor::Factor;
use accounts::model::pasted;
use accounts::model::token::{LinkText, OneTimeCode, Password};
use accounts::ports::{NewUser, TotpProof};
use secrecy::SecretString;
use tauri::{AppHandle, Runtime, WebviewWindow};

use super::at;
use super::dto::{IpcError, SignUpWay};

type Done = Result<(), IpcError>;

fn new_user(name: &str, username: &str) -> NewUser {
    let said = |text: &str| Some(pasted::name(text).to_owned()).filter(|text| !text.is_empty());
    NewUser { name: said(name), username: said(username) }
}

/// Shows the form of another first factor.
#[tauri::command]
pub(crate) async fn choose_factor<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    strategy: String,
    channel: String,
    provider_id: Option<String>,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.choose_factor(&Factor { strategy, channel, provider_id })).await
}

/// Logs in to the tenant that this window shows, with a password.
#[tauri::command]
pub(crate) async fn log_in<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    email_or_username: String,
    password: SecretString,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.with_password(&email_or_username, &Password::from(password))).await
}

/// Has a link sent by e-mail.
#[tauri::command]
pub(crate) async fn send_link<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    email: String,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.send_link(&email)).await
}

/// Has a code sent.
#[tauri::command]
pub(crate) async fn send_code<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    address: String,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.send_code(&address)).await
}

/// Sends once more what was sent last.
#[tauri::command]
pub(crate) async fn send_again<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    let at = at(&app, &window);
    at.answer(at.send_again()).await
}

/// Gives the code that was sent.
#[tauri::command]
pub(crate) async fn confirm_code<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    code: SecretString,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.confirm_code(&pasted::code(OneTimeCode::from(code).secret()))).await
}

/// Gives a code of the authenticator app.
#[tauri::command]
pub(crate) async fn log_in_with_totp<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    email_or_username: String,
    code: SecretString,
) -> Done {
    let code = pasted::code(OneTimeCode::from(code).secret());
    let at = at(&app, &window);
    at.answer(at.with_totp(&email_or_username, TotpProof::Code(&code))).await
}

/// Gives a backup code.
#[tauri::command]
pub(crate) async fn log_in_with_backup_code<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    email_or_username: String,
    code: SecretString,
) -> Done {
    let code = pasted::backup_code(OneTimeCode::from(code).secret());
    let at = at(&app, &window);
    at.answer(at.with_totp(&email_or_username, TotpProof::BackupCode(&code))).await
}

/// Uses a link that was pasted.
#[tauri::command]
pub(crate) async fn use_link<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    link: SecretString,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.use_link(LinkText::from(link).secret())).await
}

/// Uses the link that test mode shows.
#[tauri::command]
pub(crate) async fn follow_test_link<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    let at = at(&app, &window);
    at.answer(at.follow_test_link()).await
}

/// Uses the link that came unasked.
#[tauri::command]
pub(crate) async fn take_arrived_link<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    id: u64,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.take_arrived(id)).await
}

/// Throws the link away that came unasked.
#[tauri::command]
pub(crate) async fn ignore_arrived_link<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    id: u64,
) -> Done {
    at(&app, &window).shell().drop_arrived_link(id);
    Ok(())
}

/// Opens a provider in the system's browser.
#[tauri::command]
pub(crate) async fn log_in_with_provider<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    provider_id: String,
) -> Done {
    at(&app, &window).with_provider(&provider_id).await
}

/// Opens the same page once more.
#[tauri::command]
pub(crate) async fn open_provider_again<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    let at = at(&app, &window);
    at.answer(at.open_provider_again()).await
}

/// Chooses a second factor.
#[tauri::command]
pub(crate) async fn choose_second_factor<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    strategy: String,
    channel: String,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.choose_second_factor(&strategy, &channel)).await
}

/// Shows the form of a new user.
#[tauri::command]
pub(crate) async fn show_sign_up<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    way: SignUpWay,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.sign_up_by(way)).await
}

/// Signs up with a password.
#[tauri::command]
pub(crate) async fn sign_up<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    name: String,
    username: String,
    email: String,
    password: SecretString,
) -> Done {
    let (user, password) = (new_user(&name, &username), Password::from(password));
    let at = at(&app, &window);
    at.answer(at.sign_up(user, &email, &password)).await
}

/// Signs up with a link or a code.
#[tauri::command]
pub(crate) async fn sign_up_with<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    way: SignUpWay,
    name: String,
    username: String,
    address: String,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.sign_up_with(way, new_user(&name, &username), &address)).await
}

/// Shows the form for a forgotten password.
#[tauri::command]
pub(crate) async fn show_forgotten_password<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    let at = at(&app, &window);
    at.answer(at.show_forgotten_password()).await
}

/// Has a link sent to choose a new password with.
#[tauri::command]
pub(crate) async fn send_reset_link<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    email: String,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.send_reset_link(&email)).await
}

/// Chooses the new password, and logs in.
#[tauri::command]
pub(crate) async fn reset_password<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    password: SecretString,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.reset_password(&Password::from(password))).await
}

/// One step back.
#[tauri::command]
pub(crate) async fn leave_step<R: Runtime>(app: AppHandle<R>, window: WebviewWindow<R>) -> Done {
    at(&app, &window).leave_step().await;
    Ok(())
}

/// Shows the login screen of an account's tenant, filled in.
#[tauri::command]
pub(crate) async fn log_in_again<R: Runtime>(
    app: AppHandle<R>,
    window: WebviewWindow<R>,
    account: AccountId,
) -> Done {
    let at = at(&app, &window);
    at.answer(at.log_in_again(&account)).await
}
