//! The login screen: its tenant, and the account that it is for.

use accounts::model::pasted;
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

    pub(crate) async fn switch_account(&self, account: &AccountId) -> Done {
        if !self.app.accounts.switch(account).await? {
            return Err(ErrorCause::NotLoggedInNow.into());
        }
        self.app.go_another_way(Screen::leave_login);
        Ok(())
    }

    pub(crate) async fn leave_login(&self) {
        let shows_one = accounts::view::shown_account(&self.app.accounts.overview().await).is_some();
        self.app.go_another_way(|screen| {
            screen.leave_login();
            screen.open = (!shows_one).then_some(Open::Accounts);
        });
    }
}
