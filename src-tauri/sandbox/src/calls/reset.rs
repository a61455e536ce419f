//! `POST tenants/{tenantId}/auth/reset/link` and `PUT tenants/{tenantId}/auth/reset`: a new password for a
//! forgotten one.
//!
//! A password that the rule refuses does not use the link up. Assumptions: the log-in that follows counts as
//! one by e-mail link, also where the tenant offers none; older sessions stay alive.

use serde::Deserialize;

use super::{Answer, Call, log_in, mail, new_user};
use crate::{
    address::check_email,
    factor::Factor,
    password_rule,
    refusal::Refusal,
    state::codes::Subject,
    state::links::{Kind, Link, PresentedLink},
    state::user::User,
};

#[derive(Deserialize)]
struct Wanted {
    email: String,
}

pub(super) fn send(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Wanted { email } = call.json()?;
    log_in::check_offered(&tenant, &Factor::password())?;
    check_email(&email)?;
    let user = call.state.users.within(&tenant.id).find(|user| user.has_email(&email));
    let link = link(user.ok_or_else(|| mail::nobody_there("e-mail address"))?);
    mail::send_link(call, &tenant, &email, link)
}

/// A link by which `user` sets a password.
pub(super) fn link(user: &User) -> Link {
    let subject = Subject::User(user.uuid.clone());
    Link::new(Kind::Reset, &user.tenant_id, user.uuid.clone(), subject, Factor::link())
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
    let presented = PresentedLink { tenant_id: &tenant.id, uuid: &uuid, token: &token };
    let link = call.state.links.check(presented, &[Kind::Reset], call.now())?.clone();
    password_rule::check(&password, call.settings.mode)?;
    call.state.links.use_up(&link.token);
    let user = call.state.users.get_mut(&link.uuid).ok_or_else(Refusal::unauthorized)?;
    user.password = Some(password);
    new_user::confirm_email(call, &link.uuid)?;
    log_in::complete(call, &tenant, &link.uuid, &link.factor, None)
}
