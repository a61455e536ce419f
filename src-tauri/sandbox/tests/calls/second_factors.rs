//! Second factors, at `mfa01234` unless it is said otherwise.

use serde_json::{Value, json};
use userfront_sandbox::{ADMIN_TOTP_SECRET, Factor, Request, Response, Server, TenantChange};

use crate::{assert_refused, common, get, live, server, text, totp::code, user_of_tokens};

fn post(server: &Server, path: &str, body: &Value, token: &str) -> Response {
    server.handle(&Request::post(&format!("tenants/mfa01234/auth/{path}"), body).bearer(token))
}

fn put(server: &Server, path: &str, body: &Value, token: &str) -> Response {
    server.handle(&Request::put(&format!("tenants/mfa01234/auth/{path}"), body).bearer(token))
}

fn first(server: &Server, user: &str) -> Response {
    common::log_in(server, "mfa01234", user, "testmodepassword")
}

fn token(server: &Server, user: &str) -> String {
    text(&first(server, user), "/firstFactorToken")
}

fn factor(strategy: &str, channel: &str, is_configured: bool) -> Value {
    json!({"strategy": strategy, "channel": channel, "isConfiguredByUser": is_configured})
}

/// The code that was just sent, and the body that takes it.
fn sent_code(server: &Server, channel: &str) -> Value {
    let sent = server.outbox().pop().expect("a code");
    assert_eq!(sent.channel, channel);
    json!({"channel": channel, "verificationCode": sent.verification_code})
}

/// A new user at `mfa01234` without a phone number.
fn new_user(server: &Server) -> String {
    let body = json!({"email": "new@example.com", "password": "testmodepassword"});
    let answer = post(server, "create", &body, "");
    let sms = &answer.body["authentication"]["secondFactors"][1];
    assert_eq!(sms, &factor("verificationCode", "sms", false));
    text(&answer, "/firstFactorToken")
}

#[test]
fn a_first_factor_is_answered_with_the_list_and_no_tokens() {
    let server = server();
    for (user, has_totp) in [("admin", true), ("viewer", false)] {
        let answer = first(&server, user);
        assert_eq!(answer.status, 200);
        let token = text(&answer, "/firstFactorToken");
        let opaque = token.strip_prefix("uf_test_first_factor_").expect("the documented prefix");
        assert_eq!(opaque.len(), 32);
        let mut body = answer.body;
        body["firstFactorToken"] = Value::Null;
        let expected = json!({
            "message": "MFA required", "mode": "test", "isMfaRequired": true,
            "isEmailConfirmed": true, "isPhoneNumberConfirmed": false, "firstFactorToken": null,
            "authentication": {
                "firstFactor": {"strategy": "password", "channel": "email"},
                "secondFactors": [
                    factor("totp", "authenticator", has_totp),
                    factor("verificationCode", "sms", true),
                    factor("verificationCode", "email", true),
                ],
            },
        });
        assert_eq!(body, expected);
    }
    assert!(server.sessions().is_empty());
    assert!(token(&live(), "admin").starts_with("uf_live_first_factor_"));
}

#[test]
fn a_first_factor_token_expires_after_15_minutes_and_serves_its_own_user() {
    let server = server();
    let give = |token: &str, seconds: i64| {
        let body = json!({"totpCode": code(ADMIN_TOTP_SECRET, seconds)});
        post(&server, "totp", &body, token)
    };
    assert_refused(&give(&token(&server, "viewer"), 0), 400, "Incorrect TOTP code");
    let late = token(&server, "admin");
    server.clock().advance(900);
    assert_refused(&give(&late, 900), 401, "The first factor has expired: log in again");
    assert_refused(&get(&server, "auth/totp", &late), 401, "The first factor has expired: log in again");
    let gone = token(&server, "admin");
    server.reset();
    assert_refused(&give(&gone, 0), 401, "Unauthorized");
}

#[test]
fn a_first_factor_token_opens_nothing_else() {
    let server = server();
    let first_factor = token(&server, "viewer");
    for path in ["self", "auth/refresh", "auth/logout", "auth/saml/idp/token"] {
        assert_refused(&get(&server, path, &first_factor), 401, "Unauthorized");
    }
    let demo =
        Request::post("tenants/demo1234/auth/totp", &json!({"totpCode": "000000"})).bearer(&first_factor);
    assert_refused(&server.handle(&demo), 400, "Incorrect TOTP code");
    assert!(server.sessions().is_empty());
}

