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
    Ambiguous(String, Vec<Account>),
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
