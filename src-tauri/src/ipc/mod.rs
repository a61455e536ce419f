//! The bridge to the webview: commands in, snapshots out.
//!
//! A command has at most five lines: parse, delegate, convert. It answers with nothing or an [`dto::IpcError`]; what
//! has changed comes with the next snapshot. The commands are a plugin, `accounts`; `build.rs` says why.

#[expect(clippy::let_underscore_must_use, reason = "in what `tauri::command` expands to")]
mod commands;
pub mod dto;
pub(crate) mod error;
#[expect(clippy::let_underscore_must_use, reason = "in what `tauri::command` expands to")]
mod foreign_commands;
mod log_in_commands;
mod user_commands;

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Runtime, WebviewWindow};

use crate::here::Window;

/// The window that a command came from.
fn at<'a, R: Runtime>(app: &'a AppHandle<R>, window: &'a WebviewWindow<R>) -> Window<'a, R> {
    Window::at(app, window.label())
}

/// The commands of `build.rs`.
#[must_use]
pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("accounts")
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::choose_tenant,
            commands::change_tenant,
            log_in_commands::choose_factor,
            log_in_commands::log_in,
            log_in_commands::send_link,
            log_in_commands::send_code,
            log_in_commands::send_again,
            log_in_commands::confirm_code,
            log_in_commands::log_in_with_totp,
            log_in_commands::log_in_with_backup_code,
            log_in_commands::use_link,
            log_in_commands::follow_test_link,
            log_in_commands::take_arrived_link,
            log_in_commands::ignore_arrived_link,
            log_in_commands::log_in_with_provider,
            log_in_commands::open_provider_again,
            log_in_commands::choose_second_factor,
            log_in_commands::show_sign_up,
            log_in_commands::sign_up,
            log_in_commands::sign_up_with,
            log_in_commands::show_forgotten_password,
            log_in_commands::send_reset_link,
            log_in_commands::reset_password,
            log_in_commands::leave_step,
            log_in_commands::log_in_again,
            user_commands::show_profile,
            user_commands::save_profile,
            user_commands::change_password,
            user_commands::set_up_totp,
            user_commands::confirm_totp,
            user_commands::leave_totp,
            user_commands::save_backup_codes,
            user_commands::send_verification,
            user_commands::confirm_email,
            user_commands::confirm_phone,
            user_commands::leave_verification,
            user_commands::complete_saml_log_in,
            user_commands::complete_saml_log_out,
            user_commands::refresh,
            commands::log_out,
            commands::log_out_all,
            commands::log_out_once_unlocked,
            commands::forget,
            commands::retry_revocation,
            commands::discard_revocation,
            foreign_commands::take_over,
            foreign_commands::log_out_foreign,
            foreign_commands::leave_foreign,
            foreign_commands::undo_leave,
            foreign_commands::replace_foreign,
            commands::network_returned,
            commands::open_in_browser,
            commands::show_accounts,
            commands::show_activity,
            commands::show_settings,
            commands::leave_view,
            commands::export_activity,
            commands::open_folder,
            commands::set_probe,
            commands::switch_account,
            commands::add_account,
            commands::leave_login,
            commands::unlock_keyring,
            commands::retry,
            commands::dismiss_notice,
            commands::picture,
        ])
        .build()
}
