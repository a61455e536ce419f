//! The settings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Makes [`Settings`] and [`SettingsChange`]. Each line of `settings!` is a field of the same name in the
/// domain's settings.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $kind:ty),* $(,)?) => {
        /// The settings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export)]
        pub struct Settings {
            $($(#[$doc])* pub $field: $kind,)*
        }

        /// The settings that are to be changed; the others stay.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[ts(export, optional_fields)]
        pub struct SettingsChange {
            $($(#[$doc])* pub $field: Option<$kind>,)*
        }

        impl From<accounts::model::settings::Settings> for Settings {
            fn from(settings: accounts::model::settings::Settings) -> Self {
                Self { $($field: settings.$field.into(),)* }
            }
        }

        impl SettingsChange {
            /// Changes `settings`.
            pub fn apply(self, settings: &mut accounts::model::settings::Settings) {
                $(if let Some(value) = self.$field { settings.$field = value.into(); })*
            }
        }
    };
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Theme {
    /// As the desktop's.
    System,
    Light,
    Dark,
}

impl From<accounts::model::settings::Theme> for Theme {
    fn from(theme: accounts::model::settings::Theme) -> Self {
        use accounts::model::settings::Theme as Domain;
        match theme {
            Domain::System => Self::System,
            Domain::Light => Self::Light,
            Domain::Dark => Self::Dark,
        }
    }
}

impl From<Theme> for accounts::model::settings::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => Self::System,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

/// What this desktop does not do for the app, with the reason; null where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Missing {
    /// A tray that shows the app.
    pub tray: Option<MissingReason>,
    /// Notifications.
    pub notifications: Option<MissingReason>,
    /// News of the user's being away.
    pub idle: Option<MissingReason>,
}

/// Why a desktop does not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MissingReason {
    /// Its setting is off.
    TurnedOff,
    /// This desktop has none.
    NotOnThisDesktop,
    /// The app does not do it on this operating system.
    NotOnThisSystem,
}

settings! {
    /// The colours of the window.
    theme: Theme,
    /// After a log-out, ask Userfront once whether the session is over.
    verify_revocation: bool,
    /// Show the app in the desktop's tray.
    tray: bool,
    /// A window that is closed goes on in the tray.
    close_to_tray: bool,
    /// Start at login, hidden in the tray.
    start_at_login: bool,
    /// Notify when Userfront has ended a session.
    notify_session_ended: bool,
    /// Notify when a session that cannot be renewed is about to end.
    notify_ends_soon: bool,
    /// Notify when a pending revocation is resolved or needs the user.
    notify_revocations: bool,
    /// Offer to copy an access token to the clipboard.
    copy_token: bool,
    /// Show nothing of the accounts when the screen is locked or the computer is idle, until the user asks.
    hide_when_idle: bool,
}
