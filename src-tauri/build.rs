//! Says what the webview may call: the commands of `src/ipc/command_list.rs`, by the one file in
//! `capabilities/`.
//!
//! They belong to a plugin of our own, `accounts`: an app command without a manifest would be open to any
//! page, and a manifest would write its permissions to the top level. The webview calls them as
//! `plugin:accounts|log_in`.

use tauri_build::{Attributes, DefaultPermissionRule, InlinedPlugin};

include!("src/ipc/command_list.rs");

macro_rules! names {
    ($($module:ident: [$($command:ident,)*])*) => {
        const COMMANDS: &[&str] = &[$($(stringify!($command),)*)*];
    };
}

with_commands!(names);

fn main() {
    const LIST: &str = "src-tauri/src/ipc/command_list.rs";
    for path in ["tauri.conf.json", "src-tauri/build.rs", LIST, "src-tauri/capabilities", "ui/dist"] {
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
