//! HTTP around the `Server`: access, CORS and the faults.
//!
//! Only this machine may call, and no web page may reach anything but `/v0`. The sandbox listens on
//! `127.0.0.1` only; a `Host` that is not loopback is refused, so that a page cannot come in under a name of
//! its own that resolves to loopback (DNS rebinding). CORS is open on `/v0`, as it is at Userfront, and
//! closed elsewhere.

pub(crate) mod answer;
pub(crate) mod app;
pub(crate) mod control;
pub(crate) mod faults;
pub(crate) mod faulty_answers;
pub(crate) mod socket;

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::to_bytes,
    extract::{ConnectInfo, Request as HttpRequest, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, DATE, HOST, RETRY_AFTER},
    },
    middleware::{Next, from_fn, map_response_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tokio::time::sleep;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::{
    http::answer::http_answer, http::app::App, http::faults::Fault, http::faulty_answers::faulty_answer,
    http::socket::Cutter, refusal::Refusal, wire::Request,
};

/// No call of Userfront's is anywhere near this long.
const LONGEST_BODY: usize = 1024 * 1024;

static MEMBER_PICTURE: &[u8] = include_bytes!("../pictures/member.png");

/// All that the sandbox serves.
pub(crate) fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/v0/", any(call))
        .route("/v0/{*path}", any(call))
        .layer(map_response_with_state(Arc::clone(&app), dated))
        .layer(open_cors())
        .with_state(Arc::clone(&app));
    Router::new()
        .route("/pictures/member.png", get(member_picture))
        .merge(api)
        .merge(control::router(app))
        .layer(from_fn(loopback_host_only))
}

/// Whatever a page asks for is allowed. Tokens travel in a header that the page must have anyway.
fn open_cors() -> CorsLayer {
    CorsLayer::new()
        .allow_credentials(true)
        .allow_headers(AllowHeaders::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_origin(AllowOrigin::mirror_request())
        .expose_headers([DATE, RETRY_AFTER])
}

/// Every answer is dated by the sandbox's clock: a client may reckon by it when a session ends.
async fn dated(State(app): State<Arc<App>>, mut response: Response) -> Response {
    if let Ok(date) = HeaderValue::from_str(&app.server.clock().http_date()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

async fn call(
    State(app): State<Arc<App>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: HttpRequest,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        let refusal =
            Refusal::typed(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long", "bad_request_error");
        return http_answer(&refusal.into());
    };
    let request = Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: body.to_vec(),
    };
    app.server.record(&request);
    // Made before the fault is taken, so that no replacement is missed.
    let replaced = app.faults.replaced.notified();
    let Some(rule) = app.faults.take(&request.method, &request.path) else {
        return http_answer(&app.server.answer(&request));
    };
    match rule.fault {
        Fault::Delay { ms } if !rule.after => {
            sleep(Duration::from_millis(ms)).await;
            http_answer(&app.server.answer(&request))
        }
        Fault::Held => {
            replaced.await;
            http_answer(&app.server.answer(&request))
        }
        fault => {
            let answer = rule.after.then(|| app.server.answer(&request));
            faulty_answer(fault, answer, cutter).await
        }
    }
}

async fn member_picture() -> Response {
    ([(CONTENT_TYPE, "image/png")], MEMBER_PICTURE).into_response()
}

async fn loopback_host_only(request: HttpRequest, next: Next) -> Response {
    if names_loopback(request.headers()) {
        return next.run(request).await;
    }
    let message = "The sandbox answers only calls whose Host is localhost or a loopback address";
    http_answer(&Refusal::typed(StatusCode::FORBIDDEN, message, "forbidden_error").into())
}

/// Whether the one `Host` header is `localhost`, in `127.0.0.0/8`, or `[::1]`, with or without a port.
fn names_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = host.to_str() else {
        return false;
    };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, "")) => address,
        Some((address, port)) if port.starts_with(':') => address,
        Some(_) => return false,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_let_in_by_its_name() {
        let admits = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(host).expect("a header"));
            names_loopback(&headers)
        };
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:4000", "127.9.9.9", "[::1]:80", "[::1]"] {
            assert!(admits(host), "{host}");
        }
        for host in [
            "",
            "evil.test",
            "127.0.0.1.evil.test:80",
            "localhost.evil.test",
            "10.0.0.1",
            "[::2]",
            "[::1]evil",
            "2130706433",
        ] {
            assert!(!admits(host), "{host}");
        }
        assert!(!names_loopback(&HeaderMap::new()));
        let mut two = HeaderMap::new();
        two.append(HOST, HeaderValue::from_static("localhost"));
        two.append(HOST, HeaderValue::from_static("evil.test"));
        assert!(!names_loopback(&two));
    }
}
