//! `POST tenants/{tenantId}/auth/basic`: the way in by password.
//!
//! `?code_challenge=` is ignored: how an authorization code is exchanged for tokens is unknown.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Answer, Call};
use crate::wire::Refusal;

/// No `Debug`: it holds a password. Other fields, such as `options`, change nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    email_or_username: String,
    password: String,
}

pub(super) fn log_in(call: &Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Body { email_or_username, password } = call.json()?;
    let mode = call.server.mode();
    let user = call
        .server
        .user(|user| user.tenant_id == tenant.id && user.is_named(&email_or_username))
        .filter(|user| user.accepts(&password, mode))
        .ok_or_else(|| Refusal::bad_request("Incorrect email or password"))?;
    Ok(json!({
        "tokens": call.server.begin_session(user),
        "nonce": Uuid::new_v4().to_string(),
        "redirectTo": tenant.login_redirect_path,
        "message": "OK",
        "mode": mode,
        "isMfaRequired": false,
    }))
}
