//! `GET self`: the user that an access token speaks for.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::{tokens::Kind, wire::Refusal};

pub(super) fn show(call: &Call<'_>) -> Answer {
    let token = call.bearer()?;
    if token.kind != Kind::Access || call.server.clock().now() >= token.expires_at {
        return Err(Refusal::unauthorized());
    }
    let user = call.server.session_user(&token.session_id, true).ok_or_else(Refusal::unauthorized)?;
    let tenant = call.tenant(&user.tenant_id)?;
    let mut body = user.profile(call.server.mode(), &call.server.origin());
    body.insert("tenant".to_owned(), tenant.to_json());
    body.insert("authorization".to_owned(), json!(user.authorization));
    Ok(Value::Object(body))
}
