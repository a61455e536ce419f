//! The domain's errors as sentences, each with its exit code.

use accounts::Malformed;
use accounts::log_in::error::{Interrupted, LogInError};
use accounts::log_out::pending_revocations::DiscardError;
use accounts::model::link::{LinkError, Refusal};
use accounts::model::registry_error::RegistryError;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{FactorError, ModeError, UserError};
use accounts::storage::environment::EnvironmentError;
use loopback::NoArrival;

use super::causes::{self, ended};
use crate::failure::Failure;

pub(super) const NOT_LOGGED_IN: &str = "This account is not logged in here.";
const MAY_BE_ALIVE: &str = "You are not logged in here. If the log-in took effect at Userfront, its session \
                            is alive there, and nothing here can end it; it ends by itself.";

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::usage(causes::malformed(&malformed))
    }
}

impl From<EnvironmentError> for Failure {
    fn from(error: EnvironmentError) -> Self {
        Self::usage(match error {
            EnvironmentError::Malformed { variable, malformed } => {
                let argument = if variable == "USERFRONT_TENANT" { "--tenant" } else { "--api-url" };
                let why = causes::malformed(&malformed);
                format!("{variable} cannot be used. {why} Set it right, or give {argument}.")
            }
            EnvironmentError::RelativeHome => {
                "USERFRONT_ACCOUNTS_HOME is not an absolute path: it would name another data folder in each \
                 folder that a program is started in. Set it to a whole path, from the root."
                    .to_owned()
            }
            EnvironmentError::NoDataFolder => {
                "There is no data folder on this system. Set USERFRONT_ACCOUNTS_HOME to a folder of your own."
                    .to_owned()
            }
        })
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::failed(causes::list_then(&error, ", then try again."))
    }
}

impl From<DiscardError> for Failure {
    fn from(error: DiscardError) -> Self {
        match error {
            DiscardError::Unknown => Self::failed(
                "There is no such pending revocation. `userfront pending` shows those there are.",
            ),
            DiscardError::Registry(error) => error.into(),
        }
    }
}

impl From<ModeError> for Failure {
    fn from(error: ModeError) -> Self {
        match error {
            ModeError::UnknownTenant { message } => {
                Self::failed(format!("There is no such tenant ({message}). Check --tenant and --api-url."))
            }
            ModeError::Failed(failure) => failure.into(),
        }
    }
}

impl From<FactorError> for Failure {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Wrong { message } => Self::failed(match message {
                Some(message) => format!("Not logged in. Userfront says: {}", ended(&message)),
                None => "Not logged in. Userfront refused, with no reason that can be shown.".to_owned(),
            }),
            FactorError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
            FactorError::PkceRequired => Self::failed(
                "This tenant asks for PKCE, which is not possible here. Nobody was logged in. \
                 Ask the tenant's admin to allow log-in without it.",
            ),
            FactorError::Failed(failure) => failure.into(),
        }
    }
}

impl From<LogInError> for Failure {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Store(error) => Self::from(error).after("Nobody was logged in."),
            LogInError::Registry(error) => Self::from(error).after("Nobody was logged in."),
            LogInError::Factor(error) => error.into(),
            LogInError::AnswerLost { failure } => Self::from(failure).before(MAY_BE_ALIVE),
            LogInError::NotStored { cause, rollback } => {
                Self::from(cause).after("Nobody was logged in.").before(&causes::rollback(&rollback))
            }
            LogInError::Tokens { refused, rollback } => Self::failed(causes::tokens(&refused))
                .before(&causes::rollback(&rollback))
                .before("Check the tenant and the API URL."),
            LogInError::LoggedOutMeanwhile { rollback } => {
                Self::failed("The account was logged out meanwhile.")
                    .before(&causes::rollback(&rollback))
                    .before("Log in again if you want to.")
            }
            LogInError::Foreign { rollback, .. } => Self::failed(
                "The keyring holds a sign-in of this account that is not in this list.",
            )
            .before(&causes::rollback(&rollback))
            .before("Log in again with --replace to end it and take its place, or see `userfront foreign`."),
            LogInError::OtherAccount { rollback } => {
                Self::failed("The server logged in another account than this one.")
                    .before(&causes::rollback(&rollback))
            }
            LogInError::NotLoggedIn => Self::failed(NOT_LOGGED_IN),
            LogInError::Interrupted(left) => {
                Self::failed("The log-in was interrupted.").before(&match left {
                    Interrupted::NoSession => "You are not logged in.".to_owned(),
                    Interrupted::Unanswered => MAY_BE_ALIVE.to_owned(),
                    Interrupted::Rollback(rollback) => causes::rollback(&rollback),
                })
            }
        }
    }
}

impl From<NotStored> for Failure {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => error.into(),
            NotStored::Registry(error) => error.into(),
        }
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotValid { message } => {
                Self::failed(format!("Userfront refused: {} Log in again.", ended(&message)))
            }
            UserError::Failed(failure) => failure.into(),
        }
    }
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        Self::failed(causes::link(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OtherTenant => Self::failed(
                "This link is for another tenant than the chosen one. Choose that tenant first, and ask for \
                 a link there. Nothing was sent.",
            ),
        }
    }
}

impl From<NoArrival> for Failure {
    fn from(no: NoArrival) -> Self {
        Self::failed(match no {
            NoArrival::TimedOut => "Nobody came back from the browser in time. Begin again.".to_owned(),
            NoArrival::Refused { said } => format!(
                "The log-in in the browser was not completed: {} Begin again, or choose another way to log \
                 in.",
                ended(&said)
            ),
            NoArrival::Closed(error) => {
                format!("This machine cannot be reached by its own browser: {error}.")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use accounts::base::refresh_outcome::RefreshFailure;
    use accounts::log_out::error::LogOutError;
    use accounts::ports::{CallFailure, StoreError};

    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_retry_after_is_in_seconds() {
        let told = |failure: CallFailure| Failure::from(failure).message;
        let wait = |seconds| Some(Duration::from_secs(seconds));
        let many = |retry_after| told(CallFailure::TooManyRequests { retry_after });
        assert_eq!(many(wait(50)), "The server wants us to wait for 50 seconds. Then try again.");
        assert_eq!(many(wait(1)), "The server wants us to wait for 1 second. Then try again.");
        assert_eq!(many(None), "The server wants us to wait for a minute. Then try again.");
        let fault = told(CallFailure::ServerFault { status: 503, retry_after: wait(7) });
        assert!(fault.ends_with("(error 503). Try again in 7 seconds."), "{fault}");
    }

    #[test]
    fn a_locked_keyring_exits_with_4_in_every_command() {
        let locked = || StoreError::Locked;
        let rollback = accounts::base::rollback_outcome::Rollback::Ended;
        for failure in [
            Failure::from(locked()),
            LogInError::Store(locked()).into(),
            LogInError::NotStored { cause: NotStored::Store(locked()), rollback }.into(),
            RefreshFailure::Store(locked()).into(),
            LogOutError::Store(locked()).into(),
            LogOutError::Waiting(locked()).into(),
        ] {
            assert_eq!(failure.exit, Exit::Keyring, "{}", failure.message);
            assert!(failure.message.contains("locked"), "{}", failure.message);
        }
    }
}
