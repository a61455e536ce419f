//! Tells accounts of the same name apart, in every list and sentence.

use std::collections::{HashMap, HashSet};

use crate::model::account::AccountId;
use crate::model::registry::{Account, Registry};
use crate::model::tenant::Mode;

impl Registry {
    /// Finds the parts that tell each account from others of its name, including recent log-outs and pending
    /// revocations. To be called after every read and change of the document.
    pub fn tell_apart(&mut self) {
        let mut names = HashMap::new();
        for account in &self.accounts {
            *names.entry(account.name()).or_insert(0) += 1;
        }
        let gone = self.pending.iter().map(|row| row.account_name.as_str());
        let recent = self.recent_log_outs.iter().map(|recent| recent.outcome.account_name.as_str());
        let gone: HashSet<_> = gone.chain(recent).map(plain_name).collect();
        let is_alone = |name: &str| names[name] == 1 && !gone.contains(plain_name(name));
        let shared = self.accounts.iter().map(Account::name).filter(|name| !is_alone(name)).map(plain_name);
        let mut alike: HashMap<_, Vec<_>> = shared.map(|name| (name, Vec::new())).collect();
        for other in self.named() {
            if let Some(alike) = alike.get_mut(plain_name(other.name)) {
                alike.push((other.name, other.parts()));
            }
        }
        let told = |account: &Account| {
            let alike = alike.get(plain_name(account.name())).into_iter().flatten();
            if is_alone(account.name()) { Vec::new() } else { what_tells_apart(account, alike) }
        };
        let told: Vec<_> = self.accounts.iter().map(told).collect();
        for (account, told) in self.accounts.iter_mut().zip(told) {
            account.told_apart_by = told;
        }
    }

    /// The parts that tell an account, which need not be in this document, from those of its name that are.
    pub(crate) fn what_tells_apart(&self, account: &Account) -> Vec<String> {
        let alike = self.named().filter(|other| is_named(other.name, account.name()));
        let alike: Vec<_> = alike.map(|other| (other.name, other.parts())).collect();
        what_tells_apart(account, &alike)
    }

    fn named(&self) -> impl Iterator<Item = Named<'_>> {
        let gone = |id, name| Named { id, name, account: None };
        let listed = self.accounts.iter().map(|it| Named { id: &it.id, name: it.name(), account: Some(it) });
        let pending = self.pending.iter().map(move |row| gone(&row.account, row.account_name.as_str()));
        let recent = self.recent_log_outs.iter();
        let recent = recent.map(move |it| gone(&it.account, it.outcome.account_name.as_str()));
        listed.chain(pending).chain(recent)
    }
}

struct Named<'a> {
    id: &'a AccountId,
    name: &'a str,
    account: Option<&'a Account>,
}

impl Named<'_> {
    fn parts(&self) -> Parts {
        parts(self.id, self.account)
    }
}

fn what_tells_apart<'a>(
    account: &Account,
    alike: impl IntoIterator<Item = &'a (&'a str, Parts)>,
) -> Vec<String> {
    let own = parts(&account.id, Some(account));
    let is_another = |other: &Parts| other[OF_ID..] != own[OF_ID..];
    let alike = alike.into_iter().filter(|(name, other)| is_named(name, account.name()) && is_another(other));
    let mut alike: Vec<&Parts> = alike.map(|(_, other)| other).collect();
    let mut told = Vec::new();
    for (nth, part) in own.iter().enumerate() {
        let Some(part) = part.as_ref().filter(|part| *part != account.name()) else { continue };
        let differs = |other: &&Parts| other[nth].as_ref() != Some(part);
        if alike.iter().any(differs) {
            alike.retain(|other| !differs(other));
            told.push(part.clone());
        }
    }
    told
}

/// E-mail, user name, tenant name; then of the ID: tenant, mode, host, the UUID's start, and all of it.
type Parts = [Option<String>; 8];

const OF_ID: usize = 3;

fn parts(id: &AccountId, account: Option<&Account>) -> Parts {
    let profile = account.map(|account| &account.profile);
    let mode = match id.mode() {
        Mode::Live => "live",
        Mode::Test => "test mode",
    };
    let user = id.user().as_str();
    [
        profile.and_then(|profile| profile.email.clone()),
        profile.and_then(|profile| profile.username.clone()),
        profile.and_then(|profile| profile.tenant_name.clone()),
        Some(id.tenant().to_string()),
        Some(mode.to_owned()),
        Some(id.host().to_owned()),
        Some(user.chars().take(8).collect()),
        Some(user.to_owned()),
    ]
}

