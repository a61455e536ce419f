//! Why nothing was done with a foreign entry.

use accounts::recovery::foreign::ForeignError;

use super::Failure;
use crate::exit::Exit;

impl From<ForeignError> for Failure {
    fn from(error: ForeignError) -> Self {
        let next = match &error {
            ForeignError::Store(error) => return error.clone().into(),
            ForeignError::Registry(error) => return error.clone().into(),
            ForeignError::LogOut(error) => return error.clone().into(),
            ForeignError::Unknown => "`userfront foreign` lists those there are.",
            ForeignError::Unreadable | ForeignError::NotItsOwn => {
                "Leave it, or look at it with the keyring's own program."
            }
            ForeignError::Mixed => "Log out of it with --log-out.",
            ForeignError::ApiUnknown { .. } => "Give it with --api-url URL.",
            ForeignError::OtherHost { .. } => "Give an --api-url there.",
            ForeignError::DomainUnknown => {
                "Give it with --domain DOMAIN: Userfront may not know the session without it."
            }
        };
        let exit = match error {
            ForeignError::ApiUnknown { .. }
            | ForeignError::OtherHost { .. }
            | ForeignError::DomainUnknown => Exit::Usage,
            _ => Exit::Failed,
        };
        Self::new(exit, error.to_string()).before(next)
    }
}
