//! Finds the account that an argument names.

use accounts::AccountId;
use accounts::model::registry::{Account, Phase, Registry};

/// Why an argument names no account, or more than one.
#[derive(Debug, Clone)]
pub(crate) enum NoChoice {
    NotLoggedIn,
    /// The accounts that are logged in, none of which is active.
    NoneActive(Vec<Account>),
    Unknown(String),
    NoneOfTenant(String),
    Ambiguous(String, Vec<Account>),
    /// Several APIs have a tenant of this ID.
    SeveralApis(String, Vec<Account>),
}

/// Finds by ID, e-mail address (in any letter case) or user name. Without a name: the active account.
pub(crate) fn choose(registry: &Registry, name: Option<&str>) -> Result<AccountId, NoChoice> {
    let Some(name) = name else {
        return registry.active.clone().ok_or_else(|| none_active(registry));
    };
    let shown = registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned);
    let found: Vec<_> = shown.filter(|account| is_called(account, name)).collect();
    match found.as_slice() {
        [] => Err(NoChoice::Unknown(name.to_owned())),
        [one] => Ok(one.id.clone()),
        several => Err(NoChoice::Ambiguous(name.to_owned(), several.iter().copied().cloned().collect())),
    }
}

/// The accounts of these names, each once.
///
/// # Errors
/// Every name that means no account, or more than one.
pub(crate) fn choose_all(registry: &Registry, names: &[String]) -> Result<Vec<AccountId>, Vec<NoChoice>> {
    let (mut found, mut unclear) = (Vec::new(), Vec::new());
    for name in names {
        match choose(registry, Some(name)) {
            Ok(id) if found.contains(&id) => {}
            Ok(id) => found.push(id),
            Err(no) => unclear.push(no),
        }
    }
    if unclear.is_empty() { Ok(found) } else { Err(unclear) }
}

/// The accounts of a tenant that can be logged out of, in either mode.
///
/// # Errors
/// When there is none, or when tenants of several APIs have this ID.
pub(crate) fn of_tenant(registry: &Registry, tenant: &str) -> Result<Vec<AccountId>, NoChoice> {
    let can_leave = |account: &&Account| matches!(account.phase, Phase::Active | Phase::LoggingOut);
    let all = registry.accounts.iter().filter(can_leave);
    let found: Vec<_> = all.filter(|account| account.id.tenant().as_str() == tenant).collect();
    match found.as_slice() {
        [] => Err(NoChoice::NoneOfTenant(tenant.to_owned())),
        [first, rest @ ..] if rest.iter().any(|other| other.id.host() != first.id.host()) => {
            Err(NoChoice::SeveralApis(tenant.to_owned(), found.into_iter().cloned().collect()))
        }
        _ => Ok(found.into_iter().map(|account| account.id.clone()).collect()),
    }
}

pub(crate) fn none_active(registry: &Registry) -> NoChoice {
    let logged_in = registry.accounts.iter().filter(|account| account.phase == Phase::Active);
    let logged_in: Vec<_> = logged_in.cloned().collect();
    if logged_in.is_empty() { NoChoice::NotLoggedIn } else { NoChoice::NoneActive(logged_in) }
}

fn is_called(account: &Account, name: &str) -> bool {
    let profile = &account.profile;
    let is_email = profile.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(name));
    account.id.to_string() == name || is_email || profile.username.as_deref() == Some(name)
}
