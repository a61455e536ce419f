//! A call and its answer, without a network: what the HTTP layer hands to [`Server`](crate::Server),
//! and what a test hands to it directly.
//!
//! Both carry tokens and passwords, so `Debug` shows neither header values nor bodies.

use std::fmt;

use axum::http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY},
};
use serde::Serialize;
use serde_json::{Map, Value};

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
        Self::with_json(Method::POST, path, body)
    }

    /// A `PUT` of a JSON `body` to `path`, relative to the API base.
    #[must_use]
    pub fn put(path: &str, body: &Value) -> Self {
        Self::with_json(Method::PUT, path, body)
    }

    fn with_json(method: Method, path: &str, body: &Value) -> Self {
        let mut request = Self::new(method, path);
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

/// An answer of Userfront: a status and a body, JSON but for the few pages that a browser opens.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers: the content type of a page, `Location`, `Retry-After`. The
    /// content type is `application/json` where it is not named.
    pub headers: HeaderMap,
    /// The body: a JSON object in every call that is known, and of a page the whole text as a string.
    pub body: Value,
}

impl Response {
    /// A JSON answer without headers of its own.
    #[must_use]
    pub fn json(status: StatusCode, body: Value) -> Self {
        Self { status, headers: HeaderMap::new(), body }
    }

    /// A page. It runs no script, loads nothing and sends no referrer.
    pub(crate) fn page(status: StatusCode, html: String) -> Self {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (
                CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(
                    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
                ),
            ),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ]);
        Self { status, headers, body: Value::String(html) }
    }

    /// 302 to `location`.
    pub(crate) fn found(location: &url::Url) -> Self {
        let mut response = Self::page(StatusCode::FOUND, String::new());
        // A URL is ASCII without control characters, so it is a header value, too.
        if let Ok(value) = HeaderValue::from_str(location.as_str()) {
            response.headers.insert(LOCATION, value);
        }
        response
    }

    /// A header's value, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body's bytes as they are sent.
    pub(crate) fn bytes(&self) -> String {
        match &self.body {
            Value::String(page) if self.headers.contains_key(CONTENT_TYPE) => page.clone(),
            json => json.to_string(),
        }
    }

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
    use serde_json::json;

    #[test]
    fn debug_shows_neither_token_nor_password() {
        let request = Request::post("x?code=SECRET", &json!({"password": "SECRET"})).bearer("SECRET");
        let response = Response::json(StatusCode::OK, json!({"tokens": "SECRET"}));
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
