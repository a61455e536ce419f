//! A foreign entry that nothing was done with.

use accounts::log_out::error::LogOutError;
use accounts::recovery::foreign::ForeignError;

use crate::dto::{ErrorCode, IpcError};

impl From<ForeignError> for IpcError {
    fn from(error: ForeignError) -> Self {
        let failed = |message: &str| Self::new(ErrorCode::Failed, message);
        match error {
            ForeignError::Unknown => failed(
                "This sign-in is not in the keyring any more, or it is in this list by now. Nothing was changed.",
            ),
            ForeignError::Unreadable => failed(
                "This entry cannot be read as a sign-in. Nothing was changed. Leave it, or remove it with the keyring's own program.",
            ),
            ForeignError::NotItsOwn => failed(
                "This entry holds a token of another account than its name says. Nothing was changed. Leave it, or remove it with the keyring's own program.",
            ),
            ForeignError::Mixed => failed(
                "The tokens of this sign-in do not belong together, so it cannot be used. Nothing was changed. Log out of it, or leave it.",
            ),
            ForeignError::ApiUnknown { host } => {
                Self::new(ErrorCode::ApiUnknown, format!("Type the API URL of {host}: it is not known here."))
            }
            ForeignError::OtherHost { host } => Self::new(
                ErrorCode::ApiUrl,
                format!(
                    "This sign-in belongs to {host}, and its tokens are sent nowhere else. Type an API URL there."
                ),
            ),
            ForeignError::DomainUnknown => Self::new(
                ErrorCode::Domain,
                "Type the domain of this live tenant: it is not known here, and Userfront may not know the session without it.",
            ),
            ForeignError::Store(error) => Self::from(error).before("Nothing was changed."),
            ForeignError::Registry(error) => Self::from(error).before("Nothing was changed."),
            // It is an account of this list now.
            ForeignError::LogOut(LogOutError::Store(error)) => {
                Self::from(error).after("The log-out is not finished.")
            }
            ForeignError::LogOut(LogOutError::Registry(error)) => {
                Self::from(error).after("The log-out is not finished.")
            }
            ForeignError::LogOut(error) => error.into(),
        }
    }
}
