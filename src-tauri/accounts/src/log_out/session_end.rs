//! How the part of a log-out at the server ended.

use crate::model::session_outcome::SessionOutcome;

use crate::log_out::evidence::Asked;
use crate::log_out::revoke::Call;
use crate::model::token::SessionToken;

/// How steps 3 to 5 ended.
pub(crate) enum SessionEnd {
    /// By our call, with this token; perhaps after the tokens had been half moved to where they would be
    /// owed. All tokens that were held serve to verify it.
    Revoked {
        redirect_to: Option<String>,
        token: SessionToken,
        partly_queued: bool,
        stored: Vec<SessionToken>,
    },
    /// That was known before.
    AlreadyInvalid,
    /// Unconfirmed, and pending: it was asked with this token.
    Pending(Pending, SessionToken),
    /// The keyring, unlocked, has no token of it.
    Impossible,
}

/// What can still settle a log-out that is pending.
pub(crate) enum Pending {
    /// Its next try.
    LaterTry,
    /// The call, which is still under way.
    LateAnswer(Call),
    /// The witnesses, whom this answer calls.
    Witnesses { asked: Asked, tokens: Vec<SessionToken> },
}

impl SessionEnd {
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::AlreadyInvalid)
    }

    /// The token that the server was asked with last.
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
