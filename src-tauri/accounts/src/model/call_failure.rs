//! Why a call to Userfront has no usable answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a call has no usable answer. `detail` is technical: no URL, no token, no body. On disk there is
/// neither `detail` nor `retry_after`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum CallFailure {
    /// No name, no route, refused, TLS: nothing was sent, and the server has not acted.
    #[error("The server cannot be reached.")]
    Unreachable {
        /// The error of the transport.
        #[serde(skip)]
        detail: String,
    },
    /// This machine trusts no certificate authority: nothing was sent.
    #[error("This computer has no CA certificates, so no server can be trusted.")]
    NoCertificates,
    /// Reset, or closed in the middle: the server may or may not have acted.
    #[error("The connection to the server broke off.")]
    BrokeOff {
        /// The error of the transport.
        #[serde(skip)]
        detail: String,
    },
    /// No whole answer within the limit: the server may or may not have acted.
    #[error("The server did not answer in time.")]
    TimedOut,
    /// HTML, half an object, another shape, too large, a redirect: the answer is not from Userfront's API.
    #[error("The answer is not one that Userfront gives (HTTP {status}).")]
    Unintelligible {
        /// HTTP status.
        status: u16,
        /// The fault of the answer.
        #[serde(skip)]
        detail: String,
    },
    /// 429.
    #[error("The server wants us to wait.")]
    TooManyRequests {
        /// The server's `Retry-After`, at most one hour.
        #[serde(skip)]
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("Userfront is unavailable (error {status}).")]
    ServerFault {
        /// HTTP status.
        status: u16,
        /// The server's `Retry-After`, at most one hour.
        #[serde(skip)]
        retry_after: Option<Duration>,
    },
    /// Any other status, with a message in Userfront's error shape.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The message for the user, cleaned.
        message: String,
    },
}

impl CallFailure {
    /// Whether the answer may have been lost, so that the call may have taken effect. Only a refusal in
    /// Userfront's shape rules that out, and any 429 or 503, which mean that the call was not handled.
    #[must_use]
    pub fn is_lost_answer(&self) -> bool {
        match self {
            Self::TimedOut | Self::BrokeOff { .. } | Self::Unintelligible { .. } => true,
            Self::ServerFault { status, .. } => *status != 503,
            // 408: the request did not arrive whole. But gateways also send it when the server is slow.
            Self::Refused { status, .. } => *status == 408,
            Self::Unreachable { .. } | Self::NoCertificates | Self::TooManyRequests { .. } => false,
        }
    }

    /// How long the server has asked us to wait, if it has.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::ServerFault { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
