//! The server's answer to the question to end a session.

use crate::ports::{CallFailure, RevokeAnswer};

/// The result of `GET auth/logout`, for all tokens that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Revoked { redirect_to: Option<String> },
    Unclear { status: u16 },
    Refused { status: u16, message: String },
    Unconfirmed(CallFailure),
}

impl Asked {
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |asked: &Self| match asked {
            Self::Revoked { .. } => 0,
            Self::Unclear { .. } => 1,
            Self::Refused { .. } => 2,
            Self::Unconfirmed(_) => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }

    /// Why this answer alone does not prove that the session is over.
    pub(crate) fn failure(&self) -> CallFailure {
        match self {
            Self::Revoked { .. } => unclear(200),
            Self::Unclear { status } => unclear(*status),
            Self::Refused { status, message } => {
                CallFailure::Refused { status: *status, message: message.clone() }
            }
            Self::Unconfirmed(failure) => failure.clone(),
        }
    }
}

impl From<Result<RevokeAnswer, CallFailure>> for Asked {
    fn from(answer: Result<RevokeAnswer, CallFailure>) -> Self {
        match answer {
            Ok(RevokeAnswer::Revoked { redirect_to }) => Self::Revoked { redirect_to },
            Ok(RevokeAnswer::Unclear { status }) => Self::Unclear { status },
            Ok(RevokeAnswer::Refused { status, message }) => Self::Refused { status, message },
            Err(failure) => Self::Unconfirmed(failure),
        }
    }
}

fn unclear(status: u16) -> CallFailure {
    let detail = "it does not say that the session is over".to_owned();
    CallFailure::Unintelligible { status, detail }
}
