//! Maps the domain's errors to the webview's: a cause, its context, and the technical detail.
//!
//! `ui/src/words/` makes the sentences.

mod cause;
mod foreign;
mod log_in;
mod log_out;
mod profile;
mod refresh;
#[cfg(test)]
mod tests;

use accounts::ports::{CallFailure, FileError, ModeError, StoreError, StoreStatus};
use accounts::storage::environment::EnvironmentError;
use accounts::{
    Malformed, model::link::LinkError, model::reason::Reason, model::registry_error::RegistryError,
};
use loopback::NoArrival;

pub(crate) use log_in::{Wrong, of_factor, of_log_in};
pub(crate) use log_out::of_log_outs;
pub(crate) use profile::{address_unchanged, of_edit, of_new_address, of_password_change, of_unread_address};
pub(crate) use refresh::{refreshed, tokens_later};

use crate::dto::{ErrorCause, ErrorCode, ErrorContext, IpcError};

impl From<ErrorCause> for IpcError {
    fn from(cause: ErrorCause) -> Self {
        Self { code: cause.code(), cause, context: Vec::new(), detail: None, retry_after: None }
    }
}

impl IpcError {
    pub(crate) fn with_detail(self, detail: &impl ToString) -> Self {
        Self { detail: Some(detail.to_string()), ..self }
    }

    fn with_code(self, code: ErrorCode) -> Self {
        Self { code, ..self }
    }

    fn and(mut self, context: ErrorContext) -> Self {
        self.context.push(context);
        self
    }

    /// Whether it reports that a session may be alive: this is shown wherever the user has gone.
    pub(crate) fn tells_of_session(&self) -> bool {
        let is_of_session = |context: &ErrorContext| {
            matches!(
                context,
                ErrorContext::MayBeAlive | ErrorContext::SessionPending | ErrorContext::SessionAlive
            )
        };
        self.context.iter().any(is_of_session)
    }
}

pub(crate) fn unlocked(status: StoreStatus) -> Result<(), IpcError> {
    match status {
        StoreStatus::Locked => Err(ErrorCause::KeyringStillLocked.into()),
        StoreStatus::NotAllowed => Err(StoreError::NotAllowed.into()),
        status => Ok(status.usable()?),
    }
}

impl From<Malformed> for IpcError {
    fn from(malformed: Malformed) -> Self {
        ErrorCause::from(&malformed).into()
    }
}

impl From<EnvironmentError> for IpcError {
    fn from(error: EnvironmentError) -> Self {
        ErrorCause::from(&error).into()
    }
}

impl From<LinkError> for IpcError {
    fn from(error: LinkError) -> Self {
        ErrorCause::from(&error).into()
    }
}

impl From<CallFailure> for IpcError {
    fn from(failure: CallFailure) -> Self {
        let error = Self::from(ErrorCause::from(&failure));
        match failure {
            CallFailure::Unreachable { detail } | CallFailure::BrokeOff { detail } => {
                error.with_detail(&detail)
            }
            CallFailure::Unintelligible { status, detail } => {
                error.with_detail(&format!("HTTP {status}: {detail}"))
            }
            CallFailure::TooManyRequests { retry_after } => {
                Self { retry_after: retry_after.map(|wait| wait.as_secs()), ..error }
            }
            CallFailure::ServerFault { status, .. } | CallFailure::Refused { status, .. } => {
                error.with_status(status)
            }
            CallFailure::NoCertificates | CallFailure::TimedOut => error,
        }
    }
}

impl IpcError {
    fn with_status(self, status: u16) -> Self {
        self.with_detail(&format!("HTTP {status}"))
    }
}

impl From<StoreError> for IpcError {
    fn from(error: StoreError) -> Self {
        let said = Self::from(ErrorCause::from(&error));
        match error {
            StoreError::Unavailable(detail) | StoreError::Refused(detail) => said.with_detail(&detail),
            _ => said,
        }
    }
}

impl From<RegistryError> for IpcError {
    fn from(error: RegistryError) -> Self {
        let said = Self::from(ErrorCause::from(&error));
        if let RegistryError::Io { detail, .. } = error { said.with_detail(&detail) } else { said }
    }
}

/// What the keyring or the disk said: the words of a reason leave it out.
pub(crate) fn detail_of(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Keyring(error) => IpcError::from(error.clone()).detail,
        Reason::List(error) | Reason::NotAsked(error) | Reason::Unwritable { list: error, .. } => {
            IpcError::from(error.clone()).detail
        }
        _ => None,
    }
}

impl From<ModeError> for IpcError {
    fn from(error: ModeError) -> Self {
        match error {
            ModeError::UnknownTenant { message } => {
                Self::from(ErrorCause::UnknownTenant).with_detail(&message)
            }
            ModeError::Failed(failure) => failure.into(),
        }
    }
}

impl From<FileError> for IpcError {
    fn from(error: FileError) -> Self {
        Self::from(ErrorCause::from(&error)).with_detail(&error.detail)
    }
}

impl From<NoArrival> for IpcError {
    fn from(no: NoArrival) -> Self {
        match no {
            NoArrival::TimedOut => ErrorCause::BrowserTimedOut.into(),
            NoArrival::Refused { said } => ErrorCause::BrowserRefused { said }.into(),
            NoArrival::Closed(error) => Self::from(ErrorCause::BrowserUnreachable).with_detail(&error),
        }
    }
}
