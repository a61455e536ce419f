//! `POST` and `PUT tenants/{tenantId}/auth/link`: log-in by a link, and the return from single sign-on.
//!
//! The assumptions about links are in `state/links.rs`, those about new users in `new_user.rs`.

use serde::Deserialize;
use uuid::Uuid;

use super::{
    Answer, Call, log_in, mail,
    new_user::{self, Fields},
};
use crate::{
    address::check_email,
    factor::Factor,
    refusal::Refusal,
    state::codes::Subject,
    state::links::{Kind, Link, PresentedLink},
};

/// Other fields, such as `options`, change nothing here.
#[derive(Deserialize)]
struct Wanted {
    email: String,
    #[serde(flatten)]
    fields: Fields,
}

pub(super) fn send(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Wanted { email, fields } = call.json()?;
    let factor = Factor::link();
    if !tenant.second_factors.contains(&factor) {
        log_in::check_offered(&tenant, &factor)?;
    }
    check_email(&email)?;
    let user = call.state.users.within(&tenant.id).find(|user| user.has_email(&email));
    let link = if let Some(user) = user {
        let uuid = user.uuid.clone();
        Link::new(Kind::LogIn, &tenant.id, uuid.clone(), Subject::User(uuid), factor)
    } else {
        let mut new_user = fields.new_user()?;
        let uuid = Uuid::new_v4().to_string();
        new_user.email = Some(email.clone());
        new_user.uuid = Some(uuid.clone());
        call.state.users.check_free(&tenant.id, &new_user, None)?;
        Link::new(Kind::SignUp, &tenant.id, uuid, Subject::NewUser(Box::new(new_user)), factor)
    };
    mail::send_link(call, &tenant, &email, link)
}

/// No `Debug`: it holds a token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Back {
    token: String,
    uuid: String,
    link_type: Option<String>,
}

pub(super) fn log_in(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Back { token, uuid, link_type } = call.json()?;
    let presented = PresentedLink { tenant_id: &tenant.id, uuid: &uuid, token: &token };
    let kinds = [Kind::LogIn, Kind::SignUp, Kind::Verify, Kind::SingleSignOn];
    let link = call.state.links.check(presented, &kinds, call.now())?.clone();
    if link_type.is_some_and(|named| !named.is_empty() && named != link.kind.name()) {
        return Err(Refusal::bad_request("This link is not valid: ask for a new one"));
    }
    let before = log_in::first_factor_before(call, &tenant, &link.factor)?;
    match &before {
        // Another user's link is not used up.
        Some(first) if first.user_uuid != link.uuid => return Err(Refusal::unauthorized()),
        Some(_) => {}
        // A link also confirms a new address where links are no factor of the tenant.
        None if link.kind == Kind::Verify => {}
        None => log_in::check_offered(&tenant, &link.factor)?,
    }
    let uuid = new_user::user_of(call, &tenant, link.subject)?;
    call.state.links.use_up(&link.token);
    if link.kind != Kind::SingleSignOn {
        new_user::confirm_email(call, &uuid)?;
    }
    log_in::complete(call, &tenant, &uuid, &link.factor, before.as_ref())
}
