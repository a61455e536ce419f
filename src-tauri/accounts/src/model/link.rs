//! A link that logs in: from an e-mail, or from single sign-on.
//!
//! **Its life.** We ask the server for one and note that in memory ([`AskedFor`]). The link reaches us as
//! pasted text, by our own scheme, or from a browser that comes back to this machine; any other program can
//! use these ways as well. [`Link::parse`] checks only its form; [`verdict`] decides whether it is taken,
//! asked about or refused. Then token and UUID go to the server, once, and are dropped. A link is never
//! stored.
//!
//! **The rules.** `http(s)://host…?…`, or `userfront-accounts:login?…` with none, two or three slashes; at
//! most 4,096 bytes, checked first. No invisible or misleading character, no `user@`. Only the query counts,
//! never the fragment: `token` and `uuid` once each, `type` and `tenant_id` at most once. An empty `type`
//! counts as absent. Of the path one word counts: without a `type`, a link to `…/reset` is for a new
//! password. A percent sequence may not stand for a letter, a digit, another percent sign, a control
//! character, or half a character.
//!
//! A link is never followed, and never says where the API is. The API's host is the user's choice alone; a
//! link that names one is refused, since it is an attack.

mod error;
mod parameters;
#[cfg(test)]
mod tests;
mod verdict;

use crate::model::text::is_invisible;
use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::model::api_base::is_loopback;
use crate::model::pasted;
use crate::model::tenant::TenantId;
pub use crate::model::token::LinkToken;

pub use error::LinkError;
pub use verdict::{AskedFor, FRESH_FOR, Reason, Refusal, Verdict, purpose, verdict};

use parameters::Parameters;

/// The longest link, in bytes: twice the known limits of e-mail programs and browsers.
pub const LONGEST: usize = 4096;

/// The scheme of links to this app, without its colon.
pub const SCHEME: &str = "userfront-accounts";

/// The limit in DNS, in characters.
const LONGEST_HOST: usize = 253;

/// The `uuid` of a link, `[A-Za-z0-9-]{1,64}`. An identifier, not a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LinkUuid(String);

impl LinkUuid {
    /// The text as in the link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LinkUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LinkUuid {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let fits = consists_of(text, 64, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(LinkError::Malformed("uuid")) }
    }
}

/// The purpose of a link: its `type`; without one, `reset` at the end of its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `login`.
    LogIn,
    /// `welcome`: for a user who has signed up.
    SignUp,
    /// `verify`: for a user who changes the e-mail address.
    Verify,
    /// `reset`.
    Reset,
    /// `invite`: for a user who has no password yet.
    Invite,
    /// An unknown type, `[A-Za-z0-9_-]{1,32}`.
    Other(String),
    /// Not stated, as in the return from single sign-on.
    Unsaid,
}

impl LinkKind {
    /// The `linkType` to send to the server, if the link has one.
    #[must_use]
    pub fn as_type(&self) -> Option<&str> {
        match self {
            Self::LogIn => Some("login"),
            Self::SignUp => Some("welcome"),
            Self::Verify => Some("verify"),
            Self::Reset => Some("reset"),
            Self::Invite => Some("invite"),
            Self::Other(said) => Some(said),
            Self::Unsaid => None,
        }
    }

    /// Whether it leads to a new password, and not straight to a log-in.
    #[must_use]
    pub fn is_for_new_password(&self) -> bool {
        matches!(self, Self::Reset | Self::Invite)
    }
}

impl FromStr for LinkKind {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        Ok(match text {
            "" => Self::Unsaid,
            "login" => Self::LogIn,
            "welcome" => Self::SignUp,
            "verify" => Self::Verify,
            "reset" => Self::Reset,
            "invite" => Self::Invite,
            other if consists_of(other, 32, |byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) => {
                Self::Other(other.to_owned())
            }
            _ => return Err(LinkError::Malformed("type")),
        })
    }
}

/// The address of a link. It is never opened; it only shows the site that the link claims to be from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// `userfront-accounts:`.
    OurScheme,
    /// A web page.
    Web {
        /// `host[:port]` in ASCII (`xn--…` for other scripts), without the scheme's default port.
        host: String,
        /// Whether the scheme is `https`.
        is_secure: bool,
        /// Whether it is a loopback address, or `localhost` or a name below it.
        is_loopback: bool,
    },
}

