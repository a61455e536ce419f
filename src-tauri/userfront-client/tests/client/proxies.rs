//! The calls that use the system's proxies. A process has one environment, so the calls are made in a process
//! of their own: this test binary again, with `ROLE` set.

use std::process::Stdio;

use crate::support::{CANARY, Wire, client, tenant};
use accounts::model::token::{AccessToken, SessionToken};
use accounts::ports::{CallFailure, RevokeAnswer, Userfront};

const API: &str = "PROXIES_TEST_API";
const DONE: &str = "the call was made";

/// No test by itself: logs out once at the API that the environment names.
#[tokio::test]
#[ignore = "the other half of the tests below, which run it"]
async fn caller() {
    let api = std::env::var(API).unwrap();
    let outcome =
        client().revoke(&tenant(&api), &SessionToken::Access(AccessToken::new(CANARY))).await.answer;
    match outcome {
        Ok(RevokeAnswer::Revoked { .. }) => println!("{DONE}: revoked"),
        Err(CallFailure::Unreachable { detail }) => println!("{DONE}: unreachable: {detail}"),
        other => panic!("{other:?}"),
    }
}

/// Runs [`caller`] with every proxy variable set to `proxy`, and returns its output.
async fn call_with_proxy(api: &str, proxy: &str) -> String {
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "proxies::caller", "--ignored", "--nocapture"]).env(API, api);
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, proxy).env(name.to_uppercase(), proxy);
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("REQUEST_METHOD");
    let output = command.stdin(Stdio::null()).output().await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && printed.contains(DONE), "{printed}");
    printed
}

#[tokio::test]
async fn loopback_calls_bypass_any_proxy() {
    let proxy = Wire::answering("200 OK", "", r#"{"message":"from the proxy"}"#).await;
    let server = Wire::answering("200 OK", "", r#"{"message":"OK"}"#).await;
    let printed = call_with_proxy(&server.url("/v0/"), &proxy.url("")).await;
    assert!(printed.contains("revoked"), "{printed}");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(proxy.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn another_host_is_reached_over_the_proxy_without_showing_a_token() {
    let proxy = Wire::answering("503 No", "", "").await;
    let printed = call_with_proxy("https://api.userfront.invalid/v0/", &proxy.url("")).await;
    assert!(printed.contains("unreachable"), "{printed}");
    let request = proxy.only_request();
    assert!(request.starts_with("CONNECT api.userfront.invalid:443 HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains("canary") && !request.to_lowercase().contains("authorization"), "{request}");
}
