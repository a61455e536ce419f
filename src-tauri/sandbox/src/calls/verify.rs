//! `POST auth/verify/email` and `POST auth/verify/phone`: another address for the user who is logged in.
//!
//! A link of `type=verify` goes to the new e-mail address and comes back by `PUT T/auth/link`; a code goes to
//! the new phone number and comes back by `PUT T/auth/code`. Until then the older address stays. Assumptions:
//! the body names the address as the other calls do, `email` and `phoneNumber`; the answer is theirs, too;
//! the link or code logs in, as any other.

use serde::Deserialize;

use super::{Answer, Call, mail};
use crate::{
    address::{check_email, check_phone_number},
    factor::Factor,
    random,
    refusal::Refusal,
    state::codes::{Code, Purpose, Subject},
    state::links::{Kind, Link},
    state::users::NewUser,
    tenant::Tenant,
};

#[derive(Deserialize)]
struct NewEmail {
    email: String,
}

pub(super) fn email(call: &mut Call<'_>) -> Answer {
    let (uuid, tenant) = user(call)?;
    let NewEmail { email } = call.json()?;
    check_email(&email)?;
    call.state.users.check_free(&tenant.id, &NewUser::at("email", &email), Some(&uuid))?;
    let subject = Subject::NewAddress { uuid: uuid.clone(), channel: "email", address: email.clone() };
    let link = Link::new(Kind::Verify, &tenant.id, uuid, subject, Factor::link());
    mail::send_link(call, &tenant, &email, link)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewNumber {
    phone_number: String,
}

pub(super) fn phone(call: &mut Call<'_>) -> Answer {
    let (uuid, tenant) = user(call)?;
    let NewNumber { phone_number } = call.json()?;
    check_phone_number(&phone_number)?;
    call.state.users.check_free(&tenant.id, &NewUser::at("sms", &phone_number), Some(&uuid))?;
    let code = Code {
        tenant_id: tenant.id.clone(),
        channel: "sms",
        purpose: Purpose::FirstFactor(phone_number.clone()),
        subject: Subject::NewAddress { uuid, channel: "sms", address: phone_number.clone() },
        address: phone_number,
        digits: random::code(),
    };
    mail::send_code(call, &tenant, code)
}

/// The user who is logged in, and the tenant.
fn user(call: &Call<'_>) -> Result<(String, Tenant), Refusal> {
    let (_, uuid) = call.access()?;
    let user = call.state.users.get(&uuid).ok_or_else(Refusal::unauthorized)?;
    let tenant = call.tenant(&user.tenant_id)?;
    Ok((uuid, tenant))
}
