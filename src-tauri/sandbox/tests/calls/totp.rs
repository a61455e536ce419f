//! Authenticator apps: log-in, backup codes, set-up.

use serde_json::{Value, json};
use userfront_sandbox::{ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, Request, Response, Server, totp_code};

use crate::{
    START, assert_refused,
    common::{Tokens, tokens},
    get, post, server, text, user_of_tokens,
};

const WRONG: &str = "Incorrect TOTP code";

/// The code that an app shows for `secret`, `seconds` after the start.
pub(crate) fn code(secret: &str, seconds: i64) -> String {
    totp_code(secret, u64::try_from(START + seconds).expect("after 1970")).expect("a secret")
}

fn log_in(server: &Server, who: &Value, code: &str) -> Response {
    let mut body = who.clone();
    body["totpCode"] = json!(code);
    post(server, "totp", &body)
}

#[test]
fn totp_takes_any_identifier_and_each_code_once() {
    let server = server();
    let uuid = get(&server, "self", &tokens(&server, "admin").access).body["userUuid"].clone();
    for (step, who) in [
        json!({"userId": 1}),
        json!({"userUuid": uuid}),
        json!({"emailOrUsername": "admin@EXAMPLE.com"}),
        json!({"emailOrUsername": "admin"}),
        json!({"email": "admin@example.com"}),
        json!({"username": "admin"}),
        json!({"phoneNumber": "+15555550101"}),
        json!({"userId": 1, "email": "admin@example.com"}),
    ]
    .into_iter()
    .enumerate()
    {
        let seconds = 30 * i64::try_from(step).expect("a few");
        let now = code(ADMIN_TOTP_SECRET, seconds);
        assert_eq!(user_of_tokens(&server, &log_in(&server, &who, &now))["username"], "admin", "{who}");
        assert_refused(&log_in(&server, &who, &now), 400, WRONG);
        server.clock().advance(30);
    }
}

#[test]
fn wrong_late_and_other_users_totp_codes_are_refused() {
    let server = server();
    let now = code(ADMIN_TOTP_SECRET, 0);
    for who in [
        json!({"username": "member"}),
        json!({"username": "nobody"}),
        json!({"username": "admin", "userId": 2}),
        json!({}),
    ] {
        assert_refused(&log_in(&server, &who, &now), 400, WRONG);
    }
    let admin = json!({"username": "admin"});
    for wrong in ["", "000", "abcdef", &code(ADMIN_TOTP_SECRET, -60), &code(ADMIN_TOTP_SECRET, 60)] {
        assert_refused(&log_in(&server, &admin, wrong), 400, WRONG);
    }
    for body in [
        json!({"username": "admin"}),
        json!({"username": "admin", "totpCode": now, "backupCode": ADMIN_BACKUP_CODES[0]}),
    ] {
        assert_refused(&post(&server, "totp", &body), 400, "Either totpCode or backupCode is needed");
    }
    assert!(server.sessions().is_empty());
    // One step of delay is taken.
    server.clock().advance(30);
    user_of_tokens(&server, &log_in(&server, &admin, &now));
}

#[test]
fn a_totp_code_is_used_up_at_its_own_tenant_alone() {
    let server = server();
    let body = json!({"username": "admin", "totpCode": code(ADMIN_TOTP_SECRET, 0)});
    let elsewhere = Request::post("tenants/sso01234/auth/totp", &body);
    assert_eq!(user_of_tokens(&server, &server.handle(&elsewhere))["tenantId"], "sso01234");
    assert_eq!(user_of_tokens(&server, &post(&server, "totp", &body))["tenantId"], "demo1234");
    let request = Request::post("tenants/mfa01234/auth/totp", &body);
    assert_refused(&server.handle(&request), 400, "This way to log in is not enabled");
}

#[test]
fn a_totp_set_up_is_in_force_after_its_first_code() {
    let server = server();
    let Tokens { access, id, refresh } = tokens(&server, "viewer");
    for wrong in [&id, &refresh, &"x".to_owned()] {
        assert_refused(&get(&server, "auth/totp", wrong), 401, "Unauthorized");
    }
    let offer = get(&server, "auth/totp", &access);
    let secret = text(&offer, "/totpSecret");
    let codes: Vec<String> = serde_json::from_value(offer.body["backupCodes"].clone()).expect("a list");
    assert_eq!(codes.len(), 10);
    assert!(text(&offer, "/qrCode").starts_with("data:image/png;base64,iVBORw0KGgo"));
    assert_eq!(get(&server, "auth/totp", &access).body, offer.body, "the same until it is confirmed");

    let viewer = json!({"username": "viewer"});
    let backup = json!({"username": "viewer", "backupCode": codes[0]});
    assert_refused(&post(&server, "totp", &backup), 400, "Incorrect backup code");
    assert_refused(&log_in(&server, &viewer, &code(ADMIN_TOTP_SECRET, 0)), 400, WRONG);
    user_of_tokens(&server, &log_in(&server, &viewer, &code(&secret, 0)));
    assert_refused(&log_in(&server, &viewer, &code(&secret, 0)), 400, WRONG);
    user_of_tokens(&server, &post(&server, "totp", &backup));

    server.reset();
    assert_refused(&log_in(&server, &viewer, &code(&secret, 30)), 400, WRONG);
}

#[test]
fn a_totp_set_up_with_an_access_token_keeps_the_session() {
    let server = server();
    let access = tokens(&server, "admin").access;
    let secret = text(&get(&server, "auth/totp", &access), "/totpSecret");
    assert_ne!(secret, ADMIN_TOTP_SECRET);
    let confirm = |code: &str, token: &str| {
        let request = Request::post("tenants/demo1234/auth/totp", &json!({"totpCode": code})).bearer(token);
        server.handle(&request)
    };
    assert_refused(&confirm("123", &access), 400, WRONG);
    assert_refused(&confirm(&code(&secret, 0), "a.b.c"), 401, "Unauthorized");
    let foreign = Tokens::of(&crate::common::log_in(&server, "sso01234", "admin", "test")).access;
    assert_refused(&confirm(&code(&secret, 0), &foreign), 401, "Unauthorized");
    let sessions = server.sessions();
    user_of_tokens(&server, &confirm(&code(&secret, 0), &access));
    assert_eq!(server.sessions(), sessions);
    // The new set-up is in the place of the old one, and its next offer is another one.
    let admin = json!({"username": "admin"});
    assert_refused(&log_in(&server, &admin, &code(ADMIN_TOTP_SECRET, 0)), 400, WRONG);
    let old = json!({"username": "admin", "backupCode": ADMIN_BACKUP_CODES[0]});
    assert_refused(&post(&server, "totp", &old), 400, "Incorrect backup code");
    assert_ne!(text(&get(&server, "auth/totp", &access), "/totpSecret"), secret);
}
