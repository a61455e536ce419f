//! The calls that end a session or verify that it is over. This module reads each single answer; the domain's
//! `evidence` combines them.

use std::time::{Duration, Instant, SystemTime};

use accounts::model::tenant::Tenant;
use accounts::model::timestamp::Timestamp;
use accounts::model::token::SessionToken;
use accounts::ports::{CallFailure, Question, RevokeAnswer, RevokeAttempt, Said, Testimony};
use serde_json::{Map, Value};

use crate::answer::{Reply, empty, unintelligible};
use crate::requests;
use crate::shapes;
use crate::transport::UserfrontClient;

/// A connection that breaks within this time is retried, so that the retry does not double the length of a
/// log-out.
const AT_ONCE: Duration = Duration::from_secs(1);

impl UserfrontClient {
    pub(crate) async fn end_session(&self, tenant: &Tenant, token: &SessionToken) -> RevokeAttempt {
        let call = || requests::with_token("auth/logout", token.secret());
        let began = Instant::now();
        let (mut reply, mut date) = self.dated_call(tenant, call()).await;
        // The server had closed a kept connection; the next call opens a new one. Ending a session twice does
        // no harm.
        if matches!(reply, Err(CallFailure::BrokeOff { .. })) && began.elapsed() < AT_ONCE {
            (reply, date) = self.dated_call(tenant, call()).await;
        }
        let answer = reply.and_then(revoke_answer);
        // An object without the expected members may come from another server, and so may its date.
        let is_userfronts =
            !matches!(answer, Ok(RevokeAnswer::Unclear { .. }) | Err(CallFailure::Unintelligible { .. }));
        RevokeAttempt { answer, server_time: date.filter(|_| is_userfronts).and_then(timestamp) }
    }

    pub(crate) async fn ask_witness(&self, tenant: &Tenant, question: Question<'_>) -> Testimony {
        let call = match question {
            Question::Mode => requests::open(format!("tenants/{}/mode", tenant.id)),
            Question::Refresh(token) => requests::with_token("auth/refresh", token.secret()),
            Question::User(token) => requests::with_token("self", token.secret()),
        };
        let (reply, date) = self.dated_call(tenant, call).await;
        let said = reply.and_then(|reply| said(reply, question));
        let is_userfronts = !matches!(said, Err(CallFailure::Unintelligible { .. }));
        Testimony { said, server_time: date.filter(|_| is_userfronts).and_then(timestamp) }
    }
}

/// `{message, redirectTo}` with 200 confirms the revocation. Userfront never answers with an error inside a
/// 200.
fn revoke_answer(reply: Reply) -> Result<RevokeAnswer, CallFailure> {
    match reply {
        Reply::Object { status, object, .. } if has_error(&object) => {
            Err(unintelligible(status, "there is an error inside"))
        }
        Reply::Object { status: 200, object, .. } if object.get("message").is_some_and(Value::is_string) => {
            Ok(RevokeAnswer::Revoked { redirect_to: shapes::redirect_to(&object) })
        }
        Reply::Object { status, .. } | Reply::Nothing { status } => Ok(RevokeAnswer::Unclear { status }),
        Reply::Rejected(no) if matches!(no.status, 401 | 404) => {
            Ok(RevokeAnswer::Refused { status: no.status, message: no.message() })
        }
        Reply::Rejected(no) => Err(no.into()),
    }
}

fn has_error(object: &Map<String, Value>) -> bool {
    let error = object.get("error").is_some_and(|error| !matches!(error, Value::Null | Value::Bool(false)));
    error || object.get("statusCode").and_then(Value::as_f64).is_some_and(|status| status >= 400.0)
}

fn said(reply: Reply, question: Question<'_>) -> Result<Said, CallFailure> {
    let (status, mut object, custom_data) = match reply {
        Reply::Object { status, object, custom_data } => (status, object, custom_data),
        Reply::Nothing { status } => return Err(empty(status)),
        // The mode needs no token, so a 401 cannot refuse one.
        Reply::Rejected(no) if no.status == 401 && !matches!(question, Question::Mode) => {
            return Ok(Said::Refused { message: no.message() });
        }
        Reply::Rejected(no) => return Err(no.into()),
    };
    // Tokens count even beside an error: they name a session that must be ended.
    let tokens = match question {
        Question::Refresh(_) => shapes::any_tokens(&mut object),
        Question::Mode | Question::User(_) => Vec::new(),
    };
    if !tokens.is_empty() {
        return Ok(Said::Accepted(tokens));
    }
    if has_error(&object) {
        return Err(unintelligible(status, "there is an error inside"));
    }
    match question {
        Question::Mode => {
            let tenant = shapes::tenant_mode(&object);
            Ok(Said::Mode(tenant.ok_or_else(|| unintelligible(status, "it tells of no tenant"))?.mode))
        }
        Question::Refresh(_) => Err(unintelligible(status, "it has no token")),
        Question::User(_) => match shapes::user(&object, custom_data) {
            Some(_) => Ok(Said::Accepted(Vec::new())),
            None => Err(unintelligible(status, "it names no user")),
        },
    }
}

