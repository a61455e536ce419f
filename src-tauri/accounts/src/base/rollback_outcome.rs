//! The outcome of a rollback.

use crate::model::session_outcome::SessionOutcome;
use crate::model::timestamp::Timestamp;
use crate::ports::CallFailure;

/// The outcome for a session that was made and could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rollback {
    /// The session is over at the server.
    #[error("The new session was ended again.")]
    Ended,
    /// The server did not confirm it; the session is a pending revocation now.
    #[error("The new session may still be alive; it is listed as pending and will be ended.")]
    Pending,
    /// The server did not confirm it, and the token could not be kept either.
    #[error("The new session could not be ended ({reason}) and stays alive at Userfront until it expires.")]
    Alive {
        /// Why the server did not confirm it.
        reason: CallFailure,
        /// When the session expires, if the tokens say so.
        until: Option<Timestamp>,
    },
}

impl Rollback {
    pub(crate) fn outcome(&self) -> SessionOutcome {
        match self {
            Self::Ended => SessionOutcome::Over,
            Self::Pending => SessionOutcome::Pending,
            Self::Alive { .. } => SessionOutcome::Lost,
        }
    }

    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |rollback: &Self| match rollback {
            Self::Ended => 0,
            Self::Pending => 1,
            Self::Alive { .. } => 2,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}
