//! What has changed between two looks at the state of this machine's accounts.

use accounts::model::registry::{Account, PendingRevocation, Phase};
use accounts::ports::StoreStatus;
use accounts::{Health, Overview};

#[derive(Debug, Clone)]
pub(crate) enum Change {
    LoggedIn(Account),
    LoggedOut(Account),
    Health(Account),
    /// `None`: no account is active any more.
    Active(Option<Account>),
    Queued(PendingRevocation),
    /// The session is over, has expired, or was discarded.
    Resolved(PendingRevocation),
    Keyring(StoreStatus),
}

/// A log-in that is not finished is no account yet.
pub(crate) fn logged_in(overview: &Overview) -> impl Iterator<Item = &Account> {
    let is_in = |account: &&Account| matches!(account.phase, Phase::Active | Phase::LoggingOut);
    overview.registry.accounts.iter().filter(is_in)
}

pub(crate) fn pending(overview: &Overview) -> impl Iterator<Item = &PendingRevocation> {
    overview.registry.pending.iter().filter(|row| !row.is_dead)
}

pub(crate) fn active(overview: &Overview) -> Option<&Account> {
    let active = overview.registry.active.as_ref()?;
    logged_in(overview).find(|account| account.id == *active)
}

/// In the order in which they are printed.
pub(crate) fn between(before: &Overview, after: &Overview) -> Vec<Change> {
    let mut changes: Vec<_> =
        logged_in(after).filter_map(|account| of_account(account, before, after)).collect();
    let is_out = |account: &&Account| logged_in(after).all(|other| other.id != account.id);
    changes.extend(logged_in(before).filter(is_out).cloned().map(Change::LoggedOut));
    let new_in = |overview, row: &&PendingRevocation| pending(overview).all(|other| other.entry != row.entry);
    changes.extend(pending(after).filter(|row| new_in(before, row)).cloned().map(Change::Queued));
    changes.extend(pending(before).filter(|row| new_in(after, row)).cloned().map(Change::Resolved));
    if active(before).map(|account| &account.id) != active(after).map(|account| &account.id) {
        changes.push(Change::Active(active(after).cloned()));
    }
    if before.store != after.store {
        changes.push(Change::Keyring(after.store.clone()));
    }
    changes
}

fn of_account(account: &Account, before: &Overview, after: &Overview) -> Option<Change> {
    match logged_in(before).find(|earlier| earlier.id == account.id) {
        Some(earlier) if earlier.logged_in_at == account.logged_in_at => {
            let is_same = Health::of(earlier, before.now) == Health::of(account, after.now);
            (!is_same).then(|| Change::Health(account.clone()))
        }
        _ => Some(Change::LoggedIn(account.clone())),
    }
}
