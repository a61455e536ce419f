//! Single sign-on: the system's browser goes to a provider and returns, to this machine or with a link.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use accounts::model::factor::{AuthMethod, Factor, Provider};
use accounts::model::link::Link;
use accounts::model::{browser_pages, pasted};
use accounts::{Mode, Tenant};
use loopback::{CallbackServer, RedirectServer, open_browser};

use crate::actions::action::{Action, Done, now};
use crate::dto::{ErrorCause, IpcError, Notice};
use crate::error::{self, Wrong};
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::steps::{Browser, Step, Waiting};

impl Action {
    /// Opens a provider in the system's browser, and waits until it returns: to this machine or, in live
    /// mode, to the tenant's own site, whose link the user then pastes.
    pub(crate) async fn with_provider(&self, provider_id: &str) -> Done {
        let mut browser = None;
        let ready = async { self.browser(provider_id).await.map(|made| browser = Some(made)) };
        self.answer(ready).await?;
        let Some(browser) = browser.filter(|_| self.is_still_here()) else { return Ok(()) };
        // Before the browser opens: it may return at once.
        self.push(Step::Browser(browser.clone()));
        let action = Action::begin(&self.app);
        action.answer(action.open_page(browser)).await
    }

    async fn browser(&self, provider_id: &str) -> Result<Arc<Browser>, IpcError> {
        let factor = self.factor().await?;
        let Some(AuthMethod::Sso(provider)) = factor.method() else {
            return Err(ErrorCause::OtherStep.into());
        };
        let id = factor.provider_id.clone().unwrap_or_else(|| pasted::name(provider_id).to_owned());
        let id = (provider == Provider::Custom).then_some(id);
        if id.as_ref().is_some_and(String::is_empty) {
            return Err(ErrorCause::NoProviderId.into());
        }
        let (tenant, config) = self.tenant().await?;
        // Before the browser opens, because the link that it brings is valid once.
        let ready = self.app.accounts.ready_for_browser().await;
        ready.map_err(|failure| error::of_log_in(failure, Wrong::Link))?;
        let domain = tenant.domain.clone().filter(|_| config.mode == Mode::Live);
        let (address, by_hand, waiting) = if let Some(domain) = domain {
            self.app.accounts.expect_link_from_browser(&tenant);
            let origin = domain.origin();
            (browser_pages::provider_url(&tenant, provider, id.as_deref(), &origin, "/login"), None, None)
        } else {
            let callback_server = CallbackServer::open()
                .await
                .map_err(|error| IpcError::from(ErrorCause::NoCallbackServer).with_detail(&error))?;
            let (origin, path) = (callback_server.origin(), callback_server.path().to_owned());
            let address = browser_pages::provider_url(&tenant, provider, id.as_deref(), &origin, &path);
            let by_hand = callback_server.by_hand();
            (address, Some(by_hand), Some(self.wait_for_browser(callback_server, tenant, factor.clone())))
        };
        let life = i64::try_from(loopback::LIFE.as_secs()).unwrap_or_default();
        Ok(Arc::new(Browser {
            factor,
            provider,
            address: address.to_string(),
            until: waiting.is_some().then(|| now() + life),
            wants_link: waiting.is_none(),
            by_hand,
            _waiting: waiting,
            redirect: Mutex::default(),
        }))
    }

    fn wait_for_browser(&self, callback_server: CallbackServer, tenant: Tenant, factor: Factor) -> Waiting {
        let app = self.app.clone();
        Waiting(tauri::async_runtime::spawn(async move {
            let stranger = say_stranger(&app, callback_server.stranger());
            let arrival = tokio::select! {
                arrival = callback_server.arrival() => arrival,
                never = stranger => match never {},
            };
            // In a task of its own: this one ends with its step.
            tauri::async_runtime::spawn(async move {
                let action = Action::begin(&app);
                let done = match arrival {
                    Ok(arrival) => action.arrived_from_browser(arrival.text(), &tenant, &factor).await,
                    Err(no) => Err(no.into()),
                };
                if let Err(error) = done {
                    action.failed(error);
                }
            });
        }))
    }

    async fn arrived_from_browser(&self, text: &str, tenant: &Tenant, factor: &Factor) -> Done {
        let link = Link::parse(text)?;
        if link.tenant.as_ref().is_some_and(|named| *named != tenant.id) {
            return Err(ErrorCause::LinkOfOtherTenant.into());
        }
        let done = self.app.accounts.log_in_with_link(tenant, &link, None, Some(factor)).await;
        self.go_on(done, Wrong::Link)
    }

    /// Stops waiting for the browser; the error is shown above the login screen.
    fn failed(&self, error: IpcError) {
        self.app.change_screen(|screen| {
            screen.steps.retain(|step| !matches!(step, Step::Browser(_)));
            screen.notice = Some(error.into());
        });
    }

    pub(crate) async fn open_provider_again(&self) -> Done {
        let Some(Step::Browser(shown)) = self.step() else { return Err(ErrorCause::OtherStep.into()) };
        self.open_page(shown).await
    }

    /// Opens a step's page: through a redirect server, unless the page ends on the tenant's own site. The
    /// page's address contains the callback's path, and every user can read the browser's arguments.
    async fn open_page(&self, shown: Arc<Browser>) -> Done {
        let address = if shown.wants_link {
            shown.address.clone()
        } else {
            let page = shown.address.clone().into();
            let redirect_server = RedirectServer::open(page)
                .await
                .map_err(|error| IpcError::from(ErrorCause::NoCallbackServer).with_detail(&error))?;
            let address = redirect_server.address();
            let redirect = self.wait_for_redirect(redirect_server);
            *lock(&shown.redirect) = Some(redirect);
            address
        };
        // The wait ends when the window leaves the step, whatever the browser does.
        drop(shown);
        open_browser(address)
            .await
            .map_err(|error| IpcError::from(ErrorCause::BrowserNotOpened).with_detail(&error))
    }

    fn wait_for_redirect(&self, redirect_server: RedirectServer) -> Waiting {
        let app = self.app.clone();
        Waiting(tauri::async_runtime::spawn(async move {
            let stranger = say_stranger(&app, redirect_server.stranger());
            let taken = tokio::select! {
                taken = redirect_server.taken() => taken,
                never = stranger => match never {},
            };
            if let Err(no) = taken {
                tracing::info!(%no, "no browser took the page of a provider");
            }
        }))
    }
}

async fn say_stranger(app: &AppState, stranger: impl Future<Output = ()>) -> Infallible {
    stranger.await;
    let causes = vec![ErrorCause::Stranger];
    app.change_screen(|screen| screen.notice = Some(Notice::Warning { causes }));
    std::future::pending().await
}
