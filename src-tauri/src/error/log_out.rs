//! A log-out that left the account logged in, or waits; a pending revocation that was not discarded.

use accounts::AccountId;
use accounts::log_out::error::LogOutError;
use accounts::log_out::pending_revocations::DiscardError;
use accounts::model::registry_error::RegistryError;

use crate::dto::{ErrorCode, IpcError};

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
pub(crate) fn of_log_outs(failed: Vec<(AccountId, String, IpcError)>) -> Result<(), IpcError> {
    let mut names: Vec<_> = failed.iter().take(NAMED).map(|(_, name, _)| name.clone()).collect();
    if failed.len() > NAMED {
        names.push(format!("{} more", failed.len() - NAMED));
    }
    let Some((_, _, error)) = failed.into_iter().next() else { return Ok(()) };
    Err(error.after(&format!("Not logged out: {}.", names.join(", "))))
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
