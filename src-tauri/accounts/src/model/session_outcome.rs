//! The outcome for a session at the server.

use serde::{Deserialize, Serialize};

/// The outcome for a session at the server, as far as known. A new variant raises
/// [`VERSION`](crate::model::registry::VERSION).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SessionOutcome {
    /// The server ended it at our request.
    Revoked,
    /// The server no longer accepts its tokens.
    AlreadyInvalid,
    /// It is over, by us or before: the record does not say which.
    #[serde(rename = "dead")]
    Over,
    /// By the server's clock it has expired.
    Expired,
    /// The server has not confirmed that it is over; it is a pending revocation.
    Pending,
    /// It cannot be ended from here: there was no token, or none that is readable or that the server
    /// accepted.
    Lost,
}

impl SessionOutcome {
    /// Whether the session is over.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Pending | Self::Lost)
    }
}
