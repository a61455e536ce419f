//! The answer to a factor: tokens, or an MFA challenge.
//!
//! A call is a **second factor** when it carries a first-factor token and its factor is one of the tenant's
//! second factors. Then that token alone names the user. Any other call is a **first factor**, and a
//! first-factor token that comes with it (the official client sends its old one along) is ignored.
//!
//! Assumptions: the first factor is refused as the second with 400, and left out of the list of
//! second factors; a first factor that the tenant does not name is refused with 400.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Call};
use crate::{
    factor::Factor, refusal::Refusal, state::first_factors::FirstFactor, state::user::User, tenant::Tenant,
};

/// `None` where `factor` is a first factor in this call; else the first factor before it.
pub(super) fn first_factor_before(
    call: &Call<'_>,
    tenant: &Tenant,
    factor: &Factor,
) -> Result<Option<FirstFactor>, Refusal> {
    let is_second = tenant.second_factors.iter().any(|second| second.is_like(factor));
    let token = call.first_factor_token().filter(|_| is_second);
    let Some(token) = token else {
        return Ok(None);
    };
    let first = call.state.first_factors.find(&token, call.now())?;
    if first.tenant_id != tenant.id {
        return Err(Refusal::unauthorized());
    }
    if first.factor.is_like(factor) {
        return Err(Refusal::bad_request("The first factor cannot be the second one, too"));
    }
    Ok(Some(first.clone()))
}

/// Refuses a first factor that the tenant does not offer.
pub(super) fn check_offered(tenant: &Tenant, factor: &Factor) -> Result<(), Refusal> {
    if tenant.first_factors.iter().any(|offered| offered.is_like(factor)) {
        return Ok(());
    }
    Err(Refusal::bad_request("This way to log in is not enabled"))
}

/// The answer to a factor that the user of this UUID has given.
pub(super) fn complete(
    call: &mut Call<'_>,
    tenant: &Tenant,
    user_uuid: &str,
    factor: &Factor,
    before: Option<&FirstFactor>,
) -> Answer {
    if let Some(first) = before {
        if first.user_uuid != user_uuid {
            return Err(Refusal::unauthorized());
        }
        call.state.first_factors.end(&first.token);
    } else if tenant.is_mfa_required {
        return ask_for_second(call, tenant, user_uuid, factor);
    }
    let tokens = call.state.begin_session(call.settings, user_uuid).ok_or_else(Refusal::unauthorized)?;
    Ok(tokens_answer(call, tenant, &tokens))
}

/// The "tokens" answer.
pub(super) fn tokens_answer(call: &Call<'_>, tenant: &Tenant, tokens: &Value) -> Value {
    json!({
        "tokens": tokens,
        "nonce": Uuid::new_v4().to_string(),
        "redirectTo": tenant.login_redirect_path,
        "message": "OK",
        "mode": call.settings.mode,
        "isMfaRequired": false,
    })
}

fn ask_for_second(call: &mut Call<'_>, tenant: &Tenant, user_uuid: &str, factor: &Factor) -> Answer {
    let user = call.state.users.get(user_uuid).ok_or_else(Refusal::unauthorized)?;
    let second_factors: Vec<Value> = tenant
        .second_factors
        .iter()
        .filter(|second| !second.is_like(factor))
        .map(|second| {
            let Factor { strategy, channel, .. } = second;
            let is_configured = is_configured(user, second);
            json!({ "strategy": strategy, "channel": channel, "isConfiguredByUser": is_configured })
        })
        .collect();
    let (email, phone) = (user.is_email_confirmed(), user.is_phone_number_confirmed());
    let (mode, now) = (call.settings.mode, call.now());
    let token = call.state.first_factors.begin(mode, &tenant.id, user_uuid, factor, now);
    Ok(json!({
        "message": "MFA required",
        "mode": mode,
        "isMfaRequired": true,
        "isEmailConfirmed": email,
        "isPhoneNumberConfirmed": phone,
        "firstFactorToken": token,
        "authentication": { "firstFactor": factor, "secondFactors": second_factors },
    }))
}

/// Whether `user` has set `factor` up. One that the sandbox does not know is not set up.
fn is_configured(user: &User, factor: &Factor) -> bool {
    match (factor.strategy.as_str(), factor.channel.as_str()) {
        ("totp", _) => user.totp.is_some(),
        ("verificationCode", "sms") => user.phone_number.is_some(),
        ("verificationCode" | "link", "email") => user.email.is_some(),
        ("password", _) => user.password.is_some(),
        _ => false,
    }
}
