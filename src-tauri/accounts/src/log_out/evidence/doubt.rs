//! Why the witnesses leave a session in doubt, in words for the user.

use std::fmt;
use std::time::Duration;

use crate::ports::CallFailure;

/// Why a session is not known to be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// A call failed.
    Failed(CallFailure),
    /// What answers is not known to be Userfront.
    NotUserfront(CallFailure),
    /// The server answers for another mode than the session's.
    OtherMode,
    /// A live session, asked for without its tenant's domain.
    WithoutDomain,
    /// `auth/refresh` was asked before, and is asked again only when the user wants it.
    AskedBefore,
    /// The server accepts a token of the session.
    StillAccepted,
    /// No token of the session says when it expires.
    Unreadable,
    /// Before the question something has to be written down, and could not be.
    Unwritten(String),
}

impl Doubt {
    /// How long the server wants to be left alone, if it said so.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failed(failure) | Self::NotUserfront(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed(failure) => return failure.fmt(f),
            Self::NotUserfront(failure) => {
                return write!(f, "What answers there is not known to be Userfront. {failure}");
            }
            Self::OtherMode => "The server answers for another mode than this session\u{2019}s.",
            Self::WithoutDomain => {
                "The server does not know this session. It was asked without the tenant\u{2019}s domain, and of a live \
                 session that says nothing."
            }
            Self::AskedBefore => "Userfront has not confirmed that the session is over. Try again to ask once more.",
            Self::Unreadable => "No token of this session can be read, so nothing can be asked about it.",
            Self::StillAccepted => "Userfront still accepts a token of this session.",
            Self::Unwritten(why) => return write!(f, "The server was not asked. {why}"),
        })
    }
}