/// A name without the parts in brackets that may follow it.
fn plain_name(called: &str) -> &str {
    called.split(" (").next().unwrap_or(called)
}

/// Whether `called` is this name, alone or with parts in brackets.
fn is_named(called: &str, name: &str) -> bool {
    called.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::timestamp::Timestamp;

    use super::*;

    const TENANT: &str = "demo1234";

    fn account(user: &str, tenant: &str, mode: &str, profile: serde_json::Value) -> Account {
        let id: AccountId = format!("{tenant}:{user}@{mode}.api.userfront.com").parse().unwrap();
        let revoke = crate::model::account::EntryName::listed("revoke.x");
        let tenant = json!({"id": tenant, "api": "https://api.userfront.com/v0/", "domain": null});
        let tenant = serde_json::from_value(tenant).unwrap();
        let account = Account::in_name_only(id, tenant, user.parse().unwrap(), revoke, Timestamp::default());
        Account { profile: serde_json::from_value(profile).unwrap(), ..account }
    }

    fn called(accounts: Vec<Account>) -> Vec<String> {
        let mut registry = Registry { accounts, ..Registry::default() };
        registry.tell_apart();
        registry.accounts.iter().map(Account::called).collect()
    }

    #[test]
    fn accounts_of_one_name_are_told_apart_by_the_fewest_details() {
        let mira = |user: &str, profile| account(user, TENANT, "test", profile);
        let of = |email: &str| json!({"name": "Mira", "email": email});
        let one = mira("99d6e2c1-1", of("a@x.example"));
        assert_eq!(called(vec![one.clone()]), ["Mira"]);
        let two = mira("99d6e2c1-2", of("b@x.example"));
        assert_eq!(called(vec![one.clone(), two.clone()]), ["Mira (a@x.example)", "Mira (b@x.example)"]);
        // One has no e-mail address, but a user name; another has neither.
        let three = mira("99d6e2c1-3", json!({"name": "Mira", "username": "mira"}));
        let four = mira("5fa85f64-4", json!({"name": "Mira"}));
        let all = called(vec![one.clone(), two, three, four]);
        assert_eq!(all[2..], ["Mira (mira)", "Mira (5fa85f64)"]);
        // The starts of the UUIDs are the same.
        let (five, six) = (mira("99d6e2c1-5", of("a@x.example")), mira("99d6e2c1-6", of("a@x.example")));
        assert_eq!(called(vec![five, six]), ["Mira (99d6e2c1-5)", "Mira (99d6e2c1-6)"]);
        let live = account("99d6e2c1-1", TENANT, "live", of("a@x.example"));
        let elsewhere = account("99d6e2c1-1", "nord5678", "test", of("a@x.example"));
        assert_eq!(
            called(vec![one, live, elsewhere]),
            ["Mira (demo1234, test mode)", "Mira (demo1234, live)", "Mira (nord5678)"]
        );
    }

    #[test]
    fn an_account_is_told_from_one_that_was_logged_out_before_it() {
        let one = account("99d6e2c1-1", TENANT, "test", json!({"name": "Mira", "email": "a@x.example"}));
        for name in ["Mira", "Mira (b@x.example)", "Mirabell"] {
            let pending = json!({
                "entry": "revoke.x",
                "tenant": {"id": TENANT, "api": "https://api.userfront.com/v0/", "domain": null},
                "account": "demo1234:99d6e2c1-2@test.api.userfront.com",
                "session": "s1",
                "accountName": name,
                "since": 0,
                "sessionEndsAt": 0,
                "reason": "",
            });
            let pending = vec![serde_json::from_value(pending).unwrap()];
            let mut registry = Registry { accounts: vec![one.clone()], pending, ..Registry::default() };
            registry.tell_apart();
            let expected = if name == "Mirabell" { "Mira" } else { "Mira (a@x.example)" };
            assert_eq!(registry.accounts[0].called(), expected, "{name}");
        }
    }
}
