//! Signing up by link or code, and changing the address that one has.
//!
//! An unknown address makes a new user, also without a name (`userfront-api.md`, "Calls"). Assumptions: the
//! user is added when the link or the code comes back, not before; `name`, `username` and `data` change
//! nothing of a user who is there already.

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
    pub(super) fn newcomer(self) -> Result<Newcomer, Refusal> {
        let Self { name, username, data } = self;
        check_fields(username.as_deref(), data.as_ref())?;
        Ok(Newcomer { username, name, data, ..Newcomer::default() })
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
    // Somebody else may have been quicker to set this address up.
    call.state.users.check_free(&user.tenant_id, &Newcomer::at(channel, address), Some(uuid))?;
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
        Bearer::NewAddress { uuid, channel, address } => {
            move_to(call, &uuid, channel, address)?;
            return Ok(uuid);
        }
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

/// This user has another address from now on. Assumption: somebody else may have taken it since.
fn move_to(call: &mut Call<'_>, uuid: &str, channel: &str, address: String) -> Result<(), Refusal> {
    let user = call.state.users.get(uuid).ok_or_else(Refusal::unauthorized)?;
    call.state.users.check_free(&user.tenant_id, &Newcomer::at(channel, &address), Some(uuid))?;
    let now = call.settings.clock.iso_date();
    let user = call.state.users.get_mut(uuid).ok_or_else(Refusal::unauthorized)?;
    let (known, confirmed_at) = match channel {
        "sms" => (&mut user.phone_number, &mut user.confirmed_phone_number_at),
        _ => (&mut user.email, &mut user.confirmed_email_at),
    };
    *known = Some(address);
    *confirmed_at = Some(now.clone());
    user.updated_at = now;
    Ok(())
}

/// Notes that this user has read what was sent to the e-mail address.
pub(super) fn confirm_email(call: &mut Call<'_>, uuid: &str) -> Result<(), Refusal> {
    let email = call.state.users.get(uuid).and_then(|user| user.email.clone());
    confirm(call, uuid, "email", &email.ok_or_else(Refusal::unauthorized)?)
}
