use accounts::log_out::error::LogOutError;
use accounts::recovery::foreign::ForeignError;

use crate::dto::{ErrorCause, ErrorContext, IpcError};

impl From<ForeignError> for IpcError {
    fn from(error: ForeignError) -> Self {
        match error {
            ForeignError::Unknown => ErrorCause::ForeignUnknown.into(),
            ForeignError::Unreadable => ErrorCause::ForeignUnreadable.into(),
            ForeignError::NotItsOwn => ErrorCause::ForeignNotItsOwn.into(),
            ForeignError::Mixed => ErrorCause::ForeignMixed.into(),
            ForeignError::ApiUnknown { host } => ErrorCause::ApiUnknown { host }.into(),
            ForeignError::OtherHost { host } => ErrorCause::OtherHost { host }.into(),
            ForeignError::DomainUnknown => ErrorCause::DomainUnknown.into(),
            ForeignError::Store(error) => Self::from(error).and(ErrorContext::NothingChanged),
            ForeignError::Registry(error) => Self::from(error).and(ErrorContext::NothingChanged),
            // The entry is an account of this list by now.
            ForeignError::LogOut(LogOutError::Store(error)) => {
                Self::from(error).and(ErrorContext::LogOutUnfinished)
            }
            ForeignError::LogOut(LogOutError::Registry(error)) => {
                Self::from(error).and(ErrorContext::LogOutUnfinished)
            }
            ForeignError::LogOut(error) => error.into(),
        }
    }
}
