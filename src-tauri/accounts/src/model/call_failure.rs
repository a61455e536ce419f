//! Why a call to Userfront has no answer that can be used.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a call has no answer that can be used. `detail` is for the technical detail: no URL, no token, no
/// body. On disk it has neither `detail` nor `retry_after`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum CallFailure {
    /// No name, no route, refused, TLS: nothing was sent, and the server has not acted.
    #[error("The server cannot be reached.")]
    Unreachable {
        /// What the transport said.
        #[serde(skip)]
        detail: String,
    },
    /// This machine trusts no certificate authority: nothing was sent.
    #[error("This computer has no CA certificates, so no server can be trusted.")]
    NoCertificates,
    /// Reset, or closed in the middle: the server may or may not have acted.
    #[error("The connection to the server broke off.")]
    BrokeOff {
        /// What the transport said.
        #[serde(skip)]
        detail: String,
    },
    /// No whole answer within the limit: the server may or may not have acted.
    #[error("The server did not answer in time.")]
    TimedOut,
    /// HTML, half an object, another shape, too large, a redirect: something answered that is not Userfront's
    /// API.
    #[error("The answer is not one that Userfront gives (HTTP {status}).")]
    Unintelligible {
        /// HTTP status.
        status: u16,
        /// What was wrong with it.
        #[serde(skip)]
        detail: String,
    },
    /// 429.
    #[error("The server wants us to wait.")]
    TooManyRequests {
        /// What `Retry-After` said, bounded to one hour.
        #[serde(skip)]
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("Userfront is unavailable (error {status}).")]
    ServerFault {
        /// HTTP status.
        status: u16,
        /// What `Retry-After` said, bounded to one hour.
        #[serde(skip)]
        retry_after: Option<Duration>,
    },
    /// Any other status, with a message in Userfront's error shape.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The text that a person should see, cleaned.
        message: String,
    },
}

impl CallFailure {
    /// Whether an answer that was meant for us may have been lost on the way: then the call may have taken
    /// effect. Only Userfront's own refusal says that it has not, and 429 and 503, which mean that the call
    /// was not handled, whoever says so.
    #[must_use]
    pub fn is_lost_answer(&self) -> bool {
        match self {
            Self::TimedOut | Self::BrokeOff { .. } | Self::Unintelligible { .. } => true,
            Self::ServerFault { status, .. } => *status != 503,
            // 408 means that the request did not arrive whole; a gateway says it of its own wait for the
            // server, too.
            Self::Refused { status, .. } => *status == 408,
            Self::Unreachable { .. } | Self::NoCertificates | Self::TooManyRequests { .. } => false,
        }
    }

    /// How long the server wants to be left alone, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::ServerFault { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
