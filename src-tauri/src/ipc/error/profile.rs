//! The user's own details were not read or not saved, or the password was not changed.

use accounts::custom_data::NotCustomData;
use accounts::ports::{CallFailure, UserError};
use accounts::user::EditError;

use super::sentence;
use crate::ipc::dto::{ErrorCode, IpcError};

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

/// Custom data that is not sent as it is.
pub(crate) fn not_custom_data(error: NotCustomData) -> IpcError {
    IpcError::new(ErrorCode::CustomData, error.to_string()).before("Mend it, then save again.")
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
