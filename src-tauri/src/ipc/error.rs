//! What the user reads when something did not work: what is true, what that means, what to do next.
//!
//! The domain's errors are exact; here they become sentences. Technical words go into the detail.

use accounts::Malformed;
use accounts::log_in::{LogInError, NotStored, Undone};
use accounts::log_out::LogOutError;
use accounts::pending::DiscardError;
use accounts::ports::{CallFailure, FileError, ModeError, PasswordError, StoreError, StoreStatus};
use accounts::registry::RegistryError;

use super::dto::{ErrorCode, IpcError};

impl IpcError {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None }
    }

    fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The same with a sentence before it.
    fn after(self, sentence: &str) -> Self {
        Self { message: format!("{sentence} {}", self.message), ..self }
    }

    /// The same with a sentence behind it.
    fn before(self, sentence: &str) -> Self {
        Self { message: format!("{} {sentence}", self.message), ..self }
    }
}

/// The login screen has no tenant: the window asked for a log-in before it had chosen one.
pub(crate) fn no_tenant() -> IpcError {
    IpcError::new(ErrorCode::TenantId, "Choose a tenant first.")
}

/// An error unless the keyring is open now.
pub(crate) fn unlocked(status: StoreStatus) -> Result<(), IpcError> {
    match status {
        StoreStatus::Ok => Ok(()),
        StoreStatus::Locked => Err(IpcError::new(
            ErrorCode::KeyringLocked,
            "The keyring is still locked. Unlock it with its password, which is often the one you log in to this computer with.",
        )),
        StoreStatus::Unavailable(why) => Err(StoreError::Unavailable(why).into()),
        StoreStatus::Hung => Err(StoreError::Hung.into()),
    }
}

impl From<Malformed> for IpcError {
    fn from(malformed: Malformed) -> Self {
        let code = match malformed {
            Malformed::TenantId => ErrorCode::TenantId,
            Malformed::ApiUrl | Malformed::ApiScheme | Malformed::ApiExtras => ErrorCode::ApiUrl,
            Malformed::Domain => ErrorCode::Domain,
            Malformed::UserUuid | Malformed::SessionId | Malformed::AccountId | Malformed::Mode => {
                ErrorCode::Failed
            }
        };
        Self::new(code, malformed.to_string())
    }
}

impl From<CallFailure> for IpcError {
    fn from(failure: CallFailure) -> Self {
        let code = ErrorCode::Failed;
        match failure {
            CallFailure::Unreachable { detail } => Self::new(
                code,
                "The server cannot be reached. Check the network and the API URL, then try again.",
            )
            .with_detail(detail),
            CallFailure::TimedOut => {
                Self::new(code, "The server did not answer in time. Try again in a moment.")
            }
            CallFailure::Unintelligible { status, detail } => Self::new(
                code,
                "What answered is not Userfront's API. Check the API URL, or try again later.",
            )
            .with_detail(format!("HTTP {status}: {detail}")),
            CallFailure::TooManyRequests { retry_after } => Self::new(code, too_many(retry_after)),
            CallFailure::ServerFault { status, .. } => {
                Self::new(code, "The server has a fault of its own. Try again in a while.")
                    .with_detail(format!("HTTP {status}"))
            }
            CallFailure::Refused { status, message } => {
                Self::new(code, message).with_detail(format!("HTTP {status}"))
            }
        }
    }
}

fn too_many(retry_after: Option<std::time::Duration>) -> String {
    match retry_after.map(|wait| wait.as_secs()) {
        Some(1) => "The server wants us to wait for a second. Then try again.".to_owned(),
        Some(seconds) if seconds > 1 => {
            format!("The server wants us to wait for {seconds} seconds. Then try again.")
        }
        _ => "The server wants us to wait. Try again in a minute.".to_owned(),
    }
}

impl From<StoreError> for IpcError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::new(ErrorCode::KeyringLocked, "The keyring is locked. Unlock it, then try again."),
            StoreError::Hung => Self::new(
                ErrorCode::KeyringHung,
                "The keyring does not answer. Look for a window of the keyring's that waits for you, or restart the keyring, then try again.",
            ),
            StoreError::Unavailable(detail) => Self::new(
                ErrorCode::KeyringUnavailable,
                "There is no keyring to keep tokens in. Start one, such as GNOME Keyring or KDE Wallet, then try again.",
            )
            .with_detail(detail),
            StoreError::Refused(detail) => {
                Self::new(ErrorCode::Failed, "The keyring refused. Try again, or look at it with its own program.")
                    .with_detail(detail)
            }
        }
    }
}

impl From<RegistryError> for IpcError {
    fn from(error: RegistryError) -> Self {
        let message = registry_message(&error);
        match error {
            RegistryError::Io { detail, .. } => Self::new(ErrorCode::Failed, message).with_detail(detail),
            RegistryError::TooNew(_) | RegistryError::Busy => Self::new(ErrorCode::Failed, message),
        }
    }
}

