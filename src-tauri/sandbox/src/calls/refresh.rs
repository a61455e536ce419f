//! `GET auth/refresh`: a refresh token for new tokens.
//!
//! Assumptions: the answer brings a new refresh token with a new life. Whether the `sessionId` is
//! kept, and whether a refresh token serves more than once, is unknown: [`RefreshSession`] chooses. By
//! default it is kept, and the tokens from before stay valid until they expire or the session is revoked.

use serde_json::json;

use super::{Answer, Call};
use crate::{refusal::Refusal, state::sessions::RefreshSession, tokens::Kind};

pub(super) fn refresh(call: &mut Call<'_>) -> Answer {
    let token = call.bearer()?;
    if token.kind != Kind::Refresh || call.now() >= token.expires_at {
        return Err(Refusal::unauthorized());
    }
    let serves_once = call.settings.refresh_session == RefreshSession::ReuseEnds;
    if serves_once && !call.state.sessions.is_latest(&token.session_id, token.issued_at) {
        // Whether it was alive makes no difference to the answer.
        let _was_alive = call.state.sessions.revoke(&token.session_id);
        return Err(Refusal::unauthorized());
    }
    let tokens = call.state.renew_session(call.settings, &token.session_id);
    Ok(json!({ "tokens": tokens.ok_or_else(Refusal::unauthorized)? }))
}
