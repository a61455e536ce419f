//! `GET auth/{provider}/login`: single sign-on, opened in a browser, with a pretend provider.
//!
//! The provider's page lists the tenant's users and a new one (`user=new`), and works without scripts.
//! Consent (`…/login/consent` with the same query and `&user=`, the user name or the UUID) leads back to
//! origin + redirect with `token` and `uuid` for `PUT T/auth/link`, and to nowhere else.
//!
//! Assumptions: without `redirect` the browser comes back to `/login`, where links by e-mail lead; what comes
//! back has no `type`; a user who cancels comes back with `error=access_denied` (RFC 6749, 4.1.2.1); a new
//! user has an e-mail address of the provider's and a name, and is a user once the log-in is complete; a
//! tenant's list of live domains is not known, so any http(s) origin will do.

use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::Call;
use crate::{
    factor::{Factor, PROVIDERS},
    pages::{escape, page, refused},
    refusal::Refusal,
    state::codes::Subject,
    state::links::{Kind, Link},
    state::user::User,
    state::users::NewUser,
    tenant::Tenant,
    wire::Response,
};

/// The name of a new user in the query.
const NEW: &str = "new";

/// A permitted visit to a provider.
struct Visit {
    tenant: Tenant,
    factor: Factor,
    /// Where the browser goes afterwards.
    back: Url,
}

impl Visit {
    fn new(call: &Call<'_>, provider: &str) -> Result<Self, Refusal> {
        let tenant = call.query("tenant_id").unwrap_or_default();
        let tenant = call.tenant(&tenant)?;
        let provider_id = call.query("provider_id").filter(|id| !id.is_empty());
        match (provider, &provider_id) {
            ("custom", None) => return Err(Refusal::bad_request("provider_id is missing")),
            ("custom", Some(_)) => {}
            (known, _) if PROVIDERS.contains(&known) => {}
            _ => return Err(Refusal::not_found("There is no such provider")),
        }
        let provider_id = provider_id.as_deref().filter(|_| provider == "custom");
        let factor = tenant.first_factors.iter().find(|factor| factor.is_provider(provider, provider_id));
        let factor = factor.ok_or_else(|| Refusal::bad_request("This way to log in is not enabled"))?.clone();
        let back = back(&call.query("origin").unwrap_or_default(), call.query("redirect").as_deref())?;
        Ok(Self { tenant, factor, back })
    }

    /// The way back, with `pairs` in its query.
    fn back_with(mut self, pairs: &[(&str, &str)]) -> Response {
        self.back.query_pairs_mut().extend_pairs(pairs);
        Response::found(&self.back)
    }
}

/// Origin + redirect. The origin has to be spelled as browsers spell it, so that nothing can hide in it;
/// after it comes a slash, so that no redirect can change it.
fn back(origin: &str, redirect: Option<&str>) -> Result<Url, Refusal> {
    let wrong_origin = || Refusal::bad_request("origin is not an http(s) origin");
    let parsed = Url::parse(origin).map_err(|_| wrong_origin())?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.origin().ascii_serialization() != origin {
        return Err(wrong_origin());
    }
    let redirect = redirect.filter(|path| !path.is_empty()).unwrap_or("/login");
    let wrong_redirect = || Refusal::bad_request("redirect is not a path");
    if !redirect.starts_with('/') {
        return Err(wrong_redirect());
    }
    let back = Url::parse(&format!("{origin}{redirect}")).map_err(|_| wrong_redirect())?;
    if back.origin() == parsed.origin() { Ok(back) } else { Err(wrong_redirect()) }
}

pub(super) fn ask(call: &Call<'_>, provider: &str) -> Response {
    let visit = match Visit::new(call, provider) {
        Ok(visit) => visit,
        Err(refusal) => return refused(refusal),
    };
    let link = |id: &str, user: Option<&str>, text: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            form_urlencoded::parse(call.request.query.as_bytes()).filter(|(key, _)| key != "user"),
        );
        query.extend_pairs(user.map(|user| ("user", user)));
        let href = escape(&format!("login/consent?{}", query.finish()));
        format!("<li><a id=\"{}\" href=\"{href}\">{text}</a></li>\n", escape(id))
    };
    let users = call.state.users.within(&visit.tenant.id).map(|user| {
        let (handle, name) = (handle(user), user.name.as_deref().unwrap_or(user.label()));
        let text = format!("Continue as <bdi>{}</bdi>", escape(name));
        link(&format!("consent-{handle}"), Some(handle), &text)
    });
    let users: String = users.collect();
    let body = format!(
        "<p><bdi>{}</bdi> wants to know who you are. Afterwards you go to <code>{}</code>.</p>\n\
         <ul>\n{users}{}</ul>\n<ul>\n{}</ul>",
        escape(&visit.tenant.name),
        escape(&visit.back.origin().ascii_serialization()),
        link("consent-new", Some(NEW), "Continue as somebody new"),
        link("consent-cancel", None, "Cancel"),
    );
    let provider = call.query("provider_id").filter(|_| provider == "custom").unwrap_or(provider.into());
    page(axum::http::StatusCode::OK, &format!("Log in with {provider}"), &body)
}

