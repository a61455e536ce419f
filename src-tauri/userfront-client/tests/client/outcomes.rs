use std::time::Duration;

use crate::every_call::{CALLS, CODE, every_call};
use crate::support::{CANARY, Wire, client, tokens_of};
use accounts::model::factor::Factor;
use accounts::model::tenant::Mode;
use accounts::model::token::{AccessToken, Password, RefreshToken, SessionToken};
use accounts::ports::{
    CallFailure, FactorAnswer, FactorError, ModeError, RefreshError, RevokeAnswer, User, UserError, Userfront,
};

const TOKENS: &str = r#"{"tokens":{"access":{"value":"a.b.c"},"id":{"value":"i"},"refresh":{"value":"r"}},
    "nonce":"n","redirectTo":"/dashboard","message":"OK","mode":"test","isMfaRequired":false}"#;

fn shaped(status: u16, message: &str) -> String {
    format!(r#"{{"statusCode":{status},"message":"{message}","error":{{"type":"some_error"}}}}"#)
}

async fn log_in(wire: &Wire) -> Result<FactorAnswer, FactorError> {
    client().log_in_with_password(&wire.tenant(), "admin", &Password::new(CANARY)).await
}

async fn revoke(wire: &Wire) -> Result<RevokeAnswer, CallFailure> {
    client().revoke(&wire.tenant(), &SessionToken::Access(AccessToken::new(CANARY))).await.answer
}

async fn refresh(wire: &Wire) -> Result<accounts::model::token::Tokens, RefreshError> {
    client().refresh(&wire.tenant(), &RefreshToken::new(CANARY)).await
}

async fn user(wire: &Wire) -> Result<User, UserError> {
    client().user(&wire.tenant(), &AccessToken::new(CANARY)).await
}

async fn all_calls(wire: &Wire) -> Vec<CallFailure> {
    let made = every_call(&client(), &wire.tenant()).await;
    made.into_iter()
        .map(|made| made.failure.unwrap_or_else(|| panic!("{}: {}", made.call, made.printed)))
        .collect()
}

fn all(failure: &CallFailure) -> Vec<CallFailure> {
    vec![failure.clone(); CALLS]
}

#[tokio::test]
async fn a_log_in_sends_the_credentials_and_returns_the_tokens() {
    let wire = Wire::answering("200 OK", "", TOKENS).await;
    let answer = tokens_of(log_in(&wire).await);
    assert_eq!(answer.tokens.access.secret(), "a.b.c");
    assert_eq!(answer.tokens.refresh.unwrap().secret(), "r");
    assert_eq!(answer.redirect_to.as_deref(), Some("/dashboard"));
    let request = wire.only_request();
    assert!(request.starts_with("POST /v0/tenants/demo1234/auth/basic HTTP/1.1\r\n"), "{request}");
    let body =
        format!(r#"{{"emailOrUsername":"admin","password":"{CANARY}","options":{{"noResetEmail":true}}}}"#);
    assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
    assert_eq!(crate::support::header(&request, "content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_log_in_that_is_refused_keeps_the_servers_message() {
    for status in [400, 401] {
        let wire = Wire::answering(&format!("{status} No"), "", &shaped(status, "Incorrect email")).await;
        let error = log_in(&wire).await.unwrap_err();
        assert_eq!(error, FactorError::Wrong { message: Some("Incorrect email".into()) });
    }
    let wire = Wire::answering("404 Not Found", "", &shaped(404, "No such tenant")).await;
    assert_eq!(
        log_in(&wire).await.unwrap_err(),
        FactorError::UnknownTenant { message: "No such tenant".into() }
    );
    let wire = Wire::answering("403 No", "", &shaped(403, "This user is locked")).await;
    let locked = CallFailure::Refused { status: 403, message: "This user is locked".into() };
    assert_eq!(log_in(&wire).await.unwrap_err(), locked.into(), "nothing says that the password is wrong");
    for message in [format!("{CANARY} is wrong"), String::new()] {
        let wire = Wire::answering("400 No", "", &shaped(400, &message)).await;
        assert_eq!(log_in(&wire).await.unwrap_err(), FactorError::Wrong { message: None });
    }
}

#[tokio::test]
async fn the_mode_of_a_tenant_is_read() {
    let body =
        r#"{"mode":"live","authentication":{"firstFactors":[{"channel":"email","strategy":"password"}]}}"#;
    let wire = Wire::answering("200 OK", "", body).await;
    let mode = client().mode(&wire.tenant()).await.unwrap();
    assert_eq!(mode.mode, Mode::Live);
    assert_eq!(mode.first_factors, [Factor::new("password", "email")]);
    assert!(wire.only_request().starts_with("GET /v0/tenants/demo1234/mode HTTP/1.1\r\n"));

    let wire = Wire::answering("404 Not Found", "", &shaped(404, "Tenant not found")).await;
    let error = client().mode(&wire.tenant()).await.unwrap_err();
    assert_eq!(error, ModeError::UnknownTenant { message: "Tenant not found".into() });
}

#[tokio::test]
async fn a_user_and_a_refresh_are_read_or_refused() {
    let wire = Wire::answering("200 OK", "", r#"{"userId":1,"userUuid":"u","name":"Mira"}"#).await;
    assert_eq!(user(&wire).await.unwrap().profile.name.as_deref(), Some("Mira"));
    assert!(wire.only_request().starts_with("GET /v0/self HTTP/1.1\r\n"));
    let wire = Wire::answering("200 OK", "", TOKENS).await;
    assert_eq!(refresh(&wire).await.unwrap().access.secret(), "a.b.c");
    assert!(wire.only_request().starts_with("GET /v0/auth/refresh HTTP/1.1\r\n"));

    let wire = Wire::answering("401 Unauthorized", "", &shaped(401, "Session over")).await;
    assert_eq!(user(&wire).await.unwrap_err(), UserError::NotValid { message: "Session over".into() });
    let Err(RefreshError::SessionOver { message }) = refresh(&wire).await else { panic!("not over") };
    assert_eq!(message, "Session over");

    let wire = Wire::answering("200 OK", "", r#"{"tokens":{"refresh":{"value":"r.e.f"}}}"#).await;
    let error = refresh(&wire).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("r.e.f"));
    let RefreshError::WithoutAccess { refresh, .. } = error else { panic!("dropped: {error:?}") };
    assert_eq!(refresh.secret(), "r.e.f");
}

#[tokio::test]
async fn a_log_out_is_confirmed_by_userfronts_own_words() {
    for (body, redirect_to) in [
        (r#"{"message":"OK","redirectTo":"/login"}"#, Some("/login")),
        (r#"{"message":"OK","redirectTo":7}"#, None),
    ] {
        let wire = Wire::answering("200 OK", "", body).await;
        let redirect_to = redirect_to.map(str::to_owned);
        assert_eq!(revoke(&wire).await.unwrap(), RevokeAnswer::Revoked { redirect_to });
        assert!(wire.only_request().starts_with("GET /v0/auth/logout HTTP/1.1\r\n"));
    }
    for (status, line, body) in [(202, "202 Accepted", "{}"), (200, "200 OK", r#"{"redirectTo":"/login"}"#)] {
        let wire = Wire::answering(line, "", body).await;
        assert_eq!(revoke(&wire).await.unwrap(), RevokeAnswer::Unclear { status });
    }
    let wire = Wire::saying("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
    assert_eq!(revoke(&wire).await.unwrap(), RevokeAnswer::Unclear { status: 204 });
    let inside = r#"{"message":"OK","error":{"type":"bad_request_error"}}"#;
    let wire = Wire::answering("200 OK", "", inside).await;
    assert!(matches!(revoke(&wire).await.unwrap_err(), CallFailure::Unintelligible { status: 200, .. }));
}

#[tokio::test]
async fn the_time_is_taken_only_from_an_answer_that_is_userfronts() {
    const DATE: &str = "Date: Sat, 06 Nov 2094 08:49:37 GMT\r\n";
    let ok = r#"{"message":"OK"}"#.to_owned();
    for (status, body, is_userfronts) in [
        ("200 OK", ok.clone(), true),
        ("401 No", shaped(401, "Gone"), true),
        ("403 No", shaped(403, "No"), true),
        ("200 OK", "{}".to_owned(), false),
        ("200 OK", "<html>".to_owned(), false),
        ("204 No Content", String::new(), false),
        ("302 Found", ok, false),
        ("401 No", "<html>".to_owned(), false),
        ("502 Bad Gateway", shaped(502, "No"), false),
        ("503 Unavailable", "<html>".to_owned(), false),
    ] {
        let wire = Wire::answering(status, DATE, &body).await;
        let token = SessionToken::Access(AccessToken::new("a"));
        let attempt = client().revoke(&wire.tenant(), &token).await;
        assert_eq!(attempt.server_time.is_some(), is_userfronts, "{status} {body}");
    }
}

#[tokio::test]
async fn a_dead_session_is_believed_only_in_userfronts_words() {
    for status in [401_u16, 404] {
        let line = format!("{status} No");
        let wire = Wire::answering(&line, "", &shaped(status, "Gone")).await;
        assert_eq!(revoke(&wire).await.unwrap(), RevokeAnswer::Refused { status, message: "Gone".into() });
        let as_text = format!(r#"{{"statusCode":{status},"error":"Unauthorized"}}"#);
        let wire = Wire::answering(&line, "", &as_text).await;
        assert!(matches!(revoke(&wire).await, Ok(RevokeAnswer::Refused { .. })));
        for body in
            ["", "<html>no</html>", r#"{"error":"Unauthorized"}"#, r#"{"statusCode":400,"message":"m"}"#]
        {
            let wire = Wire::answering(&line, "", body).await;
            for failure in all_calls(&wire).await {
                assert!(
                    matches!(failure, CallFailure::Unintelligible { status: kept, .. } if kept == status)
                );
            }
        }
    }
    for status in [402, 403, 409, 418] {
        let wire = Wire::answering(&format!("{status} No"), "", &shaped(status, "Not you")).await;
        let refused = CallFailure::Refused { status, message: "Not you".into() };
        assert_eq!(all_calls(&wire).await, all(&refused));
    }
}

#[tokio::test]
async fn retry_after_is_read_from_too_many_requests_and_server_faults() {
    for (headers, seconds) in [
        ("Retry-After: 2\r\n", Some(2)),
        ("Retry-After: 999999\r\n", Some(3600)),
        ("Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", Some(10)),
        ("Retry-After: soon\r\n", None),
        ("", None),
    ] {
        let retry_after = seconds.map(Duration::from_secs);
        for body in ["", "<html>", &shaped(429, "Slow down")] {
            let wire = Wire::answering("429 Too Many Requests", headers, body).await;
            let expected = CallFailure::TooManyRequests { retry_after };
            assert_eq!(all_calls(&wire).await, all(&expected), "{headers}");
        }
        for status in [500, 503] {
            let wire = Wire::answering(&format!("{status} Oh"), headers, &shaped(status, "Oh")).await;
            let expected = CallFailure::ServerFault { status, retry_after };
            assert_eq!(all_calls(&wire).await, all(&expected), "{headers}");
        }
    }
}

#[tokio::test]
async fn answers_other_than_userfronts_are_unintelligible() {
    for body in [
        " ",
        "<!doctype html><html></html>",
        "[]",
        "null",
        "\"OK\"",
        r#"{"tokens":{"access":"#,
        "{\"a\":\u{fffd}",
    ] {
        let wire = Wire::answering("200 OK", "Content-Type: text/html\r\n", body).await;
        for failure in all_calls(&wire).await {
            assert!(
                matches!(failure, CallFailure::Unintelligible { status: 200, .. }),
                "{body}: {failure:?}"
            );
        }
    }
    let wire = Wire::answering("200 OK", "", "").await;
    for made in every_call(&client(), &wire.tenant()).await.into_iter().filter(|made| made.call != "log out")
    {
        assert!(matches!(made.failure, Some(CallFailure::Unintelligible { .. })), "{}", made.call);
    }
    let wire = Wire::answering("200 OK", "", r#"{"message":"OK"}"#).await;
    assert!(matches!(
        client().mode(&wire.tenant()).await,
        Err(ModeError::Failed(CallFailure::Unintelligible { .. }))
    ));
    assert!(matches!(log_in(&wire).await, Err(FactorError::Failed(CallFailure::Unintelligible { .. }))));
    assert!(matches!(refresh(&wire).await, Err(RefreshError::Failed(CallFailure::Unintelligible { .. }))));
    assert!(matches!(user(&wire).await, Err(UserError::Failed(CallFailure::Unintelligible { .. }))));
    let wire = Wire::answering("999 What", "", "{}").await;
    assert!(matches!(revoke(&wire).await, Err(CallFailure::Unintelligible { status: 999, .. })));
}

#[tokio::test]
async fn no_error_holds_a_token_or_a_password() {
    let quoting = |status: u16| shaped(status, &format!("Bad {CANARY}!"));
    for (status, body) in [
        ("200 OK", CANARY.to_owned()),
        ("200 OK", format!("{{\"tokens\":{{\"access\":{{\"value\":\"{CANARY}\"")),
        ("200 OK", format!("[\"{CANARY}\"]")),
        ("400 No", quoting(400)),
        ("401 No", quoting(401)),
        ("401 No", CANARY.to_owned()),
        ("403 No", quoting(403)),
        ("404 No", quoting(404)),
        ("418 No", quoting(418)),
        ("429 No", quoting(429)),
        ("500 No", quoting(500)),
    ] {
        let wire = Wire::answering(status, &format!("X-Echo: {CANARY}\r\n"), &body).await;
        for made in every_call(&client(), &wire.tenant()).await {
            let (call, text) = (made.call, made.printed);
            assert!(!text.contains("canary") && !text.contains("127.0.0.1"), "{status}: {call}: {text}");
        }
    }
}

/// The server repeats everything it gets, even a code of six digits, in every place that is shown.
#[tokio::test]
async fn a_server_message_that_quotes_the_request_is_not_quoted() {
    for status in [400_u16, 401, 403, 404, 409] {
        let message = format!("No {CODE} and no {CANARY}, dear mira");
        for body in [
            shaped(status, &message),
            format!(r#"{{"statusCode":{status},"error":"{message}"}}"#),
            format!(r#"{{"statusCode":{status},"error":{{"message":"{message}"}}}}"#),
            shaped(status, &format!("No {CODE}")),
        ] {
            let wire = Wire::answering(&format!("{status} No"), "", &body).await;
            for made in every_call(&client(), &wire.tenant()).await {
                let (call, text) = (made.call, &made.printed);
                assert!(!text.contains("canary"), "{status}: {call}: {text}");
                let sent_a_code =
                    ["code", "totp", "backup code", "confirm totp", "second code", "second totp"];
                assert!(!sent_a_code.contains(&call) || !text.contains(CODE), "{status}: {call}: {text}");
            }
        }
    }
}
