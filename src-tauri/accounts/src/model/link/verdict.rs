//! Decides whether a link is taken, asked about, or refused. A pure function.
//!
//! Taken: within 15 minutes after one was asked for, for the chosen tenant, and from an expected site. A link
//! for another tenant than the chosen one is refused. Any other is asked about, with every reason.

use crate::model::link::{Link, LinkKind, Origin};
use crate::model::tenant::Tenant;
use crate::model::timestamp::Timestamp;

/// How long a link is taken without a question after one was asked for: 15 minutes, in seconds.
pub const FRESH_FOR: i64 = 15 * 60;

/// A request for a link. Kept in memory only, so that after a restart every link is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFor {
    /// The tenant.
    pub tenant: Tenant,
    /// The address; empty for single sign-on. Names the account in a question, decides nothing.
    pub email: String,
    /// The purpose. [`LinkKind::Unsaid`] (single sign-on) matches any kind but those for a new password.
    pub purpose: LinkKind,
    /// The time of the request.
    pub at: Timestamp,
}

/// The decision on a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The link was asked for.
    Take,
    /// Ask the user first, naming account and host. At least one reason, each once.
    Ask(Vec<Reason>),
    /// Do not use it, even if the user agrees.
    Refuse(Refusal),
}

/// Why the user is asked about a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No link was asked for at the chosen tenant, or only one for another purpose.
    NotAskedFor,
    /// The request is older than [`FRESH_FOR`], or the clock has been set back since.
    AskedLongAgo,
    /// The link's site is neither the tenant's, nor its API, nor this machine.
    OtherSite {
        /// `host[:port]`, in ASCII.
        host: String,
    },
}

/// Why a link is not used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It names another tenant than the chosen one.
    #[error(
        "This link is for another tenant than the chosen one. Choose that tenant first, and ask for a link \
         there."
    )]
    OtherTenant,
}

/// Decides on a link, given the chosen tenant and the last request.
#[must_use]
pub fn verdict(link: &Link, chosen: Option<&Tenant>, asked: Option<&AskedFor>, now: Timestamp) -> Verdict {
    if let (Some(named), Some(chosen)) = (&link.tenant, chosen)
        && *named != chosen.id
    {
        return Verdict::Refuse(Refusal::OtherTenant);
    }
    let asked = asked.filter(|asked| chosen.is_some_and(|chosen| is_same(chosen, &asked.tenant)));
    let mut reasons = Vec::new();
    match asked.filter(|asked| answers(&link.kind, &asked.purpose)) {
        None => reasons.push(Reason::NotAskedFor),
        Some(asked) if !(0..=FRESH_FOR).contains(&now.0.saturating_sub(asked.at.0)) => {
            reasons.push(Reason::AskedLongAgo);
        }
        Some(_) => {}
    }
    if let Some(host) = foreign_host(&link.from, chosen) {
        reasons.push(Reason::OtherSite { host: host.to_owned() });
    }
    if reasons.is_empty() { Verdict::Take } else { Verdict::Ask(reasons) }
}

/// The purpose of a link at this tenant. If the link states none, it is for a new password if that was
/// requested last (an assumption, and only here).
#[must_use]
pub fn purpose(link: &Link, tenant: &Tenant, asked: Option<&AskedFor>) -> LinkKind {
    let is_for_reset = |asked: &AskedFor| asked.purpose == LinkKind::Reset && is_same(tenant, &asked.tenant);
    if link.kind == LinkKind::Unsaid && asked.is_some_and(is_for_reset) {
        return LinkKind::Reset;
    }
    link.kind.clone()
}

/// The same ID at another API is another tenant; the domain does not matter here.
fn is_same(one: &Tenant, other: &Tenant) -> bool {
    one.id == other.id && one.api == other.api
}

/// Log-in and sign-up end in the same call, and the server may not distinguish them in its links. A new
/// password is different. An invitation is never asked for.
fn answers(kind: &LinkKind, purpose: &LinkKind) -> bool {
    use LinkKind::{Invite, LogIn, Reset, SignUp, Unsaid};
    match (kind, purpose) {
        (Invite, _) | (Reset, Unsaid) => false,
        (Unsaid, _) | (_, Unsaid) | (LogIn | SignUp, LogIn | SignUp) => true,
        (kind, purpose) => kind == purpose,
    }
}

