//! A refresh that brought no new tokens.

use accounts::refresh::{RefreshFailure, Refreshed};

use crate::ipc::dto::{ErrorCode, IpcError};

impl From<RefreshFailure> for IpcError {
    fn from(failure: RefreshFailure) -> Self {
        match failure {
            RefreshFailure::NotLoggedIn => {
                Self::new(ErrorCode::Failed, "This account is not logged in any more. Log in again.")
            }
            RefreshFailure::Expired => Self::new(ErrorCode::Failed, failure.to_string()),
            RefreshFailure::Store(error) => error.into(),
            RefreshFailure::Server(failure) => failure.into(),
            RefreshFailure::Tokens(refused) => Self::new(
                ErrorCode::Failed,
                "The server sent tokens that this app cannot keep. Log in again.",
            )
            .with_detail(refused.to_string()),
            RefreshFailure::Registry(error) => error.into(),
        }
    }
}

/// A refresh that the user asked for. What the account's health says by itself is no error.
pub(crate) fn refreshed(outcome: Refreshed) -> Result<(), IpcError> {
    match outcome {
        Refreshed::Stored | Refreshed::SignedOutByServer | Refreshed::TooLate => Ok(()),
        Refreshed::NoRefreshToken => Err(IpcError::new(
            ErrorCode::Failed,
            "There is no refresh token in the keyring, so there are no new tokens. Log in again when this one has expired.",
        )),
    }
}
