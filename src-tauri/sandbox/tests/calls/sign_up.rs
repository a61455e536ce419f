//! Signing up: with a password, by link, by code.

use serde_json::{Value, json};
use userfront_sandbox::Request;

use crate::{assert_refused, common, link_parts, live, post, put, server, text, whoami};

/// Names and data that have to come back as they were sent.
fn difficult() -> Value {
    json!({
        "username": "ny-åsa-名",
        "name": "Åsa \u{202e}名倉\u{202c} عائشة 🌻\u{0}",
        "data": {"long": "名".repeat(1_400), "null": null, "nested": {"list": [1, "å", null]}},
    })
}

fn assert_is(user: &Value, sent: &Value) {
    for field in ["username", "name", "data"] {
        assert_eq!(user[field], sent[field], "{field}");
    }
    assert_eq!((&user["image"], &user["tenantId"]), (&Value::Null, &json!("demo1234")));
    assert_eq!(user["authorization"], json!({"demo1234": {"roles": ["member"]}}));
    assert_eq!((&user["createdAt"], &user["userId"]), (&json!("2027-01-15T08:00:00.000Z"), &json!(5)));
}

#[test]
fn a_password_makes_a_user_who_can_log_in_again() {
    let server = server();
    let mut body = difficult();
    body["email"] = json!("Ny@example.com");
    body["password"] = json!("p");
    let user = whoami(&server, &post(&server, "create", &body));
    assert_is(&user, &body);
    assert_eq!((&user["email"], &user["isConfirmed"]), (&json!("Ny@example.com"), &json!(false)));
    for name in ["ny@example.com", "ny-åsa-名"] {
        let again = whoami(&server, &common::log_in(&server, "demo1234", name, "p"));
        assert_eq!(again["userUuid"], user["userUuid"]);
    }
    // The welcome confirms the address.
    let link = server.outbox().pop().and_then(|sent| sent.link).expect("a welcome");
    let (body, _) = link_parts(&link);
    assert_eq!(body["linkType"], "welcome");
    let confirmed = whoami(&server, &put(&server, "link", &body));
    assert_eq!((&confirmed["userUuid"], &confirmed["isConfirmed"]), (&user["userUuid"], &json!(true)));
    server.reset();
    let gone = common::log_in(&server, "demo1234", "ny@example.com", "p");
    assert_refused(&gone, 400, "Incorrect email or password");
}

#[test]
fn what_is_taken_or_weak_or_no_address_makes_no_user() {
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
    let user = whoami(&server, &post(&server, "create", &quiet));
    assert_eq!((&user["name"], &user["username"], &user["data"]), (&Value::Null, &Value::Null, &json!({})));
    assert!(server.outbox().is_empty());
    // The same address at another tenant is free.
    let elsewhere = Request::post("tenants/sso01234/auth/create", &quiet);
    assert_eq!(whoami(&server, &server.handle(&elsewhere))["tenantId"], "sso01234");
}

#[test]
fn a_link_makes_the_user_when_it_comes_back() {
    let server = server();
    let mut body = difficult();
    body["email"] = json!("ny@example.com");
    let (first, second) = (post(&server, "link", &body), post(&server, "link", &body));
    let (back, place) = link_parts(&text(&first, "/result/link"));
    assert_eq!((place.as_str(), &back["linkType"]), ("http://localhost:3000/login", &json!("welcome")));
    assert_eq!(post(&server, "reset/link", &json!({"email": "ny@example.com"})).status, 400, "no user yet");
    let user = whoami(&server, &put(&server, "link", &back));
    assert_is(&user, &body);
    assert_eq!((&user["userUuid"], &user["isEmailConfirmed"]), (&back["uuid"], &json!(true)));
    // The second link finds the user there.
    let again = whoami(&server, &put(&server, "link", &link_parts(&text(&second, "/result/link")).0));
    assert_eq!(again["userUuid"], user["userUuid"]);
}

