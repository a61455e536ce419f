//! Each [`Fault`] as bytes on the wire.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    http::answer::http_answer,
    http::faults::{Fault, LONGEST_WAIT_MS},
    http::socket::Cutter,
    refusal::Refusal,
    wire,
};

/// How long the first half of an answer has to reach the client before the connection goes: a reset lets
/// the client's kernel drop what the client has not read.
const HALF_WAY: Duration = Duration::from_millis(50);

/// Between two bytes of a trickle: no answer of ours gets through in 15 seconds.
const DRIP: Duration = Duration::from_millis(500);

const HUGE_BYTES: usize = 100 * 1024 * 1024;

const HTML: &str = "<!doctype html>\n<html><head><title>Welcome</title></head>\
    <body><h1>It works!</h1><p>This page stands where an API should be.</p></body></html>\n";

/// Answers with `fault`. `answer` is what the call was answered when it took effect, `None` when it did not.
pub(crate) async fn faulty_answer(fault: Fault, answer: Option<wire::Response>, cutter: Cutter) -> Response {
    match fault {
        Fault::Status { status, retry_after, html } => with_status(status, retry_after.as_deref(), html),
        Fault::Says { status, body, date } => said(status, body, date.as_deref()),
        Fault::Delay { ms } => {
            sleep(Duration::from_millis(ms)).await;
            http_answer(&answer.unwrap_or_else(plausible))
        }
        Fault::Reset => match answer {
            None => reset_at_once(&cutter),
            Some(answer) => reset_in_the_middle(&answer, cutter),
        },
        Fault::Hang => {
            sleep(Duration::from_millis(LONGEST_WAIT_MS)).await;
            reset_at_once(&cutter)
        }
        Fault::Truncate => truncated(&answer.unwrap_or_else(plausible)),
        Fault::Garbage => html_page(StatusCode::OK),
        Fault::Lie | Fault::Held => http_answer(&answer.unwrap_or_else(plausible)),
        Fault::Redirect { to } => redirect(&to),
        Fault::Trickle => trickle(&answer.unwrap_or_else(plausible)),
        Fault::Huge => huge(),
    }
}

/// The answer to spoil where the call took no effect.
fn plausible() -> wire::Response {
    wire::Response::json(StatusCode::OK, json!({ "message": "OK", "redirectTo": "/login" }))
}

fn with_status(status: u16, retry_after: Option<&str>, html: bool) -> Response {
    // 200 to 599 were let in.
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if html {
        html_page(status)
    } else if status.is_client_error() || status.is_server_error() {
        let reason = status.canonical_reason().unwrap_or("Error");
        http_answer(&Refusal::typed(status, reason, "sandbox_fault").into())
    } else {
        status.into_response()
    };
    if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

fn said(status: u16, body: Option<Value>, date: Option<&str>) -> Response {
    // 200 to 599 were let in.
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => http_answer(&wire::Response::json(status, body)),
        None => status.into_response(),
    };
    if let Some(date) = date.and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn html_page(status: StatusCode) -> Response {
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], HTML).into_response()
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    // Only what can be a header value was let in.
    if let Ok(location) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn reset_at_once(cutter: &Cutter) -> Response {
    cutter.cut();
    // Never sent: the write of it fails, and with that the connection ends.
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn reset_in_the_middle(answer: &wire::Response, cutter: Cutter) -> Response {
    broken_off(answer, move || {
        cutter.cut();
        Err(io::ErrorKind::ConnectionReset.into())
    })
}

fn truncated(answer: &wire::Response) -> Response {
    // The error ends the connection without a reset: the client finds the body too short.
    broken_off(answer, || Err(io::ErrorKind::UnexpectedEof.into()))
}

/// Sends the first half of `answer` under the `Content-Length` of the whole, then does `end`.
fn broken_off<F>(answer: &wire::Response, end: F) -> Response
where
    F: FnOnce() -> io::Result<Bytes> + Send + 'static,
{
    let bytes = Bytes::from(answer.bytes());
    let half = bytes.slice(..bytes.len() / 2);
    let steps = stream::unfold((Some(half), Some(end)), |(half, end)| async move {
        if let Some(half) = half {
            return Some((Ok(half), (None, end)));
        }
        sleep(HALF_WAY).await;
        end.map(|end| (end(), (None, None)))
    });
    with_headers_of(answer, streamed(answer.status, Some(bytes.len()), Body::from_stream(steps)))
}

fn trickle(answer: &wire::Response) -> Response {
    let bytes = Bytes::from(answer.bytes());
    let length = bytes.len();
    let longest = usize::try_from(u128::from(LONGEST_WAIT_MS) / DRIP.as_millis()).unwrap_or(usize::MAX);
    let drips = stream::unfold((bytes, 0), move |(mut rest, sent)| async move {
        if rest.is_empty() || sent == longest {
            return None;
        }
        sleep(DRIP).await;
        let byte = rest.split_to(1);
        Some((Ok::<_, Infallible>(byte), (rest, sent + 1)))
    });
    with_headers_of(answer, streamed(answer.status, Some(length), Body::from_stream(drips)))
}

/// `{"message":"OK","padding":"xxx…"}`, without a `Content-Length` to warn of its size.
fn huge() -> Response {
    const CHUNK: usize = 64 * 1024;
    let open = Bytes::from_static(br#"{"message":"OK","redirectTo":"/login","padding":""#);
    let chunk = Bytes::from(vec![b'x'; CHUNK]);
    let padding = std::iter::repeat_n(chunk, HUGE_BYTES / CHUNK);
    let whole = std::iter::once(open).chain(padding).chain(std::iter::once(Bytes::from_static(b"\"}")));
    streamed(StatusCode::OK, None, Body::from_stream(stream::iter(whole.map(Ok::<_, Infallible>))))
}

fn with_headers_of(answer: &wire::Response, mut response: Response) -> Response {
    for (name, value) in &answer.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn streamed(status: StatusCode, length: Option<usize>, body: Body) -> Response {
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(length) = length {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}
