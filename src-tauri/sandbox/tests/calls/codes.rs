//! Verification codes by e-mail and SMS.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Server};

use crate::{assert_refused, post, put, server, text, user_of_tokens};

const WRONG: &str = "Incorrect verification code";
const PHONE: &str = "+15555550102";

fn by_email() -> Value {
    json!({"channel": "email", "email": "member@example.com"})
}

fn by_sms() -> Value {
    json!({"channel": "sms", "phoneNumber": PHONE})
}

/// Asks for a code; what comes back is the body that takes it.
fn ask(server: &Server, body: &Value) -> Value {
    let answer = post(server, "code", body);
    let code = text(&answer, "/result/verificationCode");
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&answer.body["result"][field], value);
    }
    let mut back = body.clone();
    back["verificationCode"] = json!(code);
    back
}

/// Another code than the right one.
fn wrong(right: &Value) -> Value {
    let digits = right["verificationCode"].as_str().expect("text");
    let mut wrong = right.clone();
    wrong["verificationCode"] = json!(if digits == "000000" { "000001" } else { "000000" });
    wrong
}

#[test]
fn five_wrong_tries_use_a_code_up() {
    let server = server();
    let code = ask(&server, &by_email());
    for _ in 0..4 {
        assert_refused(&put(&server, "code", &wrong(&code)), 400, WRONG);
    }
    user_of_tokens(&server, &put(&server, "code", &code));
    let code = ask(&server, &by_email());
    for _ in 0..5 {
        assert_refused(&put(&server, "code", &wrong(&code)), 400, WRONG);
    }
    assert_refused(&put(&server, "code", &code), 400, "Too many wrong verification codes: ask for a new one");
    let fresh = ask(&server, &by_email());
    user_of_tokens(&server, &put(&server, "code", &fresh));
}

#[test]
fn a_code_expires_after_ten_minutes_and_is_replaced_by_the_next() {
    let server = server();
    let code = ask(&server, &by_sms());
    server.clock().advance(599);
    let (first, second) = (ask(&server, &by_sms()), ask(&server, &by_sms()));
    for old in [&code, &first].into_iter().filter(|old| **old != second) {
        assert_refused(&put(&server, "code", old), 400, WRONG);
    }
    server.clock().advance(600);
    assert_refused(
        &put(&server, "code", &second),
        400,
        "This verification code has expired: ask for a new one",
    );
    assert!(server.sessions().is_empty());
}

#[test]
fn a_code_serves_at_its_own_tenant_channel_and_address() {
    let server = server();
    let code = ask(&server, &by_email());
    for tenant in ["sso01234", "nobody12"] {
        let request = Request::put(&format!("tenants/{tenant}/auth/code"), &code);
        assert!(server.handle(&request).status.is_client_error());
    }
    for (field, value) in [("email", json!("admin@example.com")), ("email", json!("nobody@example.com"))] {
        let mut foreign = code.clone();
        foreign[field] = value;
        assert_refused(&put(&server, "code", &foreign), 400, WRONG);
    }
    let digits = &code["verificationCode"];
    let other_channel = json!({"channel": "sms", "phoneNumber": PHONE, "verificationCode": digits});
    assert_refused(&put(&server, "code", &other_channel), 400, WRONG);
    let nameless = json!({"channel": "email", "verificationCode": digits});
    assert_refused(&put(&server, "code", &nameless), 400, "The e-mail address is missing");
    assert!(server.sessions().is_empty());
    user_of_tokens(&server, &put(&server, "code", &code));
}

#[test]
fn invalid_addresses_are_sent_no_code() {
    let server = server();
    for (body, message) in [
        (json!({"channel": "email"}), "The e-mail address is missing"),
        (json!({"channel": "sms", "email": "member@example.com"}), "The phone number is missing"),
        (json!({"channel": "sms", "phoneNumber": "123"}), "A phone number is + and 7 to 15 digits"),
        (json!({"channel": "email", "email": "a b"}), "This is not an e-mail address"),
    ] {
        assert_refused(&post(&server, "code", &body), 400, message);
    }
    for body in [json!({}), json!({"channel": "pigeon"}), json!({"email": "member@example.com"})] {
        assert_eq!(post(&server, "code", &body).status, 400);
    }
    assert!(server.outbox().is_empty());
}
