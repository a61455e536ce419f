//! Which Userfront tenant, at which API, and on behalf of which site.
//!
//! Everything here comes from outside (typed, from the environment, from a server's answer), so each part is a
//! type that can only hold what was checked. Non-goal: knowing whether the tenant exists; the server says that.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The API base of Userfront itself (`userfront-api.md`, *Base*).
pub const USERFRONT_API: &str = "https://api.userfront.com/v0/";

/// Why text from outside is not what it should name. Each message says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not `[A-Za-z0-9-]{1,64}`.
    #[error("A tenant ID has 1 to 64 letters, digits or hyphens, like demo1234.")]
    TenantId,
    /// Not `[A-Za-z0-9-]{1,64}`.
    #[error("A user's UUID has 1 to 64 letters, digits or hyphens.")]
    UserUuid,
    /// No session can be named so.
    #[error("A session ID has 1 to 256 characters.")]
    SessionId,
    /// Not an absolute URL.
    #[error("The API URL is not a web address. It looks like {USERFRONT_API}")]
    ApiUrl,
    /// `http` to a host that is not loopback, or another scheme.
    #[error("The API URL must begin with https:// (plain http:// only for 127.0.0.1 or [::1]).")]
    ApiScheme,
    /// A user name, password, query or fragment in the URL.
    #[error("The API URL must not contain a user name, a password, a ? or a #.")]
    ApiExtras,
    /// Not a host name with an optional port.
    #[error("The domain is a host name such as app.example.com, without https:// and without a path.")]
    Domain,
    /// Not `{tenantId}:{userUuid}@{mode}.{api host}`.
    #[error("This is not an account ID.")]
    AccountId,
    /// Neither `live` nor `test`.
    #[error("The mode is live or test.")]
    Mode,
}

fn is_plain_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Text that was checked once and stays text: `Display`, `FromStr` and serde as a string.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $malformed:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text, as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err($malformed) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }
    };
}

checked_text!(
    /// The ID of a tenant, `[A-Za-z0-9-]{1,64}`; Userfront's own have 8 alphanumeric characters.
    TenantId,
    Malformed::TenantId,
    is_plain_id
);
checked_text!(
    /// The UUID of a user, `[A-Za-z0-9-]{1,64}`.
    UserUuid,
    Malformed::UserUuid,
    is_plain_id
);
checked_text!(
    /// What names a session at the server: 1 to 256 characters, nothing more is known of its form.
    SessionId,
    Malformed::SessionId,
    |text| (1..=256).contains(&text.len())
);
checked_text!(
    /// The host name (with an optional port) of the site that a tenant belongs to; it makes live mode live.
    Domain,
    Malformed::Domain,
    |text| {
        Url::parse(&format!("https://{text}/")).is_ok_and(|url| {
            let authority = match url.port() {
                Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
                None => url.host_str().unwrap_or_default().to_owned(),
            };
            authority.eq_ignore_ascii_case(text)
        })
    }
);

/// Userfront's two modes. It follows from the origin and the token, so the server says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A domain on the tenant's live list, over https.
    Live,
    /// Everything else; no mail and no SMS are sent.
    Test,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "live",
            Self::Test => "test",
        })
    }
}

impl FromStr for Mode {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "live" => Ok(Self::Live),
            "test" => Ok(Self::Test),
            _ => Err(Malformed::Mode),
        }
    }
}

/// The base URL of an API: `https`, or `http` on loopback; ends in one slash; no credentials, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiBase(Url);

impl ApiBase {
    /// Userfront's own.
    #[must_use]
    #[expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a constant, parsed by a test")]
    pub fn userfront() -> Self {
        USERFRONT_API.parse().unwrap()
    }

    /// The URL of a call, e.g. `self` or `tenants/demo1234/mode`; `path` is relative and made of checked parts.
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

    /// `host[:port]`, the part of an [`AccountId`](crate::AccountId) that tells servers apart. Over plain http the
    /// port is always there, so that it differs from https on the same host.
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

/// A tenant as the user named it: where its API is, its ID, and the site it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its ID.
    pub id: TenantId,
    /// Where its API is.
    pub api: ApiBase,
    /// Its site, if the user named one: sent as the origin with every call, log-out included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_from_outside_are_believed_only_in_their_form() {
        for good in ["demo1234", "a", "A-9", &"x".repeat(64)] {
            assert_eq!(good.parse::<TenantId>().unwrap().as_str(), good);
        }
        for bad in ["", "a/b", "a b", "..", "demo1234\n", "å", "a:b", "a@b", "a%2f", &"x".repeat(65)] {
            assert_eq!(bad.parse::<TenantId>(), Err(Malformed::TenantId), "{bad:?}");
            assert_eq!(bad.parse::<UserUuid>(), Err(Malformed::UserUuid), "{bad:?}");
        }
    }

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
    fn hosts_tell_servers_apart() {
        let host = |text: &str| text.parse::<ApiBase>().unwrap().host();
        assert_eq!(host("https://api.userfront.com/v0/"), "api.userfront.com");
        assert_eq!(host("https://x.example:8443/v0/"), "x.example:8443");
        assert_eq!(host("http://127.0.0.1/v0/"), "127.0.0.1:80");
        assert_ne!(host("http://127.0.0.1/v0/"), host("https://127.0.0.1/v0/"));
        assert_eq!(host("http://[::1]:7/v0/"), "[::1]:7");
    }

    #[test]
    fn a_call_stays_below_the_base() {
        let base = ApiBase::userfront();
        assert_eq!(base.call("auth/logout").unwrap().as_str(), "https://api.userfront.com/v0/auth/logout");
        for bad in ["//evil.example/", "/v1/self", "../v1/self", "https://evil.example/v0/"] {
            assert_eq!(base.call(bad), Err(Malformed::ApiUrl), "{bad}");
        }
    }

    #[test]
    fn a_domain_is_a_host_name() {
        for good in ["app.example.com", "example.com:8443", "EXAMPLE.com"] {
            good.parse::<Domain>().unwrap();
        }
        for bad in [
            "",
            "https://a.example",
            "a.example/",
            "u@a.example",
            "a example",
            "a.example?x",
            "a.example\r\nX: y",
        ] {
            assert_eq!(bad.parse::<Domain>(), Err(Malformed::Domain), "{bad:?}");
        }
    }
}
