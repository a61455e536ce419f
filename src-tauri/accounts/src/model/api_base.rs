//! The address of an API: `https`, or `http` on a literal loopback address.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::model::malformed::Malformed;

/// The API base of Userfront itself (`userfront-api.md`, *Base*).
pub const USERFRONT_API: &str = "https://api.userfront.com/v0/";

/// An API's base URL, `https` or `http` on loopback; one slash at the end; no credentials, query, fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiBase(Url);

impl ApiBase {
    /// Userfront's own API base.
    #[must_use]
    #[expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a constant, parsed by a test")]
    pub fn userfront() -> Self {
        USERFRONT_API.parse().unwrap()
    }

    /// The URL of a call, e.g. `self` or `tenants/demo1234/mode`.
    ///
    /// # Errors
    /// [`Malformed::ApiUrl`] when the path does not stay below the base.
    pub fn call(&self, path: &str) -> Result<Url, Malformed> {
        let url = self.0.join(path).map_err(|_| Malformed::ApiUrl)?;
        let below = url.origin() == self.0.origin() && url.path().starts_with(self.0.path());
        if below { Ok(url) } else { Err(Malformed::ApiUrl) }
    }

    /// Whether this is Userfront's own API. Any other host is shown beside the password field.
    #[must_use]
    pub fn is_userfront(&self) -> bool {
        self.as_str() == USERFRONT_API
    }

    /// `127.0.0.0/8` or `[::1]`, literally: never a name that could resolve elsewhere. Goes past any proxy.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// `host[:port]`, the part of an [`AccountId`](crate::model::account::AccountId) that tells servers
    /// apart. Over plain http the port is always there, so that it differs from https on the same host.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let port = if self.0.scheme() == "http" { self.0.port_or_known_default() } else { self.0.port() };
        port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Whether a URL names this machine by a loopback address (not by a name).
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        Some(Host::Domain(_)) | None => false,
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApiBase {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let mut url = Url::parse(text.trim()).map_err(|_| Malformed::ApiUrl)?;
        if url.host().is_none() {
            return Err(Malformed::ApiUrl);
        }
        if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
            return Err(Malformed::ApiScheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Malformed::ApiExtras);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Malformed::ApiExtras);
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl TryFrom<String> for ApiBase {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<ApiBase> for String {
    fn from(base: ApiBase) -> Self {
        base.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_base_ends_in_one_slash() {
        for text in [
            "https://api.userfront.com/v0",
            "https://api.userfront.com/v0/",
            " https://API.userfront.com/v0// ",
        ] {
            assert_eq!(text.parse::<ApiBase>().unwrap(), ApiBase::userfront(), "{text}");
        }
        assert!(ApiBase::userfront().is_userfront());
    }

    #[test]
    fn plain_http_is_for_loopback_addresses_only() {
        for good in [
            "http://127.0.0.1:80/v0/",
            "http://127.9.8.7:1234/v0/",
            "http://[::1]:99/v0/",
            "https://x.example/",
        ] {
            good.parse::<ApiBase>().unwrap();
        }
        for bad in [
            "http://localhost:80/",
            "http://api.userfront.com/",
            "http://10.0.0.1/",
            "http://[::2]/",
            "ftp://x/",
        ] {
            assert_eq!(bad.parse::<ApiBase>(), Err(Malformed::ApiScheme), "{bad}");
        }
        for bad in
            ["https://u@x.example/", "https://u:p@x.example/", "https://x.example/?a", "https://x.example/#a"]
        {
            assert_eq!(bad.parse::<ApiBase>(), Err(Malformed::ApiExtras), "{bad}");
        }
        for bad in ["", "api.userfront.com", "https://", "data:,x"] {
            assert!(bad.parse::<ApiBase>().is_err(), "{bad}");
        }
    }

    #[test]
    fn servers_are_told_apart_by_their_hosts() {
        let host = |text: &str| text.parse::<ApiBase>().unwrap().host();
        assert_eq!(host("https://api.userfront.com/v0/"), "api.userfront.com");
        assert_eq!(host("https://x.example:8443/v0/"), "x.example:8443");
        assert_eq!(host("http://127.0.0.1/v0/"), "127.0.0.1:80");
        assert_ne!(host("http://127.0.0.1/v0/"), host("https://127.0.0.1/v0/"));
        assert_eq!(host("http://[::1]:7/v0/"), "[::1]:7");
    }

    #[test]
    fn a_call_url_stays_below_the_api_base() {
        let base = ApiBase::userfront();
        assert_eq!(base.call("auth/logout").unwrap().as_str(), "https://api.userfront.com/v0/auth/logout");
        for bad in ["//evil.example/", "/v1/self", "../v1/self", "https://evil.example/v0/"] {
            assert_eq!(base.call(bad), Err(Malformed::ApiUrl), "{bad}");
        }
    }
}
