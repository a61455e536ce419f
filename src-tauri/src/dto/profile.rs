//! The user's own details, and an authenticator app while it is set up, there or during a log-in.

use serde::Serialize;
use ts_rs::TS;

use super::CodeChannel;

/// The user's details at Userfront, to be edited.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UserForm {
    /// Full name; empty when there is none, as with all of these.
    pub name: String,
    pub username: String,
    pub image: String,
    /// Changed, as the phone number is, by the link or code that is sent to the new one.
    pub email: String,
    pub phone_number: String,
    /// Custom data: a JSON object, as it was written but for white space.
    pub data: String,
}

/// A new e-mail address or phone number that a link or code was sent to. The link or code of test mode is the
/// user's own, to be followed or typed.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewAddress {
    /// E-mail: a link was sent; text message: a code.
    pub channel: CodeChannel,
    pub address: String,
    /// The link itself, in test mode, where no mail is sent.
    pub test_link: Option<String>,
    /// The code itself, in test mode.
    pub test_code: Option<String>,
    /// When another one can be sent.
    #[ts(type = "number")]
    pub resend_at: i64,
}

/// Prints no link and no code.
impl std::fmt::Debug for NewAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { channel, address, .. } = self;
        f.debug_struct("NewAddress")
            .field("channel", channel)
            .field("address", address)
            .finish_non_exhaustive()
    }
}

/// An authenticator app that is being set up. Shown once; these are secrets of the user's, not tokens.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TotpSetUp {
    /// To be typed into the authenticator app.
    pub secret: String,
    /// The same as a picture: a `data:image/png;base64,` URL; nothing if the server sent none that is fit to
    /// be shown.
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
