//! The port's operations: one request each, and what its answers mean.

use std::time::SystemTime;

use accounts::account::Profile;
use accounts::ports::{
    CallFailure, LogInAnswer, ModeError, PasswordError, RefreshError, RevokeAnswer, RevokeAttempt,
    TenantMode, Timestamp, UserError, Userfront,
};
use accounts::tenant::Tenant;
use accounts::token::{AccessToken, Password, RefreshToken, SessionToken, Tokens};
use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::answer::{Rejection, Reply};
use crate::shapes::{self, FirstFactorAnswer};
use crate::transport::{Call, UserfrontClient};

/// What Userfront says of a wrong password, for when its message cannot be shown.
const WRONG_CREDENTIALS: &str = "Incorrect email or password";

#[async_trait]
impl Userfront for UserfrontClient {
    async fn mode(&self, tenant: &Tenant) -> Result<TenantMode, ModeError> {
        match self.call(tenant, open(format!("tenants/{}/mode", tenant.id))).await? {
            Reply::Object { status, object } => {
                let mode = shapes::tenant_mode(&object);
                Ok(mode.ok_or_else(|| unintelligible(status, "it names no mode"))?)
            }
            Reply::Rejected(no) if no.status == 404 => {
                Err(ModeError::UnknownTenant { message: no.message() })
            }
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }

    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<LogInAnswer, PasswordError> {
        let call = Call {
            method: Method::POST,
            path: format!("tenants/{}/auth/basic", tenant.id),
            bearer: None,
            body: Some(password_body(email_or_username, password)),
            secret: Some(password.secret()),
        };
        match self.call(tenant, call).await? {
            Reply::Object { status, object } => match shapes::first_factor_answer(object) {
                Some(FirstFactorAnswer::Tokens { tokens, redirect_to }) => {
                    Ok(LogInAnswer { tokens, redirect_to })
                }
                Some(FirstFactorAnswer::SecondFactorRequired) => Err(PasswordError::SecondFactorRequired),
                Some(FirstFactorAnswer::PkceRequired) => Err(PasswordError::PkceRequired),
                None => Err(unintelligible(status, "it has no access token").into()),
            },
            Reply::Rejected(no) => Err(password_rejected(no)),
        }
    }

    async fn refresh(&self, tenant: &Tenant, token: &RefreshToken) -> Result<Tokens, RefreshError> {
        match self.call(tenant, with_token("auth/refresh", token.secret())).await? {
            Reply::Object { status, mut object } => {
                let tokens = shapes::tokens(&mut object);
                Ok(tokens.ok_or_else(|| unintelligible(status, "it has no access token"))?)
            }
            Reply::Rejected(no) if no.status == 401 => {
                Err(RefreshError::SessionOver { message: no.message() })
            }
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }

    async fn user(&self, tenant: &Tenant, token: &AccessToken) -> Result<Profile, UserError> {
        match self.call(tenant, with_token("self", token.secret())).await? {
            Reply::Object { status, object } => {
                let user = shapes::user(&object);
                Ok(user.ok_or_else(|| unintelligible(status, "it names no user"))?)
            }
            Reply::Rejected(no) if no.status == 401 => Err(UserError::NotValid { message: no.message() }),
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }

    async fn revoke(&self, tenant: &Tenant, token: &SessionToken) -> RevokeAttempt {
        let (reply, date) = self.dated_call(tenant, with_token("auth/logout", token.secret())).await;
        let answer = match reply {
            Ok(Reply::Object { object, .. }) => Ok(revoked(&object)),
            Ok(Reply::Rejected(no)) if matches!(no.status, 401 | 404) => {
                Ok(RevokeAnswer::Invalid { status: no.status, message: no.message() })
            }
            Ok(Reply::Rejected(no)) => Err(no.into()),
            Err(failure) => Err(failure),
        };
        RevokeAttempt { answer, server_time: date.and_then(timestamp) }
    }
}

/// Seconds since 1970; a server that lives before that has no time.
fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok().map(Timestamp)
}

/// A GET without credentials.
fn open(path: String) -> Call<'static> {
    Call { method: Method::GET, path, bearer: None, body: None, secret: None }
}

/// A GET with a token.
fn with_token<'a>(path: &str, token: &'a str) -> Call<'a> {
    Call { method: Method::GET, path: path.to_owned(), bearer: Some(token), body: None, secret: Some(token) }
}

fn revoked(object: &Map<String, Value>) -> RevokeAnswer {
    RevokeAnswer::Revoked { redirect_to: shapes::redirect_to(object) }
}

fn unintelligible(status: u16, detail: &str) -> CallFailure {
    CallFailure::Unintelligible { status, detail: detail.to_owned() }
}

fn password_rejected(no: Rejection) -> PasswordError {
    match no.status {
        400 | 401 => PasswordError::WrongCredentials { message: no.message_or(WRONG_CREDENTIALS) },
        404 => PasswordError::UnknownTenant { message: no.message() },
        _ => CallFailure::from(no).into(),
    }
}

/// `{emailOrUsername, password}`, written into one buffer that is wiped when dropped: the password goes through no
/// `Value`, no `String` and no struct that could be printed.
fn password_body(email_or_username: &str, password: &Password) -> Zeroizing<Vec<u8>> {
    // A character takes six bytes at most (`\u0000`): the buffer is never moved while it is filled.
    let room = 64 + 6 * (email_or_username.len() + password.secret().len());
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    body.extend_from_slice(br#"{"emailOrUsername":"#);
    write_json_string(&mut body, email_or_username);
    body.extend_from_slice(br#","password":"#);
    write_json_string(&mut body, password.secret());
    body.extend_from_slice(b"}");
    debug_assert!(body.capacity() == room, "the buffer was moved");
    body
}

fn write_json_string(body: &mut Vec<u8>, text: &str) {
    #[expect(clippy::unwrap_used, reason = "text is always JSON, and a Vec takes all of it")]
    serde_json::to_writer(body, text).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_any_characters_arrives_as_it_is() {
        for text in ["testmodepassword", "\"}{\\", "\u{0}\u{1f}\n", "pässwörd 名 👩‍🚀", ""] {
            let body = password_body(text, &Password::new(text));
            let read: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(read, serde_json::json!({"emailOrUsername": text, "password": text}));
        }
    }
}
