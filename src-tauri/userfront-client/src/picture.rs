//! Fetches users' pictures, so that the webview contacts no foreign host.
//!
//! The address comes from a server and is not trusted: https (or, for a tenant on this machine, a loopback
//! address), no redirect, 512 KiB, and only bytes that begin like a PNG, JPEG, GIF or WebP. No SVG, which is
//! a program. The request carries no credential and no tenant's origin.

use std::net::Ipv4Addr;

use accounts::model::api_base::is_loopback;
use accounts::model::tenant::Tenant;
use accounts::ports::CallFailure;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request};
use url::{Host, Url};

use crate::transport::{Broken, UserfrontClient, body};

/// In bytes.
const LARGEST: usize = 512 * 1024;

/// A picture as it was served, with the type that its first bytes show.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, whatever the server called it.
    pub mime: &'static str,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.mime, self.bytes.len())
    }
}

/// Why there is no picture. No variant quotes the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The address is not allowed: another scheme, a password in it, or a loopback address from a tenant
    /// elsewhere.
    #[error("The picture's address is not one that is asked.")]
    AddressRefused,
    /// No connection, or it broke off.
    #[error("The picture's server cannot be reached.")]
    Unreachable {
        /// The transport's message.
        detail: String,
    },
    /// Not whole within the overall limit.
    #[error("The picture did not come in time.")]
    TimedOut,
    /// Any status but 200; redirects are not followed.
    #[error("The picture's server refused (HTTP {status}).")]
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// Over 512 KiB.
    #[error("The picture is too large.")]
    TooLarge,
    /// Neither PNG, JPEG, GIF nor WebP.
    #[error("This is not a picture of a kind that is shown.")]
    NotAPicture,
}

impl From<Broken> for PictureError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unreachable(detail) | Broken::BrokeOff(detail) => Self::Unreachable { detail },
            Broken::NoCertificates => Self::Unreachable { detail: CallFailure::NoCertificates.to_string() },
            Broken::TimedOut => Self::TimedOut,
            Broken::TooLarge => Self::TooLarge,
        }
    }
}

impl PictureError {
    /// Whether the same picture may be had later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::TimedOut | Self::Refused { status: 408 | 429 | 500.. }
        )
    }
}

impl UserfrontClient {
    /// Fetches a user's picture from `url`, as `tenant`'s API gave it. A loopback address is allowed only
    /// when the tenant itself is on loopback: a foreign server must not point this program at services on
    /// this machine.
    ///
    /// # Errors
    /// [`PictureError`]; the window then shows initials.
    pub async fn fetch_picture(&self, tenant: &Tenant, url: &str) -> Result<Picture, PictureError> {
        let url = address(url, tenant.api.is_loopback()).ok_or(PictureError::AddressRefused)?;
        let mut request = Request::new(Method::GET, url);
        let accept = HeaderValue::from_static("image/png, image/jpeg, image/gif, image/webp");
        request.headers_mut().insert(ACCEPT, accept);
        let mut response = self.send(request).await?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(PictureError::Refused { status });
        }
        let bytes = body(&mut response, LARGEST.min(self.body_limit())).await?.to_vec();
        let mime = mime(&bytes).ok_or(PictureError::NotAPicture)?;
        Ok(Picture { bytes, mime })
    }
}

fn address(text: &str, near: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme = match url.scheme() {
        "https" => near || !is_inside(&url),
        "http" => near && is_loopback(&url),
        _ => false,
    };
    (scheme && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// Whether an address plainly names this machine or its own network. (A name can still resolve to one of
/// these: the result is only shown as a picture, and no credential is sent.)
fn is_inside(url: &Url) -> bool {
    let v4 = |address: Ipv4Addr| {
        address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
    };
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => v4(address),
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.to_ipv4_mapped().is_some_and(v4)
        }
    }
}

fn mime(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_fetched_only_from_harmless_addresses() {
        let asked = |text: &str, near| address(text, near).is_some();
        assert!(asked("https://x.example/a.png?s=80#f", false) && asked("https://x.example/a.png", true));
        assert!(asked("http://127.0.0.1:9/a.png", true) && asked("https://[::1]/a.png", true));
        for never in [
            "",
            "a.png",
            "//x.example/a.png",
            "http://x.example/a.png",
            "http://localhost/a.png",
            "data:image/png;base64,AA==",
            "file:///etc/passwd",
            "https://u:p@x.example/a.png",
            "https://u@x.example/a.png",
            "javascript:alert(1)",
        ] {
            assert!(!asked(never, false) && !asked(never, true), "{never}");
        }
        for near in [
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://localhost:8443/",
            "https://a.localhost/",
            "https://[::ffff:127.0.0.1]/",
            "https://0.0.0.0/",
            "https://192.168.1.1/",
            "https://169.254.169.254/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
        ] {
            assert!(!asked(near, false), "{near}");
        }
    }

    #[test]
    fn the_picture_type_is_read_from_the_bytes() {
        assert_eq!(mime(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(mime(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(mime(b"GIF89a"), Some("image/gif"));
        assert_eq!(mime(b"GIF87a."), Some("image/gif"));
        assert_eq!(mime(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Some("image/webp"));
        for no in [
            &b""[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF88a",
            b"RIFF....WAVE",
            b"\x89PNG",
            b"BM",
        ] {
            assert_eq!(mime(no), None, "{no:?}");
        }
    }
}