/// The user's name in an element's ID and in the query: the user name, where it can stand there.
fn handle(user: &User) -> &str {
    let plain = |name: &&str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !["cancel", NEW].contains(name) && name.bytes().all(fits)
    };
    user.username.as_deref().filter(plain).unwrap_or(&user.uuid)
}

/// Back to where the browser came from, with or without a user.
pub(super) fn consent(call: &mut Call<'_>, provider: &str) -> Response {
    let visit = match Visit::new(call, provider) {
        Ok(visit) => visit,
        Err(refusal) => return refused(refusal),
    };
    let Some(named) = call.query("user").map(std::borrow::Cow::into_owned) else {
        return visit.back_with(&[("error", "access_denied")]);
    };
    let (uuid, subject) = if named == NEW {
        let uuid = Uuid::new_v4().to_string();
        let new_user = NewUser {
            uuid: Some(uuid.clone()),
            email: Some(format!("new@{provider}.example")),
            name: Some("Somebody New".to_owned()),
            ..NewUser::default()
        };
        (uuid, Subject::NewUser(Box::new(new_user)))
    } else {
        let user = call.state.users.within(&visit.tenant.id).find(|user| handle(user) == named);
        let Some(uuid) = user.map(|user| user.uuid.clone()) else {
            return refused(Refusal::bad_request("There is no such user"));
        };
        (uuid.clone(), Subject::User(uuid))
    };
    let link = Link::new(Kind::SingleSignOn, &visit.tenant.id, uuid, subject, visit.factor.clone());
    let response = visit.back_with(&[("token", &link.token), ("uuid", &link.uuid)]);
    let now = call.now();
    call.state.links.put(link, now);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_at_the_origin() {
        for (redirect, url) in [
            (None, "http://127.0.0.1:4000/login"),
            (Some(""), "http://127.0.0.1:4000/login"),
            (Some("/a?b=1#c"), "http://127.0.0.1:4000/a?b=1#c"),
            (Some("//evil.test/"), "http://127.0.0.1:4000//evil.test/"),
            (Some("/\\evil.test"), "http://127.0.0.1:4000//evil.test"),
            (Some("/@evil.test"), "http://127.0.0.1:4000/@evil.test"),
            (Some("/../.."), "http://127.0.0.1:4000/"),
        ] {
            let went = back("http://127.0.0.1:4000", redirect).map(|url| url.to_string());
            assert_eq!(went.ok().as_deref(), Some(url), "{redirect:?}");
        }
        for redirect in ["evil.test", "@evil.test", ".evil.test", ":1/", "https://evil.test", "javascript:1"]
        {
            assert!(back("http://127.0.0.1:4000", Some(redirect)).is_err(), "{redirect}");
        }
    }

    #[test]
    fn an_origin_has_no_path_query_or_credentials() {
        for origin in ["https://a.test", "http://localhost:3000", "http://[::1]:80a", "http://[::1]:8080"] {
            assert_eq!(back(origin, None).is_ok(), !origin.ends_with('a'), "{origin}");
        }
        for origin in [
            "",
            "null",
            "a.test",
            "//a.test",
            "https://a.test/",
            "https://a.test/x",
            "https://a.test?x",
            "https://a.test#x",
            "https://u@a.test",
            "https://u:p@a.test",
            "https:a.test",
            "https://A.test",
            "https://a.test\\@b.test",
            " https://a.test",
            "https://a.test\n",
            "ftp://a.test",
            "file:///",
            "javascript:alert(1)",
            "data:text/html,x",
            "userfront-accounts://a",
        ] {
            assert!(back(origin, None).is_err(), "{origin:?}");
        }
    }
}
