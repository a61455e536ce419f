//! What a user changes about itself: profile and password.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Response, Server};

use crate::{
    assert_refused,
    common::{self, Tokens, tokens},
    get, live, server,
};

fn edit(server: &Server, token: &str, body: &Value) -> Response {
    server.handle(&Request::put("self", body).bearer(token))
}

#[test]
fn an_edit_changes_what_is_named_and_nothing_else() {
    let server = server();
    let access = tokens(&server, "member").access;
    let before = get(&server, "self", &access).body;
    let data = json!({"long": "å".repeat(2_048), "null": null, "🌻": ["\u{200f}שלום"]});
    for (field, value) in [
        ("name", json!("Åsa \u{202e}名倉 🌻")),
        ("username", json!("åsa-名")),
        ("image", json!("https://example.com/å.png")),
        ("data", data),
        ("name", Value::Null),
        ("image", Value::Null),
        ("username", Value::Null),
        ("data", Value::Null),
    ] {
        server.clock().advance(1);
        let mut expected = get(&server, "self", &access).body;
        let answer = edit(&server, &access, &json!({field: value}));
        assert_eq!(answer.status, 200);
        expected[field] = value;
        expected["updatedAt"] = answer.body["updatedAt"].clone();
        assert_eq!(answer.body, expected);
        assert_eq!(get(&server, "self", &access).body, expected);
    }
    assert!(get(&server, "self", &access).body["updatedAt"] != before["updatedAt"]);
    server.reset();
    assert_eq!(get(&server, "self", &tokens(&server, "member").access).body, before);
}

#[test]
fn an_edit_that_cannot_be_changes_nothing() {
    let server = server();
    let access = tokens(&server, "member").access;
    let before = get(&server, "self", &access).body;
    for (body, message) in [
        (json!({"name": "x", "username": "admin"}), "This user name is taken"),
        (json!({"name": "x", "username": ""}), "The user name is empty"),
        (json!({"name": "x", "data": []}), "data is a JSON object"),
        (json!({"name": "x", "data": "{}"}), "data is a JSON object"),
        (json!({"name": 7}), "name is text"),
        (json!({"name": "x", "image": {}}), "image is text"),
        (json!([]), "The body is not the JSON that this call expects"),
    ] {
        assert_refused(&edit(&server, &access, &body), 400, message);
    }
    let Tokens { id, refresh, .. } = tokens(&server, "member");
    for token in [id.as_str(), refresh.as_str(), "", "uf_test_first_factor_0"] {
        assert_refused(&edit(&server, token, &json!({"name": "x"})), 401, "Unauthorized");
    }
    assert_eq!(get(&server, "self", &access).body, before);
    // Nobody gives away roles or confirms addresses here.
    let ignored = json!({"email": "x@y.z", "authorization": {}, "isConfirmed": false, "username": "member"});
    let mut after = edit(&server, &access, &ignored).body;
    after["updatedAt"] = before["updatedAt"].clone();
    assert_eq!(after, before);
}

#[test]
fn tokens_show_an_edit_after_the_next_refresh() {
    let server = server();
    let issued = tokens(&server, "member");
    edit(&server, &issued.access, &json!({"name": "Ny 名"}));
    let claims = |token: &str| {
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).expect("a JWT").claims;
        claims["name"].clone()
    };
    let renewed = Tokens::of(&get(&server, "auth/refresh", &issued.refresh));
    assert_eq!((claims(&issued.id), claims(&renewed.id)), (json!("Åsa 名倉 Märta 🌻"), json!("Ny 名")));
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one() {
    let server = live();
    let access = tokens(&server, "viewer").access;
    let change = |tenant: &str, token: &str, existing: &str, new: &str| {
        let body = json!({"password": new, "existingPassword": existing});
        server.handle(&Request::put(&format!("tenants/{tenant}/auth/basic"), &body).bearer(token))
    };
    let wrong = "Incorrect existing password";
    assert_refused(&change("demo1234", &access, "wrong", "password1"), 400, wrong);
    assert_refused(&change("demo1234", &access, "test", "password1"), 400, wrong);
    let weak = "The password needs at least 16 characters, or at least 8 with a letter and a number";
    assert_refused(&change("demo1234", &access, "testmodepassword", "password"), 400, weak);
    assert_refused(&change("demo1234", "x.y.z", "testmodepassword", "password1"), 401, "Unauthorized");
    assert_refused(&change("sso01234", &access, "testmodepassword", "password1"), 401, "Unauthorized");
    let missing = Request::put("tenants/demo1234/auth/basic", &json!({"password": "password1"}));
    assert_refused(&server.handle(&missing.bearer(&access)), 400, wrong);
    assert_eq!(common::log_in(&server, "demo1234", "viewer", "testmodepassword").status, 200);

    let answer = change("demo1234", &access, "testmodepassword", "password1");
    assert_eq!((answer.status.as_u16(), answer.body), (200, json!({"message": "OK"})));
    assert_eq!(get(&server, "self", &access).status, 200, "the session lives on");
    let old = common::log_in(&server, "demo1234", "viewer", "testmodepassword");
    assert_refused(&old, 400, "Incorrect email or password");
    assert_eq!(common::log_in(&server, "demo1234", "viewer", "password1").status, 200);
}
