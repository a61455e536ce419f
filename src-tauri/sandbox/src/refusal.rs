//! Refusals in Userfront's error shape.

use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use serde_json::{Value, json};

use crate::wire::Response;

/// An answer in Userfront's error shape: `{statusCode, message, error}`.
///
/// `error` is an object with a `type` for some statuses and a plain string for others; both occur
/// at Userfront (`userfront-api.md`, "Base"), so both occur here.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    error: Value,
    /// Seconds.
    retry_after: Option<i64>,
}

impl Refusal {
    /// 400 with a message for the person.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::typed(StatusCode::BAD_REQUEST, message, "bad_request_error")
    }

    /// 401: no token, or one that is not (or no longer) valid here.
    pub(crate) fn unauthorized() -> Self {
        Self::unauthorized_because("Unauthorized")
    }

    /// 401 with a message of its own. The message's text is an assumption.
    pub(crate) fn unauthorized_because(message: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            message: message.to_owned(),
            error: json!("Unauthorized"),
            retry_after: None,
        }
    }

    /// 429 for so many seconds. Message and type are assumptions.
    pub(crate) fn too_many(message: &str, seconds: i64) -> Self {
        let refusal = Self::typed(StatusCode::TOO_MANY_REQUESTS, message, "too_many_requests_error");
        Self { retry_after: Some(seconds), ..refusal }
    }

    /// 404. The message's text is an assumption.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::typed(StatusCode::NOT_FOUND, message, "not_found_error")
    }

    /// Any other status, the error named by `kind`.
    pub(crate) fn typed(status: StatusCode, message: impl Into<String>, kind: &str) -> Self {
        Self { status, message: message.into(), error: json!({ "type": kind }), retry_after: None }
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, message, error, retry_after } = refusal;
        let body = json!({ "statusCode": status.as_u16(), "message": message, "error": error });
        let mut response = Self::json(status, body);
        if let Some(seconds) = retry_after {
            response.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
