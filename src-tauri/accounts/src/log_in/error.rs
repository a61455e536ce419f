//! Why a log-in failed.

use crate::base::rollback_outcome::Rollback;
use crate::model::account::AccountId;
use crate::model::claims::Refused;
use crate::model::registry_error::RegistryError;
use crate::ports::not_stored::NotStored;
use crate::ports::{CallFailure, FactorError, StoreError};

/// The state after a log-in whose answer was lost.
pub const MAY_BE_ALIVE: &str = "\
    You are not logged in here. If the log-in took effect at Userfront, its session is alive there, and \
    nothing here can end it; it ends by itself.";

/// Why a log-in failed, and the outcome for its session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// The keyring cannot take tokens now; nothing was sent to the server.
    #[error(transparent)]
    Store(StoreError),
    /// The registry cannot be written now; nothing was sent to the server.
    #[error(transparent)]
    Registry(RegistryError),
    /// The server refused to log in.
    #[error(transparent)]
    Factor(#[from] FactorError),
    /// The answer was lost on the way, or is not Userfront's: the log-in may have taken effect.
    #[error("{failure} {MAY_BE_ALIVE}")]
    AnswerLost {
        /// The failure of the call.
        failure: CallFailure,
    },
    /// The program was told to end before there was an answer.
    #[error("The log-in was interrupted. {0}")]
    Interrupted(Interrupted),
    /// The server sent tokens that cannot be kept.
    #[error("{refused} {rollback}")]
    Tokens {
        /// Why they cannot be kept.
        refused: Refused,
        /// The outcome for their session.
        rollback: Rollback,
    },
    /// The server logged in another account than the one that confirmed an authenticator app or an address.
    #[error("The server logged in another account than this one. {rollback}")]
    OtherAccount {
        /// The outcome for the new session.
        rollback: Rollback,
    },
    /// The account whose authenticator app or address was to be confirmed is not logged in.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The account was logged out after this log-in began: the log-out wins.
    #[error("The account was logged out meanwhile. {rollback}")]
    LoggedOutMeanwhile {
        /// The outcome for the new session.
        rollback: Rollback,
    },
    /// The keyring holds a sign-in of this account that is not in this list, and this log-in was not told to
    /// replace it.
    #[error("The keyring holds a sign-in of this account that is not in this list. {rollback}")]
    Foreign {
        /// The account.
        account: AccountId,
        /// The outcome for the new session.
        rollback: Rollback,
    },
    /// The tokens could not be stored.
    #[error("{cause} {rollback}")]
    NotStored {
        /// Keyring or registry.
        cause: NotStored,
        /// The outcome for their session.
        rollback: Rollback,
    },
}

/// The outcome of an interrupted log-in at the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Interrupted {
    /// No session was made.
    #[error("You are not logged in.")]
    NoSession,
    /// The server did not answer.
    #[error("{MAY_BE_ALIVE}")]
    Unanswered,
    /// The server answered, and its session was rolled back.
    #[error("{0}")]
    Rollback(Rollback),
}
