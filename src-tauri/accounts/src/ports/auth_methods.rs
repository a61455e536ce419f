//! Requests and answers of the auth methods: tokens, an MFA challenge, or an error.

use crate::model::factor::{Channel, SecondFactor};
use crate::model::tenant::UserUuid;
use crate::model::token::{
    AccessToken, FirstFactorToken, LinkText, OneTimeCode, RefreshToken, Tokens, TotpSecret,
};
use crate::ports::CallFailure;

/// A complete log-in answer.
#[derive(Debug, Clone)]
pub struct LogInAnswer {
    /// The session's tokens.
    pub tokens: Tokens,
    /// The server's `redirectTo`.
    pub redirect_to: Option<String>,
}

/// The answer to a correct factor.
#[derive(Debug, Clone)]
pub enum FactorAnswer {
    /// The tokens of a new session.
    Tokens(LogInAnswer),
    /// The tenant asks for a second factor.
    SecondFactor(MfaRequired),
    /// A refresh token without an access token: the new session cannot be used, but can be revoked.
    WithoutAccess(RefreshToken),
}

/// The *MFA required* answer.
#[derive(Debug, Clone)]
pub struct MfaRequired {
    /// To be sent along with the second factor.
    pub token: FirstFactorToken,
    /// The factors that the tenant accepts, in its order.
    pub second_factors: Vec<SecondFactor>,
}

/// Why a factor (a password, a link or a code) did not lead to a log-in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactorError {
    /// 400 or 401 in Userfront's error shape: wrong, expired, used up, or not acceptable.
    #[error("{}", message.as_deref().unwrap_or("Userfront refused, with no reason that can be shown."))]
    Wrong {
        /// The server's message, if it sent one that can be shown.
        message: Option<String>,
    },
    /// 404 in Userfront's error shape.
    #[error("{message}")]
    UnknownTenant {
        /// The server's message.
        message: String,
    },
    /// The tenant asks for PKCE; how it exchanges tokens is not known.
    #[error("This tenant asks for PKCE.")]
    PkceRequired,
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// The address to which a code is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeAddress {
    /// An e-mail address.
    Email(String),
    /// A phone number.
    Phone(String),
}

impl CodeAddress {
    /// The channel of this address.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }
}

/// The recipient of a code. After a first factor, an address is needed only to set one up.
#[derive(Debug, Clone, Copy)]
pub enum CodeFor<'a> {
    /// A first factor.
    Address(&'a CodeAddress),
    /// A second factor.
    SecondFactor {
        /// The channel.
        channel: Channel,
        /// A phone number that is being set up.
        address: Option<&'a CodeAddress>,
        /// Names the user who has given the first factor.
        token: &'a FirstFactorToken,
    },
}

/// The user whose TOTP code is checked.
#[derive(Debug, Clone, Copy)]
pub enum TotpFor<'a> {
    /// A first factor: this e-mail address or user name.
    Name(&'a str),
    /// A logged-in user, who confirms that the app is set up.
    User(&'a UserUuid),
    /// A second factor.
    SecondFactor(&'a FirstFactorToken),
}

/// A code of an authenticator app, or a backup code.
#[derive(Debug, Clone, Copy)]
pub enum TotpProof<'a> {
    /// Six digits.
    Code(&'a OneTimeCode),
    /// Can be used once.
    BackupCode(&'a OneTimeCode),
}

/// The user who sets up an authenticator app.
#[derive(Debug, Clone, Copy)]
pub enum TotpOwner<'a> {
    /// A logged-in user.
    LoggedIn(&'a AccessToken),
    /// A user who has given a first factor, and sets up the second.
    SecondFactor(&'a FirstFactorToken),
}

/// The set-up data of an authenticator app.
#[derive(Debug, Clone)]
pub struct TotpSetUp {
    /// To be typed into the app.
    pub secret: TotpSecret,
    /// The same as a picture: `data:image/png;base64,…`, at most 64 kB, if the server sends one.
    pub qr_code: Option<TotpSecret>,
    /// Ten, each good for one log-in.
    pub backup_codes: Vec<OneTimeCode>,
}

/// The details of a new user. Absent ones are not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUser {
    /// Full name.
    pub name: Option<String>,
    /// User name.
    pub username: Option<String>,
}

/// The link or code that test mode returns instead of sending it. Both are absent in live mode.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// `result.link`.
    pub link: Option<LinkText>,
    /// `result.verificationCode`.
    pub code: Option<OneTimeCode>,
}
