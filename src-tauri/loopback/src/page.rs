//! The pages that the browser gets: plain HTML, no script, nothing to load, and nothing of the request in
//! them.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
];

#[derive(Debug)]
pub(crate) struct Page {
    status: StatusCode,
    heading: &'static str,
    text: &'static str,
    location: Option<HeaderValue>,
}

impl Page {
    pub(crate) fn new(status: StatusCode, heading: &'static str, text: &'static str) -> Self {
        Self { status, heading, text, location: None }
    }

    /// 303: the browser sends a new GET. The address is in the header only.
    pub(crate) fn go_to(location: HeaderValue) -> Self {
        let page = Self::new(StatusCode::SEE_OTHER, "One moment", "The browser goes on by itself.");
        Self { location: Some(location), ..page }
    }

    pub(crate) fn goes_on(&self) -> bool {
        self.location.is_some()
    }

    pub(crate) fn into_response(self) -> Response<Full<Bytes>> {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{heading}</title>\n\
             <style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;\
             max-width:32rem;margin:20vh auto;padding:0 1rem}}</style>\n<h1>{heading}</h1>\n<p>{text}</p>\n</html>\n",
            heading = self.heading,
            text = self.text,
        );
        let mut response = Response::new(Full::new(Bytes::from(html)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(ALLOW, HeaderValue::from_static("GET"));
        }
        if let Some(location) = self.location {
            headers.insert(LOCATION, location);
        }
        response
    }
}

pub(crate) fn done() -> Page {
    let text = "You can close this window and go back to Userfront Accounts.";
    Page::new(StatusCode::OK, "You can close this window", text)
}

pub(crate) fn not_completed(status: StatusCode) -> Page {
    let text =
        "The log-in was not completed. Close this window, go back to Userfront Accounts, and try again.";
    Page::new(status, "Not logged in", text)
}

pub(crate) fn used() -> Page {
    let text = "This address works once, and has been used. Go back to Userfront Accounts.";
    Page::new(StatusCode::GONE, "Already used", text)
}

pub(crate) fn refusal(status: StatusCode) -> Page {
    Page::new(status, "Nothing here", "There is nothing at this address.")
}
