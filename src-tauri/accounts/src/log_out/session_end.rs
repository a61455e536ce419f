//! The result of steps 3 to 5 of a log-out.

use crate::model::session_outcome::SessionOutcome;

use crate::log_out::asked::Asked;
use crate::log_out::revoke::Call;
use crate::model::token::SessionToken;

pub(crate) enum SessionEnd {
    /// By our call, with this token. The tokens may have been queued in part before. All stored tokens are
    /// used for the verification.
    Revoked {
        redirect_to: Option<String>,
        token: SessionToken,
        partly_queued: bool,
        stored: Vec<SessionToken>,
    },
    /// That was known before.
    AlreadyInvalid,
    /// Unconfirmed: the server was asked with this token.
    Pending(Pending, SessionToken),
    /// The keyring is unlocked and has no token of the session.
    Impossible,
}

/// The event that may still settle a pending log-out.
pub(crate) enum Pending {
    LaterTry,
    LateAnswer(Call),
    Witnesses { asked: Asked, tokens: Vec<SessionToken> },
}

impl SessionEnd {
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::AlreadyInvalid)
    }

    pub(crate) fn token(&self) -> Option<&SessionToken> {
        match self {
            Self::Revoked { token, .. } | Self::Pending(_, token) => Some(token),
            Self::AlreadyInvalid | Self::Impossible => None,
        }
    }

    pub(crate) fn outcome(&self) -> SessionOutcome {
        match self {
            Self::Revoked { .. } => SessionOutcome::Revoked,
            Self::AlreadyInvalid => SessionOutcome::AlreadyInvalid,
            Self::Pending(..) => SessionOutcome::Pending,
            Self::Impossible => SessionOutcome::Lost,
        }
    }
}