fn foreign_host<'a>(from: &'a Origin, chosen: Option<&Tenant>) -> Option<&'a str> {
    let Origin::Web { host, is_secure, is_loopback: false } = from else {
        return None;
    };
    let is_tenants = chosen.is_some_and(|tenant| {
        let is_site = tenant.domain.as_ref().is_some_and(|site| site.as_str().eq_ignore_ascii_case(host));
        // Over plain http the API's host always has its port.
        is_site || tenant.api.host() == *host || !is_secure && tenant.api.host() == format!("{host}:80")
    });
    (!is_tenants).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(domain: Option<&str>, api: &str) -> Tenant {
        Tenant {
            id: "demo1234".parse().unwrap(),
            api: api.parse().unwrap(),
            domain: domain.map(|domain| domain.parse().unwrap()),
        }
    }

    const API: &str = "https://api.userfront.com/v0/";

    fn link(before: &str, more: &str) -> Link {
        Link::parse(&format!("{before}?token=t&uuid=u{more}")).unwrap()
    }

    fn asked(purpose: LinkKind) -> AskedFor {
        AskedFor {
            tenant: tenant(Some("App.example.com"), API),
            email: "mira@example.com".to_owned(),
            purpose,
            at: Timestamp(10_000),
        }
    }

    #[test]
    fn a_requested_link_is_taken_from_each_expected_origin() {
        let chosen = tenant(Some("App.example.com"), API);
        for before in [
            "userfront-accounts:login",
            "https://app.example.com/login",
            "https://api.userfront.com/v0/x",
            "http://127.0.0.1:9/x",
            "http://[::1]/x",
            "http://localhost:5173/login",
        ] {
            for seconds in [0, 1, FRESH_FOR] {
                let now = Timestamp(10_000 + seconds);
                let asked = asked(LinkKind::LogIn);
                assert_eq!(
                    verdict(&link(before, ""), Some(&chosen), Some(&asked), now),
                    Verdict::Take,
                    "{before}"
                );
                let named = link(before, "&tenant_id=demo1234&type=login");
                assert_eq!(verdict(&named, Some(&chosen), Some(&asked), now), Verdict::Take, "{before}");
            }
        }
        let local = tenant(None, "http://127.0.0.1:80/v0/");
        let asked = AskedFor { tenant: local.clone(), ..asked(LinkKind::LogIn) };
        let back = link("http://127.0.0.1/login", "");
        assert_eq!(verdict(&back, Some(&local), Some(&asked), Timestamp(10_000)), Verdict::Take);
    }

    #[test]
    fn an_unexpected_link_asks_with_every_reason() {
        let chosen = tenant(Some("app.example.com"), API);
        let other_api = tenant(Some("app.example.com"), "https://api.example/");
        let (good, evil) = ("https://app.example.com/login", "https://evil.example:8443/login");
        let site = |host: &str| Reason::OtherSite { host: host.to_owned() };
        let (unasked, late) = (Reason::NotAskedFor, Reason::AskedLongAgo);
        let log_in = asked(LinkKind::LogIn);
        for (before, asked, seconds, expected) in [
            (good, None, 0, vec![unasked.clone()]),
            (good, Some(&log_in), FRESH_FOR + 1, vec![late.clone()]),
            (good, Some(&log_in), -1, vec![late.clone()]),
            (good, Some(&log_in), i64::MIN, vec![late.clone()]),
            (evil, Some(&log_in), 0, vec![site("evil.example:8443")]),
            ("https://app.example.com:8443/", Some(&log_in), 0, vec![site("app.example.com:8443")]),
            (
                "https://app.example.com.evil.example/",
                Some(&log_in),
                0,
                vec![site("app.example.com.evil.example")],
            ),
            ("https://xn--pple-43d.example.com/", Some(&log_in), 0, vec![site("xn--pple-43d.example.com")]),
            (evil, Some(&log_in), 1_000, vec![late, site("evil.example:8443")]),
            (evil, None, 0, vec![unasked.clone(), site("evil.example:8443")]),
        ] {
            let now = Timestamp(seconds.saturating_add(10_000));
            let verdict = verdict(&link(before, ""), Some(&chosen), asked, now);
            assert_eq!(verdict, Verdict::Ask(expected), "{before} after {seconds} s");
        }
        let now = Timestamp(10_000);
        let asks = |chosen, link: &Link, asked: &AskedFor| verdict(link, chosen, Some(asked), now);
        let not_asked = Verdict::Ask(vec![unasked.clone()]);
        assert_eq!(
            asks(Some(&other_api), &link("userfront-accounts:login", ""), &log_in),
            not_asked,
            "another API"
        );
        let both = Verdict::Ask(vec![unasked, site("app.example.com")]);
        assert_eq!(asks(None, &link(good, "&tenant_id=demo1234"), &log_in), both, "no tenant is chosen");
        assert_eq!(asks(None, &link("userfront-accounts:login", ""), &log_in), not_asked);
    }

    #[test]
    fn a_link_for_another_purpose_asks() {
        let chosen = tenant(Some("app.example.com"), API);
        for (purpose, kind, is_taken) in [
            (LinkKind::LogIn, "&type=welcome", true),
            (LinkKind::SignUp, "&type=login", true),
            (LinkKind::LogIn, "&type=reset", false),
            (LinkKind::Reset, "&type=login", false),
            (LinkKind::Reset, "&type=reset", true),
            (LinkKind::Reset, "", true),
            (LinkKind::LogIn, "&type=x", false),
            (LinkKind::Unsaid, "&type=x", true),
            (LinkKind::Unsaid, "", true),
            (LinkKind::Unsaid, "&type=reset", false),
            (LinkKind::Unsaid, "&type=invite", false),
            (LinkKind::Reset, "&type=invite", false),
            (LinkKind::LogIn, "&type=verify", false),
            (LinkKind::Verify, "&type=verify", true),
            (LinkKind::Verify, "", true),
            (LinkKind::Verify, "&type=login", false),
        ] {
            let link = link("userfront-accounts:login", kind);
            let verdict = verdict(&link, Some(&chosen), Some(&asked(purpose.clone())), Timestamp(10_000));
            let expected = if is_taken { Verdict::Take } else { Verdict::Ask(vec![Reason::NotAskedFor]) };
            assert_eq!(verdict, expected, "{purpose:?} {kind}");
        }
    }

    #[test]
    fn a_link_without_a_kind_is_for_the_requested_new_password() {
        let chosen = tenant(Some("app.example.com"), API);
        let other_api = tenant(Some("app.example.com"), "https://api.example/");
        let (reset, log_in) = (asked(LinkKind::Reset), asked(LinkKind::LogIn));
        for (kind, chosen, asked, expected) in [
            ("", &chosen, Some(&reset), LinkKind::Reset),
            ("&type=login", &chosen, Some(&reset), LinkKind::LogIn),
            ("", &other_api, Some(&reset), LinkKind::Unsaid),
            ("", &chosen, Some(&log_in), LinkKind::Unsaid),
            ("", &chosen, None, LinkKind::Unsaid),
            ("&type=reset", &chosen, None, LinkKind::Reset),
        ] {
            let link = link("userfront-accounts:login", kind);
            assert_eq!(purpose(&link, chosen, asked), expected, "{kind} {asked:?}");
        }
    }

    #[test]
    fn a_link_for_another_tenant_is_refused_even_when_requested() {
        let chosen = tenant(None, API);
        let link = link("userfront-accounts:login", "&tenant_id=other999");
        for asked in [None, Some(&asked(LinkKind::LogIn))] {
            let verdict = verdict(&link, Some(&chosen), asked, Timestamp(10_000));
            assert_eq!(verdict, Verdict::Refuse(Refusal::OtherTenant));
        }
    }
}
