//! What a log-out comes to: its result, or why the account is still logged in; and how the session's part of
//! it ended.

use serde::{Deserialize, Serialize};

use crate::activity;
use crate::destination::Destination;
use crate::evidence::Asked;
use crate::log_in::NotStored;
use crate::ports::{CallFailure, Deletion, StoreError, Timestamp};
use crate::registry::{Account, PendingRevocation, RegistryError};
use crate::revocation::Call;
use crate::token::SessionToken;

/// What a log-out came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogOut {
    /// What people call the account.
    pub account_name: String,
    /// What became of the session at the server.
    pub revocation: Revocation,
    /// What became of the tokens in the keyring.
    pub deletion: Deletion,
    /// Where to go now.
    pub destination: Destination,
    /// The session is over, and the server accepts its access token all the same until then: it checks
    /// signatures alone.
    #[serde(default)]
    pub accepted_until: Option<Timestamp>,
    /// Why the account list could not be written afterwards, if it could not: it still has the account. Never
    /// on disk.
    #[serde(skip)]
    pub unwritten: Option<RegistryError>,
    /// It turned out that the session is alive, when the list still had the account: it is logged in as
    /// before. Never on disk.
    #[serde(skip)]
    pub is_back: bool,
}

impl LogOut {
    /// The same log-out, while this row of superseded sessions is pending.
    pub(crate) fn with_superseded(self, row: Option<&PendingRevocation>) -> Self {
        match (row, &self.revocation) {
            (Some(row), revocation) if revocation.is_over() => {
                let ends = row.older.iter().map(|older| older.ends_at);
                let alive_until = ends.fold(row.session_ends_at, Timestamp::max);
                Self { revocation: Revocation::Pending { alive_until }, ..self }
            }
            _ => self,
        }
    }
}

/// What became of a session at the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Revocation {
    /// The server ended it for us.
    Revoked,
    /// The server no longer accepts its tokens.
    AlreadyInvalid,
    /// The server has not confirmed it; it is a pending revocation.
    Pending {
        /// When it ends by itself.
        alive_until: Timestamp,
    },
    /// There was no token in the keyring to end it with, or none that can be read and none that the server
    /// took.
    Impossible {
        /// When it ends by itself.
        alive_until: Timestamp,
    },
}

impl Revocation {
    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Revoked | Self::AlreadyInvalid)
    }
}

/// Why an account is not logged out. It is still logged in, and nothing was changed, unless the variant says
/// otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOutError {
    /// No such account here.
    #[error("This account is not logged in here.")]
    NotLoggedIn,
    /// The keyring is locked, hung or out of reach: the tokens cannot be read, or moved to where they would
    /// be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same, for an account that is leaving already: the log-out is finished once the keyring is there.
    #[error("The log-out waits for the keyring. {0}")]
    Waiting(StoreError),
    /// The account list cannot be written, so that nothing can be owed; and the server did not confirm the
    /// revocation.
    #[error("{registry} {server}")]
    Unwritable {
        /// Why it cannot be written.
        registry: RegistryError,
        /// Why the session is not known to be dead.
        server: CallFailure,
    },
    /// The log-out could not be finished now, and its tombstone stays: it was found, or could not be lifted.
    /// The account is leaving, and the next start finishes it.
    #[error("{0}")]
    NotLifted(RegistryError),
    /// The registry cannot be read or written; or another process is at work on the account
    /// ([`RegistryError::Busy`]), which may be logging it out: then nothing is known but that this log-out
    /// did not take place.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl From<NotStored> for LogOutError {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => Self::Store(error),
            NotStored::Registry(error) => Self::Registry(error),
        }
    }
}

/// How steps 3 to 5 ended.
pub(super) enum SessionEnd {
    /// By our call, with this token; perhaps after the tokens had been half moved to where they would be
    /// owed. All tokens that were held serve to verify it.
    Revoked { redirect_to: Option<String>, token: SessionToken, half_owed: bool, held: Vec<SessionToken> },
    /// That was known before.
    AlreadyInvalid,
    /// Unconfirmed, and pending: it was asked with this token.
    Pending(Pending, SessionToken),
    /// The keyring, unlocked, has no token of it.
    Impossible,
}

/// What can still settle a log-out that is pending.
pub(super) enum Pending {
    /// Its next try.
    LaterTry,
    /// The call, which is still under way.
    LateAnswer(Call),
    /// The witnesses, whom this answer calls.
    Witnesses { asked: Asked, tokens: Vec<SessionToken> },
}

impl SessionEnd {
    pub(super) fn is_dead(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::AlreadyInvalid)
    }

    /// The token that the server was asked with last.
    pub(super) fn token(&self) -> Option<&SessionToken> {
        match self {
            Self::Revoked { token, .. } | Self::Pending(_, token) => Some(token),
            Self::AlreadyInvalid | Self::Impossible => None,
        }
    }

    pub(super) fn for_activity(&self) -> activity::Session {
        match self {
            Self::Revoked { .. } => activity::Session::Revoked,
            Self::AlreadyInvalid => activity::Session::AlreadyInvalid,
            Self::Pending(..) => activity::Session::Pending,
            Self::Impossible => activity::Session::Lost,
        }
    }

    pub(super) fn revocation(&self, account: &Account) -> Revocation {
        let alive_until = account.session_ends_at;
        match self {
            Self::Revoked { .. } => Revocation::Revoked,
            Self::AlreadyInvalid => Revocation::AlreadyInvalid,
            Self::Pending(..) => Revocation::Pending { alive_until },
            Self::Impossible => Revocation::Impossible { alive_until },
        }
    }
}
