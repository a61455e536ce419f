//! What a way in asks Userfront with, and what it leads to: tokens, one more factor, or why not.

use crate::model::factor::{Channel, SecondFactor};
use crate::model::tenant::UserUuid;
use crate::model::token::{
    AccessToken, FirstFactorToken, LinkText, OneTimeCode, RefreshToken, Tokens, TotpSecret,
};
use crate::ports::CallFailure;

/// A whole log-in answer.
#[derive(Debug, Clone)]
pub struct LogInAnswer {
    /// The session's tokens.
    pub tokens: Tokens,
    /// Where the server would send a browser.
    pub redirect_to: Option<String>,
}

/// What a factor that was right leads to.
#[derive(Debug, Clone)]
pub enum FactorAnswer {
    /// The tokens of a new session.
    Tokens(LogInAnswer),
    /// The tenant asks for one more factor.
    SecondFactor(MfaRequired),
    /// A refresh token without an access token: a session was made that cannot be used, and can be ended.
    WithoutAccess(RefreshToken),
}

/// The *MFA required* answer.
#[derive(Debug, Clone)]
pub struct MfaRequired {
    /// Goes along with the second factor.
    pub token: FirstFactorToken,
    /// What the tenant accepts, in its order.
    pub second_factors: Vec<SecondFactor>,
}

/// Why a factor did not lead anywhere: a password, a link or a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactorError {
    /// 400, 401 or 403 in Userfront's error shape: wrong, expired, used up, or not acceptable.
    #[error("{message}")]
    Wrong {
        /// What the server said.
        message: String,
    },
    /// 404 in Userfront's error shape.
    #[error("{message}")]
    UnknownTenant {
        /// What the server said.
        message: String,
    },
    /// The tenant asks for PKCE, whose exchange is not known.
    #[error("This tenant asks for PKCE.")]
    PkceRequired,
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// Where a code is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeAddress {
    /// An e-mail address.
    Email(String),
    /// A phone number.
    Phone(String),
}

impl CodeAddress {
    /// By which way.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }
}

/// For whom a code is sent or checked: by an address, or for whoever has given a first factor. Then the address may be
/// left out, unless it is the one to set up.
#[derive(Debug, Clone, Copy)]
pub enum CodeFor<'a> {
    /// A first factor.
    Address(&'a CodeAddress),
    /// A second factor.
    SecondFactor {
        /// By which way.
        channel: Channel,
        /// A phone number that is being set up.
        address: Option<&'a CodeAddress>,
        /// Who has given the first factor.
        token: &'a FirstFactorToken,
    },
}

/// Who gives a code of an authenticator app.
#[derive(Debug, Clone, Copy)]
pub enum TotpFor<'a> {
    /// A first factor: this e-mail address or user name.
    Name(&'a str),
    /// A user who is logged in, and confirms that the app is set up.
    User(&'a UserUuid),
    /// A second factor.
    SecondFactor(&'a FirstFactorToken),
}

/// A code of an authenticator app, or one of those for when it is not at hand.
#[derive(Debug, Clone, Copy)]
pub enum TotpProof<'a> {
    /// Six digits.
    Code(&'a OneTimeCode),
    /// Used up by this.
    BackupCode(&'a OneTimeCode),
}

/// Who may see what an authenticator app is set up with.
#[derive(Debug, Clone, Copy)]
pub enum TotpOwner<'a> {
    /// Whoever is logged in.
    LoggedIn(&'a AccessToken),
    /// Whoever has given a first factor, and sets up the second.
    SecondFactor(&'a FirstFactorToken),
}

/// What an authenticator app is set up with.
#[derive(Debug, Clone)]
pub struct TotpSetUp {
    /// To be typed into the app.
    pub secret: TotpSecret,
    /// The same as a picture: `data:image/png;base64,…`, if the server sent one of that form, at most 64 kB.
    pub qr_code: Option<TotpSecret>,
    /// Ten, each good for one log-in.
    pub backup_codes: Vec<OneTimeCode>,
}

/// What a new user may say of themselves. What is not said is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUser {
    /// Full name.
    pub name: Option<String>,
    /// User name.
    pub username: Option<String>,
}

/// What test mode answers with instead of sending it. Both are absent in live mode.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// `result.link`.
    pub link: Option<LinkText>,
    /// `result.verificationCode`.
    pub code: Option<OneTimeCode>,
}