/// The registry's errors as a sentence.
pub(crate) fn registry_message(error: &RegistryError) -> String {
    match error {
        RegistryError::Io { action, .. } => {
            format!(
                "The account list cannot be {action}. Free some disk space or check the data folder, then try again."
            )
        }
        RegistryError::TooNew(_) | RegistryError::Busy => error.to_string(),
    }
}

impl From<ModeError> for IpcError {
    fn from(error: ModeError) -> Self {
        match error {
            ModeError::UnknownTenant { message } => Self::new(
                ErrorCode::TenantId,
                "There is no tenant with this ID. Check its spelling; the ID is in the address of your Userfront dashboard.",
            )
            .with_detail(message),
            ModeError::Failed(failure) => failure.into(),
        }
    }
}

impl From<PasswordError> for IpcError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::WrongCredentials { message } => Self::new(
                ErrorCode::Credentials,
                "The e-mail address, user name or password is wrong. Check them, then try again.",
            )
            .with_detail(message),
            PasswordError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
            PasswordError::SecondFactorRequired => Self::new(
                ErrorCode::Failed,
                "This account asks for a second factor, which this version of the app cannot give yet. Nobody was logged in.",
            ),
            PasswordError::PkceRequired => Self::new(
                ErrorCode::Failed,
                "This tenant asks for PKCE, which the app cannot do. Nobody was logged in. Ask the tenant's admin to allow log-in without it.",
            ),
            PasswordError::Failed(failure) => failure.into(),
        }
    }
}

impl From<LogInError> for IpcError {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Store(error) => error.into(),
            LogInError::Registry(error) => error.into(),
            LogInError::Password(error) => error.into(),
            LogInError::Tokens { refused, undone } => Self::new(
                ErrorCode::Failed,
                "The server sent tokens that this app cannot keep. Check the tenant and the API URL.",
            )
            .with_detail(refused.to_string())
            .before(&undone_sentence(&undone)),
            LogInError::LoggedOutMeanwhile { undone } => Self::new(
                ErrorCode::Failed,
                "This account was logged out while you were logging in. Log in again if you want to.",
            )
            .before(&undone_sentence(&undone)),
            LogInError::NotStored { cause, undone } => match cause {
                NotStored::Store(error) => Self::from(error),
                NotStored::Registry(error) => Self::from(error),
            }
            .after("You are not logged in.")
            .before(&undone_sentence(&undone)),
        }
    }
}

fn undone_sentence(undone: &Undone) -> String {
    match undone {
        Undone::Ended | Undone::Pending => undone.to_string(),
        Undone::Alive { .. } => {
            "The new session could not be ended, and stays alive at Userfront until it expires by itself."
                .to_owned()
        }
    }
}

impl From<LogOutError> for IpcError {
    fn from(error: LogOutError) -> Self {
        let still = "You are still logged in.";
        match error {
            LogOutError::NotLoggedIn => Self::new(ErrorCode::Failed, error.to_string()),
            LogOutError::Store(error) => Self::from(error).after(still),
            LogOutError::Registry(error) => Self::from(error).after(still),
            LogOutError::Waiting(error) => {
                Self::from(error).after("The log-out is not finished: it waits for the keyring.")
            }
            LogOutError::Unwritable { registry, server } => Self::from(registry)
                .after(&format!(
                    "You are still logged in: Userfront did not confirm that the session has ended ({server})"
                ))
                .before("Nothing was changed."),
            LogOutError::NotLifted(error) => Self::from(error)
                .after("The log-out could not be finished now; the next start of this app finishes it."),
        }
    }
}

impl From<DiscardError> for IpcError {
    fn from(error: DiscardError) -> Self {
        match error {
            DiscardError::Unknown => Self::new(ErrorCode::Failed, error.to_string()),
            DiscardError::Registry(error) => error.into(),
        }
    }
}

impl From<FileError> for IpcError {
    fn from(error: FileError) -> Self {
        let FileError { file, action, detail } = error;
        let message = format!(
            "{file} cannot be {action}. Free some disk space or check the data folder, then try again."
        );
        Self::new(ErrorCode::Failed, message).with_detail(detail)
    }
}

/// The activity cannot be written to a file for the user.
pub(crate) fn not_exported(error: &std::io::Error) -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The activity cannot be exported. Free some disk space or check the folder, then try again.",
    )
    .with_detail(error.to_string())
}

/// There is no page to open in the browser (any more).
pub(crate) fn no_page() -> IpcError {
    IpcError::new(ErrorCode::Failed, "There is no page to open any more.")
}

/// The system could not open its browser.
pub(crate) fn no_browser(error: &std::io::Error) -> IpcError {
    IpcError::new(ErrorCode::Failed, "The browser cannot be opened. Copy the address into it by hand.")
        .with_detail(error.to_string())
}
