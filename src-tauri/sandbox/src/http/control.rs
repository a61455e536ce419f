//! `/_sandbox`: control calls for tests.
//!
//! - `GET /_sandbox/sessions`: `[{sessionId, tenantId, userUuid, alive}]`
//! - `POST /_sandbox/sessions/{sessionId}/kill` ends a session from the server's side: `{killed: true}`,
//!   `false` when it was dead; 404
//! - `GET /_sandbox/requests`, each call to `/v0`: `[{method, path, query, headers, body}]`
//! - `PUT /_sandbox/faults` replaces the rules: `[{method?, path, times?, after?, fault}]`
//! - `PUT /_sandbox/clock` moves time: `{offsetSeconds}`
//! - `GET /_sandbox/outbox`, each mail and SMS that would have been sent: `[{tenantId, channel, to, kind,
//!   link?, verificationCode?}]`, `channel` one of `email sms`, `kind` one of `link code reset`
//! - `PUT /_sandbox/tenants/{tenantId}` changes the given fields: `{firstFactors?, secondFactors?,
//!   isMfaRequired?, resetLinksHaveType?}`; 404
//! - `POST /_sandbox/reset` clears sessions, calls, faults, the outbox, and all changes to users, tenants and
//!   the clock
//!
//! No CORS, and no request that names an `Origin`: a web page can neither read the answers nor, which CORS
//! alone does not prevent, make a call take effect blindly.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Request as HttpRequest, State},
    http::{Method, StatusCode, header::ORIGIN},
    middleware::{Next, from_fn},
    response::{IntoResponse, Json, Response},
    routing::{get, post, put},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    http::answer::http_answer, http::app::App, http::faults::FaultRule, refusal::Refusal,
    state::outbox::Sent, state::sessions::Session, tenant::TenantChange, wire::RecordedRequest,
};

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/_sandbox/sessions", get(sessions))
        .route("/_sandbox/sessions/{session_id}/kill", post(kill))
        .route("/_sandbox/requests", get(requests))
        .route("/_sandbox/faults", put(faults))
        .route("/_sandbox/clock", put(clock))
        .route("/_sandbox/outbox", get(outbox))
        .route("/_sandbox/tenants/{tenant_id}", put(tenant))
        .route("/_sandbox/reset", post(reset))
        .route_layer(from_fn(no_web_page))
        .with_state(app)
}

async fn no_web_page(request: HttpRequest, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) {
        let message = "/_sandbox is not for web pages";
        return http_answer(&Refusal::typed(StatusCode::FORBIDDEN, message, "forbidden_error").into());
    }
    next.run(request).await
}

async fn sessions(State(app): State<Arc<App>>) -> Json<Vec<Session>> {
    Json(app.server.sessions())
}

async fn kill(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    if !app.server.sessions().iter().any(|session| session.session_id == id) {
        return http_answer(&Refusal::not_found("There is no such session").into());
    }
    Json(json!({ "killed": app.server.kill_session(&id) })).into_response()
}

async fn requests(State(app): State<Arc<App>>) -> Json<Vec<RecordedRequest>> {
    Json(app.server.requests())
}

async fn faults(State(app): State<Arc<App>>, body: String) -> Response {
    match parse::<Vec<FaultRule>>(&body).and_then(check_methods) {
        Ok(rules) => {
            app.faults.set(rules);
            done()
        }
        Err(message) => invalid(&format!("invalid faults, nothing was changed: {message}")),
    }
}

/// A misspelt method would be a fault that never comes, and a test that passes for no reason.
fn check_methods(rules: Vec<FaultRule>) -> Result<Vec<FaultRule>, String> {
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD];
    for name in rules.iter().filter_map(|rule| rule.method.as_deref()) {
        if !known.iter().any(|method| method.as_str().eq_ignore_ascii_case(name)) {
            return Err(format!("unknown method \"{name}\""));
        }
    }
    Ok(rules)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockSetting {
    offset_seconds: i64,
}

async fn clock(State(app): State<Arc<App>>, body: String) -> Response {
    match parse::<ClockSetting>(&body) {
        Ok(setting) => {
            app.server.clock().set_offset(setting.offset_seconds);
            done()
        }
        Err(message) => invalid(&format!("invalid clock: {message}")),
    }
}

async fn outbox(State(app): State<Arc<App>>) -> Json<Vec<Sent>> {
    Json(app.server.outbox())
}

async fn tenant(State(app): State<Arc<App>>, Path(id): Path<String>, body: String) -> Response {
    match parse::<TenantChange>(&body).map(|change| app.server.set_tenant(&id, change)) {
        Ok(true) => done(),
        Ok(false) => http_answer(&Refusal::not_found("Tenant not found").into()),
        Err(message) => invalid(&format!("invalid tenant, nothing was changed: {message}")),
    }
}

async fn reset(State(app): State<Arc<App>>) -> Response {
    app.reset();
    done()
}

/// Reads JSON whatever the content type says: these calls are made with `curl` and `fetch` by hand.
fn parse<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

fn done() -> Response {
    Json(json!({ "message": "OK" })).into_response()
}

fn invalid(message: &str) -> Response {
    let body: Value =
        json!({ "statusCode": 400, "message": message, "error": { "type": "bad_request_error" } });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
