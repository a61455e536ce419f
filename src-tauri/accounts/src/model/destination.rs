//! The destination after a log-out. Pure.
//!
//! `redirect = false` stays; a path given by the button wins; then `redirectTo` of the server's answer; then
//! the tenant's log-out path; then `/login`. Of a URL only path, query and fragment count: they are set on a
//! fixed origin, never joined to one, so that `//evil.example/` and `https://evil.example/` are paths like
//! any other.
//!
//! The app's own views are `/login`, `/signup`, `/reset`, `/accounts`, `/accounts/{id}`, `/activity` and
//! `/settings`. A button may lead to any of them. A server may choose among the first three; any other path
//! leads to the login screen, which offers to open `{domain}{path}` in the user's browser when the tenant has
//! a domain.
//!
//! # Differences from the official client (`@userfront/core`, `logout({redirect})`)
//!
//! | | official client | here |
//! |---|---|---|
//! | no path given | goes to `/` | goes to `/login`, as the guide page says |
//! | the call fails | stays, the token gone | goes on: logged out here, pending there |
//! | order in the URL | path, fragment, query | path, query, fragment |
//! | an absolute URL | its path, on the page's own origin | the same, on the tenant's domain, in a browser |
//! | an unknown path | is loaded | the login screen, with an offer to open it in a browser |

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::account::AccountId;
use crate::model::tenant::Domain;

/// Paths are set on this origin; no request is ever sent there.
const FIXED_ORIGIN: &str = "https://userfront.invalid/";
const LONGEST: usize = 2_048;

/// The button's target: the `redirect` of the toolkit's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Redirect {
    /// `true`: as the server or the tenant says.
    #[default]
    Follow,
    /// `false`: stays.
    Stay,
    /// This path.
    To(String),
}

/// A view of the app. A new variant raises [`VERSION`](crate::model::registry::VERSION).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// The open view, if it can still be shown.
    Here,
    /// `/login`.
    LogIn,
    /// `/signup`: the login screen with the sign-up form, if the tenant has one.
    SignUp,
    /// `/reset`: the login screen with the password reset, if the tenant has passwords.
    Reset,
    /// `/accounts`.
    Accounts,
    /// `/accounts/{id}`.
    Account(AccountId),
    /// `/activity`.
    Activity,
    /// `/settings`.
    Settings,
}

/// A page of the tenant's own site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrowserPage {
    /// The tenant's domain.
    pub domain: Domain,
    /// Path, query and fragment, percent-encoded.
    pub path: String,
}

impl BrowserPage {
    /// The page's URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{self}")
    }
}

impl std::fmt::Display for BrowserPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.domain, self.path)
    }
}

/// The destination after a log-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// The view to show.
    pub place: Place,
    /// A page that the user may open in the browser.
    pub open_in_browser: Option<BrowserPage>,
}

/// The destination: `answered` is the server's `redirectTo`, `configured` the tenant's log-out path.
#[must_use]
pub fn after_log_out(
    redirect: &Redirect,
    answered: Option<&str>,
    configured: Option<&str>,
    domain: Option<&Domain>,
) -> Destination {
    let asked = match redirect {
        Redirect::Stay => return Destination { place: Place::Here, open_in_browser: None },
        Redirect::To(path) => Some(path.as_str()),
        Redirect::Follow => None,
    };
    if let Some(place) = asked.and_then(path_of).and_then(|path| own_view(&path)) {
        return Destination { place, open_in_browser: None };
    }
    let said = [asked, answered, configured].into_iter().flatten().find_map(path_of);
    if let Some(place) = said.as_deref().and_then(chosen_by_a_server) {
        return Destination { place, open_in_browser: None };
    }
    let open_in_browser = said.zip(domain).map(|(path, domain)| BrowserPage { domain: domain.clone(), path });
    Destination { place: Place::LogIn, open_in_browser }
}

/// Path, query and fragment of a path or a URL; `None` for anything else.
fn path_of(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut fixed = Url::parse(FIXED_ORIGIN).ok()?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            fixed.set_path(url.path());
            fixed.set_query(url.query());
            fixed.set_fragment(url.fragment());
        }
        // `javascript:`, `data:`, …
        Ok(_) => return None,
        Err(_) => {
            let (rest, fragment) = cut(text, '#');
            let (path, query) = cut(rest, '?');
            fixed.set_path(path);
            fixed.set_query(query);
            fixed.set_fragment(fragment);
        }
    }
    Some(fixed[url::Position::BeforePath..].to_owned())
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn bare(path: &str) -> &str {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = &path[..end];
    path.strip_suffix('/').unwrap_or(path)
}

fn chosen_by_a_server(path: &str) -> Option<Place> {
    match bare(path) {
        "/login" => Some(Place::LogIn),
        "/signup" => Some(Place::SignUp),
        "/reset" => Some(Place::Reset),
        _ => None,
    }
}

