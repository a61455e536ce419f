//! Changes of a user's own profile and password.

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
fn an_invalid_edit_changes_nothing() {
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
    // A user cannot set roles or confirm addresses.
    let ignored = json!({"email": "x@y.z", "authorization": {}, "isConfirmed": false, "username": "member"});
    let mut after = edit(&server, &access, &ignored).body;
    after["updatedAt"] = before["updatedAt"].clone();
    assert_eq!(after, before);
}

#[test]
fn a_weak_password_or_another_tenants_token_changes_no_password() {
    let server = live();
    let access = tokens(&server, "viewer").access;
    let change = |tenant: &str, new: &str| {
        let body = json!({"password": new, "existingPassword": "testmodepassword"});
        server.handle(&Request::put(&format!("tenants/{tenant}/auth/basic"), &body).bearer(&access))
    };
    let weak = "The password needs at least 16 characters, or at least 8 with a letter and a number";
    assert_refused(&change("demo1234", "password"), 400, weak);
    assert_refused(&change("sso01234", "password1"), 401, "Unauthorized");
    let missing = Request::put("tenants/demo1234/auth/basic", &json!({"password": "password1"}));
    let refused = server.handle(&missing.bearer(&access));
    assert_refused(&refused, 400, "Incorrect existing password");
    assert_eq!(common::log_in(&server, "demo1234", "viewer", "testmodepassword").status, 200);
}
