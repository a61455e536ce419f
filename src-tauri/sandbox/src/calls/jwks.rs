//! `GET tenants/{tenantId}/jwks/{mode}`: the public keys.
//!
//! The shape, a JWK set (RFC 7517), is an assumption. So is the answer for the mode that this sandbox is
//! not in: a set without keys, since no token of that mode is signed here.

use jsonwebtoken::jwk::JwkSet;
use serde_json::json;

use super::{Answer, Call};
use crate::{refusal::Refusal, tokens};

pub(super) fn show(call: &Call<'_>, tenant: &str, mode: &str) -> Answer {
    call.tenant(tenant)?;
    let set = match mode {
        mode if mode == call.settings.mode.as_str() => tokens::key_set(),
        "test" | "live" => JwkSet { keys: Vec::new() },
        _ => return Err(Refusal::not_found("Unknown mode")),
    };
    Ok(json!(set))
}
