use crate::support::{Wire, client, hasty, header, response, tenant};
use tokio::io::AsyncWriteExt;
use userfront_client::PictureError;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn png(length: usize) -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes.resize(length, 0);
    bytes
}

fn with_head(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n").as_bytes(), body].concat()
}

#[tokio::test]
async fn a_picture_is_fetched_without_any_credential() {
    let wire = Wire::saying(with_head("Content-Type: text/html\r\n", PNG)).await;
    let mut tenant = wire.tenant();
    tenant.domain = Some("app.example.com".parse().unwrap());
    let picture = client().fetch_picture(&tenant, &wire.url("/me.png?s=80")).await.unwrap();
    assert_eq!((picture.mime, picture.bytes.as_slice()), ("image/png", PNG));
    let request = wire.only_request();
    assert!(request.starts_with("GET /me.png?s=80 HTTP/1.1\r\n"), "{request}");
    for never in
        ["authorization", "cookie", "origin", "x-origin", "x-application-id", "x-userfront-source", "referer"]
    {
        assert_eq!(header(&request, never), None, "{request}");
    }
}

#[tokio::test]
async fn a_picture_is_bounded_in_size() {
    const LARGEST: usize = 512 * 1024;
    let fits = Wire::saying(with_head("", &png(LARGEST))).await;
    let picture = client().fetch_picture(&fits.tenant(), &fits.url("/")).await.unwrap();
    assert_eq!(picture.bytes.len(), LARGEST);
    let announced = Wire::saying(with_head("Content-Length: 104857600\r\n", PNG)).await;
    let unannounced = Wire::with(|mut stream| async move {
        let mut block = with_head("", &png(64 * 1024));
        while stream.write_all(&block).await.is_ok() {
            block.fill(0);
        }
    })
    .await;
    for wire in [announced, unannounced] {
        let error = client().fetch_picture(&wire.tenant(), &wire.url("/")).await.unwrap_err();
        assert_eq!(error, PictureError::TooLarge);
    }
}

#[tokio::test]
async fn an_answer_other_than_a_picture_is_refused() {
    for body in ["<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", "<html></html>", ""] {
        let wire = Wire::answering("200 OK", "Content-Type: image/png\r\n", body).await;
        let error = client().fetch_picture(&wire.tenant(), &wire.url("/")).await.unwrap_err();
        assert_eq!(error, PictureError::NotAPicture, "{body}");
    }
    let elsewhere = Wire::saying(with_head("", PNG)).await;
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    for status in [302_u16, 307, 404, 500] {
        let wire = Wire::saying(response(&format!("{status} No"), &location, "")).await;
        let error = client().fetch_picture(&wire.tenant(), &wire.url("/")).await.unwrap_err();
        assert_eq!(error, PictureError::Refused { status });
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_foreign_tenant_cannot_name_a_picture_on_this_machine() {
    let wire = Wire::saying(with_head("", PNG)).await;
    let foreign = tenant("https://api.userfront.com/v0/");
    let error = client().fetch_picture(&foreign, &wire.url("/")).await.unwrap_err();
    assert_eq!(error, PictureError::AddressRefused);
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_picture_is_given_up_at_the_time_limit() {
    let wire = Wire::with(|mut stream| async move {
        let mut drops = with_head("", PNG);
        while stream.write_all(&drops).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            drops = vec![0];
        }
    })
    .await;
    let error = hasty().fetch_picture(&wire.tenant(), &wire.url("/")).await.unwrap_err();
    assert_eq!(error, PictureError::TimedOut);
}
