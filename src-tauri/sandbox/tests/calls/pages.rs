//! The pages that a browser opens: single sign-on and SAML.

use serde_json::{Value, json};
use url::Url;
use userfront_sandbox::{Request, Response, Server};

use crate::{
    assert_refused,
    common::{Tokens, log_in, tokens},
    get, link_parts, live, server, user_of_tokens,
};

const ORIGIN: &str = "http://127.0.0.1:4000";

fn open(server: &Server, path: &str) -> Response {
    server.handle(&Request::get(path))
}

fn html(answer: &Response) -> &str {
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.header("content-security-policy").expect("a policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    answer.body.as_str().expect("a page")
}

fn login(provider: &str, more: &str) -> String {
    format!("auth/{provider}/login?origin=http%3A%2F%2F127.0.0.1%3A4000&tenant_id=sso01234{more}")
}

/// Follows the link of this ID, as a browser would.
fn follow(server: &Server, path: &str, id: &str) -> Response {
    let page = open(server, path);
    assert_eq!(page.status, 200);
    let html = html(&page);
    let (_, rest) =
        html.split_once(&format!("id=\"{id}\" href=\"")).unwrap_or_else(|| panic!("no {id}: {html}"));
    let (href, _) = rest.split_once('"').expect("the end of the link");
    let base = Url::parse("http://sandbox.test/v0/").and_then(|url| url.join(path)).expect("a URL");
    let target = base.join(&href.replace("&amp;", "&")).expect("a link");
    let query = target.query().unwrap_or_default();
    open(server, &format!("{}?{query}", target.path().strip_prefix("/v0/").expect("within the API")))
}

fn location(answer: &Response) -> Url {
    assert_eq!(answer.status, 302, "{:?}", answer.body);
    Url::parse(answer.header("location").expect("a location")).expect("a URL")
}

fn put_link(server: &Server, tenant: &str, body: &Value) -> Response {
    server.handle(&Request::put(&format!("tenants/{tenant}/auth/link"), body))
}

#[test]
fn a_new_single_sign_on_user_is_added_when_the_log_in_completes() {
    let server = server();
    let come = || link_parts(location(&follow(&server, &login("twitter", ""), "consent-new")).as_str()).0;
    let (left_alone, first, second) = (come(), come(), come());
    let new = user_of_tokens(&server, &put_link(&server, "sso01234", &first));
    assert_eq!((&new["email"], &new["name"]), (&json!("new@twitter.example"), &json!("Somebody New")));
    assert_eq!(new["userUuid"], first["uuid"]);
    let again = user_of_tokens(&server, &put_link(&server, "sso01234", &second));
    assert_eq!(again["userUuid"], new["userUuid"], "one user, not two");
    let page = open(&server, &login("twitter", ""));
    assert!(html(&page).contains("Somebody New"));
    assert!(!html(&page).contains(left_alone["uuid"].as_str().expect("a UUID")));
}

#[test]
fn a_single_sign_on_return_serves_once_for_five_minutes_at_its_tenant() {
    let server = server();
    let come = || link_parts(location(&follow(&server, &login("google", ""), "consent-member")).as_str());
    let (body, place) = come();
    assert_eq!(place, format!("{ORIGIN}/login"));
    let invalid = "This link is not valid: ask for a new one";
    assert_refused(&put_link(&server, "demo1234", &body), 400, invalid);
    user_of_tokens(&server, &put_link(&server, "sso01234", &body));
    let used = put_link(&server, "sso01234", &body);
    assert_refused(&used, 400, "This link has been used: ask for a new one");
    let (body, _) = come();
    server.clock().advance(300);
    let late = put_link(&server, "sso01234", &body);
    assert_refused(&late, 400, "This link has expired: ask for a new one");
}

#[test]
fn invalid_single_sign_on_addresses_show_an_error_page() {
    let server = server();
    let elsewhere =
        |origin: &str, more: &str| format!("auth/google/login?tenant_id=sso01234&origin={origin}{more}");
    for (path, status, message) in [
        (elsewhere("javascript%3Aalert(1)", ""), 400, "origin is not an http(s) origin"),
        (elsewhere("https://a.test/path", ""), 400, "origin is not an http(s) origin"),
        (elsewhere("https://a.test/", ""), 400, "origin is not an http(s) origin"),
        (elsewhere("https://b.test@a.test", ""), 400, "origin is not an http(s) origin"),
        (elsewhere("", ""), 400, "origin is not an http(s) origin"),
        (login("google", "&redirect=https%3A%2F%2Fevil.test"), 400, "redirect is not a path"),
        (login("google", "&redirect=.evil.test"), 400, "redirect is not a path"),
        (login("custom", ""), 400, "provider_id is missing"),
        (login("custom", "&provider_id=other"), 400, "This way to log in is not enabled"),
        (login("myspace", ""), 404, "There is no such provider"),
        (login("webauthn", ""), 404, "There is no such provider"),
        (
            "auth/google/login?origin=http://a.test&tenant_id=demo1234".to_owned(),
            400,
            "This way to log in is not enabled",
        ),
        ("auth/google/login?origin=http://a.test&tenant_id=nobody12".to_owned(), 404, "Tenant not found"),
        ("auth/google/login".to_owned(), 404, "Tenant not found"),
    ] {
        for path in [path.clone(), path.replacen("/login", "/login/consent", 1)] {
            let answer = open(&server, &path);
            assert_eq!(answer.status, status, "{path}");
            assert!(html(&answer).contains(message), "{path}: {}", html(&answer));
            assert_eq!(answer.header("location"), None);
        }
    }
    let nobody = open(&server, &login("google", "&user=nobody").replacen("/login", "/login/consent", 1));
    assert_eq!(nobody.status, 400);
}

#[test]
fn names_on_the_page_are_text() {
    let server = server();
    let access = Tokens::of(&log_in(&server, "sso01234", "admin", "test")).access;
    let name = json!({"name": "<script>å\"名", "username": "a \"><x"});
    assert_eq!(server.handle(&Request::put("self", &name).bearer(&access)).status, 200);
    let page = open(&server, &login("google", "&redirect=/%22%3E%3Cscript%3E"));
    assert!(!html(&page).contains("<script>") && !html(&page).contains("<x"), "{}", html(&page));
    assert!(html(&page).contains("&lt;script&gt;å&quot;名"));
    // A user name that no ID can be made of gives way to the UUID.
    let uuid = get(&server, "self", &access).body["userUuid"].as_str().expect("a UUID").to_owned();
    location(&follow(&server, &login("google", ""), &format!("consent-{uuid}")));
}

fn saml(server: &Server, step: &str, body: &Value) -> Response {
    let value = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let query = format!("tenant_id={}&token={}&uuid={}", value("tenant_id"), value("token"), value("uuid"));
    open(server, &format!("auth/saml/idp/{step}?{query}"))
}

#[test]
fn saml_takes_an_access_token_and_then_its_own_token_in_time() {
    let server = live();
    let Tokens { access, id, refresh } = tokens(&server, "admin");
    for token in [id.as_str(), refresh.as_str(), ""] {
        assert_refused(&get(&server, "auth/saml/idp/token", token), 401, "Unauthorized");
    }
    let uuid = get(&server, "self", &access).body["userUuid"].clone();
    let token = get(&server, "auth/saml/idp/token", &access).body["token"].clone();
    let body = json!({"tenant_id": "demo1234", "token": token, "uuid": uuid});
    for (field, wrong) in [("tenant_id", "sso01234"), ("token", "x"), ("token", ""), ("uuid", "x")] {
        let mut changed = body.clone();
        changed[field] = json!(wrong);
        let answer = saml(&server, "login", &changed);
        assert_eq!(answer.status, 400);
        assert!(html(&answer).contains("This link is not valid"));
    }
    let as_link = put_link(&server, "demo1234", &json!({"token": token, "uuid": uuid}));
    assert_refused(&as_link, 400, "This link is not valid: ask for a new one");
    server.clock().advance(300);
    assert_eq!(saml(&server, "login", &body).status, 400);
}
