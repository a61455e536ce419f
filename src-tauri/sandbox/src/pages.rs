//! The few pages that a browser opens. They work without scripts, and load nothing.

use axum::http::StatusCode;

use crate::{refusal::Refusal, wire::Response};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;\
    color-scheme:light dark}li{margin:.5rem 0}small{opacity:.7}";

/// A page; `body` is HTML, `title` is text.
pub(crate) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body><h1>{title}</h1>\n{body}\n\
         <p><small>Userfront sandbox, on this machine</small></p></body></html>\n"
    );
    Response::page(status, html)
}

/// A refusal as a page, with the refusal's own status.
pub(crate) fn refused(refusal: Refusal) -> Response {
    let body = format!("<p id=\"error\">{}</p>", escape(refusal.message()));
    page(Response::from(refusal).status, "This did not work", &body)
}

/// Text as it can stand in HTML, also between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let shown = page(StatusCode::OK, "<script>\"'&", "").bytes();
        assert!(shown.contains("<title>&lt;script&gt;&quot;&#39;&amp;</title>"), "{shown}");
        assert!(!shown.contains("<script>"));
    }
}
