//! The calls of `userfront-api.md`: one file a call, one line each in the table below.
//!
//! A further way in (link, code, TOTP, single sign-on) is one more file in this folder, one more line in
//! [`route`], and, if it has to remember something, one more field of the server's state. What has no line
//! is answered with 404 in Userfront's error shape, also where the real Userfront has an answer.

mod jwks;
mod logout;
mod mode;
mod password;
mod refresh;
mod user;

use axum::http::{Method, StatusCode, header::AUTHORIZATION};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    server::Server,
    tenant::Tenant,
    tokens::{self, Verified},
    wire::{Refusal, Request, Response},
};

/// What a call is answered with: a body for 200, or a refusal.
type Answer = Result<Value, Refusal>;

/// A request on its way through the table.
struct Call<'a> {
    server: &'a Server,
    request: &'a Request,
}

/// Answers one request.
pub(crate) fn answer(server: &Server, request: &Request) -> Response {
    match route(&Call { server, request }) {
        Ok(body) => Response { status: StatusCode::OK, body },
        Err(refusal) => refusal.into(),
    }
}

fn route(call: &Call<'_>) -> Answer {
    let path = call.request.path.strip_prefix("/v0/").unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    match (&call.request.method, segments.as_slice()) {
        (&Method::GET, ["tenants", tenant, "mode"]) => mode::show(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "basic"]) => password::log_in(call, tenant),
        (&Method::GET, ["tenants", tenant, "jwks", mode]) => jwks::show(call, tenant, mode),
        (&Method::GET, ["auth", "refresh"]) => refresh::refresh(call),
        (&Method::GET, ["auth", "logout"]) => logout::log_out(call),
        (&Method::GET, ["self"]) => user::show(call),
        (_, ["tenants", tenant, ..]) => call.tenant(tenant).and_then(|_| Err(no_such_call())),
        _ => Err(no_such_call()),
    }
}

fn no_such_call() -> Refusal {
    Refusal::not_found("Not found")
}

impl<'a> Call<'a> {
    /// The tenant named in the path.
    fn tenant(&self, id: &str) -> Result<&'a Tenant, Refusal> {
        self.server.tenant(id).ok_or_else(|| Refusal::not_found("Tenant not found"))
    }

    /// The token of the `Authorization` header, its signature verified.
    fn bearer(&self) -> Result<Verified, Refusal> {
        let header = self.request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = header.and_then(|value| value.split_once(' ')).unwrap_or_default();
        // RFC 9110, 11.1: the scheme's name is case-insensitive.
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::unauthorized());
        }
        tokens::verify(token.trim()).ok_or_else(Refusal::unauthorized)
    }

    /// The body, read as JSON.
    fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        // Serde's own message may quote what it read, and what it read may be a password.
        serde_json::from_slice(&self.request.body)
            .map_err(|_| Refusal::bad_request("The body is not the JSON that this call expects"))
    }
}
