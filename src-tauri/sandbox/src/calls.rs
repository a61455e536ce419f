//! The calls of `userfront-api.md`: one file a group, one line a call in the table below.
//!
//! A further factor is one more file in this folder, one more line in [`route`], and, if it has to remember
//! something, one more field of the state. What has no line is answered with 404 in Userfront's error shape,
//! also where the real Userfront has an answer.
//!
//! Assumptions that all of them share: a code, a link or a password that is not taken is a 400, a bearer
//! token that is not taken a 401; `?code_challenge=` is ignored, because how an authorization code is
//! exchanged for tokens is unknown; and what a tenant's factors do not name is refused with 400.

mod code;
mod jwks;
mod link;
mod log_in;
mod logout;
mod mail;
mod mode;
mod new_user;
mod password;
mod refresh;
mod reset;
mod saml;
mod sign_up;
mod single_sign_on;
mod totp;
mod user;
mod verify;

use std::borrow::Cow;

use axum::http::{Method, StatusCode, header::AUTHORIZATION};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use crate::{
    refusal::Refusal,
    settings::Settings,
    state::State,
    state::first_factors,
    tenant::Tenant,
    tokens::{self, Kind, Verified},
    wire::{Request, Response},
};

/// The answer to a call: a body for 200, or a refusal.
type Answer = Result<Value, Refusal>;

/// A request on its way through the table.
struct Call<'a> {
    settings: &'a Settings,
    state: &'a mut State,
    request: &'a Request,
}

pub(crate) fn answer(settings: &Settings, state: &mut State, request: &Request) -> Response {
    let mut call = Call { settings, state, request };
    let path = request.path.strip_prefix("/v0/").unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    if let Some(page) = open(&mut call, &segments) {
        return page;
    }
    match route(&mut call, &segments) {
        Ok(body) => Response::json(StatusCode::OK, body),
        Err(refusal) => refusal.into(),
    }
}

/// The pages that a browser opens.
fn open(call: &mut Call<'_>, segments: &[&str]) -> Option<Response> {
    match (&call.request.method, segments) {
        (&Method::GET, ["auth", provider, "login"]) => Some(single_sign_on::ask(call, provider)),
        (&Method::GET, ["auth", provider, "login", "consent"]) => {
            Some(single_sign_on::consent(call, provider))
        }
        (&Method::GET, ["auth", "saml", "idp", "login"]) => Some(saml::complete(call, saml::Step::LogIn)),
        (&Method::GET, ["auth", "saml", "idp", "logout"]) => Some(saml::complete(call, saml::Step::LogOut)),
        _ => None,
    }
}

fn route(call: &mut Call<'_>, segments: &[&str]) -> Answer {
    match (&call.request.method, segments) {
        (&Method::GET, ["tenants", tenant, "mode"]) => mode::show(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "basic"]) => password::log_in(call, tenant),
        (&Method::PUT, ["tenants", tenant, "auth", "basic"]) => password::change(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "create"]) => sign_up::create(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "link"]) => link::send(call, tenant),
        (&Method::PUT, ["tenants", tenant, "auth", "link"]) => link::log_in(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "code"]) => code::send(call, tenant),
        (&Method::PUT, ["tenants", tenant, "auth", "code"]) => code::log_in(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "totp"]) => totp::log_in(call, tenant),
        (&Method::POST, ["tenants", tenant, "auth", "reset", "link"]) => reset::send(call, tenant),
        (&Method::PUT, ["tenants", tenant, "auth", "reset"]) => reset::set_password(call, tenant),
        (&Method::GET, ["tenants", tenant, "jwks", mode]) => jwks::show(call, tenant, mode),
        (&Method::GET, ["auth", "refresh"]) => refresh::refresh(call),
        (&Method::GET, ["auth", "logout"]) => logout::log_out(call),
        (&Method::GET, ["auth", "totp"]) => totp::offer(call),
        (&Method::GET, ["auth", "saml", "idp", "token"]) => saml::token(call),
        (&Method::POST, ["auth", "verify", "email"]) => verify::email(call),
        (&Method::POST, ["auth", "verify", "phone"]) => verify::phone(call),
        (&Method::GET, ["self"]) => user::show(call),
        (&Method::PUT, ["self"]) => user::edit(call),
        (_, ["tenants", tenant, ..]) => call.tenant(tenant).and_then(|_| Err(no_such_call())),
        _ => Err(no_such_call()),
    }
}

fn no_such_call() -> Refusal {
    Refusal::not_found("Not found")
}

impl Call<'_> {
    /// Now, in Unix seconds.
    fn now(&self) -> i64 {
        self.settings.clock.now()
    }

    /// The tenant named in the path, as it is now.
    fn tenant(&self, id: &str) -> Result<Tenant, Refusal> {
        self.state.tenant(id).cloned().ok_or_else(|| Refusal::not_found("Tenant not found"))
    }

    /// The token of the `Authorization` header, if there is one of scheme `Bearer`.
    fn bearer_text(&self) -> Option<&str> {
        let header = self.request.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = header.split_once(' ')?;
        // RFC 9110, 11.1: the scheme's name is case-insensitive.
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The first-factor token of the `Authorization` header, not looked up yet.
    fn first_factor_token(&self) -> Option<String> {
        let token = self.bearer_text().filter(|token| token.starts_with(first_factors::PREFIX))?;
        Some(token.to_owned())
    }

    /// The JWT of the `Authorization` header, its signature verified.
    fn bearer(&self) -> Result<Verified, Refusal> {
        self.bearer_text().and_then(tokens::verify).ok_or_else(Refusal::unauthorized)
    }

    /// The session ID and the user's UUID of an access token that is good now.
    fn access(&self) -> Result<(String, String), Refusal> {
        let token = self.bearer()?;
        let now = self.now();
        if token.kind != Kind::Access || now >= token.expires_at {
            return Err(Refusal::unauthorized());
        }
        let user = self.state.session_user(&token.session_id, Some(now)).ok_or_else(Refusal::unauthorized)?;
        let uuid = user.uuid.clone();
        Ok((token.session_id, uuid))
    }

    /// The body, read as JSON.
    fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        // Serde's own message may quote what it read, and what it read may be a password.
        serde_json::from_slice(&self.request.body)
            .map_err(|_| Refusal::bad_request("The body is not the JSON that this call expects"))
    }

    /// The first value of this name in the query.
    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut pairs = form_urlencoded::parse(self.request.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    }
}
