//! The query of a link. Strict where a lenient reader and a server could understand different things.

use crate::model::link::{LinkError, LinkKind, LinkToken, LinkUuid, consists_of, is_unfit};
use crate::model::tenant::TenantId;

/// Names that would say where the API is, without hyphens, underscores and case.
const HOST_NAMES: [&str; 11] = [
    "api",
    "apibase",
    "apibaseurl",
    "apihost",
    "apiorigin",
    "apiurl",
    "base",
    "baseurl",
    "endpoint",
    "host",
    "server",
];

/// The parameters that count, undecoded; others are ignored.
#[derive(Default)]
pub(crate) struct Parameters<'a> {
    token: Option<&'a str>,
    uuid: Option<&'a str>,
    kind: Option<&'a str>,
    tenant: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    pub(crate) fn read(query: &'a str) -> Result<Self, LinkError> {
        check_percents(query)?;
        let mut found = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if names_host(name) {
                return Err(LinkError::NamesHost);
            }
            let (name, place) = match name {
                "token" => ("token", &mut found.token),
                "uuid" => ("uuid", &mut found.uuid),
                "type" => ("type", &mut found.kind),
                "tenant_id" => ("tenant_id", &mut found.tenant),
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(LinkError::Twice(name));
            }
        }
        Ok(found)
    }

    // None of the four is decoded: their valid characters need no percent sequence, so none is allowed.

    pub(crate) fn token(&self) -> Result<LinkToken, LinkError> {
        let token = self.token.ok_or(LinkError::Missing("token"))?;
        if consists_of(token, 1024, is_unreserved) {
            Ok(LinkToken::new(token))
        } else {
            Err(LinkError::Malformed("token"))
        }
    }

    pub(crate) fn uuid(&self) -> Result<LinkUuid, LinkError> {
        self.uuid.ok_or(LinkError::Missing("uuid"))?.parse()
    }

    pub(crate) fn kind(&self) -> Result<LinkKind, LinkError> {
        self.kind.map_or(Ok(LinkKind::Unsaid), str::parse)
    }

    pub(crate) fn tenant(&self) -> Result<Option<TenantId>, LinkError> {
        self.tenant.map(str::parse).transpose().map_err(|_| LinkError::Malformed("tenant_id"))
    }
}

fn names_host(name: &str) -> bool {
    let bare: String =
        name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
    HOST_NAMES.contains(&bare.as_str())
}

/// Characters that need no encoding in a URL (RFC 3986, 2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Refuses a percent sequence that is broken, or stands for a character that needs none (`%2e`, `%74oken`), a
/// percent sign (double encoding), a forbidden character (`%00`), or none (overlong or cut UTF-8).
pub(crate) fn check_percents(text: &str) -> Result<(), LinkError> {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        rest = &rest[at..];
        // A character of several bytes is a run of sequences, and each run must be whole.
        let mut run = Vec::new();
        while let Some(after) = rest.strip_prefix('%') {
            let digits =
                after.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            let digits = digits.ok_or(LinkError::Characters)?;
            run.push(u8::from_str_radix(digits, 16).map_err(|_| LinkError::Characters)?);
            rest = &after[2..];
        }
        let is_trick =
            |c: char| c == '%' || u8::try_from(c).is_ok_and(is_unreserved) || c != ' ' && is_unfit(c);
        let hidden = std::str::from_utf8(&run).map_err(|_| LinkError::Characters)?;
        if hidden.chars().any(is_trick) {
            return Err(LinkError::Characters);
        }
    }
    Ok(())
}
