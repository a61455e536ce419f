//! The bridge to the webview: commands in, snapshots out.
//!
//! A command has at most five lines: parse, delegate, convert. It returns nothing or a
//! [`crate::dto::IpcError`]; the next snapshot shows the changes. The commands form a plugin, `accounts`;
//! `build.rs` says why.

mod commands;
mod foreign_commands;
mod log_in_commands;
mod profile_commands;

use std::sync::Arc;

use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Manager as _, Runtime};

use crate::actions::action::Action;
use crate::state::app_state::AppState;

include!("command_list.rs");

/// The commands that the page sends by itself. With any other the user has asked for something.
const BY_THE_PAGE: [&str; 3] = ["snapshot", "network_returned", "picture"];

macro_rules! plugin {
    ($($module:ident: [$($command:ident,)*])*) => {
        /// The names of the commands.
        pub const COMMANDS: &[&str] = &[$($(stringify!($command),)*)*];

        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export)]
        #[expect(non_camel_case_types, dead_code, reason = "the names of functions, for TypeScript")]
        enum Command {
            $($($command,)*)*
        }

        /// The plugin with the commands.
        #[must_use]
        pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
            Builder::new("accounts")
                .invoke_handler(tauri::generate_handler![$($($module::$command,)*)*])
                .build()
        }
    };
}

with_commands!(plugin);

impl<'de, R: Runtime> CommandArg<'de, R> for Action {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        match command.message.webview_ref().try_state::<Arc<AppState>>() {
            Some(state) => {
                if !BY_THE_PAGE.contains(&command.name) {
                    state.accounts.allow_keyring_questions();
                }
                Ok(Self::begin(&state))
            }
            None => Err(InvokeError::from("the app has not started")),
        }
    }
}
