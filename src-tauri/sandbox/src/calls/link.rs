//! `POST` and `PUT tenants/{tenantId}/auth/link`: the way in by a link, and back from single sign-on.
//!
//! How long links live, and what else is assumed of them, is said in `links.rs`; who signs up, in
//! `newcomer.rs`.

use serde::Deserialize;
use uuid::Uuid;

use super::{
    Answer, Call, mail,
    newcomer::{self, Fields},
    way_in,
};
use crate::{
    address::check_email,
    codes::Bearer,
    factor::Factor,
    links::{Brought, Kind, Link},
    refusal::Refusal,
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
        way_in::check_offered(&tenant, &factor)?;
    }
    check_email(&email)?;
    let user = call.state.users.within(&tenant.id).find(|user| user.has_email(&email));
    let link = if let Some(user) = user {
        let uuid = user.uuid.clone();
        Link::new(Kind::LogIn, &tenant.id, uuid.clone(), Bearer::User(uuid), factor)
    } else {
        let mut newcomer = fields.newcomer()?;
        let uuid = Uuid::new_v4().to_string();
        newcomer.email = Some(email.clone());
        newcomer.uuid = Some(uuid.clone());
        call.state.users.check_free(&tenant.id, &newcomer, None)?;
        Link::new(Kind::SignUp, &tenant.id, uuid, Bearer::Newcomer(Box::new(newcomer)), factor)
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
    let brought = Brought { tenant_id: &tenant.id, uuid: &uuid, token: &token };
    let kinds = [Kind::LogIn, Kind::SignUp, Kind::Verify, Kind::SingleSignOn];
    let link = call.state.links.check(brought, &kinds, call.now())?.clone();
    if link_type.is_some_and(|named| !named.is_empty() && named != link.kind.name()) {
        return Err(Refusal::bad_request("This link is not valid: ask for a new one"));
    }
    let before = way_in::stage(call, &tenant, &link.factor)?;
    match &before {
        // Somebody else's link is not used up by this.
        Some(first) if first.user_uuid != link.uuid => return Err(Refusal::unauthorized()),
        Some(_) => {}
        // Another address is confirmed by link also where nobody logs in by one.
        None if link.kind == Kind::Verify => {}
        None => way_in::check_offered(&tenant, &link.factor)?,
    }
    let uuid = newcomer::welcome(call, &tenant, link.bearer)?;
    call.state.links.use_up(&link.token);
    if link.kind != Kind::SingleSignOn {
        newcomer::confirm_email(call, &uuid)?;
    }
    way_in::enter(call, &tenant, &uuid, &link.factor, before.as_ref())
}