/// Seconds since 1970; `None` for an earlier time.
fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use accounts::model::custom_data::CustomData;
    use accounts::model::tenant::Mode;
    use accounts::model::token::{AccessToken, RefreshToken};
    use serde_json::json;

    use super::*;

    fn reply(status: u16, body: Value) -> Reply {
        let Value::Object(object) = body else { panic!("{body}") };
        Reply::Object { status, object, custom_data: CustomData::default() }
    }

    #[test]
    fn only_userfronts_own_words_say_that_a_session_is_over() {
        for (status, body, is_revoked) in [
            (200, json!({"message": "OK", "redirectTo": "/login"}), true),
            (200, json!({"message": "OK", "error": null}), true),
            (200, json!({"message": "OK", "error": false, "statusCode": 200}), true),
            (201, json!({"message": "OK"}), false),
            (200, json!({"message": 7}), false),
            (200, json!({}), false),
            (200, json!({"redirectTo": "/login"}), false),
        ] {
            let expected = if is_revoked { "revoked" } else { "unclear" };
            let read = match revoke_answer(reply(status, body.clone())) {
                Ok(RevokeAnswer::Revoked { .. }) => "revoked",
                Ok(RevokeAnswer::Unclear { status: kept }) if kept == status => "unclear",
                other => panic!("{body}: {other:?}"),
            };
            assert_eq!(read, expected, "{status} {body}");
        }
        assert_eq!(revoke_answer(Reply::Nothing { status: 204 }), Ok(RevokeAnswer::Unclear { status: 204 }));
        for body in [
            json!({"message": "OK", "error": {"type": "bad_request_error"}}),
            json!({"message": "OK", "error": true}),
            json!({"message": "OK", "error": "Unauthorized"}),
            json!({"message": "OK", "statusCode": 400}),
            json!({"statusCode": 500.0, "message": "Oh"}),
        ] {
            let answer = revoke_answer(reply(200, body.clone()));
            assert!(
                matches!(answer, Err(CallFailure::Unintelligible { status: 200, .. })),
                "{body}: {answer:?}"
            );
        }
    }

    #[test]
    fn a_witness_is_heard_only_in_userfronts_words() {
        let (refresh, access) = (RefreshToken::new("r"), AccessToken::new("a"));
        let hear = |body: Value, question| said(reply(200, body), question);
        for (body, mode) in [
            (json!({"mode": "live"}), Some(Mode::Live)),
            (json!({"mode": "test", "authentication": {}}), Some(Mode::Test)),
            (json!({"authentication": {"firstFactors": []}}), Some(Mode::Test)),
            (json!({}), None),
            (json!({"message": "OK"}), None),
            (json!({"mode": "Live"}), None),
            (json!({"mode": "live", "error": "Oh"}), None),
        ] {
            let read = match hear(body.clone(), Question::Mode) {
                Ok(Said::Mode(mode)) => Some(mode),
                Err(CallFailure::Unintelligible { .. }) => None,
                other => panic!("{body}: {other:?}"),
            };
            assert_eq!(read, mode, "{body}");
        }
        let tokens = |body: Value| match hear(body, Question::Refresh(&refresh)) {
            Ok(Said::Accepted(tokens)) => tokens.iter().map(|token| token.secret().to_owned()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(
            tokens(json!({"tokens": {"access": {"value": "a"}, "refresh": {"value": "r"}}})),
            ["a", "r"]
        );
        assert_eq!(tokens(json!({"tokens": {"refresh": {"value": "r"}}})), ["r"], "one alone is kept, too");
        let beside_an_error =
            json!({"error": "Oh", "statusCode": 500, "tokens": {"refresh": {"value": "r"}}});
        assert_eq!(tokens(beside_an_error), ["r"], "what came is not dropped");
        assert!(tokens(json!({"tokens": {}})).is_empty() && tokens(json!({})).is_empty());
        assert!(matches!(hear(json!({"userId": 1}), Question::User(&access)), Ok(Said::Accepted(_))));
        assert!(hear(json!({}), Question::User(&access)).is_err());
    }
}
