use std::net::SocketAddr;
use std::time::Duration;

use loopback::{Limits, NoArrival, RedirectServer};
use reqwest::StatusCode;
use tokio::net::TcpStream;

use crate::client;

const TARGET: &str = "https://api.example/v0/auth/saml/idp/login?tenant_id=demo1234&token=Canary&uuid=u";

fn port_of(address: &str) -> SocketAddr {
    address.strip_prefix("http://").unwrap().split('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_browser_is_sent_on_once_and_the_target_is_in_one_header_only() {
    let redirect_server = RedirectServer::open(TARGET.into()).await.unwrap();
    let address = redirect_server.address();
    assert!(!address.contains("Canary") && !format!("{redirect_server:?}").contains("Canary"));
    let wrong = format!("http://{}/{}", port_of(&address), "x".repeat(43));
    let taken = tokio::spawn(redirect_server.taken());

    assert_eq!(client().get(&wrong).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let answer = client().get(&address).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    for (name, value) in answer.headers() {
        let value = value.to_str().unwrap();
        assert_eq!(value.contains("Canary"), name == "location", "{name}: {value}");
    }
    assert_eq!(answer.headers()["location"], TARGET);
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let html = answer.text().await.unwrap();
    assert!(!html.contains("Canary") && !html.contains("api.example"), "{html}");

    taken.await.unwrap().unwrap();
    assert!(client().get(&address).send().await.is_err(), "the port is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exactly_one_of_many_simultaneous_browsers_is_redirected() {
    let redirect_server = RedirectServer::open(TARGET.into()).await.unwrap();
    let address = redirect_server.address();
    let taken = tokio::spawn(redirect_server.taken());
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { client().get(&address).send().await })
        })
        .collect();
    let mut sent_on = 0;
    for call in calls {
        // A later call fails once the port has closed; before that it is told that the address was used.
        if let Ok(answer) = call.await.unwrap() {
            let is_first = answer.status() == StatusCode::SEE_OTHER;
            assert!(is_first || answer.status() == StatusCode::GONE);
            assert_eq!(answer.headers().contains_key("location"), is_first);
            sent_on += usize::from(is_first);
        }
    }
    assert_eq!(sent_on, 1);
    taken.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_redirect_server_closes_after_its_time_or_when_dropped() {
    let limits = Limits { life: Duration::from_millis(100), ..Limits::default() };
    let redirect_server = RedirectServer::open_with(TARGET.into(), limits).await.unwrap();
    let address = port_of(&redirect_server.address());
    TcpStream::connect(address).await.unwrap();
    let ended = redirect_server.taken().await;
    assert!(matches!(ended, Err(NoArrival::TimedOut)), "{ended:?}");
    assert!(TcpStream::connect(address).await.is_err());

    let redirect_server = RedirectServer::open(TARGET.into()).await.unwrap();
    let address = port_of(&redirect_server.address());
    drop(redirect_server);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_target_other_than_a_web_page_is_refused_and_not_repeated() {
    for wrong in ["", "Canary", "/Canary", "javascript:Canary()", "file:///Canary", "data:,Canary"] {
        let error = RedirectServer::open(wrong.into()).await.expect_err(wrong);
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(!format!("{error} {error:?}").contains("Canary"));
    }
    RedirectServer::open("http://127.0.0.1:1/v0/x?y=z".into()).await.unwrap();
}
