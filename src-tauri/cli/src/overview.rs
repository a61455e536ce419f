//! The state of this machine's accounts, as the commands read it.

use accounts::base::refresh_outcome::RefreshFailure;
use accounts::model::registry::{Account, Phase};
use accounts::model::registry_error::{Action, RegistryError};
use accounts::{AccountId, Accounts, Health, Overview};

use crate::failure::Failure;

/// # Errors
/// When the registry cannot be read.
pub(crate) async fn read(accounts: &Accounts) -> Result<Overview, Failure> {
    let overview = accounts.overview().await;
    match &overview.registry_problem {
        Some(error @ (RegistryError::Io { action: Action::Read, .. } | RegistryError::TooNew { .. })) => {
            Err(error.clone().into())
        }
        _ => Ok(overview),
    }
}

/// The accounts to list.
pub(crate) fn shown(overview: &Overview) -> impl Iterator<Item = &Account> {
    overview.registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned)
}

/// Why the account cannot be used until the user logs in again.
pub(crate) fn session_over(account: &Account, overview: &Overview) -> Option<RefreshFailure> {
    match Health::of(account, overview.now) {
        Health::SignedOutByServer => Some(RefreshFailure::SessionOver),
        Health::TokensMissing => Some(RefreshFailure::TokensMissing),
        Health::Ended => Some(RefreshFailure::Ended),
        Health::Ok | Health::Expired | Health::LoggingIn | Health::LoggingOut => None,
    }
}

/// The account's name, or its ID where it is not listed.
pub(crate) fn name(overview: &Overview, id: &AccountId) -> String {
    overview.registry.account(id).map_or_else(|| id.to_string(), accounts::model::registry::Account::called)
}
