//! The user's own details, and an authenticator app while it is set up: there, or on the way in.

use serde::Serialize;
use ts_rs::TS;

/// What Userfront says of a user, to be edited.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UserForm {
    /// Full name; empty when there is none, as with all of these.
    pub name: String,
    /// User name.
    pub username: String,
    /// Address of the picture.
    pub image: String,
    /// E-mail address; it cannot be changed here.
    pub email: String,
    /// Phone number; it cannot be changed here.
    pub phone_number: String,
    /// Custom data: a JSON object, as it was written but for white space.
    pub data: String,
}

/// An authenticator app that is being set up. Shown once; these are secrets of the user's, not tokens.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TotpSetUp {
    /// To be typed into the authenticator app.
    pub secret: String,
    /// The same as a picture: a `data:image/png;base64,` URL; nothing if the server sent none that is fit to be shown.
    pub qr_code: Option<String>,
    /// Each is good for one log-in without the authenticator app.
    pub backup_codes: Vec<String>,
}

/// Prints no secret.
impl std::fmt::Debug for TotpSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSetUp([redacted])")
    }
}
