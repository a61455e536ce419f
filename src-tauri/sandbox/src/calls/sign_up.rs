//! `POST tenants/{tenantId}/auth/create`: a new user with a password.
//!
//! Assumptions: an e-mail address or a user name is needed, one of the two is enough; it counts as a log-in
//! by password; unless `options.noSignupEmail`, a link is sent that confirms the address and logs in.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Answer, Call, log_in, mail, new_user};
use crate::{
    address::check_email,
    factor::Factor,
    password_rule,
    refusal::Refusal,
    state::codes::Subject,
    state::links::{Kind, Link},
    state::users::NewUser,
};

/// No `Debug`: it holds a password.
#[derive(Deserialize)]
struct Body {
    username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    password: String,
    data: Option<Value>,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(default)]
    no_signup_email: bool,
}

pub(super) fn create(call: &mut Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    let Body { username, name, email, password, data, options } = call.json()?;
    log_in::check_offered(&tenant, &Factor::password())?;
    if let Some(email) = &email {
        check_email(email)?;
    } else if username.is_none() {
        return Err(Refusal::bad_request("An e-mail address or a user name is needed"));
    }
    new_user::check_fields(username.as_deref(), data.as_ref())?;
    password_rule::check(&password, call.settings.mode)?;
    let uuid = Uuid::new_v4().to_string();
    let new_user = NewUser {
        uuid: Some(uuid.clone()),
        username,
        email: email.clone(),
        name,
        data,
        password: Some(password),
        phone_number: None,
    };
    call.state.users.check_free(&tenant.id, &new_user, None)?;
    // First: a refusal (one mail too many) must leave no new user.
    if let Some(email) = email.filter(|_| !options.no_signup_email) {
        let subject = Subject::User(uuid.clone());
        let link = Link::new(Kind::SignUp, &tenant.id, uuid.clone(), subject, Factor::link());
        mail::send_link(call, &tenant, &email, link)?;
    }
    call.state.users.add(&tenant, new_user, &call.settings.clock.iso_date());
    log_in::complete(call, &tenant, &uuid, &Factor::password(), None)
}
