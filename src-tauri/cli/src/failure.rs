//! Why a command did not do its work: an exit code, and a sentence for people: what is true, and what to do
//! next.
//!
//! The domain's errors are exact; here they become sentences.

mod foreign;
mod outside;

use std::time::Duration;

use accounts::Malformed;
use accounts::base::refresh_outcome::RefreshFailure;
use accounts::log_in::error::{LogInError, MAY_BE_ALIVE};
use accounts::log_out::error::LogOutError;
use accounts::log_out::pending_revocations::DiscardError;
use accounts::model::link::{LinkError, Refusal};
use accounts::model::registry_error::RegistryError;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{FactorError, ModeError, UserError};
use accounts::storage::environment::EnvironmentError;
use loopback::NoArrival;

use crate::choice::NoChoice;
use crate::exit::Exit;

/// Why a command did not do its work. Holds no secret.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

/// How a command ended.
pub(crate) type Done = Result<Exit, Failure>;

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The same with a sentence before it.
    fn after(self, sentence: &str) -> Self {
        Self { message: format!("{sentence} {}", self.message), ..self }
    }

    /// The same with a sentence behind it.
    pub(crate) fn before(self, sentence: impl std::fmt::Display) -> Self {
        Self { message: format!("{} {sentence}", self.message), ..self }
    }
}

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::usage(malformed.to_string())
    }
}

impl From<EnvironmentError> for Failure {
    fn from(error: EnvironmentError) -> Self {
        let next = match &error {
            EnvironmentError::Malformed { variable: "USERFRONT_TENANT", .. } => {
                "Set it right, or give --tenant."
            }
            EnvironmentError::Malformed { .. } => "Set it right, or give --api-url.",
            EnvironmentError::RelativeHome | EnvironmentError::NoDataFolder => {
                return Self::usage(error.to_string());
            }
        };
        Self::usage(error.to_string()).before(next)
    }
}

impl From<NoChoice> for Failure {
    fn from(no: NoChoice) -> Self {
        let exit = match no {
            NoChoice::Nobody | NoChoice::NoneActive(_) | NoChoice::Unknown(_) => Exit::NotLoggedIn,
            NoChoice::Ambiguous(..) => Exit::Usage,
        };
        Self::new(exit, no.to_string())
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        let next = match &error {
            RegistryError::Io { .. } => ". Free some disk space or check the data folder, then try again.",
            RegistryError::TooNew { .. } | RegistryError::Busy => "",
        };
        Self::new(Exit::Failed, format!("{error}{next}"))
    }
}

impl From<DiscardError> for Failure {
    fn from(error: DiscardError) -> Self {
        match error {
            DiscardError::Unknown => {
                Self::new(Exit::Failed, format!("{error} `userfront pending` shows those there are."))
            }
            DiscardError::Registry(error) => error.into(),
        }
    }
}

/// Whole seconds, at least one.
fn seconds(wait: Duration) -> String {
    match wait.as_secs() {
        0 | 1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

impl From<ModeError> for Failure {
    fn from(error: ModeError) -> Self {
        match error {
            ModeError::UnknownTenant { message } => Self::new(
                Exit::Failed,
                format!("There is no such tenant ({message}). Check --tenant and --api-url."),
            ),
            ModeError::Failed(failure) => failure.into(),
        }
    }
}

impl From<FactorError> for Failure {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Wrong { message } => Self::new(Exit::Failed, ended(&message)),
            FactorError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
            FactorError::PkceRequired => Self::new(
                Exit::Failed,
                "This tenant asks for PKCE, which is not possible here. Nobody was logged in. Ask the tenant's admin to allow \
                 log-in without it.",
            ),
            FactorError::Failed(failure) => failure.into(),
        }
    }
}

impl Failure {
    /// The server took neither the name nor the password that it was sent.
    pub(crate) fn wrong_password(message: &str) -> Self {
        let said = "The e-mail address, user name or password is wrong. Userfront says:";
        Self::new(Exit::Failed, format!("{said} {}", ended(message)))
    }
}

/// The server's words as a sentence.
fn ended(message: &str) -> String {
    let message = message.trim_end();
    if message.ends_with(['.', '!', '?']) { message.to_owned() } else { format!("{message}.") }
}

