//! `Retry-After`: how long a server asks us to wait (RFC 9110, 10.2.3).

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

const LONGEST: Duration = Duration::from_hours(1);

/// The wait, at most one hour; `None` when no header is readable. A date is measured against the server's own
/// `Date`, because this machine's clock may be wrong, else against `now`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that overflows is a very long wait.
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(server_time(headers).unwrap_or(now)).unwrap_or_default().min(LONGEST))
}

pub(crate) fn server_time(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT
    const NOW: u64 = 784_111_777;

    fn read(after: &[u8], date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, reqwest::header::HeaderValue::from_bytes(after).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_seconds_are_bounded_to_an_hour() {
        assert_eq!(read(b"2", None), Some(2));
        assert_eq!(read(b" 0 ", None), Some(0));
        assert_eq!(read(b"3601", None), Some(3600));
        assert_eq!(read(b"99999999999999999999999999", None), Some(3600));
    }

    #[test]
    fn a_retry_after_date_is_measured_by_the_servers_clock() {
        assert_eq!(read(b"Sun, 06 Nov 1994 08:49:47 GMT", None), Some(10));
        assert_eq!(read(b"Sunday, 06-Nov-94 08:49:47 GMT", None), Some(10), "the form of RFC 850");
        let server = Some("Sun, 06 Nov 1994 08:49:40 GMT");
        assert_eq!(read(b"Sun, 06 Nov 1994 08:49:47 GMT", server), Some(7));
        assert_eq!(read(b"Sun, 06 Nov 1994 08:49:47 GMT", Some("gibberish")), Some(10));
        assert_eq!(read(b"Sun, 06 Nov 1994 08:00:00 GMT", server), Some(0), "passed already");
        assert_eq!(read(b"Sat, 06 Nov 2094 08:00:00 GMT", server), Some(3600));
    }

    #[test]
    fn an_unreadable_retry_after_is_none() {
        for bad in [&b""[..], b"-1", b"1.5", b"soon", b"\xff", b"1 2"] {
            assert_eq!(read(bad, None), None, "{bad:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
