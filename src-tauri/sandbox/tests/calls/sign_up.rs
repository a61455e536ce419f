//! Signing up: with a password, by link, by code.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Response};

use crate::{assert_refused, common, link_parts, live, post, put, server, text, user_of_tokens};

#[test]
fn invalid_or_taken_details_make_no_user() {
    let server = live();
    let long = "The password needs at least 16 characters, or at least 8 with a letter and a number";
    for (body, message) in [
        (json!({"email": "ADMIN@example.com", "password": "password1"}), "This e-mail address is taken"),
        (json!({"username": "admin", "password": "password1"}), "This user name is taken"),
        (json!({"email": "new@example.com", "password": "password"}), long),
        (json!({"email": "new", "password": "password1"}), "This is not an e-mail address"),
        (json!({"username": "", "password": "password1"}), "The user name is empty"),
        (json!({"password": "password1"}), "An e-mail address or a user name is needed"),
        (json!({"username": "new", "password": "password1", "data": [1]}), "data is a JSON object"),
    ] {
        assert_refused(&post(&server, "create", &body), 400, message);
    }
    assert!(server.sessions().is_empty() && server.outbox().is_empty());
    let quiet = json!({"email": "new@example.com", "name": null, "username": null, "data": null,
        "password": "password1", "options": {"noSignupEmail": true}});
    let user = user_of_tokens(&server, &post(&server, "create", &quiet));
    assert_eq!((&user["name"], &user["username"], &user["data"]), (&Value::Null, &Value::Null, &json!({})));
    assert!(server.outbox().is_empty());
    assert_eq!(common::log_in(&server, "demo1234", "NEW@example.com", "password1").status, 200);
    // The same address at another tenant is free.
    let elsewhere = Request::post("tenants/sso01234/auth/create", &quiet);
    assert_eq!(user_of_tokens(&server, &server.handle(&elsewhere))["tenantId"], "sso01234");
}

#[test]
fn a_link_makes_one_user_and_not_before_it_comes_back() {
    let server = server();
    let body = json!({"email": "ny@example.com"});
    let (first, second) = (post(&server, "link", &body), post(&server, "link", &body));
    assert_eq!(post(&server, "reset/link", &body).status, 400, "no user yet");
    let parts = |answer: &Response| link_parts(&text(answer, "/result/link")).0;
    let user = user_of_tokens(&server, &put(&server, "link", &parts(&first)));
    assert_eq!(user["authorization"], json!({"demo1234": {"roles": ["member"]}}));
    let again = user_of_tokens(&server, &put(&server, "link", &parts(&second)));
    assert_eq!(again["userUuid"], user["userUuid"]);
}

#[test]
fn the_first_sign_up_to_complete_gets_the_user_name() {
    let server = server();
    let ask = |email: &str| {
        let answer = post(&server, "link", &json!({"email": email, "username": "ny"}));
        link_parts(&text(&answer, "/result/link")).0
    };
    let (first, second) = (ask("a@example.com"), ask("b@example.com"));
    user_of_tokens(&server, &put(&server, "link", &first));
    assert_refused(&put(&server, "link", &second), 400, "This user name is taken");
    let late =
        post(&server, "code", &json!({"channel": "email", "email": "c@example.com", "username": "ny"}));
    assert_refused(&late, 400, "This user name is taken");
}

#[test]
fn a_second_sign_up_does_not_edit_the_user() {
    let server = server();
    let body = json!({"email": "member@example.com", "name": "Mallory", "username": "mallory"});
    let (back, _) = link_parts(&text(&post(&server, "link", &body), "/result/link"));
    assert_eq!(back["linkType"], "login");
    assert_eq!(user_of_tokens(&server, &put(&server, "link", &back))["username"], "member");
}

#[test]
fn a_log_in_without_a_password_set_sends_a_reset_link() {
    let server = live();
    let body = json!({"email": "ny@example.com", "username": "ny"});
    assert_eq!(post(&server, "link", &body).status, 200);
    let sent = || link_parts(&server.outbox().pop().and_then(|sent| sent.link).expect("a link")).0;
    user_of_tokens(&server, &put(&server, "link", &sent()));
    let mut log_in = json!({"emailOrUsername": "ny", "password": "x", "options": {"noResetEmail": true}});
    assert_refused(&post(&server, "basic", &log_in), 400, "Incorrect email or password");
    assert_eq!(server.outbox().len(), 1);
    log_in["options"] = json!({});
    let told = post(&server, "basic", &log_in);
    assert_eq!((told.status.as_u16(), &told.body["error"]["type"]), (400, &json!("intended_error")));
    assert_eq!(server.outbox().len(), 2);
    let mut back = sent();
    back["password"] = json!("password1");
    user_of_tokens(&server, &put(&server, "reset", &back));
    log_in["password"] = json!("password1");
    user_of_tokens(&server, &post(&server, "basic", &log_in));
}
