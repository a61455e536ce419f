//! `POST` and `PUT tenants/{tenantId}/auth/code`: verification codes, as first or second
//! factor.
//!
//! With a first-factor token the address may be left out: it is the user's own. A user without an address in
//! this channel names one, and the code sets it up. A user with one cannot name another, since the first
//! factor alone would then pass the second. The assumptions about codes are in `state/codes.rs`, those about
//! new users in `new_user.rs`.

use serde::Deserialize;

use super::{
    Answer, Call, log_in, mail,
    new_user::{self, Fields},
};
use crate::{
    address::{check_email, check_phone_number},
    factor::Factor,
    random,
    refusal::Refusal,
    state::codes::{Code, Purpose, Subject},
    state::first_factors::FirstFactor,
    state::user::User,
    state::users::NewUser,
    tenant::Tenant,
};

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Channel {
    Email,
    Sms,
}

impl Channel {
    fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::Sms => "phone number",
        }
    }

    fn check(self, address: &str) -> Result<(), Refusal> {
        match self {
            Self::Email => check_email(address),
            Self::Sms => check_phone_number(address),
        }
    }

    fn of(self, user: &User) -> Option<&str> {
        match self {
            Self::Email => user.email.as_deref(),
            Self::Sms => user.phone_number.as_deref(),
        }
    }

    fn new_user(self, address: &str, fields: NewUser) -> NewUser {
        let address = Some(address.to_owned());
        match self {
            Self::Email => NewUser { email: address, ..fields },
            Self::Sms => NewUser { phone_number: address, ..fields },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    channel: Channel,
    email: Option<String>,
    phone_number: Option<String>,
    #[serde(flatten)]
    fields: Fields,
}

pub(super) fn send(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Wanted { channel, email, phone_number, fields } = call.json()?;
    let named = match channel {
        Channel::Email => email,
        Channel::Sms => phone_number,
    };
    let factor = Factor::code(channel.name());
    let code = if let Some(first) = log_in::first_factor_before(call, &tenant, &factor)? {
        second_factor(call, &tenant, channel, named, &first)?
    } else {
        log_in::check_offered(&tenant, &factor)?;
        first_factor(call, &tenant, channel, named, fields)?
    };
    mail::send_code(call, &tenant, code)
}

fn second_factor(
    call: &Call<'_>,
    tenant: &Tenant,
    channel: Channel,
    named: Option<String>,
    first: &FirstFactor,
) -> Result<Code, Refusal> {
    let user = call.state.users.get(&first.user_uuid).ok_or_else(Refusal::unauthorized)?;
    let what = channel.what();
    let address = match (channel.of(user), named) {
        (Some(own), None) => own.to_owned(),
        (Some(own), Some(named)) if own.eq_ignore_ascii_case(&named) => own.to_owned(),
        (Some(_), Some(_)) => return Err(Refusal::bad_request(format!("Another {what} is set up"))),
        (None, None) => return Err(Refusal::bad_request(format!("No {what} is set up: name one"))),
        (None, Some(named)) => {
            channel.check(&named)?;
            let wanted = channel.new_user(&named, NewUser::default());
            call.state.users.check_free(&tenant.id, &wanted, Some(&user.uuid))?;
            named
        }
    };
    Ok(Code {
        tenant_id: tenant.id.clone(),
        channel: channel.name(),
        purpose: Purpose::SecondFactor(user.uuid.clone()),
        address,
        subject: Subject::User(user.uuid.clone()),
        digits: random::code(),
    })
}

fn first_factor(
    call: &Call<'_>,
    tenant: &Tenant,
    channel: Channel,
    named: Option<String>,
    fields: Fields,
) -> Result<Code, Refusal> {
    let address = named.ok_or_else(|| missing(channel))?;
    channel.check(&address)?;
    let has_it = |user: &&User| channel.of(user).is_some_and(|own| own.eq_ignore_ascii_case(&address));
    let subject = if let Some(user) = call.state.users.within(&tenant.id).find(has_it) {
        Subject::User(user.uuid.clone())
    } else {
        let new_user = channel.new_user(&address, fields.new_user()?);
        call.state.users.check_free(&tenant.id, &new_user, None)?;
        Subject::NewUser(Box::new(new_user))
    };
    Ok(Code {
        tenant_id: tenant.id.clone(),
        channel: channel.name(),
        purpose: Purpose::FirstFactor(address.to_lowercase()),
        address,
        subject,
        digits: random::code(),
    })
}

/// No `Debug`: it holds a code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Back {
    channel: Channel,
    verification_code: String,
    email: Option<String>,
    phone_number: Option<String>,
}

pub(super) fn log_in(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Back { channel, verification_code, email, phone_number } = call.json()?;
    let named = match channel {
        Channel::Email => email,
        Channel::Sms => phone_number,
    };
    let factor = Factor::code(channel.name());
    let before = log_in::first_factor_before(call, &tenant, &factor)?;
    let purpose = if let Some(first) = &before {
        Purpose::SecondFactor(first.user_uuid.clone())
    } else {
        let purpose = Purpose::FirstFactor(named.ok_or_else(|| missing(channel))?.to_lowercase());
        // A code also confirms a new number where codes are no factor of the tenant.
        if !call.state.codes.changes_address(&tenant.id, channel.name(), &purpose) {
            log_in::check_offered(&tenant, &factor)?;
        }
        purpose
    };
    let now = call.now();
    let code = call.state.codes.take(&tenant.id, channel.name(), &purpose, &verification_code, now)?;
    let uuid = new_user::user_of(call, &tenant, code.subject)?;
    new_user::confirm(call, &uuid, channel.name(), &code.address)?;
    log_in::complete(call, &tenant, &uuid, &factor, before.as_ref())
}

fn missing(channel: Channel) -> Refusal {
    Refusal::bad_request(format!("The {} is missing", channel.what()))
}
