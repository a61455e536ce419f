//! Userfront, as the domain calls it: one function a call, and what each can answer. What the ways in ask
//! with and lead to is next door, in `ways_in.rs`.

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
        /// What the server said.
        message: String,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// What `GET self` says.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// What is shown everywhere.
    pub profile: Profile,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Custom data: a JSON object; empty when there is none.
    pub data: CustomData,
}

/// What `PUT self` is to change. What is absent stays as it is; an empty text is sent as `null` (assumed to
/// clear it).
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
        /// What the server said.
        message: String,
    },
    /// A refresh token alone: it may be the only one that the server takes from now on, or of a session that
    /// is new.
    #[error("{failure}")]
    WithoutAccess {
        /// What came.
        refresh: RefreshToken,
        /// What is wrong with the answer.
        failure: CallFailure,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// Why `GET self` brought no user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// 401 in Userfront's error shape: the token is not valid (any more).
    #[error("{message}")]
    NotValid {
        /// What the server said.
        message: String,
    },
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

/// What `GET auth/logout` says, as far as it says anything; what that is worth, the domain's `evidence`
/// tells. Everything else is a [`CallFailure`].
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
    /// 401 or 404 in Userfront's own error shape: it does not take this token.
    Refused {
        /// HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
}

/// One `GET auth/logout`, and the server's time with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeAttempt {
    /// What the server said.
    pub answer: Result<RevokeAnswer, CallFailure>,
    /// `Date` of the answer, if it is Userfront's: 2xx that is clear, or 4xx in its error shape.
    pub server_time: Option<Timestamp>,
}

/// A call by which a session can be told to live or not.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// `GET T/mode`: is it Userfront that answers, and in which mode?
    Mode,
    /// `GET auth/refresh`.
    Refresh(&'a RefreshToken),
    /// `GET self`.
    User(&'a AccessToken),
}

/// The answer to a [`Question`].
#[derive(Debug, Clone)]
pub enum Said {
    /// It is Userfront, in this mode: `mode` or `authentication` is there, and no mode counts as test.
    Mode(Mode),
    /// The token is taken. With the tokens that a refresh brought: one at least, not always both.
    Accepted(Vec<SessionToken>),
    /// 401 in Userfront's error shape.
    Refused {
        /// What the server said.
        message: String,
    },
}

/// What was said, and when by the server's clock.
#[derive(Debug, Clone)]
pub struct Testimony {
    /// The answer.
    pub said: Result<Said, CallFailure>,
    /// `Date` of the answer, if it is Userfront's.
    pub server_time: Option<Timestamp>,
}

/// The calls of Userfront's client API that the domain makes (`userfront-api.md`, *Calls*). No redirect is
/// followed, each call ends within 15 s, and the tenant's domain travels as the origin with every one.
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

    /// `POST T/auth/link`; with a new user: to sign up.
    async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError>;

    /// `PUT T/auth/link`: an e-mail link, or the return from single sign-on.
    async fn log_in_with_link(&self, tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError>;

    /// `POST T/auth/code`; with a new user: to sign up.
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

    /// `PUT self`: the user as changed. The tokens say it only after a refresh.
    async fn change_user(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        change: &UserChange,
    ) -> Result<User, UserError>;

    /// `POST auth/verify/email` or `POST auth/verify/phone`: what confirms the new address is sent to it.
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

    /// One of the calls that tell whether a session lives.
    async fn testify(&self, tenant: &Tenant, question: Question<'_>) -> Testimony;
}
