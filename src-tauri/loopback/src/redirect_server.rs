//! Redirects the browser to a page whose address holds a secret.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, io};

use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::page::{self, Page};
use crate::place::{Answer, Place, is_same, random_path};
use crate::{Limits, NoArrival};

const MOMENT: Duration = Duration::from_secs(1);

/// An address on this machine that redirects the browser once to a page whose address holds a secret, so that
/// the secret is in no process's arguments. Dropping it closes the port.
pub struct RedirectServer {
    place: Place,
    path: String,
    target: HeaderValue,
    closes_at: Instant,
}

impl RedirectServer {
    /// Opens a free port for [`LIFE`](crate::LIFE). `target` is an `http:` or `https:` URL.
    ///
    /// # Errors
    /// `InvalidInput` when the target is no such URL (the message does not repeat it); else, when the system
    /// gives no port or no random bits.
    pub async fn open(target: SecretString) -> io::Result<Self> {
        Self::open_with(target, Limits::default()).await
    }

    /// Opens a free port with other limits.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(target: SecretString, limits: Limits) -> io::Result<Self> {
        let target = location(&target)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the page has no web address"))?;
        let (place, path) = (Place::open(limits.request).await?, random_path()?);
        Ok(Self { place, path, target, closes_at: Instant::now() + limits.life })
    }

    /// The address for the system's browser: `http://127.0.0.1:PORT/…`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", self.place.origin(), self.path)
    }

    /// Resolves when another user's program has called and was refused. It may have read the browser's
    /// arguments.
    pub fn stranger(&self) -> impl Future<Output = ()> + Send + 'static {
        self.place.stranger()
    }

    /// Waits until the browser was redirected. Then the port is closed.
    ///
    /// # Errors
    /// [`NoArrival`]; the port is then closed. Dropping this future also closes it.
    pub async fn taken(self) -> Result<(), NoArrival> {
        let Self { mut place, path, target, closes_at } = self;
        let (tell, told) = oneshot::channel();
        let gate = Arc::new(Gate { path, once: Mutex::new(Some((tell, target))) });
        tokio::select! {
            biased;
            told = told => told.map_err(|gone| NoArrival::Closed(io::Error::other(gone)))?,
            error = place.serve(&gate) => return Err(NoArrival::Closed(error)),
            () = sleep_until(closes_at) => return Err(NoArrival::TimedOut),
        }
        place.close(MOMENT).await;
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the address goes into the one header that the browser follows"
)]
fn location(target: &SecretString) -> Option<HeaderValue> {
    let url = Url::parse(target.expose_secret()).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
    let mut location = HeaderValue::try_from(url.as_str()).ok().filter(|_| is_page)?;
    location.set_sensitive(true);
    Some(location)
}

struct Gate {
    path: String,
    once: Mutex<Option<(oneshot::Sender<()>, HeaderValue)>>,
}

impl Answer for Gate {
    fn answer(&self, uri: &Uri) -> Page {
        if !is_same(uri.path(), &self.path) {
            return page::refusal(StatusCode::NOT_FOUND);
        }
        let first = self.once.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The caller is gone: the port closes now, and no browser is redirected.
        let gone_to = first.and_then(|(tell, target)| tell.send(()).is_ok().then_some(target));
        gone_to.map_or_else(page::used, Page::go_to)
    }
}

impl fmt::Debug for RedirectServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectServer([redacted])")
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use reqwest::{Client, redirect::Policy};

    use super::*;
    use crate::peer::User;

    #[tokio::test]
    async fn another_users_program_is_refused_and_the_redirect_server_keeps_waiting() {
        let mut redirect_server =
            RedirectServer::open("https://api.example/v0/x?token=Canary".into()).await.unwrap();
        redirect_server.place.user = User::nobody();
        let (address, stranger) = (redirect_server.address(), redirect_server.stranger());
        let taken = tokio::spawn(redirect_server.taken());
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        for time in 1..3 {
            let answer = client.get(&address).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{time}");
            assert!(!answer.headers().contains_key("location"));
        }
        assert!(!taken.is_finished());
        stranger.await;
    }
}
