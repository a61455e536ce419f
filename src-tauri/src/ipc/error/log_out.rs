//! A log-out that left the account logged in, or waits; a pending revocation that was not discarded.

use accounts::log_out::LogOutError;
use accounts::pending::DiscardError;

use crate::ipc::dto::{ErrorCode, IpcError};

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
