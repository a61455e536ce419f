//! The bridge to the webview: commands in, snapshots out.
//!
//! A command has at most five lines: parse, delegate, convert. It answers with nothing or an [`dto::IpcError`]; what
//! has changed comes with the next snapshot. The commands are a plugin, `accounts`; `build.rs` says why.

#[expect(clippy::let_underscore_must_use, reason = "in what `tauri::command` expands to")]
mod commands;
pub mod dto;
pub(crate) mod error;

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// The commands of `build.rs`.
#[must_use]
pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("accounts")
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::choose_tenant,
            commands::change_tenant,
            commands::log_in,
            commands::log_out,
            commands::log_out_all,
            commands::log_out_once_unlocked,
            commands::forget,
            commands::retry_revocation,
            commands::discard_revocation,
            commands::network_returned,
            commands::open_in_browser,
            commands::show_accounts,
            commands::show_activity,
            commands::show_settings,
            commands::leave_view,
            commands::export_activity,
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
