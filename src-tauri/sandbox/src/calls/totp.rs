//! `GET auth/totp` and `POST tenants/{tenantId}/auth/totp`: authenticator apps, as first or second factor.
//!
//! Assumptions beside those of `totp.rs`: with a first-factor token a user who has an
//! authenticator is offered no new one, since the first factor alone would then pass the second; a code with
//! an *access* token confirms a set-up and is answered with new tokens of the same session; wrong codes are
//! not counted.

use serde::Deserialize;

use super::{Answer, Call, log_in};
use crate::{
    factor::Factor, refusal::Refusal, state::user::User, state::users::Users, tenant::Tenant,
    totp::Authenticator,
};

pub(super) fn offer(call: &mut Call<'_>) -> Answer {
    let by_first_factor = call.first_factor_token();
    let uuid = match &by_first_factor {
        None => call.access()?.1,
        Some(token) => {
            let first = call.state.first_factors.find(token, call.now())?;
            let tenant = call.tenant(&first.tenant_id)?;
            if first.factor == Factor::totp() || !tenant.second_factors.contains(&Factor::totp()) {
                return Err(Refusal::bad_request("TOTP is not a second factor here"));
            }
            first.user_uuid.clone()
        }
    };
    let user = call.state.users.get_mut(&uuid).ok_or_else(Refusal::unauthorized)?;
    if by_first_factor.is_some() && user.totp.is_some() {
        return Err(Refusal::bad_request("TOTP is set up already: enter a code"));
    }
    let label = user.label().to_owned();
    let offered = user.offered_totp.get_or_insert_with(Authenticator::new).clone();
    let tenant_id = user.tenant_id.clone();
    Ok(offered.to_json(&call.tenant(&tenant_id)?.name, &label))
}

/// No `Debug`: it holds codes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    totp_code: Option<String>,
    backup_code: Option<String>,
    #[serde(flatten)]
    who: Who,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Who {
    user_id: Option<u32>,
    user_uuid: Option<String>,
    email_or_username: Option<String>,
    email: Option<String>,
    username: Option<String>,
    phone_number: Option<String>,
}

impl Who {
    /// The user that *all* identifiers fit, of which there has to be one.
    fn find<'a>(&self, users: &'a Users, tenant: &'a Tenant) -> Option<&'a User> {
        let fits = |user: &User| {
            [
                self.user_id.map(|id| user.id == id),
                self.user_uuid.as_deref().map(|uuid| user.uuid == uuid),
                self.email_or_username.as_deref().map(|name| user.is_named(name)),
                self.email.as_deref().map(|email| user.has_email(email)),
                self.username.as_deref().map(|name| user.username.as_deref() == Some(name)),
                self.phone_number.as_deref().map(|number| user.phone_number.as_deref() == Some(number)),
            ]
        };
        let is_meant = |user: &&User| {
            let answers = fits(user);
            answers.iter().any(Option::is_some) && answers.into_iter().flatten().all(|fits| fits)
        };
        users.within(&tenant.id).find(is_meant)
    }
}

pub(super) fn log_in(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Body { totp_code, backup_code, who } = call.json()?;
    let (code, is_backup_code) = match (totp_code, backup_code) {
        (Some(code), None) => (code, false),
        (None, Some(code)) => (code, true),
        _ => return Err(Refusal::bad_request("Either totpCode or backupCode is needed")),
    };
    let incorrect =
        || Refusal::bad_request(if is_backup_code { "Incorrect backup code" } else { "Incorrect TOTP code" });
    let factor = Factor::totp();
    let before = log_in::first_factor_before(call, &tenant, &factor)?;
    let session = match &before {
        None if call.first_factor_token().is_none() && call.bearer_text().is_some() => Some(call.access()?),
        _ => None,
    };
    let uuid = match (&before, &session) {
        (Some(first), _) => first.user_uuid.clone(),
        (None, Some((_, uuid))) => uuid.clone(),
        (None, None) => {
            log_in::check_offered(&tenant, &factor)?;
            // The same text whether or not there is such a user.
            who.find(&call.state.users, &tenant).ok_or_else(incorrect)?.uuid.clone()
        }
    };
    let now = call.settings.clock.bounded();
    let user = call.state.users.get_mut(&uuid).filter(|user| user.tenant_id == tenant.id);
    let user = user.ok_or_else(Refusal::unauthorized)?;
    let is_taken = if is_backup_code { take_backup_code(user, &code) } else { take_code(user, &code, now) };
    if !is_taken {
        return Err(incorrect());
    }
    let Some((session_id, _)) = session else {
        return log_in::complete(call, &tenant, &uuid, &factor, before.as_ref());
    };
    let tokens = call.state.renew_session(call.settings, &session_id).ok_or_else(Refusal::unauthorized)?;
    Ok(log_in::tokens_answer(call, &tenant, &tokens))
}

/// Takes a code of the authenticator in force, or of the one on offer, which is in force from then on.
fn take_code(user: &mut User, code: &str, now: u64) -> bool {
    if user.totp.as_mut().is_some_and(|totp| totp.take_code(code, now)) {
        return true;
    }
    let confirmed = user.offered_totp.as_mut().is_some_and(|offered| offered.take_code(code, now));
    if confirmed {
        user.totp = user.offered_totp.take();
    }
    confirmed
}

fn take_backup_code(user: &mut User, code: &str) -> bool {
    user.totp.as_mut().is_some_and(|totp| totp.take_backup_code(code))
}
