//! `auth/saml/idp/…`: completes a service provider's log-in or log-out, with the tenant as identity provider.
//!
//! `token` hands out a token for the browser, `login` and `logout` take it, once. SAML exists in live mode
//! only (`userfront-api.md`, "Test mode"). Assumptions: all else but the names of calls and parameters. What
//! happens at the service provider is not played; the user stays logged in at the tenant in any case.

use axum::http::StatusCode;
use serde_json::json;

use super::{Answer, Call};
use crate::{
    factor::Factor,
    pages::{page, refused},
    refusal::Refusal,
    state::codes::Subject,
    state::links::{Kind, Link, PresentedLink},
    tenant::Mode,
    wire::Response,
};

/// The step that the service provider waits for.
#[derive(Clone, Copy)]
pub(super) enum Step {
    LogIn,
    LogOut,
}

pub(super) fn token(call: &mut Call<'_>) -> Answer {
    let (_, uuid) = call.access()?;
    check_mode(call)?;
    let user = call.state.users.get(&uuid).ok_or_else(Refusal::unauthorized)?;
    let subject = Subject::User(uuid.clone());
    let link = Link::new(Kind::Saml, &user.tenant_id, uuid, subject, Factor::new("saml", "saml"));
    let token = link.token.clone();
    let now = call.now();
    call.state.links.put(link, now);
    Ok(json!({ "token": token }))
}

pub(super) fn complete(call: &mut Call<'_>, step: Step) -> Response {
    match use_up(call) {
        Ok(()) => {
            let what = match step {
                Step::LogIn => "log-in",
                Step::LogOut => "log-out",
            };
            let title = format!("The service provider's {what} is complete");
            page(StatusCode::OK, &title, "<p id=\"complete\">You can close this window.</p>")
        }
        Err(refusal) => refused(refusal),
    }
}

fn use_up(call: &mut Call<'_>) -> Result<(), Refusal> {
    check_mode(call)?;
    let [tenant_id, uuid, token] =
        ["tenant_id", "uuid", "token"].map(|name| call.query(name).unwrap_or_default().into_owned());
    let presented = PresentedLink { tenant_id: &tenant_id, uuid: &uuid, token: &token };
    call.state.links.check(presented, &[Kind::Saml], call.now())?;
    call.state.links.use_up(&token);
    Ok(())
}

fn check_mode(call: &Call<'_>) -> Result<(), Refusal> {
    match call.settings.mode {
        Mode::Live => Ok(()),
        Mode::Test => Err(Refusal::bad_request("SAML is available in live mode only")),
    }
}
