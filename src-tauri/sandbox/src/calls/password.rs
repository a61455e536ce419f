//! `POST tenants/{tenantId}/auth/basic`: log-in by password. `PUT` of the same: another password.
//!
//! A user without a password who tries one is sent a reset link, and the answer is an `intended_error`; with
//! `options.noResetEmail` the answer is that to a wrong password. Assumptions: status and message of the
//! `intended_error`; a change of the password leaves all sessions alive; a user who has none yet may leave
//! `existingPassword` out.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, log_in, mail, reset};
use crate::{factor::Factor, password_rule, refusal::Refusal};

/// No `Debug`: it holds a password.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    email_or_username: String,
    password: String,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(default)]
    no_reset_email: bool,
}

pub(super) fn log_in(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Body { email_or_username, password, options } = call.json()?;
    let incorrect = || Refusal::bad_request("Incorrect email or password");
    let user = call.state.users.within(&tenant.id).find(|user| user.is_named(&email_or_username));
    let user = user.ok_or_else(incorrect)?;
    if !user.accepts(&password, call.settings.mode) {
        let email = user.email.clone().filter(|_| user.password.is_none() && !options.no_reset_email);
        if let Some(email) = email {
            let link = reset::link(user);
            mail::send_link(call, &tenant, &email, link)?;
            let message = "You have no password yet: a link to choose one was sent to your e-mail address";
            return Err(Refusal::typed(StatusCode::BAD_REQUEST, message, "intended_error"));
        }
        return Err(incorrect());
    }
    let uuid = user.uuid.clone();
    let factor = Factor::password();
    let before = log_in::first_factor_before(call, &tenant, &factor)?;
    if before.is_none() {
        log_in::check_offered(&tenant, &factor)?;
    }
    log_in::complete(call, &tenant, &uuid, &factor, before.as_ref())
}

/// No `Debug`: it holds passwords.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    password: String,
    existing_password: Option<String>,
}

pub(super) fn change(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let (_, uuid) = call.access()?;
    let Change { password, existing_password } = call.json()?;
    let mode = call.settings.mode;
    let user = call.state.users.get_mut(&uuid).filter(|user| user.tenant_id == tenant.id);
    let user = user.ok_or_else(Refusal::unauthorized)?;
    let knows = existing_password.is_some_and(|existing| user.accepts(&existing, mode));
    if !knows && user.password.is_some() {
        return Err(Refusal::bad_request("Incorrect existing password"));
    }
    password_rule::check(&password, mode)?;
    user.password = Some(password);
    Ok(json!({ "message": "OK" }))
}
