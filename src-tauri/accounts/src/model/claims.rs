//! The claims of the tokens, read without verifying the signatures: that is the server's task.
//!
//! Claims that identify (tenant, user, session, mode, expiry) must be present and well-formed, or the token
//! is refused. Claims that are only shown (name, roles, …) are left out if missing or of another type.

use serde_json::{Map, Value};

use crate::model::account::{AccountId, Profile, TenantRoles};
use crate::model::tenant::{Mode, SessionId, Tenant, TenantId, UserUuid};
use crate::model::text::clean;
use crate::model::timestamp::Timestamp;
use crate::model::token::{AccessToken, IdToken, RefreshToken, SessionToken, Tokens};

/// Why tokens cannot be kept. No variant quotes a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a JWT, or a claim that we need is missing or malformed.
    #[error("The server sent a token that cannot be read ({0}).")]
    Unreadable(&'static str),
    /// The token is for another tenant than the requested one.
    #[error("The server sent a token for another tenant.")]
    OtherTenant,
    /// The tokens of one answer do not belong together.
    #[error("The server sent tokens that do not belong together.")]
    Mixed,
}

/// The claims of an answer's tokens, which were found to belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The account of the tokens.
    pub account: AccountId,
    /// The session of the tokens.
    pub session: SessionId,
    /// When the access token expires.
    pub access_expires_at: Timestamp,
    /// When the access token was issued, by the server's clock, if it says so.
    pub issued_at: Option<Timestamp>,
    /// When the session expires: the refresh token's expiry, or the access token's if there is none.
    pub session_ends_at: Timestamp,
    /// The full life of the token that expires last, in seconds.
    pub session_life: i64,
    /// The user's details.
    pub profile: Profile,
}

impl Claims {
    /// Reads the tokens that `tenant` sent.
    ///
    /// # Errors
    /// [`Refused`], when they are not the requested ones; their session should then be revoked.
    pub fn read(tenant: &Tenant, tokens: &Tokens) -> Result<Self, Refused> {
        Self::read_of(tenant, tokens, None)
    }

    /// Reads the tokens that a refresh of `session` brought. They may name another session, all of them the
    /// same one; if none names any, they are of `session`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_refreshed(tenant: &Tenant, tokens: &Tokens, session: &SessionId) -> Result<Self, Refused> {
        Self::read_of(tenant, tokens, Some(session))
    }

    fn read_of(tenant: &Tenant, tokens: &Tokens, known: Option<&SessionId>) -> Result<Self, Refused> {
        let in_refresh = || tokens.refresh.clone().map(SessionToken::Refresh).as_ref().and_then(session_of);
        let otherwise = known.map(|known| in_refresh().unwrap_or_else(|| known.clone()));
        let access = Required::of(tenant, tokens.access.payload()?, otherwise)?;
        let (mut session_ends_at, mut session_life) = (access.expires_at, life(&access.payload)?);
        if let Some(refresh) = &tokens.refresh {
            let payload = refresh.payload()?;
            session_ends_at = Required::of_refresh(tenant, &access, &payload)?;
            session_life = life(&payload)?;
        }
        let mut profile = match &tokens.id {
            Some(id) => profile(&id.payload()?),
            None => Profile::default(),
        };
        profile.roles = roles(&access.payload);
        let account = AccountId::new(&tenant.api, access.mode, tenant.id.clone(), access.user);
        Ok(Self {
            account,
            session: access.session,
            access_expires_at: access.expires_at,
            issued_at: seconds(&access.payload, "iat").map(Timestamp),
            session_ends_at,
            session_life,
            profile,
        })
    }

    /// When the access token expires, by a clock that says `here` as it arrives; 0 if its life is unknown.
    pub(crate) fn access_expires_here_at(&self, here: Timestamp) -> Timestamp {
        self.access_life().map_or_else(Timestamp::default, |life| Timestamp(here.0.saturating_add(life)))
    }

    /// The full life of the access token, in seconds, if it has a plausible time of issue.
    #[must_use]
    pub fn access_life(&self) -> Option<i64> {
        let life = self.access_expires_at.0.checked_sub(self.issued_at?.0);
        life.filter(|life| (1..=LONGEST_LIFE).contains(life))
    }
}

/// A year, in seconds: longer than any refresh token that Userfront's settings offer.
pub(crate) const LONGEST_LIFE: i64 = 366 * 24 * 60 * 60;

struct Required {
    payload: Map<String, Value>,
    user: UserUuid,
    session: SessionId,
    mode: Mode,
    expires_at: Timestamp,
}

impl Required {
    /// The session of a token that names none is `otherwise`.
    fn of(
        tenant: &Tenant,
        payload: Map<String, Value>,
        otherwise: Option<SessionId>,
    ) -> Result<Self, Refused> {
        if text(&payload, "tenantId").as_deref() != Some(tenant.id.as_str()) {
            return Err(Refused::OtherTenant);
        }
        let required = |claim: &'static str| text(&payload, claim).ok_or(Refused::Unreadable(claim));
        let names_none = payload.get("sessionId").is_none_or(Value::is_null);
        let session = match otherwise.filter(|_| names_none) {
            Some(session) => session,
            None => required("sessionId")?.parse().map_err(|_| Refused::Unreadable("sessionId"))?,
        };
        Ok(Self {
            user: required("userUuid")?.parse().map_err(|_| Refused::Unreadable("userUuid"))?,
            session,
            mode: required("mode")?.parse().map_err(|_| Refused::Unreadable("mode"))?,
            expires_at: expiry(&payload)?,
            payload,
        })
    }

