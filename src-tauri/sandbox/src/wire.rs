//! A call and its answer, without a network: what the HTTP layer hands to [`Server`](crate::Server),
//! and what a test hands to it directly.
//!
//! Both carry tokens and passwords, so `Debug` shows neither header values nor bodies.

use std::fmt;

use axum::http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// One call to `/v0`.
#[derive(Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The path as sent, with `/v0/` and without the query: `/v0/auth/logout`.
    pub path: String,
    /// The query as sent, without `?`; empty when there is none.
    pub query: String,
    /// The headers; names in lower case.
    pub headers: HeaderMap,
    /// The body as sent; empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A call of `method` to `path`, which is relative to the API base: `auth/logout`.
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            method,
            path: format!("/v0/{path}"),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// A `GET` of `path`, relative to the API base.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    /// A `POST` of a JSON `body` to `path`, relative to the API base.
    #[must_use]
    pub fn post(path: &str, body: &Value) -> Self {
        let mut request = Self::new(Method::POST, path);
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.body = body.to_string().into_bytes();
        request
    }

    /// Adds `Authorization: Bearer {token}`. A token that no header can carry leaves the call without one.
    #[must_use]
    pub fn bearer(mut self, token: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {token}")) {
            value.set_sensitive(true);
            self.headers.insert(AUTHORIZATION, value);
        }
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What Userfront answers: a status and a JSON body.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body, an object in every answer that is known.
    pub body: Value,
}

impl Response {
    /// A string in the body by its JSON pointer, such as `/tokens/access/value`.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.body.pointer(pointer).and_then(Value::as_str)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&String> = self.body.as_object().map(Map::keys).into_iter().flatten().collect();
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_keys", &keys)
            .finish_non_exhaustive()
    }
}

/// An answer in Userfront's error shape: `{statusCode, message, error}`.
///
/// `error` is an object with a `type` for some statuses and a plain string for others; both occur
/// at Userfront (`userfront-api.md`, "Base"), so both occur here.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    error: Value,
}

impl Refusal {
    /// 400 with a message for the person.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::typed(StatusCode::BAD_REQUEST, message, "bad_request_error")
    }

    /// 401: no token, or one that is not (or no longer) valid here.
    pub(crate) fn unauthorized() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            message: "Unauthorized".to_owned(),
            error: json!("Unauthorized"),
        }
    }

    /// 404. The message's text is an assumption.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::typed(StatusCode::NOT_FOUND, message, "not_found_error")
    }

    /// Any other status, the error named by `kind`.
    pub(crate) fn typed(status: StatusCode, message: impl Into<String>, kind: &str) -> Self {
        Self { status, message: message.into(), error: json!({ "type": kind }) }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, message, error } = refusal;
        let body = json!({ "statusCode": status.as_u16(), "message": message, "error": error });
        Self { status, body }
    }
}

/// One call as it was received: the shape of `GET /_sandbox/requests`.
#[derive(Clone, Serialize)]
pub struct RecordedRequest {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path as sent, with `/v0/`.
    pub path: String,
    /// The query as sent, without `?`; empty when there is none.
    pub query: String,
    /// Header names in lower case, with their values; a repeated header is joined by `, `.
    pub headers: Map<String, Value>,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub body: String,
}

impl RecordedRequest {
    /// A header's value, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(Value::as_str)
    }
}

impl From<&Request> for RecordedRequest {
    fn from(request: &Request) -> Self {
        let headers = request
            .headers
            .keys()
            .map(|name| {
                let values = request.headers.get_all(name).iter();
                let texts: Vec<_> = values.map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
                (name.as_str().to_owned(), Value::from(texts.join(", ")))
            })
            .collect();
        Self {
            method: request.method.as_str().to_owned(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers,
            body: String::from_utf8_lossy(&request.body).into_owned(),
        }
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_token_nor_password() {
        let request = Request::post("x?code=SECRET", &json!({"password": "SECRET"})).bearer("SECRET");
        let response = Response { status: StatusCode::OK, body: json!({"tokens": "SECRET"}) };
        let recorded = RecordedRequest::from(&request);
        let shown = format!("{request:?} {response:?} {recorded:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(shown.contains("/v0/x") && shown.contains("authorization") && shown.contains("tokens"));
    }

    #[test]
    fn a_repeated_header_is_recorded_whole() {
        let mut request = Request::get("self");
        request.headers.append("x-a", HeaderValue::from_static("1"));
        request.headers.append("x-a", HeaderValue::from_static("2"));
        assert_eq!(RecordedRequest::from(&request).header("x-a"), Some("1, 2"));
    }
}
