//! Signing up by link or code: who comes in becomes a user at that moment, not before.
//!
//! Assumption: an unknown address with any of `name`, `username`, `data` beside it is somebody who signs up;
//! without them it is a log-in that has to fail. Of somebody who is a user already these fields change nothing.

use serde::Deserialize;
use serde_json::Value;

use super::Call;
use crate::{codes::Bearer, refusal::Refusal, tenant::Tenant, user::User, users::Newcomer};

/// The fields that a link or a code takes along.
#[derive(Deserialize)]
pub(super) struct Fields {
    name: Option<String>,
    username: Option<String>,
    data: Option<Value>,
}

impl Fields {
    /// Somebody new, if there is any sign of wanting to become a user.
    pub(super) fn newcomer(self) -> Result<Option<Newcomer>, Refusal> {
        let Self { name, username, data } = self;
        if name.is_none() && username.is_none() && data.is_none() {
            return Ok(None);
        }
        check_fields(username.as_deref(), data.as_ref())?;
        Ok(Some(Newcomer { username, name, data, ..Newcomer::default() }))
    }
}

/// Refuses a user name that is empty and data that is no object.
pub(super) fn check_fields(username: Option<&str>, data: Option<&Value>) -> Result<(), Refusal> {
    if username == Some("") {
        return Err(Refusal::bad_request("The user name is empty"));
    }
    if data.is_some_and(|data| !data.is_object()) {
        return Err(Refusal::bad_request("data is a JSON object"));
    }
    Ok(())
}

/// Notes that this user has what was sent to `address`; who had no address in `channel` has this one now.
pub(super) fn confirm(call: &mut Call<'_>, uuid: &str, channel: &str, address: &str) -> Result<(), Refusal> {
    let user = call.state.users.get(uuid).ok_or_else(Refusal::unauthorized)?;
    let wanted = match channel {
        "sms" => Newcomer { phone_number: Some(address.to_owned()), ..Newcomer::default() },
        _ => Newcomer { email: Some(address.to_owned()), ..Newcomer::default() },
    };
    // Somebody else may have been quicker to set this address up.
    call.state.users.check_free(&user.tenant_id, &wanted, Some(uuid))?;
    let now = call.settings.clock.iso_date();
    let user = call.state.users.get_mut(uuid).ok_or_else(Refusal::unauthorized)?;
    let (known, confirmed_at) = match channel {
        "sms" => (&mut user.phone_number, &mut user.confirmed_phone_number_at),
        _ => (&mut user.email, &mut user.confirmed_email_at),
    };
    known.get_or_insert_with(|| address.to_owned());
    confirmed_at.get_or_insert(now);
    Ok(())
}

/// The UUID of whom a link or a code lets in; somebody new is added now.
pub(super) fn welcome(call: &mut Call<'_>, tenant: &Tenant, bearer: Bearer) -> Result<String, Refusal> {
    let newcomer = match bearer {
        Bearer::User(uuid) => return Ok(uuid),
        Bearer::Newcomer(newcomer) => *newcomer,
    };
    // Who asked for two links and used the first is a user by the second.
    let same = |user: &User| {
        newcomer.email.as_deref().is_some_and(|email| user.has_email(email))
            || (newcomer.phone_number.is_some() && newcomer.phone_number == user.phone_number)
    };
    if let Some(user) = call.state.users.within(&tenant.id).find(|user| same(user)) {
        return Ok(user.uuid.clone());
    }
    call.state.users.check_free(&tenant.id, &newcomer, None)?;
    Ok(call.state.users.add(tenant, newcomer, &call.settings.clock.iso_date()))
}

/// Notes that this user has read what was sent to the e-mail address.
pub(super) fn confirm_email(call: &mut Call<'_>, uuid: &str) -> Result<(), Refusal> {
    let email = call.state.users.get(uuid).and_then(|user| user.email.clone());
    confirm(call, uuid, "email", &email.ok_or_else(Refusal::unauthorized)?)
}
