//! What the domain needs from outside: a keyring, Userfront, the time, a place for the registry, and somebody to tell.
//!
//! Adapters implement these; the composition root names them. Each port has a memory twin for tests, in which every
//! effect can be counted, spoiled, and be the last one before a crash.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::account::{AccountId, EntryName, Profile};
use crate::activity::Line;
use crate::factor::{Channel, Factor, SecondFactor};
use crate::link::Link;
use crate::registry::{Registry, RegistryError};
use crate::settings::Settings;
use crate::tenant::{Mode, Tenant, UserUuid};
use crate::token::{
    AccessToken, FirstFactorToken, LinkText, OneTimeCode, Password, RefreshToken, SamlToken, SessionToken,
    Tokens, TotpSecret,
};

/// What the domain stands on. Named once, by the composition root.
#[derive(Clone)]
pub struct Ports {
    /// The keyring.
    pub store: Arc<dyn CredentialStore>,
    /// The server.
    pub userfront: Arc<dyn Userfront>,
    /// Where the registry lies.
    pub registry: Arc<dyn RegistryStorage>,
    /// Where the activity is written down.
    pub activity: Arc<dyn ActivityStorage>,
    /// Where the settings lie.
    pub settings: Arc<dyn SettingsStorage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told of changes.
    pub observer: Arc<dyn Observer>,
}

/// A moment: seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// The time.
pub trait Clock: Send + Sync {
    /// Now, as this machine believes.
    fn now(&self) -> Timestamp;
}

/// Somebody who wants to know that something has changed, and then asks what.
pub trait Observer: Send + Sync {
    /// The accounts, the keyring's status or the work in progress are not what they were. Must return at once.
    fn changed(&self);
}

// ---------------------------------------------------------------------------------------------- the credential store

/// How the keyring is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "status", content = "reason")]
pub enum StoreStatus {
    /// It answers, and is unlocked.
    Ok,
    /// It answers, and wants its password.
    Locked,
    /// It cannot be reached at all; why, in words for the technical detail.
    Unavailable(String),
    /// A call has passed its time limit; nothing is asked of it until that call returns.
    Hung,
}

/// Why a call to the keyring had no result. No variant holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Locked: nothing was touched. Unlocking needs the user.
    #[error("The keyring is locked.")]
    Locked,
    /// The call passed its limit. It may yet take effect.
    #[error("The keyring does not answer.")]
    Hung,
    /// No D-Bus, no daemon, no keychain.
    #[error("The keyring cannot be reached: {0}")]
    Unavailable(String),
    /// It answered, and would not do it.
    #[error("The keyring refused: {0}")]
    Refused(String),
}

/// What became of entries that were to be deleted, verified afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deletion {
    /// At least one was there; none is now.
    Deleted,
    /// None was there.
    AlreadyAbsent,
    /// These are still there, whatever the keyring said.
    StillPresent(Vec<EntryName>),
}

/// The OS keyring, seen from here. Calls may take seconds; none of them opens a dialog except
/// [`unlock`](CredentialStore::unlock), and none touches a locked keyring.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// What people call it: `GNOME Keyring`, `Keychain`, …
    fn name(&self) -> String;

    /// The service under which our entries lie.
    fn service(&self) -> String;

    /// How it is now.
    async fn status(&self) -> StoreStatus;

    /// The secret of an entry, or `None` when it is known to be absent (read while unlocked).
    async fn read(&self, entry: &EntryName) -> Result<Option<SecretString>, StoreError>;

    /// Sets an entry, new or not. After `Ok` it survives a power cut as well as the keyring can promise.
    async fn write(&self, entry: &EntryName, secret: &SecretString) -> Result<(), StoreError>;

    /// Deletes entries, every twin and part of them, and looks whether they are gone.
    async fn delete(&self, entries: &[EntryName]) -> Result<Deletion, StoreError>;

    /// Names of all entries under our service. Unlike the others it may answer while the keyring is locked.
    async fn entries(&self) -> Result<Vec<EntryName>, StoreError>;

    /// Asks the user to unlock it (a dialog of the desktop's), for up to a minute. The status afterwards.
    async fn unlock(&self) -> StoreStatus;
}

// ---------------------------------------------------------------------------------------------------------- Userfront

/// Why a call has no answer that can be used. `detail` is for the technical detail: no URL, no token, no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// No name, no route, refused, TLS, reset: the server may or may not have acted.
    #[error("The server cannot be reached.")]
    Unreachable {
        /// What the transport said.
        detail: String,
    },
    /// No whole answer within the limit: the server may or may not have acted.
    #[error("The server did not answer in time.")]
    TimedOut,
    /// HTML, half an object, another shape, too large, a redirect: something answered that is not Userfront's API.
    #[error("The answer is not one that Userfront gives (HTTP {status}).")]
    Unintelligible {
        /// HTTP status.
        status: u16,
        /// What was wrong with it.
        detail: String,
    },
    /// 429.
    #[error("The server wants us to wait.")]
    TooManyRequests {
        /// What `Retry-After` said, bounded to one hour.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("The server has a fault (HTTP {status}).")]
    ServerFault {
        /// HTTP status.
        status: u16,
        /// What `Retry-After` said, bounded to one hour.
        retry_after: Option<Duration>,
    },
    /// Any other status, with a message in Userfront's error shape.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The text that a person should see, cleaned.
        message: String,
    },
}

