//! What the user reads when something did not work: what is true, what that means, what to do next.
//!
//! The domain's errors are exact; here they become sentences. Technical words go into the detail.

mod browser;
mod foreign;
mod log_in;
mod log_out;
mod profile;
mod refresh;

use accounts::Malformed;
use accounts::model::registry_error::RegistryError;
use accounts::ports::{CallFailure, FileError, ModeError, StoreError, StoreStatus};
use accounts::storage::environment::EnvironmentError;

pub(crate) use browser::{no_browser, no_callback_server, no_page, of_no_arrival, other_address};
pub(crate) use log_in::{
    Wrong, link_gone, link_of_other_tenant, link_without_tenant, no_provider_id, no_tenant, of_factor,
    of_link, of_log_in, other_step, weak_password,
};
pub(crate) use log_out::{of_log_outs, switched};
pub(crate) use profile::{
    address_unchanged, link_for_password, not_custom_data, of_edit, of_new_address, of_password_change,
    of_unread_address,
};
pub(crate) use refresh::{refreshed, tokens_later};

use super::dto::{ErrorCode, IpcError};

impl IpcError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
            retry_after: None,
            foreign_account: None,
            tells_of_session: false,
        }
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

/// An error unless the keyring is open now.
pub(crate) fn unlocked(status: StoreStatus) -> Result<(), IpcError> {
    match status {
        StoreStatus::Ok => Ok(()),
        StoreStatus::Locked => Err(IpcError::new(
            ErrorCode::KeyringLocked,
            "The keyring is still locked. Unlock it with its password, which is often the one you log in to this computer with.",
        )),
        StoreStatus::NotAllowed => Err(StoreError::NotAllowed.into()),
        StoreStatus::NoKeyring => Err(StoreError::NoKeyring.into()),
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

impl From<EnvironmentError> for IpcError {
    fn from(error: EnvironmentError) -> Self {
        let message = error.to_string();
        match error {
            EnvironmentError::Malformed { malformed, .. } => Self { message, ..malformed.into() },
            EnvironmentError::RelativeHome | EnvironmentError::NoDataFolder => {
                Self::new(ErrorCode::Failed, message)
            }
        }
    }
}

impl From<CallFailure> for IpcError {
    fn from(failure: CallFailure) -> Self {
        let code = ErrorCode::Failed;
        match failure {
            CallFailure::Unreachable { detail } => {
                Self::new(code, "The server cannot be reached. Check your connection, then try again.")
                    .with_detail(detail)
            }
            CallFailure::NoCertificates => Self::new(
                code,
                format!("{failure} Install them (Debian: the package ca-certificates), then try again."),
            ),
            CallFailure::BrokeOff { detail } => Self::new(
                code,
                "The connection to the server broke off. Check your connection, then try again.",
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
                Self::new(code, format!("Userfront is unavailable (error {status}). Try again in a while."))
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
            StoreError::Locked => {
                Self::new(ErrorCode::KeyringLocked, "The keyring is locked. Unlock it, then try again.")
            }
            StoreError::NotAllowed => Self::new(
                ErrorCode::KeyringNotAllowed,
                "The keyring has not allowed this app to use its entry. Allow it, then try again.",
            ),
            StoreError::NoKeyring => {
                Self::new(ErrorCode::NoKeyring, "There is no keyring yet. Create one, then try again.")
            }
            StoreError::Hung => Self::new(
                ErrorCode::KeyringHung,
                "The keyring does not answer. Look for a window of the keyring's that waits for you, or restart the keyring, then try again.",
            ),
            StoreError::Unavailable(detail) => Self::new(
                ErrorCode::KeyringUnavailable,
                "No keyring is running. Start GNOME Keyring or KDE Wallet, then try again.",
            )
            .with_detail(detail),
            StoreError::Refused(detail) => Self::new(
                ErrorCode::Failed,
                "The keyring refused. Try again, or look at it with its own program.",
            )
            .with_detail(detail),
        }
    }
}

impl From<RegistryError> for IpcError {
    fn from(error: RegistryError) -> Self {
        let message = registry_message(&error);
        match error {
            RegistryError::Io { detail, .. } => Self::new(ErrorCode::Failed, message).with_detail(detail),
            RegistryError::TooNew { .. } | RegistryError::Busy => Self::new(ErrorCode::Failed, message),
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
        RegistryError::TooNew { .. } | RegistryError::Busy => error.to_string(),
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

/// The call may have taken effect: to try again as if it had not would be wrong advice.
fn not_known(failure: CallFailure, sentence: &str) -> IpcError {
    let message = format!("{failure} {sentence}");
    IpcError { message, ..failure.into() }
}

/// The server's words, ended as a sentence is.
fn sentence(message: &str) -> String {
    let message = message.trim();
    if message.ends_with(['.', '!', '?']) { message.to_owned() } else { format!("{message}.") }
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

/// The backup codes cannot be written to a file for the user.
pub(crate) fn no_backup_codes_saved(error: &std::io::Error) -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The backup codes cannot be saved. Free some disk space or check the folder, then try again; or copy them.",
    )
    .with_detail(error.to_string())
}

/// The folder of a file cannot be shown.
pub(crate) fn no_folder(error: &std::io::Error) -> IpcError {
    IpcError::new(ErrorCode::Failed, "The folder cannot be opened. Open it with your file manager.")
        .with_detail(error.to_string())
}

/// The activity cannot be written to a file for the user.
pub(crate) fn not_exported(error: &std::io::Error) -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The activity cannot be exported. Free some disk space or check the folder, then try again.",
    )
    .with_detail(error.to_string())
}
