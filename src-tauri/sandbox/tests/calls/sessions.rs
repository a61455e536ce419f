//! Log-in by password, sessions, refresh, log-out, keys, and what is recorded.

use serde_json::{Value, json};
use userfront_sandbox::{Request, Tenant};

use crate::{
    assert_refused,
    common::{Tokens, log_in, tokens},
    get, server, server_with,
};

#[test]
fn an_unknown_tenant_is_a_404_for_every_call() {
    let server = server();
    for path in ["tenants/nobody12/mode", "tenants/nobody12/jwks/test", "tenants/nobody12/auth/link"] {
        assert_refused(&server.handle(&Request::get(path)), 404, "Tenant not found");
    }
    assert_refused(&log_in(&server, "nobody12", "admin", "testmodepassword"), 404, "Tenant not found");
    assert!(server.sessions().is_empty());
}

#[test]
fn unknown_calls_are_404_in_userfronts_error_shape() {
    let server = server();
    for path in ["tenants/demo1234/auth/webauthn", "tenants/demo1234/auth", "auth/nothing", "", "self/"] {
        assert_refused(&server.handle(&Request::post(path, &json!({}))), 404, "Not found");
    }
    for path in ["tenants/demo1234/auth/link", "auth/google/login/consent/x", "auth/saml/idp"] {
        assert_refused(&server.handle(&Request::get(path)), 404, "Not found");
    }
}

#[test]
fn each_of_the_four_users_logs_in_by_name_and_by_email() {
    let server = server();
    for user in ["admin", "member", "viewer", "unconfirmed"] {
        for identifier in [user.to_owned(), format!("{user}@example.com"), format!("{user}@EXAMPLE.com")] {
            let answer = log_in(&server, "demo1234", &identifier, "testmodepassword");
            assert_eq!(answer.status, 200, "{identifier}");
            assert_eq!(answer.body["redirectTo"], "/dashboard");
            assert_eq!(answer.body["isMfaRequired"], false);
            assert_eq!(answer.body["mode"], "test");
            assert!(answer.text("/nonce").is_some());
        }
    }
    assert_eq!(server.sessions().len(), 12);
}

#[test]
fn wrong_credentials_begin_no_session() {
    let server = server();
    for (user, password) in [("admin", "wrong"), ("admin", ""), ("nobody", "testmodepassword"), ("", "")] {
        assert_refused(&log_in(&server, "demo1234", user, password), 400, "Incorrect email or password");
    }
    let post = |body: &Value| server.handle(&Request::post("tenants/demo1234/auth/basic", body));
    for body in [json!({}), json!([]), json!({"emailOrUsername": "admin"}), json!("testmodepassword")] {
        assert_eq!(post(&body).status, 400);
    }
    assert!(server.sessions().is_empty());
}

#[test]
fn a_refusal_does_not_quote_the_password() {
    let body = json!({"emailOrUsername": 7, "password": "canary-1"});
    let answer = server().handle(&Request::post("tenants/demo1234/auth/basic", &body));
    assert_eq!(answer.status, 400);
    assert!(!answer.body.to_string().contains("canary-1"));
}

#[test]
fn only_the_right_kind_of_token_is_taken() {
    let server = server();
    let Tokens { access, id, refresh } = tokens(&server, "admin");
    for (path, token) in [
        ("self", &refresh),
        ("self", &id),
        ("auth/refresh", &access),
        ("auth/refresh", &id),
        ("auth/logout", &id),
    ] {
        assert_refused(&get(&server, path, token), 401, "Unauthorized");
    }
    for path in ["self", "auth/refresh", "auth/logout"] {
        assert_refused(&server.handle(&Request::get(path)), 401, "Unauthorized");
        assert_refused(&get(&server, path, "not.a.token"), 401, "Unauthorized");
    }
    assert!(server.sessions()[0].alive);
}

