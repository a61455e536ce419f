use accounts::AccountId;
use accounts::model::browser_pages::SamlStep;
use accounts::model::pasted;
use accounts::model::token::{LinkText, OneTimeCode, Password};
use secrecy::SecretString;
use tauri::{AppHandle, Runtime};

use crate::actions::action::{Action, Done};
use crate::actions::profile::Edited;
use crate::dto::CodeChannel;

#[tauri::command]
pub(crate) async fn show_profile(action: Action, account: AccountId) -> Done {
    action.show_profile(account).await
}

#[tauri::command]
pub(crate) async fn save_profile(
    action: Action,
    account: AccountId,
    name: String,
    username: String,
    image: String,
    data: String,
) -> Done {
    let edited = Edited { name, username, image, data };
    action.save_profile(account, &edited).await
}

#[tauri::command]
pub(crate) async fn change_password(
    action: Action,
    account: AccountId,
    existing: SecretString,
    password: SecretString,
) -> Done {
    let (existing, new) = (Password::from(existing), Password::from(password));
    action.change_password(account, &existing, &new).await
}

#[tauri::command]
pub(crate) async fn set_up_totp(action: Action, account: AccountId) -> Done {
    action.set_up_totp(account).await
}

#[tauri::command]
pub(crate) async fn confirm_totp(action: Action, account: AccountId, code: SecretString) -> Done {
    action.confirm_totp(account, &pasted::code(OneTimeCode::from(code).secret())).await
}

#[tauri::command]
pub(crate) async fn leave_totp(action: Action) -> Done {
    action.leave_totp();
    Ok(())
}

#[tauri::command]
pub(crate) async fn save_backup_codes<R: Runtime>(action: Action, window: AppHandle<R>) -> Done {
    action.save_backup_codes(&window).await
}

#[tauri::command]
pub(crate) async fn send_verification(
    action: Action,
    account: AccountId,
    channel: CodeChannel,
    address: String,
) -> Done {
    action.send_verification(account, channel, &address).await
}

#[tauri::command]
pub(crate) async fn confirm_email(action: Action, account: AccountId, link: SecretString) -> Done {
    action.confirm_email(account, LinkText::from(link).secret()).await
}

#[tauri::command]
pub(crate) async fn confirm_phone(action: Action, account: AccountId, code: SecretString) -> Done {
    action.confirm_phone(account, &pasted::code(OneTimeCode::from(code).secret())).await
}

#[tauri::command]
pub(crate) async fn leave_verification(action: Action) -> Done {
    action.leave_verification();
    Ok(())
}

#[tauri::command]
pub(crate) async fn complete_saml_log_in(action: Action, account: AccountId) -> Done {
    action.complete_saml(account, SamlStep::LogIn).await
}

#[tauri::command]
pub(crate) async fn complete_saml_log_out(action: Action, account: AccountId) -> Done {
    action.complete_saml(account, SamlStep::LogOut).await
}

#[tauri::command]
pub(crate) async fn refresh(action: Action, account: AccountId) -> Done {
    action.refresh(&account).await
}

#[tauri::command]
pub(crate) async fn copy_token(action: Action, account: AccountId) -> Done {
    action.copy_token(&account).await
}
