//! Single sign-on: a provider in the system's browser, and the way back from there.
//!
//! The browser comes back to a port of this machine. In live mode it ends at the tenant's own domain instead (an assumption:
//! only there is the origin the tenant's), and the link that it ends at is pasted. The page's address is printed to be copied,
//! too: there may be no browser here.

use accounts::Mode;
use accounts::log_in::progress::Progress;
use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::{Factor, Provider, Way};
use accounts::model::link::{Link, Refusal};
use accounts::model::{browser_pages, pasted};
use loopback::{Arrival, CallbackServer, RedirectServer, open_browser};

use crate::asking::lines_meanwhile;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log_in::LogIn;
use crate::tell::tell;
use crate::ways;

impl LogIn<'_> {
    /// Opens a provider and logs in with what the browser brings back.
    pub(crate) async fn with_provider(
        &self,
        provider: Provider,
        provider_id: Option<&str>,
    ) -> Result<Progress, Failure> {
        let ways_in = self.accounts.auth_config(&self.tenant).await?;
        let factor = self.offered(&ways_in, provider, provider_id)?;
        let id = match (provider, provider_id.or(factor.provider_id.as_deref())) {
            (Provider::Custom, None) if self.asking.is_terminal() => {
                Some(self.asking.name("ID of the provider: ", "a provider's ID")?)
            }
            (Provider::Custom, None) => {
                return Err(Failure::usage(
                    "Which provider? Give --provider-id ID; the tenant's admin knows it.",
                ));
            }
            (Provider::Custom, Some(id)) => Some(id.to_owned()),
            _ => None,
        };
        // Before the browser opens, for the link that it brings back serves once.
        self.accounts.ready_for_browser().await?;
        let page = |origin: &str, redirect: &str| {
            browser_pages::provider_url(&self.tenant, provider, id.as_deref(), origin, redirect).to_string()
        };
        if let Some(domain) = self.tenant.domain.as_ref().filter(|_| ways_in.mode == Mode::Live) {
            self.accounts.expect_link_from_browser(&self.tenant);
            let page = page(&domain.origin(), "/login");
            show(&page);
            open(page).await;
            tell!("The browser ends at a page of {domain}. Copy the whole address of that page.");
            return self.with_pasted_link(None, factor).await;
        }
        let callback_server = CallbackServer::open().await.map_err(|error| {
            let message = format!("The browser would not find its way back: {error}. Try again in a moment.");
            Failure::new(Exit::Failed, message)
        })?;
        let page = page(&callback_server.origin(), callback_server.path());
        show(&page);
        tell_of(callback_server.stranger());
        open_by_redirect(page).await;
        let arrival = self.awaited(callback_server).await?;
        let progress = self.arrived(arrival.text(), factor).await;
        // Else the browser might find nobody at its last page.
        arrival.closed().await;
        progress
    }

    /// Waits for the browser. Where it runs on another computer it cannot come back: on a terminal the
    /// address that it ends at can be pasted.
    async fn awaited(&self, callback_server: CallbackServer) -> Result<Arrival, Failure> {
        tell!("Waiting for the browser, {} minutes at most.", loopback::LIFE.as_secs() / 60);
        // Elsewhere than on Unix nothing can be read beside the wait.
        if !self.asking.is_terminal() || !cfg!(unix) {
            return Ok(callback_server.arrival().await?);
        }
        let by_hand = callback_server.by_hand();
        let pasting = lines_meanwhile(
            "Does it run on another computer? Copy the whole address that it ends at, and paste it here.\n",
            move |line| {
                let is_it = by_hand.take(pasted::link(line));
                if !is_it {
                    tell!(
                        "This is not the address that this log-in ends at. Copy all of it: it begins with \
                         http://127.0.0.1."
                    );
                }
                is_it
            },
        );
        let arrival = callback_server.arrival().await;
        pasting.end().await;
        Ok(arrival?)
    }

    /// What came back to a path that nobody could guess; for another tenant it is refused all the same.
    async fn arrived(&self, text: &str, factor: &Factor) -> Result<Progress, Failure> {
        let link = Link::parse(text)?;
        if link.tenant.as_ref().is_some_and(|named| *named != self.tenant.id) {
            return Err(Refusal::OtherTenant.into());
        }
        Ok(self.accounts.log_in_with_link(&self.tenant, &link, None, Some(factor)).await?)
    }

    /// The factor by which the tenant offers this provider. A browser would only find a refusal there otherwise.
    fn offered<'f>(
        &self,
        ways_in: &'f AuthConfig,
        provider: Provider,
        provider_id: Option<&str>,
    ) -> Result<&'f Factor, Failure> {
        let is_it = |factor: &&Factor| {
            let other_id =
                factor.provider_id.as_deref().is_some_and(|id| provider_id.is_some_and(|it| it != id));
            factor.way() == Some(Way::Sso(provider)) && !(provider == Provider::Custom && other_id)
        };
        ways_in.first_factors.iter().find(is_it).ok_or_else(|| {
            let offered: Vec<_> =
                ways::possible(&ways_in.first_factors).into_iter().map(|(_, way)| ways::label(way)).collect();
            let message =
                format!("{} does not offer this way in. It offers: {}.", self.place(), offered.join("; "));
            Failure::new(Exit::Failed, message)
        })
    }
}

fn show(page: &str) {
    tell!("Log in in the browser. If none opens, open this address yourself:\n  {page}");
}

/// Opens a page whose address tells the way back to this machine: by way of another one, since every user of this machine can
/// read the arguments of the browser.
async fn open_by_redirect(page: String) {
    match RedirectServer::open(page.into()).await {
        Ok(redirect_server) => {
            tell_of(redirect_server.stranger());
            let address = redirect_server.address();
            // Nobody needs to know whether it was taken: who has no browser has the page's own address.
            tokio::spawn(redirect_server.taken());
            // It may fail while the browser is waited for.
            tokio::spawn(open(address));
        }
        Err(error) => tell!("No browser could be opened: {error}"),
    }
}

/// Opens an address, which holds no secret.
async fn open(address: String) {
    if let Err(error) = open_browser(address).await {
        tell!("No browser could be opened: {error}.");
    }
}

/// Who calls in place of the browser gets nothing, and the user is to know of it.
fn tell_of(stranger: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(async move {
        stranger.await;
        tell!("{}", loopback::STRANGER);
    });
}
