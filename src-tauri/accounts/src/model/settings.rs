//! The user's settings.

use serde::{Deserialize, Serialize};

/// All settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// After a log-out, ask Userfront once whether the token still works.
    #[serde(rename = "probe")]
    pub verify_revocation: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { verify_revocation: true }
    }
}
