//! Links by e-mail: to log in, and to reset a password.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Server, TenantChange};

use crate::{assert_refused, common::log_in, link_parts, live, post, put, server, text, user_of_tokens};

const INVALID: &str = "This link is not valid: ask for a new one";
const EXPIRED: &str = "This link has expired: ask for a new one";

fn ask(server: &Server, path: &str) -> Value {
    let answer = post(server, path, &json!({"email": "member@example.com"}));
    assert_eq!((answer.status.as_u16(), &answer.body["message"]), (200, &json!("OK")));
    assert_eq!(answer.body["result"]["email"], "member@example.com");
    link_parts(&text(&answer, "/result/link")).0
}

#[test]
fn a_link_confirms_the_address_that_it_was_sent_to() {
    let server = server();
    let answer = post(&server, "link", &json!({"email": "unconfirmed@EXAMPLE.com"}));
    let user = user_of_tokens(&server, &put(&server, "link", &link_parts(&text(&answer, "/result/link")).0));
    assert_eq!((&user["username"], &user["isConfirmed"]), (&json!("unconfirmed"), &json!(true)));
    assert_eq!(user["confirmedEmailAt"], "2027-01-15T08:00:00.000Z");
}

#[test]
fn a_link_serves_within_the_hour_and_without_its_type() {
    let server = server();
    let (mut first, second) = (ask(&server, "link"), ask(&server, "link"));
    server.clock().advance(3_599);
    first.as_object_mut().expect("an object").remove("linkType");
    user_of_tokens(&server, &put(&server, "link", &first));
    server.clock().advance(1);
    assert_refused(&put(&server, "link", &second), 400, EXPIRED);
}

#[test]
fn an_incomplete_link_logs_nobody_in() {
    let server = server();
    let body = ask(&server, "link");
    let admin = text(&post(&server, "link", &json!({"email": "admin@example.com"})), "/result/link");
    for (field, value) in [
        ("token", json!("0".repeat(32))),
        ("token", json!("")),
        ("uuid", link_parts(&admin).0["uuid"].clone()),
        ("linkType", json!("reset")),
        ("linkType", json!("welcome")),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        assert_refused(&put(&server, "link", &wrong), 400, INVALID);
    }
    for wrong in [json!({}), json!([]), json!({"token": body["token"]}), json!({"token": 1, "uuid": 1})] {
        assert_eq!(put(&server, "link", &wrong).status, 400);
    }
    assert!(server.sessions().is_empty());
    user_of_tokens(&server, &put(&server, "link", &body));
}

#[test]
fn live_mode_keeps_the_link_for_the_outbox_and_leads_to_the_domain() {
    let server = live();
    let send = |header: Option<(&'static str, &str)>| {
        let mut request = Request::post("tenants/demo1234/auth/link", &json!({"email": "admin@example.com"}));
        if let Some((name, value)) = header {
            request.headers.insert(name, value.parse().expect("a header"));
        }
        let answer = server.handle(&request);
        assert_eq!(answer.status, 200);
        assert!(answer.body["result"].get("link").is_none(), "{:?}", answer.body);
        let sent = server.outbox().pop().expect("a mail");
        assert_eq!((sent.kind.as_str(), sent.channel.as_str()), ("link", "email"));
        assert_eq!((sent.to.as_str(), sent.tenant_id.as_str()), ("admin@example.com", "demo1234"));
        link_parts(&sent.link.expect("a link"))
    };
    let (body, place) = send(None);
    assert_eq!(place, "https://demo1234.example.com/login");
    user_of_tokens(&server, &put(&server, "link", &body));
    for (header, place) in [
        (("x-origin", "https://app.example.org:8443"), "https://app.example.org:8443/login"),
        (("origin", "https://u:p@app.example.org/x?y"), "https://app.example.org/login"),
        (("origin", "null"), "https://demo1234.example.com/login"),
        (("x-origin", "javascript:1"), "https://demo1234.example.com/login"),
    ] {
        assert_eq!(send(Some(header)).1, place);
    }
}

#[test]
fn the_sixth_link_within_a_minute_has_to_wait() {
    let server = server();
    for _ in 0..3 {
        ask(&server, "link");
        server.clock().advance(1);
    }
    ask(&server, "reset/link");
    ask(&server, "reset/link");
    server.clock().advance(7);
    let answer = post(&server, "link", &json!({"email": "Member@example.com"}));
    assert_refused(&answer, 429, "Too many requests: wait before you ask for another one");
    assert_eq!(answer.header("retry-after"), Some("50"));
    assert_eq!(server.outbox().len(), 5);
    server.clock().advance(50);
    ask(&server, "link");
}

#[test]
fn a_reset_link_can_come_without_its_type() {
    let server = server();
    let change = TenantChange { reset_links_have_type: Some(false), ..TenantChange::default() };
    assert!(server.set_tenant("demo1234", change));
    let link =
        |path: &str| text(&post(&server, path, &json!({"email": "member@example.com"})), "/result/link");
    let untyped = link("reset/link");
    assert!(untyped.starts_with("http://localhost:3000/reset?") && !untyped.contains("type="), "{untyped}");
    assert!(link("link").ends_with("&type=login"));
    let mut body = link_parts(&untyped).0;
    body["password"] = json!("x");
    user_of_tokens(&server, &put(&server, "reset", &body));
    server.reset();
    assert!(link("reset/link").ends_with("&type=reset"));
}

#[test]
fn a_reset_link_expires_and_takes_weak_passwords_in_test_mode() {
    let server = server();
    let mut body = ask(&server, "reset/link");
    assert_refused(&put(&server, "link", &body), 400, INVALID);
    body["password"] = json!("x");
    user_of_tokens(&server, &put(&server, "reset", &body));
    assert_eq!(log_in(&server, "demo1234", "member", "x").status, 200);
    assert_eq!(log_in(&server, "demo1234", "member", "testmodepassword").status, 400);
    let mut late = ask(&server, "reset/link");
    late["password"] = json!("y");
    server.clock().advance(3_600);
    assert_refused(&put(&server, "reset", &late), 400, EXPIRED);
}
