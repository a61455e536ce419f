//! The URLs of Userfront's pages that open in the system's browser.
//!
//! Pure functions. Order, names and encoding of the query are those of the official client
//! (`getProviderLink`, `completeSamlLogin`, `completeSamlLogout`).

use secrecy::SecretString;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::model::factor::Provider;
use crate::model::tenant::{Tenant, UserUuid};
use crate::model::token::SamlToken;

/// A step that a browser completes at a SAML service provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamlStep {
    /// `auth/saml/idp/login`.
    LogIn,
    /// `auth/saml/idp/logout`: the user stays logged in at the tenant.
    LogOut,
}

/// The start of single sign-on: `auth/{provider}/login?origin=&tenant_id=[&provider_id=][&redirect=]`. The
/// browser comes back to `origin` + `redirect`. As in the official client, `provider_id` is sent for a custom
/// provider only, and an empty `redirect` is not sent. Holds no token, but a program that reads the return
/// address in it can take the browser's place.
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a provider is one plain word; tested for each"
)]
pub fn provider_url(
    tenant: &Tenant,
    provider: Provider,
    provider_id: Option<&str>,
    origin: &str,
    redirect: &str,
) -> Url {
    let mut url = tenant.api.call(&format!("auth/{provider}/login")).unwrap();
    let mut query = url.query_pairs_mut();
    query.append_pair("origin", origin).append_pair("tenant_id", tenant.id.as_str());
    if let (Provider::Custom, Some(id)) = (provider, provider_id) {
        query.append_pair("provider_id", id);
    }
    if !redirect.is_empty() {
        query.append_pair("redirect", redirect);
    }
    drop(query);
    url
}

/// The completion of a SAML log-in or log-out: `auth/saml/idp/{login|logout}?tenant_id=&token=&uuid=`.
/// Secret: its holder is taken for the user. Unlike in the official client the token is encoded, so that it
/// cannot end the query; a JWT looks the same either way.
#[must_use]
pub fn saml_url(tenant: &Tenant, step: SamlStep, token: &SamlToken, uuid: &UserUuid) -> SecretString {
    let page = match step {
        SamlStep::LogIn => "login",
        SamlStep::LogOut => "logout",
    };
    let (base, id, uuid) = (tenant.api.as_str(), tenant.id.as_str(), uuid.as_str());
    // A byte takes three at most (`%2F`): the text is never moved while written, and leaves no copy behind.
    let room = 64 + base.len() + id.len() + uuid.len() + 3 * token.secret().len();
    let mut url = String::with_capacity(room);
    for part in [base, "auth/saml/idp/", page, "?tenant_id=", id, "&token="] {
        url.push_str(part);
    }
    url.extend(byte_serialize(token.secret().as_bytes()));
    url.push_str("&uuid=");
    url.push_str(uuid);
    debug_assert!(url.capacity() == room, "the text was moved");
    SecretString::from(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(api: &str) -> Tenant {
        Tenant { id: "demo1234".parse().unwrap(), api: api.parse().unwrap(), domain: None }
    }

    fn saml(token: &str, step: SamlStep) -> String {
        let uuid = "5fa85f64-aa".parse().unwrap();
        let url = saml_url(&tenant("https://api.userfront.com/v0/"), step, &SamlToken::new(token), &uuid);
        assert!(!format!("{url:?}").contains("canary"));
        SamlToken::from(url).secret().to_owned()
    }

    #[test]
    fn every_provider_has_its_page() {
        use Provider::{Apple, Azure, Custom, Facebook, Github, Google, Linkedin, Okta};
        for provider in [Apple, Azure, Facebook, Github, Google, Linkedin, Okta, Custom] {
            let tenant = tenant("https://x.example/v0");
            let url = provider_url(&tenant, provider, None, "https://a.example", "/back");
            let expected = format!(
                "https://x.example/v0/auth/{provider}/login\
                 ?origin=https%3A%2F%2Fa.example&tenant_id=demo1234&redirect=%2Fback"
            );
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn only_a_custom_provider_has_an_id() {
        let tenant = tenant("http://127.0.0.1:4000/v0/");
        let of = |provider, id| provider_url(&tenant, provider, id, "http://127.0.0.1:5000", "");
        let start = "http://127.0.0.1:4000/v0/auth/";
        let origin = "origin=http%3A%2F%2F127.0.0.1%3A5000&tenant_id=demo1234";
        assert_eq!(of(Provider::Okta, Some("x")).as_str(), format!("{start}okta/login?{origin}"));
        assert_eq!(of(Provider::Custom, None).as_str(), format!("{start}custom/login?{origin}"));
        assert_eq!(
            of(Provider::Custom, Some("a b&c=d/名")).as_str(),
            format!("{start}custom/login?{origin}&provider_id=a+b%26c%3Dd%2F%E5%90%8D")
        );
    }

    #[test]
    fn no_redirect_reaches_beyond_its_place_in_the_query() {
        for hostile in ["/a&tenant_id=evil", "//evil.example/#x", "/\u{202e}\r\n?", "%26provider_id=x"] {
            let url = provider_url(
                &tenant("https://x.example/"),
                Provider::Google,
                None,
                "https://a.example",
                hostile,
            );
            let pairs: Vec<_> = url.query_pairs().collect();
            assert_eq!(pairs.len(), 3, "{url}");
            assert_eq!(pairs[1].1, "demo1234");
            assert_eq!(pairs[2].1, hostile);
            assert_eq!(
                (url.host_str(), url.path(), url.fragment()),
                (Some("x.example"), "/auth/google/login", None)
            );
        }
    }

    #[test]
    fn a_saml_page_is_named_by_tenant_token_and_user() {
        let jwt = "eyJcanary.eyJ_-.c2ln";
        assert_eq!(
            saml(jwt, SamlStep::LogIn),
            format!(
                "https://api.userfront.com/v0/auth/saml/idp/login\
                 ?tenant_id=demo1234&token={jwt}&uuid=5fa85f64-aa"
            )
        );
        assert_eq!(
            saml(jwt, SamlStep::LogOut),
            format!(
                "https://api.userfront.com/v0/auth/saml/idp/logout\
                 ?tenant_id=demo1234&token={jwt}&uuid=5fa85f64-aa"
            )
        );
        let hostile = "canary&uuid=other#名 ";
        let url = Url::parse(&saml(hostile, SamlStep::LogIn)).unwrap();
        let pairs: Vec<_> = url.query_pairs().collect();
        assert_eq!(pairs.len(), 3);
        assert_eq!(pairs[1].1, hostile);
        assert_eq!(pairs[2].1, "5fa85f64-aa");
    }
}
