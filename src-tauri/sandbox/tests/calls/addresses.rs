//! Another e-mail address, another phone number.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Response, Server, TenantChange};

use crate::{assert_refused, common, get, link_parts, post, put, server, text, user_of_tokens};

fn ask(server: &Server, what: &str, token: &str, body: &Value) -> Response {
    server.handle(&Request::post(&format!("auth/verify/{what}"), body).bearer(token))
}

/// The link that is sent to the new address, as a call brings it back.
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
fn an_address_changes_once_its_link_or_code_comes_back_also_where_it_is_no_factor() {
    let server = server();
    let member = common::tokens(&server, "member").access;
    let password = json!({"firstFactors": [{"strategy": "password", "channel": "email"}]});
    let change: TenantChange = serde_json::from_value(password).expect("a change");
    assert!(server.set_tenant("demo1234", change));
    let mail = by_link(&ask(&server, "email", &member, &json!({"email": "new@example.com"})));
    let number = "+15555559999";
    let sms = by_code(&ask(&server, "phone", &member, &json!({"phoneNumber": number})), number);
    let addresses = || {
        let user = get(&server, "self", &member).body;
        [user["email"].clone(), user["phoneNumber"].clone()]
    };
    assert_eq!(addresses(), [json!("member@example.com"), json!("+15555550102")]);
    user_of_tokens(&server, &put(&server, "link", &mail));
    user_of_tokens(&server, &put(&server, "code", &sms));
    assert_eq!(addresses(), [json!("new@example.com"), json!(number)]);
    assert_refused(&put(&server, "link", &mail), 400, "This link has been used: ask for a new one");
    let old = common::log_in(&server, "demo1234", "member@example.com", "testmodepassword");
    assert_eq!(old.status, 400);
    assert_eq!(post(&server, "link", &json!({"email": "new@example.com"})).status, 400);
}

#[test]
fn a_new_address_must_be_valid_free_and_asked_for_with_a_session() {
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
    // Another user may take it before the link comes back.
    let mail = by_link(&ask(&server, "email", &member, &free));
    let quick = json!({"email": "new@example.com", "password": "x"});
    user_of_tokens(&server, &post(&server, "create", &quick));
    assert_refused(&put(&server, "link", &mail), 400, "This e-mail address is taken");
}
