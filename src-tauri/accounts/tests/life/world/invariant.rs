//! The invariant of a machine and a server after any events.

use std::collections::BTreeSet;

use accounts::model::claims::session_of;
use accounts::model::registry::{PendingRevocation, Phase, Registry};
use accounts::{AccessToken, SessionToken};

use super::World;
use crate::fakes::Disk;

impl World {
    /// Sessions alive whose tokens were received here, and which are listed nowhere here.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let registry = self.registry();
        let reserved: Vec<_> = registry.accounts.iter().map(|it| it.revoke_entry.to_string()).collect();
        let listed: BTreeSet<String> = (registry.accounts.iter().map(|account| account.session.to_string()))
            .chain(rows(&registry).flat_map(PendingRevocation::sessions).map(ToString::to_string))
            .chain(registry.lost.iter().map(|lost| lost.session.to_string()))
            .chain(self.given_up.lock().unwrap().iter().cloned())
            .chain(self.network.lied_about())
            .chain(self.sessions_in(&self.foreign()))
            // Tokens that a refresh left: the account's log-out ends their session, too.
            .chain(self.sessions_in(&reserved))
            .collect();
        let received = self.network.received();
        let unseen = |id: &String| received.contains(id) && !listed.contains(id);
        self.sessions_alive().into_iter().filter(unseen).collect()
    }

    /// The entries that this list does not account for and that may be there: all of them are named.
    pub(crate) fn foreign(&self) -> Vec<String> {
        let registry = self.registry();
        let known: BTreeSet<String> = registry.known_entries().map(|entry| entry.to_string()).collect();
        let mut may_be = self.may_be_foreign.lock().unwrap().clone();
        // Tokens of a session that was found alive when no list could be written.
        let lied_about = self.network.lied_about();
        let is_found = |name: &String| {
            let sessions = self.sessions_in(std::slice::from_ref(name));
            name.starts_with("revoke.") && sessions.iter().any(|session| lied_about.contains(session))
        };
        may_be.extend(self.entries().into_iter().filter(is_found));
        let beside = self.beside.iter().map(Disk::registry);
        may_be.extend(
            beside.flat_map(|other| other.known_entries().collect::<Vec<_>>()).map(|it| it.to_string()),
        );
        self.entries().into_iter().filter(|name| !known.contains(name) && may_be.contains(name)).collect()
    }

    /// The sessions of the tokens in these entries.
    pub(crate) fn sessions_in(&self, names: &[String]) -> BTreeSet<String> {
        let token = |text: String| SessionToken::Access(AccessToken::new(text));
        let tokens = names.iter().flat_map(|name| self.tokens_in(name)).map(token);
        tokens.filter_map(|token| Some(session_of(&token)?.to_string())).collect()
    }

    /// The tokens of this list's accounts, and those of their sessions that are alive.
    pub(crate) fn holding(&self) -> (Vec<Vec<String>>, BTreeSet<String>) {
        let accounts = self.registry().accounts;
        let accounts: Vec<_> = accounts.iter().filter(|account| account.phase == Phase::Active).collect();
        let entries = accounts.iter().flat_map(|account| account.entries().into_iter().take(2));
        let tokens = entries.map(|entry| self.tokens_in(entry.as_str())).collect();
        let alive = self.sessions_alive();
        let sessions = accounts.iter().map(|account| account.session.to_string());
        (tokens, sessions.filter(|session| alive.contains(session)).collect())
    }

    /// The invariant of `accounts`' crate documentation.
    pub(crate) fn assert_invariant(&self, what: &str) {
        let registry = self.registry();
        let unseen = self.unseen();
        assert!(unseen.is_empty(), "{what}: alive and unseen: {unseen:?}\n{registry:#?}");
        let known: BTreeSet<String> = registry.known_entries().map(|entry| entry.to_string()).collect();
        let foreign = self.foreign();
        let is_said = |name: &String| known.contains(name) || foreign.contains(name);
        let unsaid: Vec<_> = self.entries().into_iter().filter(|name| !is_said(name)).collect();
        assert!(unsaid.is_empty(), "{what}: in the keyring and unsaid: {unsaid:?}\n{registry:#?}");
    }

    /// After a start on which nothing went wrong: each account is wholly logged in, or has left nothing.
    pub(crate) fn assert_settled(&self, what: &str) {
        self.assert_invariant(what);
        let registry = self.registry();
        assert!(registry.pending.is_empty() && registry.leftovers.is_empty(), "{what}: {registry:#?}");
        let mut whole = BTreeSet::new();
        let mut sessions: BTreeSet<String> =
            registry.lost.iter().map(|lost| lost.session.to_string()).collect();
        for account in &registry.accounts {
            assert_eq!(account.phase, Phase::Active, "{what}");
            whole.extend(account.entries()[..2].iter().map(ToString::to_string));
            sessions.insert(account.session.to_string());
        }
        sessions.extend(
            registry.superseded.iter().flat_map(PendingRevocation::sessions).map(ToString::to_string),
        );
        let superseded = registry.superseded.iter().map(|row| &row.entry);
        let foreign = self.foreign();
        let found: BTreeSet<String> =
            self.entries().into_iter().filter(|name| !foreign.contains(name)).collect();
        // A crash while an account logs in again may leave its older token a second time, under the reserved
        // name.
        let reserved: BTreeSet<String> = registry
            .accounts
            .iter()
            .map(|a| &a.revoke_entry)
            .chain(superseded)
            .map(ToString::to_string)
            .collect();
        assert!(
            self.tokens_removed || whole.is_subset(&found),
            "{what}: tokens missing: {whole:?} {found:?}"
        );
        assert!(
            found.iter().all(|name| {
                whole.contains(name)
                    || reserved.contains(name)
                    || registry.ended_elsewhere.iter().any(|ended| ended.as_str() == name)
            }),
            "{what}: {found:?}"
        );
        let alive = self.sessions_alive();
        assert!(
            self.unsure || registry.lost.iter().all(|lost| alive.contains(lost.session.as_str())),
            "{what}: a dead session is said to be alive: {:#?}",
            registry.lost
        );
        let received = self.network.received();
        sessions.extend(self.given_up.lock().unwrap().iter().cloned());
        sessions.extend(self.network.lied_about());
        sessions.extend(self.sessions_in(&foreign));
        let is_seen = |id: &String| sessions.contains(id) || !received.contains(id);
        assert!(self.sessions_alive().iter().all(is_seen), "{what}");
    }
}

/// Rows of sessions that are to be ended, now or later.
fn rows(registry: &Registry) -> impl Iterator<Item = &PendingRevocation> {
    registry.pending.iter().chain(&registry.superseded)
}
