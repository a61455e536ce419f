// The list of commands. A new command is a line here, a function in the module of that line, and a function
// in `ui/src/ipc.ts`. `build.rs` includes this file to allow the commands, `ipc/mod.rs` to handle them and to
// generate `ui/src/bindings/Command.ts`.

/// Calls a macro with the commands, by module.
macro_rules! with_commands {
    ($call:ident) => {
        $call! {
            commands: [
                snapshot,
                choose_tenant,
                change_tenant,
                log_out,
                log_out_all,
                log_out_several,
                log_out_once_unlocked,
                forget,
                retry_revocation,
                discard_revocation,
                network_returned,
                open_in_browser,
                show_accounts,
                show_activity,
                show_settings,
                leave_view,
                export_activity,
                open_folder,
                set_settings,
                switch_account,
                switch_back,
                set_pinned,
                add_account,
                leave_login,
                unlock_keyring,
                retry,
                dismiss_notice,
                picture,
                uncover,
                close_window,
                quit,
            ]
            log_in_commands: [
                choose_factor,
                log_in,
                send_link,
                send_code,
                send_again,
                confirm_code,
                log_in_with_totp,
                log_in_with_backup_code,
                use_link,
                follow_test_link,
                take_arrived_link,
                ignore_arrived_link,
                log_in_with_provider,
                open_provider_again,
                choose_second_factor,
                show_sign_up,
                sign_up,
                sign_up_with,
                show_forgotten_password,
                send_reset_link,
                reset_password,
                leave_step,
                log_in_again,
            ]
            profile_commands: [
                show_profile,
                save_profile,
                change_password,
                set_up_totp,
                confirm_totp,
                leave_totp,
                save_backup_codes,
                send_verification,
                confirm_email,
                confirm_phone,
                leave_verification,
                complete_saml_log_in,
                complete_saml_log_out,
                refresh,
                copy_token,
            ]
            foreign_commands: [
                take_over,
                log_out_foreign,
                leave_foreign,
                undo_leave,
                replace_foreign,
            ]
        }
    };
}
