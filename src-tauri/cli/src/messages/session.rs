//! Why a refresh or a log-out failed.

use accounts::base::refresh_outcome::{Left, RefreshFailure};
use accounts::log_out::error::LogOutError;
use accounts::model::registry_error::RegistryError;
use accounts::ports::not_stored::NotStored;

use super::causes;
use super::errors::NOT_LOGGED_IN;
use crate::exit::Exit;
use crate::failure::Failure;

impl From<RefreshFailure> for Failure {
    fn from(error: RefreshFailure) -> Self {
        let log_in_again = |why: &str| Self::new(Exit::NotLoggedIn, format!("{why} Log in again."));
        match error {
            RefreshFailure::Store(error) => error.into(),
            RefreshFailure::Server(failure) => failure.into(),
            RefreshFailure::Registry(error) => error.into(),
            RefreshFailure::NotLoggedIn => {
                Self::new(Exit::NotLoggedIn, NOT_LOGGED_IN).before("Log in with `userfront log-in`.")
            }
            RefreshFailure::SessionOver => log_in_again("Your session has ended."),
            RefreshFailure::Ended => log_in_again("Your session has expired, by this computer's clock."),
            RefreshFailure::TokensMissing => {
                log_in_again("The sign-in for this account is missing from your keyring.")
            }
            RefreshFailure::Expired => {
                log_in_again("The access token has expired, and there is no refresh token.")
            }
            RefreshFailure::Tokens(refused) => Self::failed(causes::tokens(&refused)).before("Log in again."),
            RefreshFailure::WithoutDomain => Self::failed(
                "The server does not know this session: it was asked without the tenant's domain. Log in \
                 again with --domain DOMAIN.",
            ),
            RefreshFailure::Elsewhere(running) => Self::failed(format!(
                "{} is refreshing this account and does not come to an end. Let it go on, or end it, then \
                 try again.",
                causes::program(running)
            )),
            RefreshFailure::GivenUp { cause, left } => {
                let exit = match cause {
                    NotStored::Store(_) => Exit::Keyring,
                    NotStored::Registry(_) => Exit::Failed,
                };
                let why = causes::not_stored(&cause);
                Self::new(exit, format!("New tokens came, and could not be stored: {why}"))
                    .before(&left_behind(left))
            }
        }
    }
}

/// The state of new tokens that could not be stored.
fn left_behind(left: Left) -> String {
    match left {
        Left::ForNextRefresh => "They are in the keyring, and the next refresh uses them.".to_owned(),
        Left::Gone => {
            "They could not be kept. The tokens from before are still in the keyring; if Userfront \
                       refuses them, log in again."
                .to_owned()
        }
        Left::OtherSession(rollback) => causes::rollback(&rollback),
    }
}

impl From<LogOutError> for Failure {
    fn from(error: LogOutError) -> Self {
        match error {
            LogOutError::NotLoggedIn => Self::new(Exit::NotLoggedIn, NOT_LOGGED_IN),
            LogOutError::Store(error) => Self::from(error).after("Still logged in."),
            LogOutError::Waiting(error) => Self::new(
                Exit::Keyring,
                format!("The log-out waits for the keyring. {}", causes::store(&error)),
            )
            .before("Any run finishes it once the keyring is there."),
            // The other one may be logging it out.
            LogOutError::Registry(error @ RegistryError::Busy) => {
                Self::from(error).after("This log-out did not take place.")
            }
            LogOutError::Registry(error) => Self::from(error).after("Still logged in."),
            LogOutError::Unwritable { registry, server } => Self::failed(causes::list(&registry))
                .before(&causes::call(&server))
                .before("Still logged in."),
            LogOutError::NotLifted(error) => Self::from(error).after(
                "The log-out could not be finished now; the app's next start, or any run, finishes it.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::registry_error::Action;

    use super::*;

    #[test]
    fn an_unfinished_log_out_is_not_called_logged_in() {
        let told = |error: LogOutError| Failure::from(error).message;
        let full =
            || RegistryError::Io { action: Action::Written, detail: "no space left on device".to_owned() };
        assert!(told(full().into()).starts_with("Still logged in."));
        for error in [LogOutError::NotLifted(full()), RegistryError::Busy.into()] {
            let message = told(error);
            assert!(!message.to_lowercase().contains("still logged in"), "{message}");
        }
        let logging_out = told(LogOutError::NotLifted(full()));
        assert!(
            logging_out.contains("finishes it") && logging_out.contains("no space left"),
            "{logging_out}"
        );
    }
}
