//! The state of this machine's accounts, as the commands read it.

use accounts::base::refresh_outcome::RefreshFailure;
use accounts::model::registry::{Account, Phase};
use accounts::{AccountId, Accounts, Health, Overview};

use crate::failure::Failure;

/// # Errors
/// When the registry cannot be read, also because it is damaged and cannot be mended now.
pub(crate) async fn read(accounts: &Accounts) -> Result<Overview, Failure> {
    let overview = accounts.overview().await;
    match &overview.registry_problem {
        Some(error) if !overview.registry_is_read => Err(error.clone().into()),
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
