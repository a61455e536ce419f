//! Servers that hang, send slowly, break off, lie and redirect; and the headers of each call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::every_call::{CALLS, OPEN_CALLS, every_call};
use crate::support::{CANARY, LIMIT, Wire, client, hasty, header, response, tenant};
use accounts::model::tenant::Tenant;
use accounts::model::token::{AccessToken, RefreshToken, SessionToken};
use accounts::ports::{CallFailure, RevokeAnswer, Userfront};
use tokio::io::AsyncWriteExt;
use userfront_client::UserfrontClient;

async fn revoke(client: &UserfrontClient, tenant: &Tenant) -> Result<RevokeAnswer, CallFailure> {
    client.revoke(tenant, &SessionToken::Access(AccessToken::new(CANARY))).await.answer
}

fn assert_in_time(start: Instant) {
    let took = start.elapsed();
    assert!(took >= LIMIT, "it gave up after {took:?}, before its limit");
    assert!(took < LIMIT * 10, "it took {took:?}");
}

#[tokio::test]
async fn every_call_carries_the_required_headers() {
    let wire = Wire::answering("200 OK", "", "{}").await;
    every_call(&client(), &wire.tenant()).await;
    let requests = wire.requests();
    assert_eq!(requests.len(), CALLS);
    for request in &requests {
        assert_eq!(header(request, "accept"), Some("application/json"));
        assert_eq!(header(request, "accept-encoding"), Some("identity"));
        assert_eq!(header(request, "x-userfront-source"), Some("userfront-accounts"));
        assert!(header(request, "user-agent").unwrap().starts_with("userfront-accounts userfront-client/"));
        for never in ["origin", "x-origin", "x-application-id", "referer", "cookie"] {
            assert_eq!(header(request, never), None, "{request}");
        }
    }
    let bearer = format!("Bearer {CANARY}");
    for request in &requests[..OPEN_CALLS] {
        assert_eq!(header(request, "authorization"), None, "{request}");
    }
    for request in &requests[OPEN_CALLS..] {
        assert_eq!(header(request, "authorization"), Some(bearer.as_str()));
    }
    for request in &requests {
        let has_body = !request.ends_with("\r\n\r\n");
        assert_eq!(has_body, !request.starts_with("GET "), "{request}");
        assert_eq!(header(request, "content-type"), has_body.then_some("application/json"), "{request}");
        let (line, _) = request.split_once("\r\n").unwrap();
        assert!(!line.contains("canary") && !line.contains('?'), "nothing is said in a URL: {line}");
    }
}

#[tokio::test]
async fn a_domain_travels_with_every_call() {
    let wire = Wire::answering("200 OK", "", "{}").await;
    let mut tenant = wire.tenant();
    tenant.domain = Some("App.example.com:8443".parse().unwrap());
    let client = UserfrontClient::new("my-app".parse().unwrap(), userfront_client::Limits::default());
    every_call(&client, &tenant).await;
    assert_eq!(wire.requests().len(), CALLS);
    for request in wire.requests() {
        for name in ["origin", "x-origin", "x-application-id"] {
            assert_eq!(header(&request, name), Some("https://app.example.com:8443"), "{request}");
        }
        assert_eq!(header(&request, "x-userfront-source"), Some("my-app"));
    }
}

#[tokio::test]
async fn a_refresh_token_ends_its_session_too() {
    let wire = Wire::answering("200 OK", "", "{}").await;
    let token = SessionToken::Refresh(RefreshToken::new("r.r.r"));
    client().revoke(&wire.tenant(), &token).await.answer.unwrap();
    assert_eq!(header(&wire.only_request(), "authorization"), Some("Bearer r.r.r"));
}

