//! The order of the list of accounts: pinned ones first, in the order of pinning, then by tenant, mode and
//! name. The window groups accounts that follow one another.

use std::collections::HashMap;

use accounts::model::registry::{Account, Phase, Registry};
use accounts::{AccountId, Mode};
use icu_normalizer::DecomposingNormalizerBorrowed;

/// Tenant names by ID, mode and host, where an account knows them.
pub(crate) struct TenantNames<'a>(HashMap<(&'a str, Mode, String), &'a str>);

impl<'a> TenantNames<'a> {
    pub(crate) fn of(registry: &'a Registry) -> Self {
        let named = |account: &'a Account| {
            let name = account.profile.tenant_name.as_deref()?;
            Some(((account.tenant.id.as_str(), account.id.mode(), account.tenant.api.host()), name))
        };
        Self(registry.accounts.iter().rev().filter_map(named).collect())
    }

    /// The name of an account's tenant.
    pub(crate) fn of_account(&self, account: &Account) -> Option<&'a str> {
        self.of_tenant(account.tenant.id.as_str(), account)
    }

    /// The name of the tenant of an account that may have left.
    pub(crate) fn of_id(&self, id: &'a AccountId) -> Option<&'a str> {
        self.0.get(&(id.tenant().as_str(), id.mode(), id.host().to_owned())).copied()
    }

    /// The name of a tenant at the host of an account, in its mode.
    pub(crate) fn of_tenant(&self, id: &str, account: &Account) -> Option<&'a str> {
        self.0.get(&(id, account.id.mode(), account.tenant.api.host())).copied()
    }
}

pub(crate) fn in_order(registry: &Registry) -> Vec<&Account> {
    let pins: HashMap<_, _> = registry.pinned.iter().enumerate().map(|(nth, id)| (id, nth)).collect();
    let names = TenantNames::of(registry);
    let mut listed: Vec<_> =
        registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned).collect();
    listed.sort_by_cached_key(|account| {
        let pin = pins.get(&account.id).copied().unwrap_or(usize::MAX);
        let tenant = names.of_account(account).unwrap_or(account.tenant.id.as_str());
        let group = if pin == usize::MAX {
            let host = account.tenant.api.host();
            Some((folded(tenant), account.tenant.id.to_string(), account.id.mode(), host))
        } else {
            None
        };
        (pin, group, folded(account.name()), account.id.to_string())
    });
    listed
}

/// A text to sort by: without case and accents, as the window's search compares.
fn folded(text: &str) -> String {
    let is_accent = |character: char| ('\u{300}'..='\u{36f}').contains(&character);
    let parts = DecomposingNormalizerBorrowed::new_nfd().normalize(text).replace(is_accent, "");
    parts.to_lowercase()
}

#[cfg(test)]
mod tests {
    use accounts::model::registry::Registry;
    use serde_json::{Value, json};

    use super::{folded, in_order};

    #[test]
    fn names_are_sorted_without_case_and_accents() {
        let mut names = ["Zoë", "åsa", "Äpfel", "viewer", "Ana", "田中"];
        names.sort_by_key(|name| folded(name));
        assert_eq!(names, ["Ana", "Äpfel", "åsa", "viewer", "Zoë", "田中"]);
    }

    fn account(tenant: &str, user: u8, tenant_name: Option<&str>) -> Value {
        let id = format!("{tenant}:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c00{user}@test.api.userfront.com");
        json!({
            "id": id,
            "tenant": {"id": tenant, "api": "https://api.userfront.com/v0/", "domain": null},
            "phase": "active",
            "generation": 1,
            "session": format!("s{user}"),
            "revokeEntry": format!("revoke.{tenant}:s{user}@test.api.userfront.com"),
            "accessExpiresAt": 1,
            "sessionEndsAt": 9,
            "loggedInAt": 1,
            "profile": {"tenantName": tenant_name},
        })
    }

    #[test]
    fn accounts_of_one_tenant_lie_together_although_only_one_knows_its_name() {
        let accounts = [
            account("demo1234", 1, Some("Workspace")),
            account("nord5678", 2, Some("Nordlicht")),
            account("demo1234", 3, None),
        ];
        let registry = json!({"version": 4, "accounts": accounts});
        let registry: Registry = serde_json::from_value(registry).unwrap();
        let tenants: Vec<_> =
            in_order(&registry).into_iter().map(|account| account.tenant.id.as_str()).collect();
        assert_eq!(tenants, ["nord5678", "demo1234", "demo1234"]);
    }
}
