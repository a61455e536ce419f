//! `GET auth/refresh`: a refresh token for new tokens.
//!
//! Assumptions: the `sessionId` is kept, the answer brings a new refresh token whose life begins anew,
//! and the tokens from before stay valid until they expire or the session is revoked.

use serde_json::json;

use super::{Answer, Call};
use crate::{tokens::Kind, wire::Refusal};

pub(super) fn refresh(call: &Call<'_>) -> Answer {
    let token = call.bearer()?;
    if token.kind != Kind::Refresh || call.server.clock().now() >= token.expires_at {
        return Err(Refusal::unauthorized());
    }
    let user = call.server.session_user(&token.session_id, true).ok_or_else(Refusal::unauthorized)?;
    let tokens = call.server.renew_session(user, &token.session_id).ok_or_else(Refusal::unauthorized)?;
    Ok(json!({ "tokens": tokens }))
}
