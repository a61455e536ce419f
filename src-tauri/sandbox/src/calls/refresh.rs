//! `GET auth/refresh`: a refresh token for new tokens.
//!
//! Assumptions: the `sessionId` is kept, the answer brings a new refresh token whose life begins anew,
//! and the tokens from before stay valid until they expire or the session is revoked.

use serde_json::json;

use super::{Answer, Call};
use crate::{refusal::Refusal, tokens::Kind};

pub(super) fn refresh(call: &mut Call<'_>) -> Answer {
    let token = call.bearer()?;
    if token.kind != Kind::Refresh || call.now() >= token.expires_at {
        return Err(Refusal::unauthorized());
    }
    let tokens = call.state.renew_session(call.settings, &token.session_id);
    Ok(json!({ "tokens": tokens.ok_or_else(Refusal::unauthorized)? }))
}
