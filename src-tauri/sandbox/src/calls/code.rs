//! `POST` and `PUT tenants/{tenantId}/auth/code`: the way in by a verification code, as first or second
//! factor.
//!
//! With a first-factor token the address may be left out: it is the user's own. Who has none in this channel
//! names one, and the code that comes back sets it up; who has one cannot name another, which would let
//! anybody with the first factor pass by the second. How long codes live, and what else is assumed of them,
//! is said in `codes.rs`; who signs up, in `newcomer.rs`.

use serde::Deserialize;

use super::{
    Answer, Call, mail,
    newcomer::{self, Fields},
    way_in,
};
use crate::{
    address::{check_email, check_phone_number},
    codes::{Bearer, Code, Purpose},
    dice,
    factor::Factor,
    first_factors::FirstFactor,
    refusal::Refusal,
    tenant::Tenant,
    user::User,
    users::Newcomer,
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

    fn newcomer(self, address: &str, fields: Newcomer) -> Newcomer {
        let address = Some(address.to_owned());
        match self {
            Self::Email => Newcomer { email: address, ..fields },
            Self::Sms => Newcomer { phone_number: address, ..fields },
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
    let code = if let Some(first) = way_in::stage(call, &tenant, &factor)? {
        second_factor(call, &tenant, channel, named, &first)?
    } else {
        way_in::check_offered(&tenant, &factor)?;
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
            let wanted = channel.newcomer(&named, Newcomer::default());
            call.state.users.check_free(&tenant.id, &wanted, Some(&user.uuid))?;
            named
        }
    };
    Ok(Code {
        tenant_id: tenant.id.clone(),
        channel: channel.name(),
        purpose: Purpose::SecondFactor(user.uuid.clone()),
        address,
        bearer: Bearer::User(user.uuid.clone()),
        digits: dice::code(),
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
    let bearer = if let Some(user) = call.state.users.within(&tenant.id).find(has_it) {
        Bearer::User(user.uuid.clone())
    } else {
        let newcomer = channel.newcomer(&address, fields.newcomer()?);
        call.state.users.check_free(&tenant.id, &newcomer, None)?;
        Bearer::Newcomer(Box::new(newcomer))
    };
    Ok(Code {
        tenant_id: tenant.id.clone(),
        channel: channel.name(),
        purpose: Purpose::FirstFactor(address.to_lowercase()),
        address,
        bearer,
        digits: dice::code(),
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
    let before = way_in::stage(call, &tenant, &factor)?;
    let purpose = if let Some(first) = &before {
        Purpose::SecondFactor(first.user_uuid.clone())
    } else {
        let purpose = Purpose::FirstFactor(named.ok_or_else(|| missing(channel))?.to_lowercase());
        // Another number is confirmed by code also where nobody logs in by one.
        if !call.state.codes.changes_address(&tenant.id, channel.name(), &purpose) {
            way_in::check_offered(&tenant, &factor)?;
        }
        purpose
    };
    let now = call.now();
    let code = call.state.codes.take(&tenant.id, channel.name(), &purpose, &verification_code, now)?;
    let uuid = newcomer::welcome(call, &tenant, code.bearer)?;
    newcomer::confirm(call, &uuid, channel.name(), &code.address)?;
    way_in::enter(call, &tenant, &uuid, &factor, before.as_ref())
}

fn missing(channel: Channel) -> Refusal {
    Refusal::bad_request(format!("The {} is missing", channel.what()))
}
