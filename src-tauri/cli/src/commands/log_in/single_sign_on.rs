//! Single sign-on at a provider, in the system's browser.
//!
//! The browser comes back to a port of this machine. In live mode it ends at the tenant's own domain instead
//! (an assumption: only there is the origin the tenant's), and the user pastes the link that it ends at. The
//! page's address is printed, too: there may be no browser here.

use accounts::Mode;
use accounts::log_in::progress::Progress;
use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::{AuthMethod, Factor, Provider};
use accounts::model::link::{Link, Refusal};
use accounts::model::{browser_pages, pasted};
use loopback::{Arrival, CallbackServer, RedirectServer, open_browser};

use super::LogIn;
use crate::auth_methods::possible;
use crate::failure::Failure;
use crate::messages::log_in as messages;
use crate::messages::prompts::Wanted;
use crate::output::tell;
use crate::terminal::prompts::lines_meanwhile;

impl LogIn<'_> {
    /// Opens a provider and logs in with what the browser brings back.
    pub(super) async fn with_provider(
        &self,
        provider: Provider,
        provider_id: Option<&str>,
    ) -> Result<Progress, Failure> {
        let config = self.accounts.auth_config(&self.tenant).await?;
        let factor = self.offered(&config, provider, provider_id)?;
        let id = match (provider, provider_id.or(factor.provider_id.as_deref())) {
            (Provider::Custom, None) if self.prompts.is_terminal() => {
                Some(self.prompts.name(messages::PROVIDER_ID, Wanted::ProviderId)?)
            }
            (Provider::Custom, None) => return Err(messages::no_provider_id()),
            (Provider::Custom, Some(id)) => Some(id.to_owned()),
            _ => None,
        };
        // Before the browser opens, since the link that it brings back serves once.
        self.accounts.ready_for_browser().await?;
        let page = |origin: &str, redirect: &str| {
            browser_pages::provider_url(&self.tenant, provider, id.as_deref(), origin, redirect).to_string()
        };
        if let Some(domain) = self.tenant.domain.as_ref().filter(|_| config.mode == Mode::Live) {
            self.accounts.expect_link_from_browser(&self.tenant);
            let page = page(&domain.origin(), "/login");
            tell(messages::browser_opens(&page));
            open(page).await;
            tell(messages::browser_ends_at(domain));
            return self.with_pasted_link(None, factor).await;
        }
        let callback_server =
            CallbackServer::open().await.map_err(|error| messages::no_callback_server(&error))?;
        let page = page(&callback_server.origin(), callback_server.path());
        tell(messages::browser_opens(&page));
        warn_of_stranger(callback_server.stranger());
        open_by_redirect(page).await;
        let arrival = self.awaited(callback_server).await?;
        let progress = self.arrived(arrival.text(), factor).await;
        // The browser gets its last page first.
        arrival.closed().await;
        progress
    }

    /// Waits for the browser. One on another computer cannot come back: on a terminal the user can paste the
    /// address that it ends at.
    async fn awaited(&self, callback_server: CallbackServer) -> Result<Arrival, Failure> {
        tell(messages::waiting_for_browser());
        // On Unix alone something can be read beside the wait.
        if !self.prompts.is_terminal() || !cfg!(unix) {
            return Ok(callback_server.arrival().await?);
        }
        let by_hand = callback_server.by_hand();
        let pasting = lines_meanwhile(messages::PASTE_ADDRESS, move |line| {
            let is_taken = by_hand.take(pasted::link(line));
            if !is_taken {
                tell(messages::OTHER_ADDRESS);
            }
            is_taken
        });
        let arrival = callback_server.arrival().await;
        pasting.end().await;
        Ok(arrival?)
    }

    /// The path of the callback cannot be guessed; a link for another tenant is refused all the same.
    async fn arrived(&self, text: &str, factor: &Factor) -> Result<Progress, Failure> {
        let link = Link::parse(text)?;
        if link.tenant.as_ref().is_some_and(|named| *named != self.tenant.id) {
            return Err(Refusal::OtherTenant.into());
        }
        Ok(self.accounts.log_in_with_link(&self.tenant, &link, None, Some(factor)).await?)
    }

    /// The factor by which the tenant offers this provider.
    fn offered<'f>(
        &self,
        config: &'f AuthConfig,
        provider: Provider,
        provider_id: Option<&str>,
    ) -> Result<&'f Factor, Failure> {
        let is_it = |factor: &&Factor| {
            let other_id =
                factor.provider_id.as_deref().is_some_and(|id| provider_id.is_some_and(|it| it != id));
            factor.method() == Some(AuthMethod::Sso(provider)) && !(provider == Provider::Custom && other_id)
        };
        config.first_factors.iter().find(is_it).ok_or_else(|| {
            let offered = possible(&config.first_factors).into_iter().map(|(_, method)| method);
            messages::method_not_offered(&self.tenant, &offered.collect::<Vec<_>>())
        })
    }
}

/// Opens the page by way of a redirect server: its address tells the way back to this machine, and every user
/// of this machine can read the arguments of the browser.
async fn open_by_redirect(page: String) {
    match RedirectServer::open(page.into()).await {
        Ok(redirect_server) => {
            warn_of_stranger(redirect_server.stranger());
            let address = redirect_server.address();
            // The result does not matter: the page's own address is printed, too.
            tokio::spawn(redirect_server.taken());
            // It may fail while the callback server waits.
            tokio::spawn(open(address));
        }
        Err(error) => tell(messages::no_browser(&error)),
    }
}

/// Opens an address, which holds no secret.
async fn open(address: String) {
    if let Err(error) = open_browser(address).await {
        tell(messages::no_browser(&error));
    }
}

fn warn_of_stranger(stranger: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(async move {
        stranger.await;
        tell(messages::STRANGER);
    });
}