impl From<LogInError> for Failure {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Store(error) => Self::from(error).after("Nobody was logged in."),
            LogInError::Registry(error) => Self::from(error).after("Nobody was logged in."),
            LogInError::Factor(error) => error.into(),
            LogInError::AnswerLost { failure } => Self::from(failure).before(MAY_BE_ALIVE),
            LogInError::NotStored { cause, rollback } => match cause {
                NotStored::Store(error) => Self::from(error),
                NotStored::Registry(error) => Self::from(error),
            }
            .after("Nobody was logged in.")
            .before(rollback),
            LogInError::Tokens { .. } => {
                Self::new(Exit::Failed, error.to_string()).before("Check the tenant and the API URL.")
            }
            LogInError::LoggedOutMeanwhile { .. } => {
                Self::new(Exit::Failed, error.to_string()).before("Log in again if you want to.")
            }
            LogInError::Foreign { .. } => Self::new(Exit::Failed, error.to_string()).before(
                "Log in again with --replace to end it and take its place, or see `userfront foreign`.",
            ),
            LogInError::OtherAccount { .. } | LogInError::NotLoggedIn | LogInError::Interrupted(_) => {
                Self::new(Exit::Failed, error.to_string())
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
                Self::new(Exit::Failed, format!("{} Log in again.", ended(&message)))
            }
            UserError::Failed(failure) => failure.into(),
        }
    }
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        Self::new(Exit::Failed, error.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(Exit::Failed, format!("{refusal} Nothing was sent."))
    }
}

impl From<NoArrival> for Failure {
    fn from(no: NoArrival) -> Self {
        Self::new(Exit::Failed, no.to_string())
    }
}

impl From<RefreshFailure> for Failure {
    fn from(error: RefreshFailure) -> Self {
        match error {
            RefreshFailure::Store(error) => error.into(),
            RefreshFailure::NotLoggedIn => {
                Self::new(Exit::NotLoggedIn, format!("{error} Log in with `userfront log-in`."))
            }
            RefreshFailure::SessionOver
            | RefreshFailure::Ended
            | RefreshFailure::TokensMissing
            | RefreshFailure::Expired => Self::new(Exit::NotLoggedIn, error.to_string()),
            RefreshFailure::Server(failure) => failure.into(),
            RefreshFailure::Registry(error) => error.into(),
            RefreshFailure::Tokens(_) => Self::new(Exit::Failed, error.to_string()).before("Log in again."),
            RefreshFailure::GivenUp { cause: NotStored::Store(_), .. } => {
                Self::new(Exit::Keyring, error.to_string())
            }
            RefreshFailure::Elsewhere(_)
            | RefreshFailure::WithoutDomain
            | RefreshFailure::GivenUp { cause: NotStored::Registry(_), .. } => {
                Self::new(Exit::Failed, error.to_string())
            }
        }
    }
}

impl From<LogOutError> for Failure {
    fn from(error: LogOutError) -> Self {
        match error {
            LogOutError::NotLoggedIn => Self::new(Exit::NotLoggedIn, error.to_string()),
            LogOutError::Store(error) => Self::from(error).after("Still logged in."),
            LogOutError::Waiting(_) => Self::new(Exit::Keyring, error.to_string())
                .before("Any run finishes it once the keyring is there."),
            // The other one may be logging it out.
            LogOutError::Registry(error @ RegistryError::Busy) => {
                Self::from(error).after("This log-out did not take place.")
            }
            LogOutError::Registry(error) => Self::from(error).after("Still logged in."),
            LogOutError::Unwritable { .. } => Self::new(Exit::Failed, format!("{error} Still logged in.")),
            LogOutError::NotLifted(error) => Self::from(error).after(
                "The log-out could not be finished now; the app's next start, or any run, finishes it.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::registry_error::Action;
    use accounts::ports::{CallFailure, StoreError};

    use super::*;

    #[test]
    fn who_is_to_wait_is_told_how_long() {
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
    fn who_may_be_logged_out_is_not_called_logged_in() {
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

    #[test]
    fn the_keyring_is_four_whichever_command_meets_it() {
        let locked = || StoreError::Locked;
        let rollback = accounts::base::rollback::Rollback::Ended;
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