#[test]
fn a_code_makes_the_user_when_it_comes_back() {
    let server = server();
    for (who, confirmed) in [
        (json!({"channel": "sms", "phoneNumber": "+15555559999"}), "isPhoneNumberConfirmed"),
        (json!({"channel": "email", "email": "ny@example.com"}), "isEmailConfirmed"),
    ] {
        server.reset();
        let mut body = difficult();
        let mut back = who.clone();
        for (field, value) in who.as_object().expect("an object") {
            body[field] = value.clone();
        }
        back["verificationCode"] = json!(text(&post(&server, "code", &body), "/result/verificationCode"));
        let user = whoami(&server, &put(&server, "code", &back));
        assert_is(&user, &body);
        assert_eq!(user[confirmed], json!(true));
    }
}

/// As the official forms sign up: they ask for nothing else.
#[test]
fn an_address_alone_makes_a_user() {
    let server = server();
    for (ask, who) in [
        ("link", json!({"email": "ny@example.com"})),
        ("code", json!({"channel": "email", "email": "nu@example.com"})),
        ("code", json!({"channel": "sms", "phoneNumber": "+15555559999"})),
    ] {
        let sent = post(&server, ask, &who);
        let back = if ask == "link" {
            link_parts(&text(&sent, "/result/link")).0
        } else {
            let mut back = who.clone();
            back["verificationCode"] = json!(text(&sent, "/result/verificationCode"));
            back
        };
        let user = whoami(&server, &put(&server, ask, &back));
        for (field, given) in [("email", &who["email"]), ("phoneNumber", &who["phoneNumber"])] {
            assert_eq!(&user[field], given);
        }
        assert_eq!(
            (&user["name"], &user["username"], &user["data"]),
            (&Value::Null, &Value::Null, &json!({}))
        );
    }
}

#[test]
fn the_user_name_is_taken_by_who_comes_back_first() {
    let server = server();
    let ask = |email: &str| {
        let answer = post(&server, "link", &json!({"email": email, "username": "ny"}));
        link_parts(&text(&answer, "/result/link")).0
    };
    let (first, second) = (ask("a@example.com"), ask("b@example.com"));
    whoami(&server, &put(&server, "link", &first));
    assert_refused(&put(&server, "link", &second), 400, "This user name is taken");
    let late =
        post(&server, "code", &json!({"channel": "email", "email": "c@example.com", "username": "ny"}));
    assert_refused(&late, 400, "This user name is taken");
}

#[test]
fn nobody_edits_a_user_by_signing_up_again() {
    let server = server();
    let body = json!({"email": "member@example.com", "name": "Mallory", "username": "mallory"});
    let (back, _) = link_parts(&text(&post(&server, "link", &body), "/result/link"));
    assert_eq!(back["linkType"], "login");
    assert_eq!(whoami(&server, &put(&server, "link", &back))["username"], "member");
}

#[test]
fn who_has_no_password_is_sent_a_link_to_set_one() {
    let server = live();
    let body = json!({"email": "ny@example.com", "username": "ny"});
    assert_eq!(post(&server, "link", &body).status, 200);
    let sent = || link_parts(&server.outbox().pop().and_then(|sent| sent.link).expect("a link")).0;
    whoami(&server, &put(&server, "link", &sent()));
    let mut log_in = json!({"emailOrUsername": "ny", "password": "x", "options": {"noResetEmail": true}});
    assert_refused(&post(&server, "basic", &log_in), 400, "Incorrect email or password");
    assert_eq!(server.outbox().len(), 1);
    log_in["options"] = json!({});
    let told = post(&server, "basic", &log_in);
    assert_eq!((told.status.as_u16(), &told.body["error"]["type"]), (400, &json!("intended_error")));
    assert_eq!(server.outbox().len(), 2);
    let mut back = sent();
    back["password"] = json!("password1");
    whoami(&server, &put(&server, "reset", &back));
    log_in["password"] = json!("password1");
    whoami(&server, &post(&server, "basic", &log_in));
}
