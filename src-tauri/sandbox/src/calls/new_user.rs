//! Signing up by link or code, and changing an address.
//!
//! An unknown address makes a new user, also without a name (`userfront-api.md`, "Calls"). Assumptions: the
//! user is added when the link or the code comes back, not before; `name`, `username` and `data` change
//! nothing of an existing user.

use serde::Deserialize;
use serde_json::Value;

use super::Call;
use crate::{
    refusal::Refusal, state::codes::Subject, state::user::User, state::users::NewUser, tenant::Tenant,
};

/// The fields that a link or a code takes along.
#[derive(Deserialize)]
pub(super) struct Fields {
    name: Option<String>,
    username: Option<String>,
    data: Option<Value>,
}

impl Fields {
    pub(super) fn new_user(self) -> Result<NewUser, Refusal> {
        let Self { name, username, data } = self;
        check_fields(username.as_deref(), data.as_ref())?;
        Ok(NewUser { username, name, data, ..NewUser::default() })
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

/// Marks `address` as confirmed. A user without an address in `channel` gets this one.
pub(super) fn confirm(call: &mut Call<'_>, uuid: &str, channel: &str, address: &str) -> Result<(), Refusal> {
    let user = call.state.users.get(uuid).ok_or_else(Refusal::unauthorized)?;
    // Another user may have set this address up meanwhile.
    call.state.users.check_free(&user.tenant_id, &NewUser::at(channel, address), Some(uuid))?;
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

/// The UUID of the user that a link or a code logs in. A new user is added now.
pub(super) fn user_of(call: &mut Call<'_>, tenant: &Tenant, subject: Subject) -> Result<String, Refusal> {
    let new_user = match subject {
        Subject::User(uuid) => return Ok(uuid),
        Subject::NewAddress { uuid, channel, address } => {
            change_address(call, &uuid, channel, address)?;
            return Ok(uuid);
        }
        Subject::NewUser(new_user) => *new_user,
    };
    // With the second of two links the user of the first exists already.
    let same = |user: &User| {
        new_user.email.as_deref().is_some_and(|email| user.has_email(email))
            || (new_user.phone_number.is_some() && new_user.phone_number == user.phone_number)
    };
    if let Some(user) = call.state.users.within(&tenant.id).find(|user| same(user)) {
        return Ok(user.uuid.clone());
    }
    call.state.users.check_free(&tenant.id, &new_user, None)?;
    Ok(call.state.users.add(tenant, new_user, &call.settings.clock.iso_date()))
}

/// Assumption: another user may have taken the address since the link or code was sent.
fn change_address(call: &mut Call<'_>, uuid: &str, channel: &str, address: String) -> Result<(), Refusal> {
    let user = call.state.users.get(uuid).ok_or_else(Refusal::unauthorized)?;
    call.state.users.check_free(&user.tenant_id, &NewUser::at(channel, &address), Some(uuid))?;
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

/// Marks the e-mail address as confirmed.
pub(super) fn confirm_email(call: &mut Call<'_>, uuid: &str) -> Result<(), Refusal> {
    let email = call.state.users.get(uuid).and_then(|user| user.email.clone());
    confirm(call, uuid, "email", &email.ok_or_else(Refusal::unauthorized)?)
}
