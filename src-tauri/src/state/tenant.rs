use accounts::model::auth_config::AuthConfig;
use accounts::model::registry::{Account, LastTenant, Registry};
use accounts::storage::environment::Environment;
use accounts::{Mode, Tenant};

#[derive(Debug, Clone, Default)]
pub(crate) enum ChosenTenant {
    /// The tenant of the last log-in, by whichever program, until the user acts here.
    #[default]
    Last,
    /// None: the form asks for one, and is filled in with the last.
    Asking,
    Unasked(Tenant, Mode),
    Chosen(Tenant, AuthConfig),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ForAccount {
    pub(crate) name: Option<String>,
    pub(crate) tenant_name: Option<String>,
}

impl From<&Account> for ForAccount {
    fn from(account: &Account) -> Self {
        let profile = &account.profile;
        let name = profile.email.clone().or_else(|| profile.username.clone());
        Self { name, tenant_name: profile.tenant_name.clone() }
    }
}

pub(crate) fn last_tenant<'a>(registry: &'a Registry, environment: &Environment) -> Option<&'a LastTenant> {
    // A setting that cannot be read may name another tenant.
    let (tenant, api) = (environment.tenant.as_ref().ok()?, environment.api.as_ref().ok()?);
    let is_asked_for = |last: &&LastTenant| tenant.as_ref().is_none_or(|id| *id == last.tenant.id);
    let is_same_host = |last: &&LastTenant| api.is_userfront() || *api == last.tenant.api;
    registry.last_tenant.as_ref().filter(is_asked_for).filter(is_same_host)
}
