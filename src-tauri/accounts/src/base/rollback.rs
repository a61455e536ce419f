//! What became of a session that was made and is not kept.

use crate::model::timestamp::Timestamp;
use crate::ports::CallFailure;

/// What became of a session that was made and could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rollback {
    /// It is dead at the server.
    #[error("The new session was ended again.")]
    Ended,
    /// The server did not confirm it; it is a pending revocation now.
    #[error("The new session may still be alive; it is listed as pending and will be ended.")]
    Pending,
    /// The server did not confirm it, and its token could not be kept either.
    #[error("The new session could not be ended ({reason}) and stays alive at Userfront until it expires.")]
    Alive {
        /// Why.
        reason: CallFailure,
        /// When it ends by itself, if the tokens tell.
        until: Option<Timestamp>,
    },
}

impl Rollback {
    /// Of two sessions, what became of the one that is worse off.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |rollback: &Self| match rollback {
            Self::Ended => 0,
            Self::Pending => 1,
            Self::Alive { .. } => 2,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}