/// `GET T/mode`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantMode {
    /// Live or test, as the server sees our origin.
    pub mode: Mode,
    /// First factors in the tenant's order.
    pub first_factors: Vec<Factor>,
}

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

/// What `GET self` says.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// What is shown everywhere.
    pub profile: Profile,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Custom data: a JSON object; empty when there is none.
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// What `PUT self` is to change. What is absent stays as it is; an empty text is sent as `null` (assumed to clear it).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserChange {
    /// Full name.
    pub name: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// Address of the picture.
    pub image: Option<String>,
    /// Custom data, as a whole.
    pub data: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Why a refresh brought no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// 401 in Userfront's error shape: the session is over.
    #[error("{message}")]
    SessionOver {
        /// What the server said.
        message: String,
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

impl CallFailure {
    /// How long the server wants to be left alone, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::ServerFault { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What `GET auth/logout` can tell for certain. Everything else is a [`CallFailure`]: unconfirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevokeAnswer {
    /// 2xx with a JSON object: the session is dead.
    Revoked {
        /// `redirectTo` of the answer.
        redirect_to: Option<String>,
    },
    /// 401 or 404 in Userfront's own error shape: this token names no live session.
    Invalid {
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
    /// `Date` of whatever answered. Only a server that was reached over TLS (or loopback) has one.
    pub server_time: Option<Timestamp>,
}

/// The calls of Userfront's client API that the domain makes (`userfront-api.md`, *Calls*). No redirect is followed,
/// each call ends within 15 s, and the tenant's domain travels as the origin with every one.
#[async_trait]
pub trait Userfront: Send + Sync {
    /// `GET T/mode`.
    async fn mode(&self, tenant: &Tenant) -> Result<TenantMode, ModeError>;

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

    /// `GET auth/saml/idp/token`.
    async fn saml_token(&self, tenant: &Tenant, token: &AccessToken) -> Result<SamlToken, UserError>;

    /// `GET auth/logout`.
    async fn revoke(&self, tenant: &Tenant, token: &SessionToken) -> RevokeAttempt;
}

// ------------------------------------------------------------------------------------------------------- the registry

/// A change to the registry: runs once, under the lock, on what is on disk at that moment.
pub type Change = Box<dyn FnOnce(&mut Registry) + Send>;

/// Holds an account's lock until it is dropped; a crash lets go of it too.
pub struct AccountLock {
    _guard: Box<dyn Send + Sync>,
}

impl AccountLock {
    /// Wraps whatever keeps the lock.
    #[must_use]
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self { _guard: Box::new(guard) }
    }
}

impl fmt::Debug for AccountLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountLock")
    }
}

/// Where the registry lies, and the locks beside it. Shared with other processes of ours.
#[async_trait]
pub trait RegistryStorage: Send + Sync {
    /// What is on disk now. A registry that is not there yet reads as empty.
    async fn read(&self) -> Result<Registry, RegistryError>;

    /// Lock, re-read, change, write durably, unlock. What was written.
    async fn update(&self, change: Change) -> Result<Registry, RegistryError>;

    /// The account's lock; waits up to 5 s for another log-in, log-out or refresh of the same account.
    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError>;

    /// Whether somebody holds the account's lock at this moment. For showing, not for deciding.
    async fn is_at_work(&self, account: &AccountId) -> bool;
}

// ---------------------------------------------------------------------------------------- the activity, the settings

/// A file beside the registry cannot be read or written. Neither the activity nor the settings keep a log-out from
/// taking place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} cannot be {action}: {detail}")]
pub struct FileError {
    /// Its name.
    pub file: &'static str,
    /// `read` or `written`.
    pub action: &'static str,
    /// What the system said.
    pub detail: String,
}

/// Where the activity is written down: appended to, never changed.
#[async_trait]
pub trait ActivityStorage: Send + Sync {
    /// Adds a line.
    async fn append(&self, line: Line) -> Result<(), FileError>;

    /// Every line that is kept, the oldest first.
    async fn lines(&self) -> Result<Vec<Line>, FileError>;
}

/// Where the settings lie. Shared with other processes of ours.
#[async_trait]
pub trait SettingsStorage: Send + Sync {
    /// What is on disk now; the defaults when there is nothing.
    async fn read(&self) -> Result<Settings, FileError>;

    /// Replaces what is on disk.
    async fn write(&self, settings: Settings) -> Result<(), FileError>;
}
