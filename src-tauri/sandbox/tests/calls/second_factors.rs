//! Second factors, at `mfa01234` unless it is said otherwise.

use serde_json::{Value, json};
use userfront_sandbox::{
    ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, Factor, Request, Response, Server, TenantChange,
};

use crate::{assert_refused, common, get, link_parts, live, server, text, totp::code, whoami};

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

/// Somebody at `mfa01234` without a phone number.
fn newcomer(server: &Server) -> String {
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
fn every_first_factor_asks_for_a_second() {
    let server = server();
    let link = post(&server, "link", &json!({"email": "viewer@example.com"}), "");
    let by_link = put(&server, "link", &link_parts(&text(&link, "/result/link")).0, "");
    assert_eq!(
        by_link.body["authentication"]["firstFactor"],
        json!({"strategy": "link", "channel": "email"})
    );
    let reset = post(&server, "reset/link", &json!({"email": "viewer@example.com"}), "");
    let mut body = link_parts(&text(&reset, "/result/link")).0;
    body["password"] = json!("another password");
    let by_reset = put(&server, "reset", &body, "");
    let create = json!({"username": "new", "password": "p"});
    for answer in [by_link, by_reset, post(&server, "create", &create, "")] {
        assert_eq!(answer.body["message"], "MFA required", "{:?}", answer.body);
        assert!(answer.body.get("tokens").is_none());
    }
    assert!(server.sessions().is_empty());
}

#[test]
fn each_second_factor_leads_to_tokens_without_an_identifier() {
    let server = server();
    let by_totp = json!({"totpCode": code(ADMIN_TOTP_SECRET, 0)});
    let by_backup = json!({"backupCode": ADMIN_BACKUP_CODES[0]});
    for body in [by_totp, by_backup] {
        let held = token(&server, "admin");
        let user = whoami(&server, &post(&server, "totp", &body, &held));
        assert_eq!((&user["username"], &user["isMfaRequired"]), (&json!("admin"), &json!(true)));
    }
    for (channel, to) in [("sms", "+15555550102"), ("email", "member@example.com")] {
        let held = token(&server, "member");
        assert_eq!(post(&server, "code", &json!({"channel": channel}), &held).status, 200);
        assert_eq!(server.outbox().pop().map(|sent| sent.to).as_deref(), Some(to));
        let body = sent_code(&server, channel);
        assert_eq!(whoami(&server, &put(&server, "code", &body, &held))["username"], "member");
    }
    assert_eq!(server.sessions().len(), 4);
}

#[test]
fn a_first_factor_token_is_used_up_replaced_or_expired() {
    let server = server();
    let refused = |held: &str, seconds: i64| {
        let body = json!({"totpCode": code(ADMIN_TOTP_SECRET, seconds)});
        post(&server, "totp", &body, held)
    };
    let (older, newer, other) = (token(&server, "admin"), token(&server, "admin"), token(&server, "viewer"));
    assert_refused(&refused(&older, 0), 401, "Unauthorized");
    assert_refused(&refused("uf_test_first_factor_0", 0), 401, "Unauthorized");
    assert_refused(&refused(&other, 0), 400, "Incorrect TOTP code");
    whoami(&server, &refused(&newer, 0));
    server.clock().advance(30);
    assert_refused(&refused(&newer, 30), 401, "Unauthorized");
    let late = token(&server, "admin");
    server.clock().advance(900);
    assert_refused(&refused(&late, 930), 401, "The first factor has expired: log in again");
    assert_refused(&get(&server, "auth/totp", &late), 401, "The first factor has expired: log in again");
    let gone = token(&server, "admin");
    server.reset();
    assert_refused(&refused(&gone, 0), 401, "Unauthorized");
}

#[test]
fn a_first_factor_token_opens_nothing_else() {
    let server = server();
    let held = token(&server, "viewer");
    for path in ["self", "auth/refresh", "auth/logout", "auth/saml/idp/token"] {
        assert_refused(&get(&server, path, &held), 401, "Unauthorized");
    }
    let demo = Request::post("tenants/demo1234/auth/totp", &json!({"totpCode": "000000"})).bearer(&held);
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
    let held = text(&common::log_in(&server, "demo1234", "admin", "test"), "/firstFactorToken");
    let body = json!({"totpCode": code(ADMIN_TOTP_SECRET, 0)});
    assert_refused(&post(&server, "totp", &body, &held), 401, "Unauthorized");
    let here = Request::post("tenants/demo1234/auth/totp", &body).bearer(&held);
    whoami(&server, &server.handle(&here));
}

#[test]
fn what_was_first_cannot_be_second() {
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
    let held = text(&answer, "/firstFactorToken");
    let refusal = post(&server, "code", &json!({"channel": "email"}), &held);
    assert_refused(&refusal, 400, "The first factor cannot be the second one, too");

    // Nor does a code that was sent as a first factor serve as a second, or the other way round.
    let by_sms = json!({"channel": "sms", "phoneNumber": "+15555550103"});
    assert_eq!(post(&server, "code", &by_sms, "").status, 200);
    let as_first = sent_code(&server, "sms");
    assert_refused(&put(&server, "code", &as_first, &held), 400, "Incorrect verification code");
    assert_eq!(post(&server, "code", &json!({"channel": "sms"}), &held).status, 200);
    let as_second = sent_code(&server, "sms");
    if as_second != as_first {
        let mut named = as_second.clone();
        named["phoneNumber"] = json!("+15555550103");
        assert_refused(&put(&server, "code", &named, ""), 400, "Incorrect verification code");
    }
    whoami(&server, &put(&server, "code", &as_second, &held));
}

#[test]
fn a_first_factor_again_begins_anew_whatever_token_comes_along() {
    let server = server();
    let older = token(&server, "admin");
    let body = json!({"emailOrUsername": "admin", "password": "testmodepassword"});
    for old in [older.as_str(), "uf_test_first_factor_gone"] {
        assert_eq!(post(&server, "basic", &body, old).body["message"], "MFA required");
    }
    let answer = post(&server, "totp", &json!({"totpCode": code(ADMIN_TOTP_SECRET, 0)}), &older);
    assert_refused(&answer, 401, "Unauthorized");
    let code = json!({"channel": "email", "email": "admin@example.com"});
    assert_refused(&post(&server, "code", &code, ""), 400, "This way to log in is not enabled");
}

#[test]
fn totp_is_set_up_on_the_way() {
    let server = server();
    let held = token(&server, "viewer");
    let early = post(&server, "totp", &json!({"totpCode": "123456"}), &held);
    assert_refused(&early, 400, "Incorrect TOTP code");
    let offer = get(&server, "auth/totp", &held);
    let secret = text(&offer, "/totpSecret");
    let wrong = json!({"totpCode": code(ADMIN_TOTP_SECRET, 0)});
    assert_refused(&post(&server, "totp", &wrong, &held), 400, "Incorrect TOTP code");
    whoami(&server, &post(&server, "totp", &json!({"totpCode": code(&secret, 0)}), &held));

    let answer = first(&server, "viewer");
    let totp = &answer.body["authentication"]["secondFactors"][0];
    assert_eq!(totp, &factor("totp", "authenticator", true));
    // Who has only the password must not learn the secret of what is set up, nor set up another one.
    let held = text(&answer, "/firstFactorToken");
    assert_refused(&get(&server, "auth/totp", &held), 400, "TOTP is set up already: enter a code");
    server.clock().advance(30);
    whoami(&server, &post(&server, "totp", &json!({"totpCode": code(&secret, 30)}), &held));
}

#[test]
fn a_phone_number_is_set_up_on_the_way_and_not_changed() {
    let server = server();
    let held = newcomer(&server);
    let none = post(&server, "code", &json!({"channel": "sms"}), &held);
    assert_refused(&none, 400, "No phone number is set up: name one");
    let ask = |number: &str| post(&server, "code", &json!({"channel": "sms", "phoneNumber": number}), &held);
    assert_refused(&ask("+15555550101"), 400, "This phone number is taken");
    assert_refused(&ask("1"), 400, "A phone number is + and 7 to 15 digits");
    assert_eq!(ask("+15555559999").status, 200);
    let body = sent_code(&server, "sms");
    let user = whoami(&server, &put(&server, "code", &body, &held));
    assert_eq!(
        (&user["phoneNumber"], &user["isPhoneNumberConfirmed"]),
        (&json!("+15555559999"), &json!(true))
    );

    let held = token(&server, "new@example.com");
    let other = post(&server, "code", &json!({"channel": "sms", "phoneNumber": "+15555550000"}), &held);
    assert_refused(&other, 400, "Another phone number is set up");
    let same = post(&server, "code", &json!({"channel": "sms", "phoneNumber": "+15555559999"}), &held);
    assert_eq!(same.status, 200);
}

#[test]
fn two_who_set_up_the_same_number_do_not_share_it() {
    let server = server();
    let first = newcomer(&server);
    let body = json!({"username": "second", "password": "p"});
    let second = text(&post(&server, "create", &body, ""), "/firstFactorToken");
    let number = json!({"channel": "sms", "phoneNumber": "+15555559999"});
    assert_eq!(post(&server, "code", &number, &first).status, 200);
    let code_of_first = sent_code(&server, "sms");
    assert_eq!(post(&server, "code", &number, &second).status, 200);
    let code_of_second = sent_code(&server, "sms");
    whoami(&server, &put(&server, "code", &code_of_first, &first));
    assert_refused(&put(&server, "code", &code_of_second, &second), 400, "This phone number is taken");
}

#[test]
fn a_tenant_is_changed_in_parts_and_put_back_by_a_reset() {
    let server = server();
    let mode = || server.handle(&Request::get("tenants/mfa01234/mode")).body["authentication"].clone();
    let before = mode();
    let change = TenantChange { is_mfa_required: Some(false), ..TenantChange::default() };
    assert!(server.set_tenant("mfa01234", change));
    assert_eq!(mode(), before);
    whoami(&server, &first(&server, "admin"));
    let change = TenantChange { first_factors: Some(Vec::new()), ..TenantChange::default() };
    assert!(server.set_tenant("mfa01234", change));
    assert_refused(&first(&server, "admin"), 400, "This way to log in is not enabled");
    assert_eq!(mode()["firstFactors"], json!([]));
    assert!(!server.set_tenant("nobody12", TenantChange::default()));
    server.reset();
    assert_eq!(mode(), before);
    assert_eq!(first(&server, "admin").body["message"], "MFA required");
}
