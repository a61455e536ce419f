//! Says what the webview may call: the commands of [`COMMANDS`], by the one file in `capabilities/`, nothing else.
//!
//! They belong to a plugin of our own, `accounts`: an app command without a manifest would be open to any page, and a
//! manifest would write its permissions to the top level. The webview calls them as `plugin:accounts|log_in`.

use tauri_build::{Attributes, DefaultPermissionRule, InlinedPlugin};

/// Every command; `ipc/mod.rs` registers the same ones, and `tests/ipc.rs` calls each of this list.
const COMMANDS: &[&str] = &[
    "snapshot",
    "choose_tenant",
    "change_tenant",
    "choose_factor",
    "log_in",
    "send_link",
    "send_code",
    "send_again",
    "confirm_code",
    "log_in_with_totp",
    "log_in_with_backup_code",
    "use_link",
    "follow_test_link",
    "take_arrived_link",
    "ignore_arrived_link",
    "log_in_with_provider",
    "open_provider_again",
    "choose_second_factor",
    "show_sign_up",
    "sign_up",
    "sign_up_with",
    "show_forgotten_password",
    "send_reset_link",
    "reset_password",
    "leave_step",
    "log_in_again",
    "show_profile",
    "save_profile",
    "change_password",
    "set_up_totp",
    "confirm_totp",
    "leave_totp",
    "save_backup_codes",
    "send_verification",
    "confirm_email",
    "confirm_phone",
    "leave_verification",
    "complete_saml_log_in",
    "complete_saml_log_out",
    "refresh",
    "log_out",
    "log_out_all",
    "log_out_once_unlocked",
    "forget",
    "retry_revocation",
    "discard_revocation",
    "take_over",
    "log_out_foreign",
    "leave_foreign",
    "undo_leave",
    "replace_foreign",
    "network_returned",
    "open_in_browser",
    "show_accounts",
    "show_activity",
    "show_settings",
    "leave_view",
    "export_activity",
    "open_folder",
    "set_probe",
    "switch_account",
    "add_account",
    "leave_login",
    "unlock_keyring",
    "retry",
    "dismiss_notice",
    "picture",
];

fn main() {
    for path in ["tauri.conf.json", "src-tauri/build.rs", "src-tauri/capabilities", "ui/dist"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let accounts =
        InlinedPlugin::new().commands(COMMANDS).default_permission(DefaultPermissionRule::AllowAllCommands);
    let attributes = Attributes::new()
        .plugin("accounts", accounts)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
