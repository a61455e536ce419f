//! The outcome of a refresh.

use crate::base::rollback_outcome::Rollback;
use crate::model::claims::Refused;
use crate::model::registry_error::RegistryError;
use crate::ports::not_stored::NotStored;
use crate::ports::{CallFailure, RunningProgram, StoreError};

pub(crate) type Outcome = Result<Refreshed, RefreshFailure>;

/// The outcome of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// New tokens are stored.
    Stored,
    /// The server ended the session: the user has to log in again.
    SignedOutByServer,
    /// There is no refresh token: the user has to log in again once the access token has expired.
    NoRefreshToken,
    /// The account was logged out, or in again, before the server answered; the late tokens were revoked.
    TooLate,
}

/// Why a refresh brought no new tokens. The account is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshFailure {
    /// No such account, or not logged in.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The server has ended the session.
    #[error("Your session has ended. Log in again.")]
    SessionOver,
    /// By this machine's clock the session has expired, and the server could not be asked.
    #[error("Your session has expired, by this computer's clock. Log in again.")]
    Ended,
    /// Neither token of the account is in the keyring.
    #[error("The sign-in for this account is missing from your keyring. Log in again.")]
    TokensMissing,
    /// The access token has expired, and there is no refresh token.
    #[error("The access token has expired, and there is no refresh token. Log in again.")]
    Expired,
    /// The keyring failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server gave no usable answer.
    #[error(transparent)]
    Server(CallFailure),
    /// The server does not know a live session: it was asked without the tenant's domain.
    #[error("The server does not know this session: it was asked without the tenant's domain.")]
    WithoutDomain,
    /// The server sent tokens that cannot be kept.
    #[error(transparent)]
    Tokens(#[from] Refused),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Another refresh of the account has been running for the whole time limit.
    #[error(
        "{} is refreshing this account and does not come to an end. Let it go on, or end it, then try again.",
        named(*.0)
    )]
    Elsewhere(Option<RunningProgram>),
    /// New tokens came and could not be stored within the time limit.
    #[error("New tokens came, and could not be stored: {cause} {left}")]
    GivenUp {
        /// The error that kept them from being stored.
        cause: NotStored,
        /// The state of the tokens now.
        left: Left,
    },
}

fn named(program: Option<RunningProgram>) -> String {
    program.map_or("Another program of this app".to_owned(), |program| {
        let name = program.to_string();
        name.strip_prefix("the ").map_or(name.clone(), |rest| format!("The {rest}"))
    })
}

impl From<NotStored> for RefreshFailure {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => Self::Store(error),
            NotStored::Registry(error) => Self::Registry(error),
        }
    }
}

/// The state of tokens that could not be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// They are in the account's reserved entry, and the next refresh takes them.
    ForNextRefresh,
    /// They are gone. The session is still the account's.
    Gone,
    /// They were of another session than the account's: the state of that session.
    OtherSession(Rollback),
}
