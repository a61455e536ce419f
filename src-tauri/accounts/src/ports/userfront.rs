//! Userfront, as the domain calls it: one function per call, and the possible answers. The requests and
//! answers of the auth methods are in `auth_methods.rs`.

use crate::model::auth_config::AuthConfig;
use async_trait::async_trait;

use crate::model::account::Profile;
use crate::model::custom_data::CustomData;
use crate::model::link::Link;
use crate::model::tenant::{Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::{
    AccessToken, OneTimeCode, Password, RefreshToken, SamlToken, SessionToken, Tokens,
};
use crate::ports::{
    CallFailure, CodeAddress, CodeFor, FactorAnswer, FactorError, NewUser, Sent, TotpFor, TotpOwner,
    TotpProof, TotpSetUp,
};

/// Why a tenant's mode is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModeError {
    /// 404 in Userfront's error shape: no such tenant there.
    #[error("{message}")]
    UnknownTenant {
        /// The server's message.
        message: String,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// The answer to `GET self`.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The part that every view shows.
    pub profile: Profile,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Custom data: a JSON object; empty when there is none.
    pub data: CustomData,
}

/// The changes for `PUT self`. Absent fields stay; an empty text is sent as `null` (assumed to clear it).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserChange {
    /// Full name.
    pub name: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// Address of the picture.
    pub image: Option<String>,
    /// Custom data, as a whole.
    pub data: Option<CustomData>,
}

/// Why a refresh brought no access token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RefreshError {
    /// 401 in Userfront's error shape: the session is over.
    #[error("{message}")]
    SessionOver {
        /// The server's message.
        message: String,
    },
    /// A refresh token alone. It may be of a new session, or the only one that is accepted now.
    #[error("{failure}")]
    WithoutAccess {
        /// The refresh token.
        refresh: RefreshToken,
        /// The fault of the answer.
        failure: CallFailure,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// Why `GET self` brought no user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// 401 in Userfront's error shape: the token is not valid.
    #[error("{message}")]
    NotValid {
        /// The server's message.
        message: String,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// The answer to `GET auth/logout`; `log_out/evidence.rs` decides what it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevokeAnswer {
    /// 200 with a string `message`, and no error inside: the session is over.
    Revoked {
        /// `redirectTo` of the answer.
        redirect_to: Option<String>,
    },
    /// Another 2xx, empty or an object without an error inside.
    Unclear {
        /// HTTP status.
        status: u16,
    },
    /// 401 or 404 in Userfront's own error shape: it does not accept this token.
    Refused {
        /// HTTP status.
        status: u16,
        /// The server's message.
        message: String,
    },
}

/// The result of one `GET auth/logout`, with the server's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeAttempt {
    /// The answer.
    pub answer: Result<RevokeAnswer, CallFailure>,
    /// `Date` of the answer, if it is Userfront's: 2xx that is clear, or 4xx in its error shape.
    pub server_time: Option<Timestamp>,
}

/// A call that can show whether a session is alive.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// `GET T/mode`: does Userfront answer, and in which mode?
    Mode,
    /// `GET auth/refresh`.
    Refresh(&'a RefreshToken),
    /// `GET self`.
    User(&'a AccessToken),
}

/// The answer to a [`Question`].
#[derive(Debug, Clone)]
pub enum Said {
    /// It is Userfront, in this mode: `mode` or `authentication` is present, and no mode counts as test.
    Mode(Mode),
    /// The token was accepted. Holds the tokens that a refresh brought: at least one, not always both.
    Accepted(Vec<SessionToken>),
    /// 401 in Userfront's error shape.
    Refused {
        /// The server's message.
        message: String,
    },
}

/// An answer, with the server's time.
#[derive(Debug, Clone)]
pub struct Testimony {
    /// The answer.
    pub said: Result<Said, CallFailure>,
    /// `Date` of the answer, if it is Userfront's.
    pub server_time: Option<Timestamp>,
}

/// The calls of Userfront's client API that the domain makes (`userfront-api.md`, *Calls*). None follows a
/// redirect; each ends within 15 s, and sends the tenant's domain as the origin.
#[async_trait]
pub trait Userfront: Send + Sync {
    /// `GET T/mode`.
    async fn mode(&self, tenant: &Tenant) -> Result<AuthConfig, ModeError>;

    /// `POST T/auth/basic`.
    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError>;

    /// `POST T/auth/create`. An empty e-mail address is not sent.
    async fn sign_up_with_password(
        &self,
        tenant: &Tenant,
        user: &NewUser,
        email: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError>;

    /// `POST T/auth/link`; with a new user, to sign up.
    async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError>;

    /// `PUT T/auth/link`: for an e-mail link, or the return from single sign-on.
    async fn log_in_with_link(&self, tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError>;

    /// `POST T/auth/code`; with a new user, to sign up.
    async fn send_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError>;

    /// `PUT T/auth/code`.
    async fn log_in_with_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        code: &OneTimeCode,
    ) -> Result<FactorAnswer, FactorError>;

    /// `POST T/auth/totp`.
    async fn log_in_with_totp(
        &self,
        tenant: &Tenant,
        who: TotpFor<'_>,
        proof: TotpProof<'_>,
    ) -> Result<FactorAnswer, FactorError>;

    /// `GET auth/totp`.
    async fn totp_set_up(&self, tenant: &Tenant, owner: TotpOwner<'_>) -> Result<TotpSetUp, UserError>;

    /// `POST T/auth/reset/link`.
    async fn send_reset_link(&self, tenant: &Tenant, email: &str) -> Result<Sent, FactorError>;

    /// `PUT T/auth/reset`.
    async fn reset_password(
        &self,
        tenant: &Tenant,
        link: &Link,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError>;

    /// `PUT T/auth/basic`. A wrong existing password is [`CallFailure::Refused`].
    async fn change_password(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        existing: &Password,
        new: &Password,
    ) -> Result<(), UserError>;

    /// `GET auth/refresh`.
    async fn refresh(&self, tenant: &Tenant, token: &RefreshToken) -> Result<Tokens, RefreshError>;

    /// `GET self`: the user, with the tenant's name and log-out path.
    async fn user(&self, tenant: &Tenant, token: &AccessToken) -> Result<User, UserError>;

    /// `PUT self`: the user as changed. The tokens show the change only after a refresh.
    async fn change_user(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        change: &UserChange,
    ) -> Result<User, UserError>;

    /// `POST auth/verify/email` or `…/phone`: the server sends a confirmation to the new address.
    async fn send_verification(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        address: &CodeAddress,
    ) -> Result<Sent, UserError>;

    /// `GET auth/saml/idp/token`.
    async fn saml_token(&self, tenant: &Tenant, token: &AccessToken) -> Result<SamlToken, UserError>;

    /// `GET auth/logout`.
    async fn revoke(&self, tenant: &Tenant, token: &SessionToken) -> RevokeAttempt;

    /// Makes one of the calls that show whether a session is alive.
    async fn testify(&self, tenant: &Tenant, question: Question<'_>) -> Testimony;
}
