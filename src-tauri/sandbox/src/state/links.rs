//! Tokens that a browser carries: links by e-mail, returns from single sign-on, and SAML.
//!
//! Each serves once. Assumptions: a link by e-mail lives an hour; a return from single sign-on and a SAML
//! token live 5 minutes; a newer link leaves the older ones good; a `linkType` that says something has to be
//! the link's own; refusals are 400.

use crate::{factor::Factor, random, refusal::Refusal, state::codes::Subject};

/// The purpose of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LogIn,
    SignUp,
    Verify,
    Reset,
    SingleSignOn,
    Saml,
}

impl Kind {
    /// `type` in the link, and `linkType` in the call. A return from single sign-on has none.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LogIn => "login",
            Self::SingleSignOn => "",
            Self::SignUp => "welcome",
            Self::Verify => "verify",
            Self::Reset => "reset",
            Self::Saml => "saml",
        }
    }

    fn life_seconds(self) -> i64 {
        match self {
            Self::LogIn | Self::SignUp | Self::Verify | Self::Reset => 3_600,
            Self::SingleSignOn | Self::Saml => 300,
        }
    }
}

/// A link that was handed out. No `Debug`: it lets its reader in.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) token: String,
    /// The user's, or a new one for a user who signs up.
    pub(crate) uuid: String,
    pub(crate) tenant_id: String,
    pub(crate) kind: Kind,
    pub(crate) subject: Subject,
    /// The factor that its use counts as.
    pub(crate) factor: Factor,
}

impl Link {
    pub(crate) fn new(kind: Kind, tenant_id: &str, uuid: String, subject: Subject, factor: Factor) -> Self {
        Self { token: random::token(), uuid, tenant_id: tenant_id.to_owned(), kind, subject, factor }
    }
}

struct Entry {
    link: Link,
    expires_at: i64,
    is_used: bool,
}

/// Every link since the start or the last reset.
#[derive(Default)]
pub(crate) struct Links(Vec<Entry>);

/// A link as a call presents it.
#[derive(Clone, Copy)]
pub(crate) struct PresentedLink<'a> {
    pub(crate) tenant_id: &'a str,
    pub(crate) uuid: &'a str,
    pub(crate) token: &'a str,
}

impl Links {
    pub(crate) fn put(&mut self, link: Link, now: i64) {
        let expires_at = now.saturating_add(link.kind.life_seconds());
        self.0.push(Entry { link, expires_at, is_used: false });
    }

    /// Looks at a link that is good for one of `kinds`, without using it up.
    pub(crate) fn check(
        &self,
        presented: PresentedLink<'_>,
        kinds: &[Kind],
        now: i64,
    ) -> Result<&Link, Refusal> {
        // One text for every mismatch: it must not tell which part was wrong.
        let entry = self
            .0
            .iter()
            .find(|entry| entry.is(presented) && kinds.contains(&entry.link.kind))
            .ok_or_else(|| Refusal::bad_request("This link is not valid: ask for a new one"))?;
        if entry.is_used {
            return Err(Refusal::bad_request("This link has been used: ask for a new one"));
        }
        if now >= entry.expires_at {
            return Err(Refusal::bad_request("This link has expired: ask for a new one"));
        }
        Ok(&entry.link)
    }

    /// Uses up a link that was looked at.
    pub(crate) fn use_up(&mut self, token: &str) {
        for entry in self.0.iter_mut().filter(|entry| entry.link.token == token) {
            entry.is_used = true;
        }
    }
}

impl Entry {
    fn is(&self, presented: PresentedLink<'_>) -> bool {
        let Link { token, uuid, tenant_id, .. } = &self.link;
        token == presented.token && uuid == presented.uuid && tenant_id == presented.tenant_id
    }
}
