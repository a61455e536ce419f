//! The login screen in a snapshot: the chosen tenant, the step of the log-in, the form's values.

use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::Factor;
use accounts::model::registry::Registry;
use accounts::storage::environment::Environment;
use accounts::{ApiBase, Tenant};

use crate::dto::{self, FirstFactor, LoginForm};
use crate::state::screen::Screen;
use crate::state::tenant::{ChosenTenant, last_tenant};
use crate::views::mode::mode;
use crate::views::step::shown;

pub(crate) fn chosen_tenant(
    registry: &Registry,
    screen: &Screen,
    environment: &Environment,
) -> Option<dto::ChosenTenant> {
    let known_name = |tenant: &Tenant| {
        let last = registry.last_tenant.as_ref().filter(|last| last.tenant == *tenant);
        let accounts = registry.accounts.iter().filter(|account| account.tenant == *tenant);
        let names = accounts.map(|account| &account.profile.tenant_name);
        let for_account = screen.for_account.as_ref().map(|account| &account.tenant_name);
        last.map(|last| &last.name).into_iter().chain(for_account).chain(names).find_map(Clone::clone)
    };
    match &screen.tenant {
        ChosenTenant::Asking => None,
        ChosenTenant::Unasked(tenant, mode) => {
            let nothing = AuthConfig { mode: *mode, first_factors: Vec::new() };
            let unasked = tenant_dto(tenant, &nothing, known_name(tenant), None);
            Some(dto::ChosenTenant { has_answered: false, ..unasked })
        }
        ChosenTenant::Chosen(tenant, mode) => {
            Some(tenant_dto(tenant, mode, known_name(tenant), last_factor(registry, tenant)))
        }
        ChosenTenant::Last => {
            let last = last_tenant(registry, environment)?;
            let config = last.auth_config.as_ref()?;
            Some(tenant_dto(&last.tenant, config, last.name.clone(), last.last_factor.as_ref()))
        }
    }
}

fn last_factor<'a>(registry: &'a Registry, tenant: &Tenant) -> Option<&'a Factor> {
    registry.last_tenant.as_ref().filter(|last| last.tenant == *tenant)?.last_factor.as_ref()
}

pub(crate) fn step(registry: &Registry, screen: &Screen, environment: &Environment) -> dto::LogInStep {
    let (config, last) = match &screen.tenant {
        ChosenTenant::Asking | ChosenTenant::Unasked(..) => (None, None),
        ChosenTenant::Chosen(tenant, config) => (Some(config), last_factor(registry, tenant)),
        ChosenTenant::Last => match last_tenant(registry, environment) {
            Some(last) => (last.auth_config.as_ref(), last.last_factor.as_ref()),
            None => (None, None),
        },
    };
    shown(screen.steps.last(), config, last)
}

fn tenant_dto(
    tenant: &Tenant,
    config: &AuthConfig,
    name: Option<String>,
    last_used: Option<&Factor>,
) -> dto::ChosenTenant {
    let factor = |factor: &Factor| FirstFactor {
        strategy: factor.strategy.clone(),
        channel: factor.channel.clone(),
        provider_id: factor.provider_id.clone(),
        available: factor.method().is_some(),
    };
    let mut factors: Vec<_> = config.first_factors.iter().collect();
    // A stable sort: the others keep the tenant's order.
    factors.sort_by_key(|factor| !last_used.is_some_and(|last| factor.is_like(last)));
    dto::ChosenTenant {
        tenant_id: tenant.id.to_string(),
        name,
        foreign_host: foreign_host(&tenant.api),
        has_answered: true,
        mode: mode(config.mode),
        first_factors: factors.into_iter().map(factor).collect(),
    }
}

fn foreign_host(api: &ApiBase) -> Option<String> {
    (!api.is_userfront()).then(|| api.host())
}

pub(crate) fn form(registry: &Registry, screen: &Screen, environment: &Environment) -> LoginForm {
    // A tenant that was chosen here overrides the environment's.
    let (chosen, last) = match &screen.tenant {
        ChosenTenant::Chosen(tenant, _) | ChosenTenant::Unasked(tenant, _) => {
            let last = registry.last_tenant.as_ref().filter(|last| last.tenant == *tenant);
            (Some(tenant), last)
        }
        ChosenTenant::Last | ChosenTenant::Asking => (None, last_tenant(registry, environment)),
    };
    let tenant = chosen.or(last.map(|last| &last.tenant));
    let name = screen.for_account.as_ref().and_then(|account| account.name.clone());
    let last_name =
        last.filter(|_| screen.for_account.is_none()).and_then(|last| last.email_or_username.clone());
    LoginForm {
        tenant_id: match (&environment.tenant, tenant) {
            (_, Some(tenant)) => tenant.id.to_string(),
            (Ok(Some(id)), None) => id.to_string(),
            (Ok(None) | Err(_), None) => String::new(),
        },
        api_url: match (tenant, &environment.api) {
            (Some(tenant), _) => tenant.api.to_string(),
            (None, Ok(api)) => api.to_string(),
            // Empty, not Userfront's own: the user must type it.
            (None, Err(_)) => String::new(),
        },
        domain: tenant.and_then(|tenant| tenant.domain.as_ref()).map(ToString::to_string).unwrap_or_default(),
        email_or_username: name.or(last_name).unwrap_or_default(),
    }
}
