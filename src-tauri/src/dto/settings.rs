//! The settings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Each setting is one line: its field in [`Settings`], in [`SettingsChange`], and in the domain.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {
        /// The settings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export)]
        pub struct Settings {
            $($(#[$doc])* pub $field: bool,)*
        }

        /// The settings that are to be changed; the others stay.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[ts(export, optional_fields)]
        pub struct SettingsChange {
            $($(#[$doc])* pub $field: Option<bool>,)*
        }

        impl From<accounts::model::settings::Settings> for Settings {
            fn from(settings: accounts::model::settings::Settings) -> Self {
                Self { $($field: settings.$field,)* }
            }
        }

        impl SettingsChange {
            /// Changes `settings`.
            pub fn apply(self, settings: &mut accounts::model::settings::Settings) {
                $(settings.$field = self.$field.unwrap_or(settings.$field);)*
            }
        }
    };
}

settings! {
    /// After a log-out, ask Userfront once whether the session is over.
    verify_revocation,
}
