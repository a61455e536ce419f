//! A refresh that brought no new tokens.

use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};

use super::sentence;
use crate::ipc::dto::{ErrorCode, IpcError};

impl From<RefreshFailure> for IpcError {
    fn from(failure: RefreshFailure) -> Self {
        match failure {
            RefreshFailure::NotLoggedIn => {
                Self::new(ErrorCode::Failed, "This account is no longer logged in. Log in again.")
            }
            RefreshFailure::SessionOver
            | RefreshFailure::Ended
            | RefreshFailure::TokensMissing
            | RefreshFailure::Expired => Self::new(ErrorCode::SessionEnded, failure.to_string()),
            RefreshFailure::Store(error) => error.into(),
            RefreshFailure::Server(failure) => failure.into(),
            RefreshFailure::Tokens(refused) => Self::new(
                ErrorCode::Failed,
                "The server sent tokens that this app cannot keep. Log in again.",
            )
            .with_detail(refused.to_string()),
            RefreshFailure::Registry(error) => error.into(),
            RefreshFailure::Elsewhere(_) | RefreshFailure::GivenUp { .. } | RefreshFailure::WithoutDomain => {
                Self::new(ErrorCode::Failed, failure.to_string())
            }
        }
    }
}

/// What became of the tokens after a change of details, unless they say it. Who is logged out by now has none.
pub(crate) fn tokens_later(outcome: Result<Refreshed, RefreshFailure>) -> Option<String> {
    let why = match outcome {
        Ok(Refreshed::Stored | Refreshed::TooLate) | Err(RefreshFailure::NotLoggedIn) => return None,
        Ok(Refreshed::NoRefreshToken) => "there is no refresh token in the keyring",
        Ok(Refreshed::SignedOutByServer) | Err(RefreshFailure::SessionOver) => {
            "Userfront has ended the session"
        }
        Err(RefreshFailure::TokensMissing) => "the sign-in is missing from the keyring",
        Err(failure) => {
            let why = sentence(&failure.to_string());
            return Some(format!(
                "Your tokens still say what was before: {why} It is tried again by itself."
            ));
        }
    };
    Some(format!("Your tokens still say what was before, until you log in again: {why}."))
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

#[cfg(test)]
mod tests {
    use accounts::ports::CallFailure;

    use super::*;

    #[test]
    fn tokens_that_say_what_was_before_are_not_passed_over() {
        let failed = RefreshFailure::Server(CallFailure::TimedOut);
        for (outcome, said) in [
            (Ok(Refreshed::Stored), None),
            (Ok(Refreshed::TooLate), None),
            (Ok(Refreshed::NoRefreshToken), Some("until you log in again")),
            (Ok(Refreshed::SignedOutByServer), Some("until you log in again")),
            (Err(failed), Some("did not answer in time. It is tried again by itself.")),
        ] {
            let words = tokens_later(outcome.clone());
            assert_eq!(words.is_some(), said.is_some(), "{outcome:?}");
            assert!(words.unwrap_or_default().contains(said.unwrap_or_default()), "{outcome:?}");
        }
    }
}
