//! Why a log-out failed.

use crate::model::reason::Reason;
use crate::model::registry_error::RegistryError;
use crate::ports::not_stored::NotStored;
use crate::ports::{CallFailure, StoreError};

/// Why a log-out failed. The account is still logged in, and nothing was changed, unless the variant says
/// otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOutError {
    /// No such account here.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The keyring is locked, hung or out of reach: the tokens can be neither read nor moved to their
    /// `revoke.` entry.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same, for an account that is logging out already: the log-out is finished once the keyring is
    /// back.
    #[error("The log-out waits for the keyring. {0}")]
    Waiting(StoreError),
    /// The account list cannot be written, so the session cannot be queued; and the server did not confirm
    /// the revocation.
    #[error("{registry} {server}")]
    Unwritable {
        /// Why it cannot be written.
        registry: RegistryError,
        /// Why the session is not known to be over.
        server: CallFailure,
    },
    /// The log-out cannot be finished now. Its tombstone stays, since it was found or could not be lifted.
    /// The account is logging out, and the next start finishes it.
    #[error("{0}")]
    NotLifted(RegistryError),
    /// The registry cannot be read or written; or another process is at work on the account
    /// ([`RegistryError::Busy`]), and may be logging it out. This log-out did not take place.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl LogOutError {
    pub(crate) fn reason(&self) -> Reason {
        match self.clone() {
            Self::NotLoggedIn => Reason::NotLoggedIn,
            Self::Store(error) | Self::Waiting(error) => Reason::Keyring(error),
            Self::NotLifted(error) | Self::Registry(error) => Reason::List(error),
            Self::Unwritable { registry, server } => Reason::Unwritable { list: registry, server },
        }
    }
}

impl From<NotStored> for LogOutError {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => Self::Store(error),
            NotStored::Registry(error) => Self::Registry(error),
        }
    }
}
