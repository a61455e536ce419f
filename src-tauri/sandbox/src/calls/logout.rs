//! `GET auth/logout`: ends the session that a token belongs to.
//!
//! Takes an access token or a refresh token, also an expired one: only the signature counts
//! (`userfront-api.md`, "Calls"). A second log-out with a token of the same session answers 401; that is an
//! assumption, by which a client may read 401 as "already invalid".

use serde_json::json;

use super::{Answer, Call};
use crate::{refusal::Refusal, tokens::Kind};

pub(super) fn log_out(call: &mut Call<'_>) -> Answer {
    let token = call.bearer()?;
    if token.kind == Kind::Id {
        return Err(Refusal::unauthorized());
    }
    let user = call.state.session_user(&token.session_id, None).ok_or_else(Refusal::unauthorized)?;
    let tenant = call.tenant(&user.tenant_id)?;
    if !call.state.sessions.revoke(&token.session_id) {
        return Err(Refusal::unauthorized());
    }
    Ok(json!({ "message": "OK", "redirectTo": tenant.logout_redirect_path }))
}