fn own_view(path: &str) -> Option<Place> {
    if let Some(place) = chosen_by_a_server(path) {
        return Some(place);
    }
    match bare(path) {
        "/accounts" => Some(Place::Accounts),
        "/activity" => Some(Place::Activity),
        "/settings" => Some(Place::Settings),
        path => path.strip_prefix("/accounts/")?.parse().ok().map(Place::Account),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(redirect: &Redirect, answered: Option<&str>, configured: Option<&str>) -> (Place, Option<String>) {
        let domain: Domain = "app.example.com".parse().unwrap();
        let destination = after_log_out(redirect, answered, configured, Some(&domain));
        (destination.place, destination.open_in_browser.map(|page| page.to_string()))
    }

    #[test]
    fn the_button_precedes_the_answer_and_the_answer_precedes_the_tenant() {
        let to = |path: &str| Redirect::To(path.to_owned());
        let (here, log_in) = ((Place::Here, None), (Place::LogIn, None));
        let page = |path: &str| (Place::LogIn, Some(format!("app.example.com{path}")));
        for (redirect, answered, configured, expected) in [
            (Redirect::Follow, None, None, log_in.clone()),
            (Redirect::Stay, Some("/bye"), Some("/bye"), here),
            (to("/activity"), Some("/bye"), Some("/bye"), (Place::Activity, None)),
            (to("/settings/?a=b#c"), None, None, (Place::Settings, None)),
            (to("/accounts"), None, None, (Place::Accounts, None)),
            (to("/login"), Some("/bye"), None, log_in.clone()),
            (to("/mine"), Some("/bye"), None, page("/mine")),
            (to(""), Some("/bye"), None, page("/bye")),
            (Redirect::Follow, Some("/login"), Some("/bye"), log_in.clone()),
            (Redirect::Follow, Some("/signup"), Some("/bye"), (Place::SignUp, None)),
            (Redirect::Follow, Some("/reset/"), None, (Place::Reset, None)),
            (Redirect::Follow, None, Some("https://app.example.com/signup?a=b"), (Place::SignUp, None)),
            (to("/reset"), Some("/signup"), None, (Place::Reset, None)),
            (Redirect::Follow, Some("/bye"), Some("/login"), page("/bye")),
            (Redirect::Follow, None, Some("/bye?a=b#c"), page("/bye?a=b#c")),
            (Redirect::Follow, Some("/accounts"), None, page("/accounts")),
            (Redirect::Follow, Some("/settings"), None, page("/settings")),
        ] {
            assert_eq!(
                go(&redirect, answered, configured),
                expected,
                "{redirect:?} {answered:?} {configured:?}"
            );
        }
    }

    #[test]
    fn only_path_query_and_fragment_of_a_redirect_url_count() {
        for (said, path) in [
            ("https://evil.example/x?y#z", "/x?y#z"),
            ("//evil.example/x", "//evil.example/x"),
            ("\\\\evil.example\\x", "//evil.example/x"),
            ("/\\evil.example", "//evil.example"),
            ("x", "/x"),
            ("/a/../../b", "/b"),
            ("/å 名\"<", "/%C3%A5%20%E5%90%8D%22%3C"),
            ("/@evil.example", "/@evil.example"),
            (".evil.example", "/.evil.example"),
            ("/\r\nHost: evil", "/Host:%20evil"),
        ] {
            let expected = format!("app.example.com{path}");
            assert_eq!(go(&Redirect::Follow, Some(said), None).1, Some(expected.clone()), "{said:?}");
            let url = Url::parse(&format!("https://{expected}")).unwrap();
            assert_eq!((url.host_str(), url.username()), (Some("app.example.com"), ""), "{said:?}");
        }
    }

    #[test]
    fn a_redirect_without_a_path_is_ignored() {
        let long = format!("/{}", "x".repeat(LONGEST));
        for said in ["", "  ", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", &long] {
            let expected = (Place::LogIn, Some("app.example.com/bye".to_owned()));
            assert_eq!(go(&Redirect::Follow, Some(said), Some("/bye")), expected, "{said:?}");
            assert_eq!(go(&Redirect::Follow, Some(said), None), (Place::LogIn, None), "{said:?}");
        }
    }

    #[test]
    fn a_tenant_without_a_domain_opens_no_page() {
        let nowhere = after_log_out(&Redirect::Follow, Some("/bye"), None, None);
        assert_eq!(nowhere, Destination { place: Place::LogIn, open_in_browser: None });
    }

    /// Each line of the table above. The official client is version 1.1.2 (`logout`, `redirect`).
    #[test]
    fn redirects_differ_from_the_official_client_as_documented() {
        assert_eq!(go(&Redirect::Follow, None, None).0, Place::LogIn, "it goes to `/`");
        let (_, page) = go(&Redirect::Follow, Some("/bye?a=b#c"), None);
        assert_eq!(page.as_deref(), Some("app.example.com/bye?a=b#c"), "it makes `/bye#c?a=b` of it");
        let (_, page) = go(&Redirect::Follow, Some("https://other.example/bye"), None);
        assert_eq!(page.as_deref(), Some("app.example.com/bye"), "it stays on the page's own origin, too");
    }
}
