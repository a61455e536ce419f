//! Answers as Userfront sends them.

use axum::{
    body::Body,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::wire;

pub(crate) fn http_answer(answer: &wire::Response) -> Response {
    let usual = [(CONTENT_TYPE, "application/json; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    let mut response = (answer.status, usual, Body::from(answer.bytes())).into_response();
    for (name, value) in &answer.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}
