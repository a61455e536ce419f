use accounts::AccountId;
use accounts::model::factor::Factor;
use accounts::model::pasted;
use accounts::model::token::{LinkText, OneTimeCode, Password};
use accounts::ports::{NewUser, TotpProof};
use secrecy::SecretString;

use crate::actions::action::{Action, Done};
use crate::dto::SignUpWay;

fn new_user(name: &str, username: &str) -> NewUser {
    let said = |text: &str| Some(pasted::name(text).to_owned()).filter(|text| !text.is_empty());
    NewUser { name: said(name), username: said(username) }
}

#[tauri::command]
pub(crate) async fn choose_factor(
    action: Action,
    strategy: String,
    channel: String,
    provider_id: Option<String>,
) -> Done {
    action.answer(action.choose_factor(&Factor { strategy, channel, provider_id })).await
}

#[tauri::command]
pub(crate) async fn log_in(action: Action, email_or_username: String, password: SecretString) -> Done {
    action.answer(action.with_password(&email_or_username, &Password::from(password))).await
}

#[tauri::command]
pub(crate) async fn send_link(action: Action, email: String) -> Done {
    action.answer(action.send_link(&email)).await
}

#[tauri::command]
pub(crate) async fn send_code(action: Action, address: String) -> Done {
    action.answer(action.send_code(&address)).await
}

#[tauri::command]
pub(crate) async fn send_again(action: Action) -> Done {
    action.answer(action.send_again()).await
}

#[tauri::command]
pub(crate) async fn confirm_code(action: Action, code: SecretString) -> Done {
    action.answer(action.confirm_code(&pasted::code(OneTimeCode::from(code).secret()))).await
}

#[tauri::command]
pub(crate) async fn log_in_with_totp(action: Action, email_or_username: String, code: SecretString) -> Done {
    let code = pasted::code(OneTimeCode::from(code).secret());
    action.answer(action.with_totp(&email_or_username, TotpProof::Code(&code))).await
}

#[tauri::command]
pub(crate) async fn log_in_with_backup_code(
    action: Action,
    email_or_username: String,
    code: SecretString,
) -> Done {
    let code = pasted::backup_code(OneTimeCode::from(code).secret());
    action.answer(action.with_totp(&email_or_username, TotpProof::BackupCode(&code))).await
}

#[tauri::command]
pub(crate) async fn use_link(action: Action, link: SecretString) -> Done {
    action.answer(action.use_link(LinkText::from(link).secret())).await
}

#[tauri::command]
pub(crate) async fn follow_test_link(action: Action) -> Done {
    action.answer(action.follow_test_link()).await
}

#[tauri::command]
pub(crate) async fn take_arrived_link(action: Action, id: u64) -> Done {
    action.answer(action.take_arrived(id)).await
}

#[tauri::command]
pub(crate) async fn ignore_arrived_link(action: Action, id: u64) -> Done {
    action.app.drop_arrived_link(id);
    Ok(())
}

#[tauri::command]
pub(crate) async fn log_in_with_provider(action: Action, provider_id: String) -> Done {
    action.with_provider(&provider_id).await
}

#[tauri::command]
pub(crate) async fn open_provider_again(action: Action) -> Done {
    action.answer(action.open_provider_again()).await
}

#[tauri::command]
pub(crate) async fn choose_second_factor(action: Action, strategy: String, channel: String) -> Done {
    action.answer(action.choose_second_factor(&strategy, &channel)).await
}

#[tauri::command]
pub(crate) async fn show_sign_up(action: Action, way: SignUpWay) -> Done {
    action.answer(action.sign_up_by(way)).await
}

#[tauri::command]
pub(crate) async fn sign_up(
    action: Action,
    name: String,
    username: String,
    email: String,
    password: SecretString,
) -> Done {
    let (user, password) = (new_user(&name, &username), Password::from(password));
    action.answer(action.sign_up(user, &email, &password)).await
}

#[tauri::command]
pub(crate) async fn sign_up_with(
    action: Action,
    way: SignUpWay,
    name: String,
    username: String,
    address: String,
) -> Done {
    action.answer(action.sign_up_with(way, new_user(&name, &username), &address)).await
}

#[tauri::command]
pub(crate) async fn show_forgotten_password(action: Action) -> Done {
    action.answer(action.show_forgotten_password()).await
}

#[tauri::command]
pub(crate) async fn send_reset_link(action: Action, email: String) -> Done {
    action.answer(action.send_reset_link(&email)).await
}

#[tauri::command]
pub(crate) async fn reset_password(action: Action, password: SecretString) -> Done {
    action.answer(action.reset_password(&Password::from(password))).await
}

#[tauri::command]
pub(crate) async fn leave_step(action: Action) -> Done {
    action.leave_step().await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn log_in_again(action: Action, account: AccountId) -> Done {
    action.answer(action.log_in_again(&account)).await
}
