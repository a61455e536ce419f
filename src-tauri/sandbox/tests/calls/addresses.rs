//! Another e-mail address, another phone number.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Response, Server, TenantChange};

use crate::{assert_refused, common, get, link_parts, post, put, server, text, whoami};

fn ask(server: &Server, what: &str, token: &str, body: &Value) -> Response {
    server.handle(&Request::post(&format!("auth/verify/{what}"), body).bearer(token))
}

/// What the new address is sent, as it is brought back.
fn by_link(answer: &Response) -> Value {
    let (back, place) = link_parts(&text(answer, "/result/link"));
    assert_eq!((place.as_str(), &back["linkType"]), ("http://localhost:3000/login", &json!("verify")));
    back
}

fn by_code(answer: &Response, number: &str) -> Value {
    let code = text(answer, "/result/verificationCode");
    json!({"channel": "sms", "phoneNumber": number, "verificationCode": code})
}

#[test]
fn an_address_is_another_one_once_what_was_sent_there_comes_back() {
    let server = server();
    let member = common::tokens(&server, "member").access;
    let mail = by_link(&ask(&server, "email", &member, &json!({"email": "new@example.com"})));
    let number = "+15555559999";
    let sms = by_code(&ask(&server, "phone", &member, &json!({"phoneNumber": number})), number);
    let sent: Vec<_> = server.outbox().into_iter().map(|sent| (sent.channel, sent.to)).collect();
    assert_eq!(sent, [("email", "new@example.com"), ("sms", number)].map(|(a, b)| (a.into(), b.into())));
    let user = |token: &str| get(&server, "self", token).body;
    assert_eq!(user(&member)["email"], "member@example.com");
    assert_eq!(user(&member)["phoneNumber"], "+15555550102");

    // Also in a browser that knows nothing of the session.
    let by_mail = whoami(&server, &put(&server, "link", &mail));
    assert_eq!(
        (&by_mail["username"], &by_mail["email"], &by_mail["isEmailConfirmed"]),
        (&json!("member"), &json!("new@example.com"), &json!(true))
    );
    let by_text = whoami(&server, &put(&server, "code", &sms));
    assert_eq!(
        (&by_text["username"], &by_text["phoneNumber"], &by_text["isPhoneNumberConfirmed"]),
        (&json!("member"), &json!(number), &json!(true))
    );
    assert_eq!(
        (&user(&member)["email"], &user(&member)["phoneNumber"]),
        (&json!("new@example.com"), &json!(number))
    );
    // Each serves once, and the older address is nobody's.
    assert_refused(&put(&server, "link", &mail), 400, "This link has been used: ask for a new one");
    let log_in = |email: &str| common::log_in(&server, "demo1234", email, "testmodepassword").status;
    assert_eq!((log_in("new@example.com").as_u16(), log_in("member@example.com").as_u16()), (200, 400));
}

#[test]
fn an_address_is_changed_where_nobody_logs_in_by_it() {
    let server = server();
    let member = common::tokens(&server, "member").access;
    let password = json!({"firstFactors": [{"strategy": "password", "channel": "email"}]});
    let change: TenantChange = serde_json::from_value(password).expect("a change");
    assert!(server.set_tenant("demo1234", change));
    let mail = by_link(&ask(&server, "email", &member, &json!({"email": "new@example.com"})));
    let number = "+15555559999";
    let sms = by_code(&ask(&server, "phone", &member, &json!({"phoneNumber": number})), number);
    whoami(&server, &put(&server, "link", &mail));
    whoami(&server, &put(&server, "code", &sms));
    assert_eq!(post(&server, "link", &json!({"email": "new@example.com"})).status, 400);
}

#[test]
fn what_is_no_address_or_is_taken_or_comes_without_a_session_is_refused() {
    let server = server();
    let member = common::tokens(&server, "member").access;
    let free = json!({"email": "new@example.com"});
    assert_refused(&ask(&server, "email", "no token", &free), 401, "Unauthorized");
    for (what, body, message) in [
        ("email", json!({"email": "new"}), "This is not an e-mail address"),
        ("email", json!({"email": "ADMIN@example.com"}), "This e-mail address is taken"),
        ("phone", json!({"phoneNumber": "123"}), "A phone number is + and 7 to 15 digits"),
        ("phone", json!({"phoneNumber": "+15555550101"}), "This phone number is taken"),
    ] {
        assert_refused(&ask(&server, what, &member, &body), 400, message);
    }
    assert!(server.outbox().is_empty());
    // Somebody else may take it while the mail is on its way.
    let mail = by_link(&ask(&server, "email", &member, &free));
    let quick = json!({"email": "new@example.com", "password": "x"});
    whoami(&server, &post(&server, "create", &quick));
    assert_refused(&put(&server, "link", &mail), 400, "This e-mail address is taken");
}
