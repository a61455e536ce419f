//! A Userfront tenant: its ID, API and domain.
//!
//! All values come from outside (typed, from the environment, from a server), so each type can only hold a
//! checked one. Whether the tenant exists, only the server knows.

use crate::model::malformed::Malformed;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::api_base::ApiBase;

fn is_plain_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Checked text: `Display`, `FromStr` and serde as a string.
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
    /// The ID of a session at the server: 1 to 256 characters; its form is not documented.
    SessionId,
    Malformed::SessionId,
    |text| (1..=256).contains(&text.len())
);
checked_text!(
    /// The host name (with an optional port) of a tenant's site; it enables live mode.
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

impl Domain {
    /// The origin of the site, `https://app.example.com`, in lower case.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("https://{}", self.0.to_ascii_lowercase())
    }
}

/// Userfront's two modes. The server decides by the origin and the token. A new variant raises
/// [`VERSION`](crate::model::registry::VERSION).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A domain on the tenant's live list, over https.
    Live,
    /// Any other origin; no mail and no SMS are sent.
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

/// A tenant as the user named it: ID, API and domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its ID.
    pub id: TenantId,
    /// Its API.
    pub api: ApiBase,
    /// Its domain, if the user named one: sent as the origin with every call, log-out included.
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
    fn a_domain_is_a_host_name() {
        for good in ["app.example.com", "example.com:8443", "EXAMPLE.com"] {
            good.parse::<Domain>().unwrap();
        }
        let typed: Domain = "App.EXAMPLE.com:8443".parse().unwrap();
        assert_eq!(typed.origin(), "https://app.example.com:8443");
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
