//! What the user reads when something did not work: what is true, what that means, what to do next.
//!
//! The domain's errors are exact; here they become sentences. Technical words go into the detail.

use accounts::Malformed;
use accounts::link::LinkError;
use accounts::log_in::{LogInError, NotStored, Undone};
use accounts::log_out::LogOutError;
use accounts::pending::DiscardError;
use accounts::ports::{CallFailure, FactorError, FileError, ModeError, StoreError, StoreStatus, UserError};
use accounts::refresh::{RefreshFailure, Refreshed};
use accounts::registry::{Account, RegistryError};
use accounts::user::EditError;
use loopback::NoArrival;

use super::dto::{ErrorCode, IpcError};

impl IpcError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None, retry_after: None }
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
            CallFailure::TooManyRequests { retry_after } => Self {
                retry_after: retry_after.map(|wait| wait.as_secs()),
                ..Self::new(code, too_many(retry_after))
            },
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

/// What was wrong, when the server calls what was typed wrong: decides which field is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Credentials,
    Code,
    Link,
    Email,
    Phone,
    NewUser,
    /// A reset: the link or the new password, and only the server knows which.
    Reset,
}

impl Wrong {
    /// The server's own words, where they say more than we know.
    fn error(self, message: String) -> IpcError {
        let (code, said) = match self {
            Self::Credentials => (
                ErrorCode::Credentials,
                "The e-mail address, user name or password is wrong. Check them, then try again.",
            ),
            Self::Code => (
                ErrorCode::Code,
                "This code is wrong, has expired or was used already. Check it, or have a new one sent.",
            ),
            Self::Link => (
                ErrorCode::Link,
                "This link is wrong, has expired or was used already, or is for another tenant. Have a new one sent.",
            ),
            Self::Email => (
                ErrorCode::Email,
                "Nothing was sent: Userfront does not accept this e-mail address. Check it, then try again.",
            ),
            Self::Phone => (
                ErrorCode::Phone,
                "Nothing was sent: Userfront does not accept this phone number. Check it, with its country code, then try again.",
            ),
            Self::NewUser => {
                let message = format!(
                    "You are not signed up. Userfront says: {} Change that, then try again.",
                    sentence(&message)
                );
                return IpcError::new(ErrorCode::Failed, message);
            }
            Self::Reset => {
                let message = format!(
                    "The new password was not set. Userfront says: {} Choose another password, or go back and have a new link sent.",
                    sentence(&message)
                );
                return IpcError::new(ErrorCode::NewPassword, message);
            }
        };
        IpcError::new(code, said).with_detail(message)
    }
}

/// The server's words, ended as a sentence is.
fn sentence(message: &str) -> String {
    let message = message.trim();
    if message.ends_with(['.', '!', '?']) { message.to_owned() } else { format!("{message}.") }
}

/// A factor that led nowhere.
pub(crate) fn of_factor(error: FactorError, wrong: Wrong) -> IpcError {
    match error {
        FactorError::Wrong { message } => wrong.error(message),
        FactorError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
        FactorError::PkceRequired => IpcError::new(
            ErrorCode::Failed,
            "This tenant asks for PKCE, which the app cannot do. Nobody was logged in. Ask the tenant's admin to allow log-in without it.",
        ),
        FactorError::Failed(failure) => failure.into(),
    }
}

/// A log-in that led nowhere.
pub(crate) fn of_log_in(error: LogInError, wrong: Wrong) -> IpcError {
    match error {
        LogInError::Store(error) => error.into(),
        LogInError::Registry(error) => error.into(),
        LogInError::Factor(error) => of_factor(error, wrong),
        LogInError::NotLoggedIn => IpcError::new(ErrorCode::Failed, error.to_string()),
        LogInError::Tokens { refused, undone } => IpcError::new(
            ErrorCode::Failed,
            "The server sent tokens that this app cannot keep. Check the tenant and the API URL.",
        )
        .with_detail(refused.to_string())
        .before(&undone_sentence(&undone)),
        LogInError::OtherAccount { undone } => IpcError::new(
            ErrorCode::Failed,
            "The server logged in another account than this one. The authenticator app may not be set up.",
        )
        .before(&undone_sentence(&undone)),
        LogInError::LoggedOutMeanwhile { undone } => IpcError::new(
            ErrorCode::Failed,
            "This account was logged out while you were logging in. Log in again if you want to.",
        )
        .before(&undone_sentence(&undone)),
        LogInError::NotStored { cause, undone } => match cause {
            NotStored::Store(error) => IpcError::from(error),
            NotStored::Registry(error) => IpcError::from(error),
        }
        .after("You are not logged in.")
        .before(&undone_sentence(&undone)),
    }
}

