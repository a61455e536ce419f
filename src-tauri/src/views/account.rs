//! The rows of the list of accounts.

use accounts::model::registry::Account;
use accounts::{EntryName, Overview};

use crate::dto::{self, AccountRow};
use crate::state::pictures;
use crate::views::mode::mode;
use crate::views::order::{TenantNames, in_order};

pub(crate) fn account_rows(overview: &Overview) -> Vec<AccountRow> {
    let names = TenantNames::of(&overview.registry);
    in_order(&overview.registry).into_iter().map(|account| account_row(account, &names, overview)).collect()
}

fn account_row(account: &Account, names: &TenantNames, overview: &Overview) -> AccountRow {
    let Account { id, tenant, profile, .. } = account;
    AccountRow {
        id: id.to_string(),
        name: account.name().to_owned(),
        told_apart_by: account.told_apart_by.clone(),
        initials: initials(account.name()),
        email: profile.email.clone(),
        username: profile.username.clone(),
        user_id: profile.user_id,
        tenant_id: tenant.id.to_string(),
        tenant_name: names.of_account(account).map(ToOwned::to_owned),
        api_host: tenant.api.host(),
        mode: mode(id.mode()),
        roles: roles(account, names),
        health: health(accounts::Health::of(account, overview.now)),
        renews: account.refresh_at.is_some(),
        session_ends_at: account.ends_by_itself_at().0,
        access_expires_at: account.access_expires(overview.now).0,
        logged_in_at: account.logged_in_at.0,
        has_picture: profile.image.is_some(),
        picture_version: pictures::version(profile.image.as_deref()),
        keyring_entries: entries(account),
        pinned: overview.registry.pinned.contains(id),
    }
}

pub(crate) fn entries(account: &Account) -> Vec<String> {
    [EntryName::access(&account.id), EntryName::refresh(&account.id)]
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The initials of the first and the last word, in upper case; scripts without words give one letter.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back().filter(|letter| letter.is_lowercase() || letter.is_uppercase());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

fn roles(account: &Account, names: &TenantNames) -> Vec<dto::TenantRoles> {
    let name_of = |id: &str| names.of_tenant(id, account).unwrap_or(id).to_owned();
    account
        .profile
        .roles
        .iter()
        .map(|in_tenant| dto::TenantRoles {
            tenant: name_of(&in_tenant.tenant_id),
            roles: in_tenant.roles.clone(),
        })
        .collect()
}

fn health(health: accounts::Health) -> dto::Health {
    match health {
        accounts::Health::Ok => dto::Health::Ok,
        accounts::Health::Expired => dto::Health::Expired,
        accounts::Health::SignedOutByServer => dto::Health::SignedOutByServer,
        accounts::Health::TokensMissing => dto::Health::TokensMissing,
        accounts::Health::Ended => dto::Health::Ended,
        accounts::Health::LoggingIn => dto::Health::LoggingIn,
        accounts::Health::LoggingOut => dto::Health::LoggingOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Admin User", "AU"),
            ("mira van der ölund", "MÖ"),
            ("田中 さくら", "田"),
            ("田中", "田"),
            ("support", "S"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
