//! A failed or waiting log-out, and a pending revocation that was not discarded.

use accounts::AccountId;
use accounts::log_out::error::LogOutError;
use accounts::log_out::pending_revocations::DiscardError;
use accounts::model::registry_error::RegistryError;

use crate::dto::{ErrorCause, ErrorContext, IpcError};

impl From<LogOutError> for IpcError {
    fn from(error: LogOutError) -> Self {
        match error {
            LogOutError::NotLoggedIn => ErrorCause::NotLoggedIn.into(),
            LogOutError::Store(error) => Self::from(error).and(ErrorContext::StillLoggedIn),
            // The other program may be logging the account out.
            LogOutError::Registry(error @ RegistryError::Busy) => {
                Self::from(error).and(ErrorContext::LogOutNotDone)
            }
            LogOutError::Registry(error) => Self::from(error).and(ErrorContext::StillLoggedIn),
            LogOutError::Waiting(error) => Self::from(error).and(ErrorContext::LogOutWaits),
            LogOutError::Unwritable { registry, server } => Self::from(registry)
                .and(ErrorContext::NotConfirmed { server: (&server).into() })
                .and(ErrorContext::NothingChanged),
            LogOutError::NotLifted(error) => Self::from(error).and(ErrorContext::NextStartFinishes),
        }
    }
}

/// The result of *Log out of all*: names the accounts that stay logged in, with the first one's reason.
pub(crate) fn of_log_outs(mut failed: Vec<(AccountId, String, IpcError)>) -> Result<(), IpcError> {
    let names = failed.iter().take(NAMED).map(|(_, name, _)| name.clone()).collect();
    let more = u32::try_from(failed.len().saturating_sub(NAMED)).unwrap_or(u32::MAX);
    if failed.is_empty() {
        return Ok(());
    }
    let (_, _, mut error) = failed.swap_remove(0);
    error.context.insert(0, ErrorContext::NotLoggedOut { names, more });
    Err(error)
}

const NAMED: usize = 5;

impl From<DiscardError> for IpcError {
    fn from(error: DiscardError) -> Self {
        match error {
            DiscardError::Unknown => ErrorCause::PendingUnknown.into(),
            DiscardError::Registry(error) => error.into(),
        }
    }
}
