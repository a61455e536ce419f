use std::net::SocketAddr;
use std::time::{Duration, Instant};

use loopback::{CallbackServer, Limits, NoArrival};
use reqwest::StatusCode;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::{GOOD, Waiting, assert_plain, get, header, is_closed};

#[tokio::test]
async fn a_browser_comes_back_sees_its_page_at_a_clean_address_and_the_port_closes() {
    let waiting = Waiting::open().await;
    let (url, address, origin) = (waiting.url(GOOD), waiting.address(), waiting.origin.clone());
    let secret = waiting.path.clone();
    let answer = get(&url).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_plain(&answer);
    let clean = header(&answer, "location").to_owned();
    assert!(clean.ends_with("/done") && !clean.contains(['?', '#']) && !clean.contains(&secret), "{clean}");
    assert!(!answer.text().await.unwrap().contains("Canary"));

    // Handed over before the browser has loaded its last page.
    let arrival = waiting.arrived().await;
    assert_eq!(arrival.text(), url);
    assert!(!format!("{arrival:?}").contains("Canary"));

    let page = get(&format!("{origin}{clean}")).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_plain(&page);
    let html = page.text().await.unwrap();
    assert!(html.contains("You can close this window") && html.contains("lang=\"en\""), "{html}");
    assert!(html.contains("color-scheme:light dark") && !html.contains("script"), "{html}");
    let begin = Instant::now();
    arrival.closed().await;
    assert!(is_closed(address).await && begin.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_browser_that_does_not_fetch_its_last_page_does_not_keep_the_port() {
    let limits = Limits { farewell: Duration::from_secs(2), ..Limits::default() };
    let waiting = Waiting::open_with(limits).await;
    let address = waiting.address();
    get(&waiting.url(GOOD)).await;
    // Dropping the arrival does not keep the port open either.
    drop(waiting.arrived().await);
    TcpStream::connect(address).await.expect("it is still open for the last page");
    assert!(is_closed(address).await);
}

#[tokio::test]
async fn each_callback_path_has_256_new_random_bits() {
    let (one, other) = (CallbackServer::open().await.unwrap(), CallbackServer::open().await.unwrap());
    assert_ne!(one.path(), other.path());
    assert_ne!(one.origin(), other.origin());
    let path = one.path().strip_prefix('/').unwrap();
    assert_eq!(path.len(), 43);
    assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{path}");
    assert!(!format!("{one:?}").contains(path));
}

#[tokio::test]
async fn a_callback_without_a_log_in_is_refused_and_the_server_keeps_waiting() {
    let waiting = Waiting::open().await;
    for query in ["", "?", "?token=t", "?uuid=u", "?token=&uuid=", "?x=token&y=uuid", "#token=t&uuid=u"] {
        let answer = get(&waiting.url(query)).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.text().await.unwrap().contains("not completed"), "{query}");
    }
    waiting.still_waits().await;
}

#[tokio::test]
async fn a_providers_refusal_ends_the_wait_with_cleaned_words() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJtb2RlIjoidGVzdCJ9.c2ln";
    for (query, expected) in [
        ("?error=access_denied".to_owned(), "access_denied"),
        ("?error=x&error_description=You%20said%20no.".to_owned(), "You said no"),
        ("?error_description=First+this&error=x&token=t&uuid=u".to_owned(), "First this"),
        ("?error=".to_owned(), "no reason was given"),
        (format!("?error={token}"), "no reason was given"),
        (format!("?error=x&error_description=a%0a%E2%80%AEb%00+{token}+c"), "a b c"),
    ] {
        let waiting = Waiting::open().await;
        let (address, origin) = (waiting.address(), waiting.origin.clone());
        let answer = get(&waiting.url(&query)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert!(!waiting.arrival.is_finished(), "the browser has no page yet");
        let page = get(&format!("{origin}{}", header(&answer, "location"))).await;
        assert!(page.text().await.unwrap().contains("not completed"));
        let said = match waiting.arrival.await.unwrap() {
            Err(NoArrival::Refused { said }) => said,
            other => panic!("{other:?}"),
        };
        assert_eq!(said, expected, "{query}");
        assert!(is_closed(address).await);
    }
    let waiting = Waiting::open_with(Limits { farewell: Duration::ZERO, ..Limits::default() }).await;
    get(&waiting.url(&format!("?error={}", "word+".repeat(1000)))).await;
    let Err(NoArrival::Refused { said }) = waiting.arrival.await.unwrap() else { panic!("refused") };
    assert_eq!(said.chars().count(), 199, "200 characters, without the space at their end");
}

#[tokio::test]
async fn a_second_callback_is_refused() {
    let waiting = Waiting::open().await;
    let (first, second) = (waiting.url(GOOD), waiting.url("?token=other&uuid=other"));
    assert_eq!(get(&first).await.status(), StatusCode::SEE_OTHER);
    for again in [&second, &first, &waiting.url("?error=x"), &waiting.url("")] {
        assert_eq!(get(again).await.status(), StatusCode::GONE, "{again}");
    }
    assert_eq!(waiting.arrived().await.text(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exactly_one_of_many_simultaneous_callbacks_wins() {
    for _ in 0..10 {
        let waiting = Waiting::open().await;
        let calls: Vec<_> = (0..20)
            .map(|n| {
                let url = waiting.url(&format!("?token=t{n}&uuid=u"));
                tokio::spawn(async move { (get(&url).await.status(), url) })
            })
            .collect();
        let mut winners = Vec::new();
        for call in calls {
            match call.await.unwrap() {
                (StatusCode::SEE_OTHER, url) => winners.push(url),
                (status, _) => assert_eq!(status, StatusCode::GONE),
            }
        }
        assert_eq!(winners, [waiting.arrived().await.text()]);
    }
}

#[tokio::test]
async fn the_callback_server_closes_after_its_time() {
    assert_eq!(loopback::LIFE, Duration::from_mins(5));
    assert_eq!(Limits::default().life, loopback::LIFE);
    let waiting = Waiting::open_with(Limits { life: Duration::from_millis(200), ..Limits::default() }).await;
    let (address, begin) = (waiting.address(), Instant::now());
    let ended = waiting.arrival.await.unwrap();
    assert!(matches!(ended, Err(NoArrival::TimedOut)), "{ended:?}");
    assert!(begin.elapsed() < Duration::from_secs(10) && is_closed(address).await);
    // The time runs from the opening, not from the waiting.
    let callback_server =
        CallbackServer::open_with(Limits { life: Duration::from_secs(1), ..Limits::default() })
            .await
            .unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let begin = Instant::now();
    assert!(matches!(callback_server.arrival().await, Err(NoArrival::TimedOut)));
    assert!(begin.elapsed() < Duration::from_millis(900));
}

#[tokio::test]
async fn the_port_closes_when_the_wait_is_dropped() {
    let callback_server = CallbackServer::open().await.unwrap();
    let address: SocketAddr = callback_server.origin().strip_prefix("http://").unwrap().parse().unwrap();
    TcpStream::connect(address).await.unwrap();
    drop(callback_server);
    assert!(TcpStream::connect(address).await.is_err());

    let waiting = Waiting::open().await;
    let address = waiting.address();
    let mut connected = TcpStream::connect(address).await.unwrap();
    waiting.arrival.abort();
    assert!(waiting.arrival.await.unwrap_err().is_cancelled());
    assert!(TcpStream::connect(address).await.is_err());
    let end = connected.read(&mut [0; 8]).await;
    assert!(end.map_or(true, |read| read == 0), "whoever was connected is cut off");
}

#[tokio::test]
async fn a_pasted_callback_address_is_taken_once() {
    let callback_server = CallbackServer::open().await.unwrap();
    let (by_hand, origin, path) =
        (callback_server.by_hand(), callback_server.origin(), callback_server.path().to_owned());
    let arrival = tokio::spawn(callback_server.arrival());
    for other in [
        "",
        "what?",
        &format!("{origin}/other{GOOD}"),
        &format!("http://127.0.0.1:1{path}{GOOD}"),
        &format!("{origin}{path}?token="),
    ] {
        assert!(!by_hand.take(other), "{other}");
    }
    let address = format!("{origin}{path}{GOOD}");
    assert!(by_hand.take(&address));
    assert!(!by_hand.take(&address), "once");
    let arrival = arrival.await.unwrap().unwrap();
    assert_eq!(arrival.text(), address);
    let begin = Instant::now();
    arrival.closed().await;
    assert!(begin.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_pasted_address_with_a_refusal_is_taken() {
    let callback_server = CallbackServer::open().await.unwrap();
    let by_hand = callback_server.by_hand();
    let address = format!("{}{}?error=access_denied", callback_server.origin(), callback_server.path());
    let arrival = tokio::spawn(callback_server.arrival());
    assert!(by_hand.take(&address));
    assert!(matches!(arrival.await.unwrap(), Err(NoArrival::Refused { .. })));
    assert!(!by_hand.take(&address), "nobody waits");
}
