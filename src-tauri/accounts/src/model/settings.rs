//! The user's settings.

use serde::{Deserialize, Serialize};

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the desktop's.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// All settings.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// After a log-out, ask Userfront once whether the token still works.
    #[serde(rename = "probe")]
    pub verify_revocation: bool,
    /// The colours of the window.
    pub theme: Theme,
    /// Show the app in the desktop's tray.
    pub tray: bool,
    /// A window that is closed goes on in the tray.
    pub close_to_tray: bool,
    /// Start at login, hidden in the tray.
    pub start_at_login: bool,
    /// Notify when the server has ended a session.
    pub notify_session_ended: bool,
    /// Notify when a session that cannot be renewed is about to end.
    pub notify_ends_soon: bool,
    /// Notify when a pending revocation is resolved or needs the user.
    pub notify_revocations: bool,
    /// Offer to copy an access token to the clipboard.
    pub copy_token: bool,
    /// Show nothing of the accounts while the user is away.
    pub hide_when_idle: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verify_revocation: true,
            theme: Theme::System,
            tray: true,
            close_to_tray: false,
            start_at_login: false,
            notify_session_ended: true,
            notify_ends_soon: true,
            notify_revocations: true,
            copy_token: true,
            hide_when_idle: false,
        }
    }
}

impl Settings {
    /// The careful ones, for settings that cannot be read: the user may have switched off what reveals
    /// something.
    #[must_use]
    pub fn unreadable() -> Self {
        Self { copy_token: false, hide_when_idle: true, ..Self::default() }
    }
}