/// A well-formed link. Whether it was asked for, [`verdict`] decides.
#[derive(Debug, Clone)]
pub struct Link {
    /// The secret, `[A-Za-z0-9._~-]{1,1024}`.
    pub token: LinkToken,
    /// The UUID that belongs to the secret.
    pub uuid: LinkUuid,
    /// The purpose.
    pub kind: LinkKind,
    /// The tenant, if the link names one.
    pub tenant: Option<TenantId>,
    /// The link's address.
    pub from: Origin,
}

impl Link {
    /// Reads pasted text: a link, with white space, brackets or quotes around it, or after words.
    ///
    /// # Errors
    /// [`LinkError`]: the first fault found.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LinkError::Empty);
        }
        if text.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let text = pasted::link(text);
        let (scheme, rest) = split_scheme(text)?;
        if text.chars().any(is_unfit) {
            return Err(LinkError::Characters);
        }
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        // The query never becomes a `Url`: the secret is copied once, into a type that wipes it.
        let from = scheme.origin(place)?;
        parameters::check_percents(place)?;
        let given = Parameters::read(query)?;
        Ok(Self {
            uuid: given.uuid()?,
            kind: match given.kind()? {
                LinkKind::Unsaid if leads_to_reset(place) => LinkKind::Reset,
                said => said,
            },
            tenant: given.tenant()?,
            token: given.token()?,
            from,
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Scheme {
    Ours,
    Http,
    Https,
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), LinkError> {
    let (scheme, rest) = text.split_once(':').ok_or(LinkError::NotALink)?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    match scheme.to_ascii_lowercase().as_str() {
        SCHEME => Ok((Scheme::Ours, rest)),
        "http" => Ok((Scheme::Http, rest)),
        "https" => Ok((Scheme::Https, rest)),
        _ if is_scheme => Err(LinkError::Scheme),
        _ => Err(LinkError::NotALink),
    }
}

impl Scheme {
    fn origin(self, place: &str) -> Result<Origin, LinkError> {
        let (name, is_secure) = match self {
            Self::Ours => return ours(place),
            Self::Http => ("http", false),
            Self::Https => ("https", true),
        };
        let after = place.strip_prefix("//").ok_or(LinkError::NotALink)?;
        let authority = after.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(LinkError::Credentials);
        }
        if authority.is_empty() || authority.contains('%') {
            return Err(LinkError::NotALink);
        }
        let url = Url::parse(&format!("{name}://{authority}/")).map_err(|_| LinkError::NotALink)?;
        let host = url.host_str().filter(|host| host.len() <= LONGEST_HOST).ok_or(LinkError::NotALink)?;
        Ok(Origin::Web {
            is_loopback: is_loopback(&url) || host == "localhost" || host.ends_with(".localhost"),
            is_secure,
            host: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        })
    }
}

/// `login`, `//login` or `///login`; some systems add a slash at the end when they pass a link on.
fn ours(place: &str) -> Result<Origin, LinkError> {
    let bare = ["///", "//"].iter().find_map(|slashes| place.strip_prefix(slashes)).unwrap_or(place);
    if bare.contains('@') {
        return Err(LinkError::Credentials);
    }
    match bare.strip_suffix('/').unwrap_or(bare) {
        "login" => Ok(Origin::OurScheme),
        _ => Err(LinkError::NotALink),
    }
}

/// Whether the path ends in `reset`: in the official client's tests a link for a new password has no `type`.
fn leads_to_reset(place: &str) -> bool {
    let path = place.strip_prefix("//").and_then(|after| after.split_once('/')).map_or("", |(_, path)| path);
    path.strip_suffix('/').unwrap_or(path).rsplit('/').next() == Some("reset")
}

fn consists_of(text: &str, longest: usize, of: impl Fn(u8) -> bool) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(of)
}

/// Invisible and direction characters, and those that programs read in two ways. No honest link has them.
fn is_unfit(c: char) -> bool {
    c.is_control() || c.is_whitespace() || is_invisible(c) || matches!(c, '\\' | '<' | '>' | '"')
}
