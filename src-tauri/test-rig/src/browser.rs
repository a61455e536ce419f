//! A browser that opens nothing: the app's `PATH` begins with a folder whose `xdg-open` notes what it was
//! asked to open.
//!
//! The test then goes there as a browser would ([`Browser::visit`]): one GET after the other, wherever the
//! answers lead, for as long as that is on this machine. What a page offers is found by the ID of its link
//! ([`Page::link`]).
//!
//! Non-goals: cookies, scripts, forms. No test of ours reaches a real browser, whether or not it looks at
//! this one.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, DirBuilder, Permissions},
    io::ErrorKind,
    net::IpAddr,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use reqwest::{Url, header::LOCATION};

use crate::{Environment, RigError};

/// All that the app would try, the first of which is always there.
const OPENERS: [&str; 6] = ["xdg-open", "gio", "gnome-open", "kde-open6", "kde-open5", "kde-open"];

/// How often it is led on before that counts as a circle.
const STEPS: usize = 10;

/// How long a page has to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// The browser of a world.
#[derive(Debug)]
pub struct Browser {
    noted: PathBuf,
    client: reqwest::Client,
}

/// An answer. Its address may hold a secret, so that it is not printed.
pub struct Page {
    /// Where it was found.
    pub address: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub text: String,
    /// Where it leads on to by itself.
    pub leads_to: Option<String>,
}

impl fmt::Debug for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.split('?').next().unwrap_or_default();
        write!(formatter, "{} {address}", self.status)
    }
}

impl Page {
    /// The address of the page's link with this ID.
    pub fn link(&self, id: &str) -> Result<String, RigError> {
        let missing = || RigError::Unexpected(format!("{self:?} has no link {id}"));
        let (_, rest) = self.text.split_once(&format!("id=\"{id}\" href=\"")).ok_or_else(missing)?;
        let (target, _) = rest.split_once('"').ok_or_else(missing)?;
        resolve(&self.address, &target.replace("&amp;", "&"))
    }
}

impl Browser {
    /// Puts itself first in the `PATH` of `environment`.
    pub(crate) fn install(environment: &mut Environment) -> Result<Self, RigError> {
        let folder = environment.folder().join("browser");
        DirBuilder::new().mode(0o700).create(&folder).map_err(RigError::file(&folder))?;
        let noted = environment.folder().join("browser.log");
        for name in OPENERS {
            let path = folder.join(name);
            fs::write(&path, script(&noted)).map_err(RigError::file(&path))?;
            fs::set_permissions(&path, Permissions::from_mode(0o700)).map_err(RigError::file(&path))?;
        }
        let mut path = folder.into_os_string();
        if let Some(rest) = environment.get("PATH") {
            path.push(":");
            path.push(rest);
        }
        environment.set("PATH", path);
        let client =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(ANSWER);
        Ok(Self { noted, client: client.build()? })
    }

    /// Every address that it was asked to open, the first one first.
    pub fn opened(&self) -> Result<Vec<String>, RigError> {
        match fs::read_to_string(&self.noted) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(RigError::file(&self.noted)(error)),
        }
    }

    /// Waits for the address that follows the first `known` ones.
    pub async fn next(&self, known: usize, limit: Duration) -> Result<String, RigError> {
        let begin = Instant::now();
        loop {
            if let Some(address) = self.opened()?.into_iter().nth(known) {
                return Ok(address);
            }
            if begin.elapsed() > limit {
                return Err(RigError::Late { what: format!("a page after the first {known}"), limit });
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// One answer, wherever it leads.
    pub async fn get(&self, address: &str) -> Result<Page, RigError> {
        // The error would repeat the address.
        let answer = self.client.get(address).send().await.map_err(reqwest::Error::without_url)?;
        let name = |name: &reqwest::header::HeaderName| name.as_str().to_owned();
        let headers = answer
            .headers()
            .iter()
            .map(|(key, value)| (name(key), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let target = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let leads_to = target.map(|target| resolve(address, target)).transpose()?;
        let (address, status) = (address.to_owned(), answer.status().as_u16());
        let text = answer.text().await.map_err(reqwest::Error::without_url)?;
        Ok(Page { address, status, headers, text, leads_to })
    }

    /// Every page from `address` on, for as long as they lead on to another one on this machine.
    pub async fn visit(&self, address: &str) -> Result<Vec<Page>, RigError> {
        let mut pages = vec![self.get(address).await?];
        while let Some(next) = pages.last().and_then(|page| page.leads_to.clone()) {
            if !is_here(&next) {
                break;
            }
            if pages.len() == STEPS {
                return Err(RigError::Unexpected(format!("the pages lead in a circle: {pages:?}")));
            }
            pages.push(self.get(&next).await?);
        }
        Ok(pages)
    }
}

/// Notes its last argument: `gio` has `open` before it, others a `--`.
fn script(noted: &Path) -> String {
    let noted = noted.display().to_string().replace('\'', r"'\''");
    format!("#!/bin/sh\nfor address; do :; done\nprintf '%s\\n' \"$address\" >>'{noted}'\n")
}

fn resolve(base: &str, target: &str) -> Result<String, RigError> {
    let resolved = Url::parse(base).and_then(|base| base.join(target));
    resolved.map(String::from).map_err(|error| RigError::Unexpected(format!("a page leads nowhere: {error}")))
}

fn is_here(address: &str) -> bool {
    let url = Url::parse(address).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_by_its_id_and_read_as_a_browser_does() {
        let page = Page {
            address: "http://127.0.0.1:1/v0/auth/google/login?a=1".to_owned(),
            status: 200,
            headers: BTreeMap::new(),
            text: r#"<a id="one" href="/x">1</a><a id="two" href="login/consent?a=1&amp;b=2">2</a>"#
                .to_owned(),
            leads_to: None,
        };
        assert_eq!(page.link("one").unwrap(), "http://127.0.0.1:1/x");
        assert_eq!(page.link("two").unwrap(), "http://127.0.0.1:1/v0/auth/google/login/consent?a=1&b=2");
        assert!(page.link("three").is_err());
        assert!(!format!("{page:?}").contains("a=1"));
    }

    #[test]
    fn the_test_browser_visits_loopback_only() {
        for here in ["http://127.0.0.1:4/x", "http://127.9.9.9/", "http://[::1]:3/"] {
            assert!(is_here(here), "{here}");
        }
        for there in ["https://acme.example/", "http://10.0.0.1/", "http://127.0.0.1.example/", "x:"] {
            assert!(!is_here(there), "{there}");
        }
    }
}