#[test]
fn tokens_expire_to_the_second() {
    let server = server_with(|options| {
        options.access_seconds = 60;
        options.refresh_seconds = 600;
    });
    let issued = tokens(&server, "admin");
    server.clock().advance(59);
    assert_eq!(get(&server, "self", &issued.access).status, 200);
    server.clock().advance(1);
    assert_refused(&get(&server, "self", &issued.access), 401, "Unauthorized");
    let renewed = Tokens::of(&get(&server, "auth/refresh", &issued.refresh));
    assert_eq!(get(&server, "self", &renewed.access).status, 200);
    server.clock().advance(540);
    assert_refused(&get(&server, "auth/refresh", &issued.refresh), 401, "Unauthorized");
    assert!(server.sessions()[0].alive, "the renewed refresh token is still good");
    server.clock().advance(60);
    assert_refused(&get(&server, "auth/refresh", &renewed.refresh), 401, "Unauthorized");
    assert!(!server.sessions()[0].alive);
}

#[test]
fn log_out_takes_access_or_refresh_token_also_when_expired() {
    for seconds in [0, 700_000, 3_000_000] {
        for pick in [|tokens: Tokens| tokens.access, |tokens: Tokens| tokens.refresh] {
            let server = server();
            let token = pick(tokens(&server, "admin"));
            server.clock().advance(seconds);
            let answer = get(&server, "auth/logout", &token);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.body, json!({"message": "OK", "redirectTo": "/login"}));
            assert!(!server.sessions()[0].alive);
            assert_refused(&get(&server, "auth/logout", &token), 401, "Unauthorized");
        }
    }
}

#[test]
fn a_dead_session_stays_dead_when_the_clock_is_set_back() {
    let server = server();
    let issued = tokens(&server, "admin");
    assert_eq!(get(&server, "auth/logout", &issued.refresh).status, 200);
    server.clock().advance(-1_000_000);
    assert_refused(&get(&server, "self", &issued.access), 401, "Unauthorized");
    assert!(!server.sessions()[0].alive);
}

#[test]
fn answers_have_the_tenants_redirect_paths() {
    let server = server_with(|options| {
        let paths = Tenant {
            login_redirect_path: "/home".to_owned(),
            logout_redirect_path: "https://evil.test/bye".to_owned(),
            ..Tenant::demo()
        };
        options.tenants = vec![paths];
    });
    let answer = log_in(&server, "demo1234", "admin", "testmodepassword");
    assert_eq!(answer.body["redirectTo"], "/home");
    let answer = get(&server, "auth/logout", &Tokens::of(&answer).access);
    assert_eq!(answer.body["redirectTo"], "https://evil.test/bye");
}

#[test]
fn the_key_set_is_that_of_the_mode() {
    let server = server();
    let set = server.handle(&Request::get("tenants/demo1234/jwks/test")).body;
    assert_eq!(set["keys"].as_array().map(Vec::len), Some(1));
    let key = &set["keys"][0];
    assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&json!("RSA"), &json!("RS256"), &json!("sig")));
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(key.get(private).is_none(), "the private part {private} is served");
    }
    let access = tokens(&server, "admin").access;
    let kid = jsonwebtoken::decode_header(&access).expect("a header").kid;
    assert_eq!(key["kid"].as_str(), kid.as_deref());
    assert_eq!(server.handle(&Request::get("tenants/demo1234/jwks/live")).body, json!({"keys": []}));
    assert_refused(&server.handle(&Request::get("tenants/demo1234/jwks/x")), 404, "Unknown mode");
}

#[test]
fn a_token_of_another_server_is_refused() {
    let (here, there) = (server(), server());
    let foreign = tokens(&there, "admin");
    assert_refused(&get(&here, "self", &foreign.access), 401, "Unauthorized");
    assert_refused(&get(&here, "auth/logout", &foreign.access), 401, "Unauthorized");
    assert!(there.sessions()[0].alive);
}
