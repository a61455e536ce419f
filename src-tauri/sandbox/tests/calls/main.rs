//! Each call of the API, without a network and with a clock that stands still.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "shared by several test binaries, none of which uses all of it")]
mod common;

mod account;
mod addresses;
mod codes;
mod links;
mod pages;
mod refresh_session;
mod second_factors;
mod sessions;
mod sign_up;
mod totp;

use common::Tokens;
use serde_json::{Value, json};
use userfront_sandbox::{Clock, Mode, Options, Request, Response, Server};

const START: i64 = 1_800_000_000;

fn server_with(change: impl FnOnce(&mut Options)) -> Server {
    let mut options = Options { clock: Clock::fixed(START), ..Options::default() };
    change(&mut options);
    Server::new(&options)
}

fn server() -> Server {
    server_with(|_| {})
}

fn live() -> Server {
    server_with(|options| options.mode = Mode::Live)
}

fn get(server: &Server, path: &str, token: &str) -> Response {
    server.handle(&Request::get(path).bearer(token))
}

/// `POST tenants/demo1234/auth/{path}`.
fn post(server: &Server, path: &str, body: &Value) -> Response {
    server.handle(&Request::post(&format!("tenants/demo1234/auth/{path}"), body))
}

/// `PUT tenants/demo1234/auth/{path}`.
fn put(server: &Server, path: &str, body: &Value) -> Response {
    server.handle(&Request::put(&format!("tenants/demo1234/auth/{path}"), body))
}

fn assert_refused(answer: &Response, status: u16, message: &str) {
    assert_eq!(answer.status, status, "{:?}", answer.body);
    assert_eq!(answer.body["statusCode"], json!(status));
    assert_eq!(answer.body["message"], json!(message));
    assert!(answer.body.get("error").is_some(), "{:?}", answer.body);
}

/// The user whom the tokens of `answer` speak for, as `GET self` shows it.
fn user_of_tokens(server: &Server, answer: &Response) -> Value {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["message"], "OK");
    assert_eq!(answer.body["isMfaRequired"], false);
    assert!(answer.text("/nonce").is_some() && answer.text("/redirectTo").is_some());
    let user = get(server, "self", &Tokens::of(answer).access);
    assert_eq!(user.status, 200);
    user.body
}

/// A string in the answer.
fn text(answer: &Response, pointer: &str) -> String {
    answer.text(pointer).unwrap_or_else(|| panic!("no {pointer} in {:?}", answer.body)).to_owned()
}

/// `{uuid, token, linkType}` of a link, and the link up to its query.
fn link_parts(link: &str) -> (Value, String) {
    let url = url::Url::parse(link).expect("a URL");
    let value =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let mut body = json!({ "uuid": value("uuid"), "token": value("token") });
    if let Some(kind) = value("type") {
        body["linkType"] = json!(kind);
    }
    (body, link.split('?').next().unwrap_or_default().to_owned())
}