#[test]
fn a_token_of_another_tenant_is_refused() {
    let server = server();
    let change = TenantChange {
        second_factors: Some(vec![Factor::new("totp", "authenticator")]),
        is_mfa_required: Some(true),
        ..TenantChange::default()
    };
    assert!(server.set_tenant("demo1234", change));
    let first_factor = text(&common::log_in(&server, "demo1234", "admin", "test"), "/firstFactorToken");
    let body = json!({"totpCode": code(ADMIN_TOTP_SECRET, 0)});
    assert_refused(&post(&server, "totp", &body, &first_factor), 401, "Unauthorized");
    let here = Request::post("tenants/demo1234/auth/totp", &body).bearer(&first_factor);
    user_of_tokens(&server, &server.handle(&here));
}

#[test]
fn the_first_factor_cannot_be_the_second_one_too() {
    let server = server();
    let both = vec![Factor::new("verificationCode", "email"), Factor::new("verificationCode", "sms")];
    let change = TenantChange {
        first_factors: Some(both.clone()),
        second_factors: Some(both),
        is_mfa_required: Some(true),
        ..TenantChange::default()
    };
    assert!(server.set_tenant("mfa01234", change));
    let by_email = json!({"channel": "email", "email": "viewer@example.com"});
    assert_eq!(post(&server, "code", &by_email, "").status, 200);
    let mut body = sent_code(&server, "email");
    body["email"] = json!("viewer@example.com");
    let answer = put(&server, "code", &body, "");
    let second = &answer.body["authentication"]["secondFactors"];
    assert_eq!(second, &json!([factor("verificationCode", "sms", true)]));
    let first_factor = text(&answer, "/firstFactorToken");
    let refusal = post(&server, "code", &json!({"channel": "email"}), &first_factor);
    assert_refused(&refusal, 400, "The first factor cannot be the second one, too");

    // Nor does a code that was sent as a first factor serve as a second, or the other way round.
    let by_sms = json!({"channel": "sms", "phoneNumber": "+15555550103"});
    assert_eq!(post(&server, "code", &by_sms, "").status, 200);
    let as_first = sent_code(&server, "sms");
    assert_refused(&put(&server, "code", &as_first, &first_factor), 400, "Incorrect verification code");
    assert_eq!(post(&server, "code", &json!({"channel": "sms"}), &first_factor).status, 200);
    let as_second = sent_code(&server, "sms");
    if as_second != as_first {
        let mut named = as_second.clone();
        named["phoneNumber"] = json!("+15555550103");
        assert_refused(&put(&server, "code", &named, ""), 400, "Incorrect verification code");
    }
    user_of_tokens(&server, &put(&server, "code", &as_second, &first_factor));
}

#[test]
fn a_password_alone_neither_shows_nor_replaces_a_totp_secret() {
    let server = server();
    let first_factor = token(&server, "admin");
    let refused = get(&server, "auth/totp", &first_factor);
    assert_refused(&refused, 400, "TOTP is set up already: enter a code");
    let early = post(&server, "totp", &json!({"totpCode": "123456"}), &token(&server, "viewer"));
    assert_refused(&early, 400, "Incorrect TOTP code");
}

#[test]
fn a_second_factor_sets_up_a_phone_number_and_does_not_change_it() {
    let server = server();
    let first_factor = new_user(&server);
    let ask = |token: &str, number: &str| {
        post(&server, "code", &json!({"channel": "sms", "phoneNumber": number}), token)
    };
    assert_refused(&ask(&first_factor, "+15555550101"), 400, "This phone number is taken");
    assert_refused(&ask(&first_factor, "1"), 400, "A phone number is + and 7 to 15 digits");
    assert_eq!(ask(&first_factor, "+15555559999").status, 200);
    user_of_tokens(&server, &put(&server, "code", &sent_code(&server, "sms"), &first_factor));

    let first_factor = token(&server, "new@example.com");
    assert_refused(&ask(&first_factor, "+15555550000"), 400, "Another phone number is set up");
    assert_eq!(ask(&first_factor, "+15555559999").status, 200);
}

#[test]
fn the_first_of_two_users_to_confirm_a_phone_number_gets_it() {
    let server = server();
    let first = new_user(&server);
    let body = json!({"username": "second", "password": "p"});
    let second = text(&post(&server, "create", &body, ""), "/firstFactorToken");
    let number = json!({"channel": "sms", "phoneNumber": "+15555559999"});
    assert_eq!(post(&server, "code", &number, &first).status, 200);
    let code_of_first = sent_code(&server, "sms");
    assert_eq!(post(&server, "code", &number, &second).status, 200);
    let code_of_second = sent_code(&server, "sms");
    user_of_tokens(&server, &put(&server, "code", &code_of_first, &first));
    assert_refused(&put(&server, "code", &code_of_second, &second), 400, "This phone number is taken");
}