#[tokio::test]
async fn a_token_that_fits_no_header_is_not_sent() {
    let wire = Wire::answering("200 OK", "", "{}").await;
    let token = SessionToken::Access(AccessToken::new(format!("{CANARY}\r\nX-Evil: 1")));
    let failure = client().revoke(&wire.tenant(), &token).await.answer.unwrap_err();
    assert!(matches!(failure, CallFailure::Unreachable { .. }), "{failure:?}");
    assert!(!format!("{failure:?} {failure}").contains("canary"));
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn redirects_are_not_followed_and_nothing_reaches_where_they_point() {
    let elsewhere = Wire::answering("200 OK", "", r#"{"message":"OK"}"#).await;
    for status in ["301 M", "302 F", "303 S", "307 T", "308 P", "300 C", "304 N"] {
        let location = format!("Location: {}\r\n", elsewhere.url("/v0/auth/logout"));
        let wire = Wire::answering(status, &location, "").await;
        for outcome in every_call(&client(), &wire.tenant()).await {
            assert!(
                matches!(outcome.failure, Some(CallFailure::Unintelligible { .. })),
                "{status}: {}: {}",
                outcome.call,
                outcome.printed
            );
        }
        assert_eq!(wire.requests().len(), CALLS);
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up() {
    let wire = Wire::with(|stream| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(stream);
    })
    .await;
    let start = Instant::now();
    assert_eq!(revoke(&hasty(), &wire.tenant()).await, Err(CallFailure::TimedOut));
    assert_in_time(start);
}

#[tokio::test]
async fn a_server_that_drips_is_given_up_at_the_same_limit() {
    for head in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "HTTP/1.1 503 No\r\nX: "] {
        let wire = Wire::with(move |mut stream| async move {
            let mut drops = head.as_bytes().to_vec();
            while stream.write_all(&drops).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                drops = b" ".to_vec();
            }
        })
        .await;
        let start = Instant::now();
        let failure = revoke(&hasty(), &wire.tenant()).await.unwrap_err();
        // A head that begins with blanks may also be refused as not HTTP.
        if !head.is_empty() {
            assert_eq!(failure, CallFailure::TimedOut, "{head}");
            assert_in_time(start);
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_answer_open() {
    let reset = Wire::with(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"mess").await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let truncated = Wire::saying("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"message\":\"OK\"}").await;
    let half_a_chunk =
        Wire::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"message\"").await;
    let no_answer = Wire::saying("").await;
    let half_a_head = Wire::saying("HTTP/1.1 200 OK\r\nContent-Le").await;
    let not_http = Wire::saying("SSH-2.0-OpenSSH_9.2\r\n").await;
    for wire in [reset, truncated, half_a_chunk, no_answer, half_a_head, not_http] {
        let failure = revoke(&client(), &wire.tenant()).await.unwrap_err();
        let CallFailure::BrokeOff { detail } = &failure else { panic!("{failure:?}") };
        assert!(
            !detail.is_empty() && !detail.contains("127.0.0.1") && !detail.contains("canary"),
            "{detail}"
        );
        assert_eq!(wire.requests().len(), 2, "once more over a new connection");
    }
}

#[tokio::test]
async fn a_body_without_end_is_refused_early() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let endless = Wire::with(move |mut stream| {
        let counter = Arc::clone(&counter);
        async move {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":\"").await.unwrap();
            let block = vec![b'a'; 64 * 1024];
            while counter.load(Ordering::SeqCst) < 100_000_000 && stream.write_all(&block).await.is_ok() {
                counter.fetch_add(block.len(), Ordering::SeqCst);
            }
        }
    })
    .await;
    let failure = revoke(&client(), &endless.tenant()).await.unwrap_err();
    assert_eq!(failure, CallFailure::Unintelligible { status: 200, detail: "it is too large".into() });
    let sent = sent.load(Ordering::SeqCst);
    assert!(sent < 30_000_000, "{sent} bytes left the server");
}

#[tokio::test]
async fn a_body_is_bounded_to_the_byte_even_with_a_false_length() {
    let limits = userfront_client::Limits { body: 40, ..Default::default() };
    let small = UserfrontClient::new(userfront_client::ClientName::default(), limits);
    let object = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    let fits = Wire::answering("200 OK", "", &object(40)).await;
    assert_eq!(revoke(&small, &fits.tenant()).await, Ok(RevokeAnswer::Unclear { status: 200 }));
    let unannounced = |body: String| format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}");
    let fits = Wire::saying(unannounced(object(40))).await;
    assert_eq!(revoke(&small, &fits.tenant()).await, Ok(RevokeAnswer::Unclear { status: 200 }));

    let announced = Wire::answering("200 OK", "", &object(41)).await;
    let unannounced = Wire::saying(unannounced(object(41))).await;
    let huge = Wire::saying("HTTP/1.1 401 No\r\nContent-Length: 1000000000000000\r\n\r\n{}").await;
    for wire in [announced, unannounced, huge] {
        let failure = revoke(&small, &wire.tenant()).await.unwrap_err();
        assert!(
            matches!(&failure, CallFailure::Unintelligible { detail, .. } if detail == "it is too large")
        );
    }
    // The header announces two bytes; only these are read, though the body goes on.
    let lying =
        Wire::saying(format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{{}}{}", "x".repeat(1000))).await;
    assert_eq!(revoke(&small, &lying.tenant()).await, Ok(RevokeAnswer::Unclear { status: 200 }));
}

#[tokio::test]
async fn compressed_answers_are_not_unpacked() {
    let wire = Wire::saying(
        [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"[..], b"\x1f\x8b\x08\x00"]
            .concat(),
    )
    .await;
    let failure = revoke(&client(), &wire.tenant()).await.unwrap_err();
    assert!(matches!(failure, CallFailure::Unintelligible { status: 200, .. }), "{failure:?}");
}

#[tokio::test]
async fn a_closed_port_or_an_unknown_host_is_unreachable() {
    // No test gets this port: the system hands out far higher ones.
    let free = "127.0.0.1:9";
    for api in
        [format!("http://{free}/v0/"), format!("https://{free}/"), "https://api.userfront.invalid/v0/".into()]
    {
        let failure = revoke(&client(), &tenant(&api)).await.unwrap_err();
        assert!(
            matches!(&failure, CallFailure::Unreachable { .. } | CallFailure::TimedOut),
            "{api}: {failure:?}"
        );
        let printed = format!("{failure:?} {failure}");
        assert!(!printed.contains("http://") && !printed.contains("https://"), "{printed}");
    }
}

#[tokio::test]
async fn a_tls_fault_is_not_an_answer() {
    let plain = Wire::saying(response("200 OK", "", "{}")).await;
    let api = plain.url("/v0/").replace("http://", "https://");
    let failure = revoke(&client(), &tenant(&api)).await.unwrap_err();
    assert!(matches!(failure, CallFailure::Unreachable { .. }), "{failure:?}");
    assert!(plain.requests().iter().all(|request| !request.contains("canary")));
}

/// Hangs up on the first `broken` requests, and answers the others.
async fn answering_after(broken: usize) -> Wire {
    let seen = Arc::new(AtomicUsize::new(0));
    Wire::with(move |mut stream| {
        let is_broken = seen.fetch_add(1, Ordering::SeqCst) < broken;
        async move {
            if !is_broken {
                stream.write_all(response("200 OK", "", r#"{"message":"OK"}"#).as_bytes()).await.unwrap();
            }
            stream.shutdown().await.unwrap();
        }
    })
    .await
}

#[tokio::test]
async fn a_log_out_whose_connection_broke_is_tried_once_more_at_once() {
    let wire = answering_after(1).await;
    assert!(matches!(revoke(&client(), &wire.tenant()).await, Ok(RevokeAnswer::Revoked { .. })));
    assert_eq!(wire.requests().len(), 2);

    let wire = answering_after(9).await;
    assert!(matches!(revoke(&client(), &wire.tenant()).await, Err(CallFailure::BrokeOff { .. })));
    assert_eq!(wire.requests().len(), 2, "once");

    // A refresh token may be valid only once.
    let wire = answering_after(1).await;
    let broken = client().refresh(&wire.tenant(), &RefreshToken::new(CANARY)).await;
    assert!(broken.is_err());
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn a_byte_order_mark_before_the_answer_is_skipped() {
    let wire = Wire::answering("200 OK", "", "\u{feff}{\"message\":\"OK\"}").await;
    assert!(matches!(revoke(&client(), &wire.tenant()).await, Ok(RevokeAnswer::Revoked { .. })));
}
