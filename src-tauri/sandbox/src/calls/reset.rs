//! `POST tenants/{tenantId}/auth/reset/link` and `PUT tenants/{tenantId}/auth/reset`: another password for
//! who has forgotten it.
//!
//! A password that the rule refuses does not use the link up. Assumptions: the log-in that follows counts as
//! one by e-mail link, also where the tenant offers none; older sessions stay alive.

use serde::Deserialize;

use super::{Answer, Call, mail, newcomer, way_in};
use crate::{
    address::check_email,
    codes::Bearer,
    factor::Factor,
    links::{Brought, Kind, Link},
    password_rule,
    refusal::Refusal,
    user::User,
};

#[derive(Deserialize)]
struct Wanted {
    email: String,
}

pub(super) fn send(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Wanted { email } = call.json()?;
    way_in::check_offered(&tenant, &Factor::password())?;
    check_email(&email)?;
    let user = call.state.users.within(&tenant.id).find(|user| user.has_email(&email));
    let link = link(user.ok_or_else(|| mail::nobody_there("e-mail address"))?);
    mail::send_link(call, &tenant, &email, link)
}

/// A link by which `user` sets a password.
pub(super) fn link(user: &User) -> Link {
    let bearer = Bearer::User(user.uuid.clone());
    Link::new(Kind::Reset, &user.tenant_id, user.uuid.clone(), bearer, Factor::link())
}

/// No `Debug`: it holds a token and a password.
#[derive(Deserialize)]
struct Back {
    uuid: String,
    token: String,
    password: String,
}

pub(super) fn set_password(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Back { uuid, token, password } = call.json()?;
    let brought = Brought { tenant_id: &tenant.id, uuid: &uuid, token: &token };
    let link = call.state.links.check(brought, &[Kind::Reset], call.now())?.clone();
    password_rule::check(&password, call.settings.mode)?;
    call.state.links.use_up(&link.token);
    let user = call.state.users.get_mut(&link.uuid).ok_or_else(Refusal::unauthorized)?;
    user.password = Some(password);
    newcomer::confirm_email(call, &link.uuid)?;
    way_in::enter(call, &tenant, &link.uuid, &link.factor, None)
}
