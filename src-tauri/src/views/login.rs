//! The login screen in a snapshot: the tenant that is chosen, how far the log-in to it is, what the form is filled in with.

use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::Factor;
use accounts::model::registry::{LastTenant, Registry};
use accounts::storage::environment::Environment;
use accounts::{ApiBase, Tenant};

use super::mode;
use crate::ipc::dto::{self, FirstFactor, LoginForm};
use crate::screen::{ChosenTenant, Screen};
use crate::steps;

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
            let ways_in = last.auth_config.as_ref()?;
            Some(tenant_dto(&last.tenant, ways_in, last.name.clone(), last.last_factor.as_ref()))
        }
    }
}

/// The tenant of the last log-in, unless the environment names another one.
pub(crate) fn last_tenant<'a>(registry: &'a Registry, environment: &Environment) -> Option<&'a LastTenant> {
    // One that cannot be read may name another one.
    let (tenant, api) = (environment.tenant.as_ref().ok()?, environment.api.as_ref().ok()?);
    let asked_for = |last: &&LastTenant| tenant.as_ref().is_none_or(|id| *id == last.tenant.id);
    let same_host = |last: &&LastTenant| api.is_userfront() || *api == last.tenant.api;
    registry.last_tenant.as_ref().filter(asked_for).filter(same_host)
}

fn last_factor<'a>(registry: &'a Registry, tenant: &Tenant) -> Option<&'a Factor> {
    registry.last_tenant.as_ref().filter(|last| last.tenant == *tenant)?.last_factor.as_ref()
}

pub(crate) fn step(registry: &Registry, screen: &Screen, environment: &Environment) -> dto::LogInStep {
    let (ways_in, last) = match &screen.tenant {
        ChosenTenant::Asking | ChosenTenant::Unasked(..) => (None, None),
        ChosenTenant::Chosen(tenant, ways_in) => (Some(ways_in), last_factor(registry, tenant)),
        ChosenTenant::Last => match last_tenant(registry, environment) {
            Some(last) => (last.auth_config.as_ref(), last.last_factor.as_ref()),
            None => (None, None),
        },
    };
    steps::shown(screen.steps.last(), ways_in, last)
}

fn tenant_dto(
    tenant: &Tenant,
    ways_in: &AuthConfig,
    name: Option<String>,
    last_used: Option<&Factor>,
) -> dto::ChosenTenant {
    let factor = |factor: &Factor| FirstFactor {
        strategy: factor.strategy.clone(),
        channel: factor.channel.clone(),
        provider_id: factor.provider_id.clone(),
        available: factor.way().is_some(),
    };
    let mut factors: Vec<_> = ways_in.first_factors.iter().collect();
    // Stable: the others keep the tenant's order.
    factors.sort_by_key(|factor| !last_used.is_some_and(|last| factor.is_like(last)));
    dto::ChosenTenant {
        tenant_id: tenant.id.to_string(),
        name,
        foreign_host: foreign_host(&tenant.api),
        has_answered: true,
        mode: mode(ways_in.mode),
        first_factors: factors.into_iter().map(factor).collect(),
    }
}

fn foreign_host(api: &ApiBase) -> Option<String> {
    (!api.is_userfront()).then(|| api.host())
}

pub(crate) fn form(registry: &Registry, screen: &Screen, environment: &Environment) -> LoginForm {
    // A tenant that was chosen in this window counts, whichever one the environment names.
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
            // Not Userfront's own in its place: the user says where.
            (None, Err(_)) => String::new(),
        },
        domain: tenant.and_then(|tenant| tenant.domain.as_ref()).map(ToString::to_string).unwrap_or_default(),
        email_or_username: name.or(last_name).unwrap_or_default(),
    }
}
