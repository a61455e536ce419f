//! `GET tenants/{tenantId}/mode`: the mode, and the ways in.

use serde_json::{Value, json};

use super::{Answer, Call};

/// Every factor that the official client knows but single sign-on, password first.
///
/// Listed only: of these, `auth/basic` is answered, and the others not yet.
const FIRST_FACTORS: [(&str, &str); 6] = [
    ("password", "email"),
    ("password", "username"),
    ("link", "email"),
    ("verificationCode", "email"),
    ("verificationCode", "sms"),
    ("totp", "authenticator"),
];

pub(super) fn show(call: &Call<'_>, tenant: &str) -> Answer {
    call.tenant(tenant)?;
    let factor = |(strategy, channel)| json!({ "strategy": strategy, "channel": channel });
    let first: Vec<Value> = FIRST_FACTORS.into_iter().map(factor).collect();
    Ok(json!({
        "mode": call.server.mode(),
        "authentication": { "firstFactors": first, "secondFactors": [] },
    }))
}
