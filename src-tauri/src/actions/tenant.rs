//! The login screen: its tenant, and the account that it is for.

use accounts::model::pasted;
use accounts::model::registry::Phase;
use accounts::{AccountId, Tenant};

use crate::actions::action::{Action, Done};
use crate::dto::{ErrorCause, IpcError};
use crate::state::screen::{Open, Screen};
use crate::state::tenant::ChosenTenant;

impl Action {
    pub(crate) async fn choose_tenant(&self, id: &str, api: &str, domain: &str) -> Done {
        let tenant = self.parse_tenant(id, api, domain)?;
        let config = self.app.accounts.auth_config(&tenant).await?;
        self.go(|screen| screen.choose(ChosenTenant::Chosen(tenant, config)));
        Ok(())
    }

    /// An empty API URL means the default; an empty domain means none.
    fn parse_tenant(&self, id: &str, api: &str, domain: &str) -> Result<Tenant, IpcError> {
        let api = match pasted::name(api) {
            "" => self.app.environment.api.clone()?,
            url => url.parse()?,
        };
        let domain = Some(pasted::name(domain)).filter(|domain| !domain.is_empty());
        Ok(Tenant { id: pasted::name(id).parse()?, api, domain: domain.map(str::parse).transpose()? })
    }

    pub(crate) async fn log_in_again(&self, account: &AccountId) -> Done {
        let registry = self.app.registry().await;
        let account = registry.account(account).ok_or(ErrorCause::NoTenant)?;
        let config = self.app.accounts.auth_config(&account.tenant).await?;
        self.go(|screen| {
            screen.ask_for_log_in();
            screen.choose_for(account, Some(config));
        });
        Ok(())
    }

    /// Returns the place at which it is shown.
    pub(crate) async fn switch_account(&self, account: &AccountId) -> Result<u64, IpcError> {
        if !self.app.accounts.switch(account).await? {
            return Err(ErrorCause::NotLoggedInNow.into());
        }
        self.app.go_another_way(Screen::leave_login);
        Ok(self.app.screen().place)
    }

    /// Switches to the account that was shown before. From a login screen, back to the last one.
    pub(crate) async fn switch_back(&self) -> Result<u64, IpcError> {
        let screen = self.app.screen();
        let overview = self.app.accounts.overview().await;
        let shown = accounts::overview::shown_account(&overview).filter(|_| !screen.wants_login);
        let registry = &overview.registry;
        let is_in = |id: &AccountId| registry.account(id).is_some_and(|it| it.phase == Phase::Active);
        let is_other = |id: &AccountId| shown.is_none_or(|account| account.id != *id);
        let back = screen.visited.into_iter().flatten().find(|id| is_other(id) && is_in(id));
        match back {
            Some(account) => self.switch_account(&account).await,
            None => Ok(screen.place),
        }
    }

    pub(crate) async fn leave_login(&self) {
        let shows_one = accounts::overview::shown_account(&self.app.accounts.overview().await).is_some();
        self.app.go_another_way(|screen| {
            screen.leave_login();
            screen.open = (!shows_one).then_some(Open::Accounts);
        });
    }
}