    /// A refresh token repeats the user's identifiers; those present must be the access token's.
    fn of_refresh(
        tenant: &Tenant,
        access: &Self,
        payload: &Map<String, Value>,
    ) -> Result<Timestamp, Refused> {
        let same = |claim: &str, expected: &str| text(payload, claim).is_none_or(|found| found == expected);
        if !same("tenantId", tenant.id.as_str()) {
            return Err(Refused::OtherTenant);
        }
        if !same("userUuid", access.user.as_str()) || !same("sessionId", access.session.as_str()) {
            return Err(Refused::Mixed);
        }
        expiry(payload)
    }
}

fn expiry(payload: &Map<String, Value>) -> Result<Timestamp, Refused> {
    seconds(payload, "exp").map(Timestamp).ok_or(Refused::Unreadable("exp"))
}

/// A time in whole seconds. A JWT may give it with a fraction (RFC 7519, section 2), which is cut off.
fn seconds(payload: &Map<String, Value>, claim: &str) -> Option<i64> {
    let value = payload.get(claim)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number that every double up to there holds exactly"
    )]
    let whole = |seconds: f64| (seconds.abs() < 9.0e15).then(|| seconds.floor() as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

/// From issue to expiry, in seconds. A token without a plausible time of issue counts as one with the longest
/// life ([`LONGEST_LIFE`]): a session is never given up too early.
fn life(payload: &Map<String, Value>) -> Result<i64, Refused> {
    let expires_at = expiry(payload)?.0;
    let issued_at = seconds(payload, "iat");
    let life = issued_at.map(|issued_at| expires_at.saturating_sub(issued_at));
    Ok(life.filter(|life| (1..=LONGEST_LIFE).contains(life)).unwrap_or(LONGEST_LIFE))
}

fn text(payload: &Map<String, Value>, claim: &str) -> Option<String> {
    payload.get(claim).and_then(Value::as_str).map(str::to_owned)
}

fn profile(id: &Map<String, Value>) -> Profile {
    let shown = |claim: &str| text(id, claim).map(|text| clean(&text)).filter(|text| !text.is_empty());
    Profile {
        user_id: id.get("userId").and_then(Value::as_i64),
        name: shown("name"),
        email: shown("email"),
        username: shown("username"),
        image: shown("image"),
        ..Profile::default()
    }
}

/// The `authorization` of an access token, or of `GET self`: roles by tenant. Unreadable parts are left out.
#[must_use]
pub fn roles(payload: &Map<String, Value>) -> Vec<TenantRoles> {
    let Some(authorization) = payload.get("authorization").and_then(Value::as_object) else {
        return Vec::new();
    };
    let in_tenant = |(tenant, value): (&String, &Value)| {
        let roles = value.get("roles")?.as_array()?;
        let roles: Vec<_> = roles.iter().filter_map(Value::as_str).map(clean).collect();
        Some(TenantRoles { tenant_id: clean(tenant), roles })
    };
    authorization.iter().filter_map(in_tenant).collect()
}

macro_rules! payload {
    ($($token:ty),*) => {$(
        impl $token {
            fn payload(&self) -> Result<Map<String, Value>, Refused> {
                // The library's error may quote the token, so it is not passed on.
                jsonwebtoken::dangerous::insecure_decode_claims(self.secret())
                    .map_err(|_| Refused::Unreadable("not a JWT"))
            }
        }
    )*};
}
payload!(AccessToken, IdToken, RefreshToken, SessionToken);

/// The full life of a token, in seconds; [`LONGEST_LIFE`] if the token does not say.
pub(crate) fn life_of(token: &SessionToken) -> i64 {
    token.payload().and_then(|payload| life(&payload)).unwrap_or(LONGEST_LIFE)
}

pub(crate) fn is_refresh_token(token: &SessionToken) -> bool {
    token.payload().is_ok_and(|payload| text(&payload, "type").as_deref() == Some("refresh"))
}

/// By the server's clock.
pub(crate) fn issued_at_of(token: &SessionToken) -> Option<Timestamp> {
    seconds(&token.payload().ok()?, "iat").map(Timestamp)
}

pub(crate) fn mode_of(token: &SessionToken) -> Option<Mode> {
    text(&token.payload().ok()?, "mode")?.parse().ok()
}

/// The expiry of a token, if it can be read.
#[must_use]
pub fn expiry_of(token: &SessionToken) -> Option<Timestamp> {
    expiry(&token.payload().ok()?).ok()
}

/// The user that a token names, if it can be read.
#[must_use]
pub fn user_of(token: &SessionToken) -> Option<UserUuid> {
    text(&token.payload().ok()?, "userUuid")?.parse().ok()
}

pub(crate) fn tenant_of(token: &SessionToken) -> Option<TenantId> {
    text(&token.payload().ok()?, "tenantId")?.parse().ok()
}

/// The session that a token names, if it can be read.
#[must_use]
pub fn session_of(token: &SessionToken) -> Option<SessionId> {
    text(&token.payload().ok()?, "sessionId")?.parse().ok()
}

#[cfg(test)]
mod tests;
