use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::model::activity::Program;

use crate::dto::{ErrorCause, IpcError};

impl From<RefreshFailure> for IpcError {
    fn from(failure: RefreshFailure) -> Self {
        match failure {
            RefreshFailure::NotLoggedIn => ErrorCause::NoLongerLoggedIn.into(),
            RefreshFailure::SessionOver => ErrorCause::SessionEnded.into(),
            RefreshFailure::Ended => ErrorCause::SessionExpired.into(),
            RefreshFailure::TokensMissing => ErrorCause::TokensMissing.into(),
            RefreshFailure::Expired => ErrorCause::AccessExpired.into(),
            RefreshFailure::Store(error) => error.into(),
            RefreshFailure::Server(failure) => failure.into(),
            RefreshFailure::WithoutDomain => ErrorCause::WithoutDomain.into(),
            RefreshFailure::Tokens(refused) => Self::from(ErrorCause::NewTokensRefused).with_detail(&refused),
            RefreshFailure::Registry(error) => error.into(),
            RefreshFailure::Elsewhere(program) => {
                let name = |program| if program == Program::App { "app" } else { "userfront" };
                ErrorCause::RefreshedElsewhere {
                    by: program.map(|running| name(running.program).to_owned()),
                    process: program.map(|running| running.process),
                }
                .into()
            }
            RefreshFailure::GivenUp { cause, .. } => cause.into(),
        }
    }
}

/// Why the tokens do not yet hold changed details. An account that is logged out by now has no tokens.
pub(crate) fn tokens_later(outcome: Result<Refreshed, RefreshFailure>) -> Option<ErrorCause> {
    match outcome {
        Ok(Refreshed::Stored | Refreshed::TooLate) | Err(RefreshFailure::NotLoggedIn) => None,
        Ok(Refreshed::NoRefreshToken) => Some(ErrorCause::NoRefreshToken),
        Ok(Refreshed::SignedOutByServer) => Some(ErrorCause::SessionEnded),
        Err(failure) => Some(IpcError::from(failure).cause),
    }
}

/// A refresh that the user requested. What the account's health shows is not an error.
pub(crate) fn refreshed(outcome: Refreshed) -> Result<(), IpcError> {
    match outcome {
        Refreshed::Stored | Refreshed::SignedOutByServer | Refreshed::TooLate => Ok(()),
        Refreshed::NoRefreshToken => Err(ErrorCause::NoRefreshToken.into()),
    }
}

#[cfg(test)]
mod tests {
    use accounts::ports::CallFailure;

    use super::*;

    #[test]
    fn tokens_without_the_users_change_are_reported_with_the_cause() {
        for (outcome, why) in [
            (Ok(Refreshed::Stored), None),
            (Ok(Refreshed::TooLate), None),
            (Ok(Refreshed::NoRefreshToken), Some(ErrorCause::NoRefreshToken)),
            (Ok(Refreshed::SignedOutByServer), Some(ErrorCause::SessionEnded)),
            (Err(RefreshFailure::SessionOver), Some(ErrorCause::SessionEnded)),
            (Err(RefreshFailure::TokensMissing), Some(ErrorCause::TokensMissing)),
            (Err(RefreshFailure::Server(CallFailure::TimedOut)), Some(ErrorCause::TimedOut)),
        ] {
            assert_eq!(tokens_later(outcome.clone()), why, "{outcome:?}");
        }
    }
}