/// A link that cannot be read.
pub(crate) fn of_link(error: LinkError) -> IpcError {
    IpcError::new(ErrorCode::Link, error.to_string())
}

/// A link of another tenant than the one that it would be used with.
pub(crate) fn link_of_other_tenant() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "This link is for another tenant than the one you are logging in to. Nothing was sent. Choose its tenant first.",
    )
}

/// Nobody knows for which tenant a link is.
pub(crate) fn link_without_tenant() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "A link has come, and it is not clear for which tenant. Nothing was sent. Choose the tenant, then paste the link.",
    )
}

/// The window asked for what does not belong to the step that it shows: that has changed meanwhile.
pub(crate) fn other_step() -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The log-in is at another step by now. Look at it, then go on from there.",
    )
}

/// A new user without a name or a user name.
pub(crate) fn nameless() -> IpcError {
    IpcError::new(
        ErrorCode::Username,
        "Nothing was sent. Type your full name or a user name, so that Userfront knows you are new.",
    )
}

/// A custom provider without its ID.
pub(crate) fn no_provider_id() -> IpcError {
    IpcError::new(ErrorCode::Failed, "Which provider? Ask the tenant's admin for its ID, then type it here.")
}

/// No place on this machine for the browser to come back to, or to leave from.
pub(crate) fn no_landing(error: &std::io::Error) -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The browser would not find its way back: no address on this computer is free. Try again in a moment.",
    )
    .with_detail(error.to_string())
}

/// The browser did not come back.
pub(crate) fn of_no_arrival(no: &NoArrival) -> IpcError {
    IpcError::new(ErrorCode::Failed, no.to_string())
}

/// A new password that does not follow the rule.
pub(crate) fn weak_password() -> IpcError {
    IpcError::new(
        ErrorCode::NewPassword,
        "A password has at least 16 characters, or at least 8 with a letter and a number. Choose another one.",
    )
}

impl From<RefreshFailure> for IpcError {
    fn from(failure: RefreshFailure) -> Self {
        match failure {
            RefreshFailure::NotLoggedIn => {
                Self::new(ErrorCode::Failed, "This account is not logged in any more. Log in again.")
            }
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

impl From<UserError> for IpcError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotValid { message } => {
                Self::new(ErrorCode::Failed, "Userfront does not take this account's token. Log in again.")
                    .with_detail(message)
            }
            UserError::Failed(failure) => failure.into(),
        }
    }
}

impl From<EditError> for IpcError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Token(failure) => failure.into(),
            EditError::Server(error) => error.into(),
        }
    }
}

/// What the server says to a change of details is the only thing that tells what is wrong with them.
pub(crate) fn of_edit(error: EditError) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            let code = if message.to_lowercase().contains("username") {
                ErrorCode::Username
            } else {
                ErrorCode::Failed
            };
            let message = sentence(&message);
            IpcError::new(
                code,
                format!("Nothing was saved. Userfront says: {message} Change that, then save again."),
            )
            .with_detail(format!("HTTP {status}"))
        }
        other => other.into(),
    }
}

/// A password that was not changed: the existing one was wrong, or the new one is not accepted.
pub(crate) fn of_password_change(error: EditError) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => IpcError::new(
            ErrorCode::Credentials,
            format!(
                "The password is the old one still. Userfront says: {} Check both passwords, then try again.",
                sentence(&message)
            ),
        )
        .with_detail(format!("HTTP {status}")),
        other => other.into(),
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
            // The other one may be logging it out.
            LogOutError::Registry(error @ RegistryError::Busy) => {
                Self::from(error).after("This log-out did not take place.")
            }
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

/// What came of logging out of every account: those that stay are named, and why the first of them does.
pub(crate) fn of_log_outs(failed: Vec<(Account, LogOutError)>) -> Result<(), IpcError> {
    let mut names: Vec<_> = failed.iter().take(NAMED).map(|(account, _)| account.name().to_owned()).collect();
    if failed.len() > NAMED {
        names.push(format!("{} more", failed.len() - NAMED));
    }
    let Some((_, error)) = failed.into_iter().next() else { return Ok(()) };
    Err(IpcError::from(error).after(&format!("Not logged out: {}.", names.join(", "))))
}

/// How many accounts a sentence names.
const NAMED: usize = 5;

/// An error unless the account is shown now.
pub(crate) fn switched(done: bool) -> Result<(), IpcError> {
    let not = || IpcError::new(ErrorCode::Failed, "This account is not logged in now. Choose another one.");
    done.then_some(()).ok_or_else(not)
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
