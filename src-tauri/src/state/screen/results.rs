//! The result page of a log-out of several accounts: a row for each, from the start to its end.

use accounts::model::registry::{Account, PendingRevocation, Phase, Registry};
use accounts::{AccountId, Work};

use super::ended::Ended;
use super::{Open, Screen};
use crate::dto::{ErrorCause, LogOutOutcome, LogOutRow, View};

#[derive(Debug, Clone)]
pub(crate) struct LogOutOfSeveral {
    account: AccountId,
    name: String,
    tenant: String,
    pub(super) ended: Option<Ended>,
}

impl Screen {
    pub(crate) fn open_results<'a>(&mut self, accounts: impl Iterator<Item = &'a Account>) {
        self.turn_to(Some(Open::LogOutResults));
        let tenant = |account: &Account| {
            account.profile.tenant_name.clone().unwrap_or_else(|| account.tenant.id.to_string())
        };
        self.results = accounts
            .map(|account| LogOutOfSeveral {
                account: account.id.clone(),
                name: account.called(),
                tenant: tenant(account),
                ended: None,
            })
            .collect();
    }

    /// Changes the account's row, if the page is open and the account is still to be logged out there.
    pub(super) fn result_of(
        &mut self,
        account: &AccountId,
        change: impl FnOnce(&mut LogOutOfSeveral),
    ) -> bool {
        let row = self.results.iter_mut().find(|row| row.account == *account);
        let row = row.filter(|row| !matches!(row.ended, Some(Ended::LoggedOut(_))));
        row.map(change).is_some()
    }

    pub(crate) fn results_view(&self, registry: &Registry, in_progress: &[Work]) -> View {
        let row = |row: &LogOutOfSeveral| row.to_dto(registry, in_progress);
        View::LogOutResults { results: self.results.iter().map(row).collect() }
    }
}

impl LogOutOfSeveral {
    fn to_dto(&self, registry: &Registry, in_progress: &[Work]) -> LogOutRow {
        let is_of = |row: &&PendingRevocation| row.account == self.account && !row.is_dead;
        let pending = registry.pending.iter().find(is_of).map(|row| row.entry.to_string());
        // One that is tried again is under way.
        let is_over = |ended: &&Ended| {
            matches!(ended, Ended::LoggedOut(_))
                || !in_progress.contains(&Work::LoggingOut(self.account.clone()))
        };
        let ended = self.ended.as_ref().filter(is_over);
        let told = ended.map(Ended::told);
        let (outcome, why) = told.map_or((None, None), |(outcome, why)| (Some(outcome), why));
        let is_of_keyring = why.as_ref().is_some_and(|why| is_of_keyring(&why.cause));
        let log_out = match ended {
            Some(Ended::LoggedOut(outcome)) => Some(outcome),
            _ => None,
        };
        let phase = registry.account(&self.account).map(|account| account.phase);
        LogOutRow {
            account: self.account.to_string(),
            account_name: self.name.clone(),
            tenant: self.tenant.clone(),
            outcome: match (outcome, phase) {
                // The row is gone: it has shown the end, or the user has discarded it.
                (Some(LogOutOutcome::Pending), _) if pending.is_none() => Some(LogOutOutcome::Here),
                (Some(LogOutOutcome::StillLoggedIn), Some(Phase::LoggingOut)) if is_of_keyring => {
                    Some(LogOutOutcome::Waiting)
                }
                (Some(LogOutOutcome::StillLoggedIn), Some(Phase::Abandoned)) => {
                    Some(LogOutOutcome::Forgotten)
                }
                _ => outcome,
            },
            why,
            pending: pending.filter(|_| outcome == Some(LogOutOutcome::Pending)),
            accepted_until: log_out.and_then(|outcome| outcome.accepted_until).map(|until| until.0),
            alive_until: log_out
                .filter(|_| outcome == Some(LogOutOutcome::Lost))
                .map(|outcome| outcome.alive_until.0),
            leftovers: log_out
                .into_iter()
                .flat_map(|outcome| outcome.deletion.remaining())
                .filter(|entry| registry.leftovers.iter().any(|leftover| leftover.entry == **entry))
                .map(ToString::to_string)
                .collect(),
            is_in: phase == Some(Phase::Active),
        }
    }
}

fn is_of_keyring(cause: &ErrorCause) -> bool {
    matches!(
        cause,
        ErrorCause::KeyringLocked
            | ErrorCause::KeyringStillLocked
            | ErrorCause::KeyringNotAllowed
            | ErrorCause::NoKeyring
            | ErrorCause::KeyringHung
            | ErrorCause::KeyringUnavailable
            | ErrorCause::KeyringRefused
    )
}

#[cfg(test)]
mod tests {
    use accounts::model::destination::Place;
    use accounts::model::log_out_outcome::LogOut;
    use accounts::model::registry::Registry;
    use accounts::model::session_outcome::SessionOutcome;
    use serde_json::{Value, json};

    use super::super::log_outs::tests::{logged_out, recent};
    use super::*;
    use crate::dto::{ErrorCause, Notice};

    fn account(user: u8) -> Value {
        json!({
            "id": format!("demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c00{user}@test.api.userfront.com"),
            "tenant": {"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null},
            "phase": "active",
            "generation": 1,
            "session": format!("s{user}"),
            "revokeEntry": format!("revoke.demo1234:s{user}@test.api.userfront.com"),
            "accessExpiresAt": 1,
            "sessionEndsAt": 9,
            "loggedInAt": 1,
        })
    }

    fn registry() -> Registry {
        serde_json::from_value(json!({"version": 4, "accounts": [account(1), account(2), account(3)]}))
            .unwrap()
    }

    #[test]
    fn the_page_keeps_the_notice_of_an_account_that_needs_attention() {
        let grave = Notice::NotLoggedOut { account_name: "Mira".to_owned() };
        let mut screen = Screen { notice: Some(grave.clone()), ..Screen::default() };
        screen.open_results(registry().accounts.iter());
        assert_eq!(screen.notice, Some(grave));
        let mut screen =
            Screen { notice: Some(Notice::LeftoversDeleted { entries: 1 }), ..Screen::default() };
        screen.open_results(registry().accounts.iter());
        assert_eq!(screen.notice, None);
    }

    #[test]
    fn a_failure_of_an_account_without_a_row_is_left_to_be_told() {
        let registry = registry();
        let mut screen = Screen::default();
        screen.open_results(registry.accounts.iter().take(2));
        let failed = |nth: usize| {
            let why = ErrorCause::KeyringLocked.into();
            (registry.accounts[nth].id.clone(), nth.to_string(), why)
        };
        let untold = screen.say_failed(vec![failed(0), failed(2)]);
        let names: Vec<_> = untold.iter().map(|(_, name, _)| name.as_str()).collect();
        assert_eq!(names, ["2"]);
    }

    #[test]
    fn a_row_follows_its_account_after_a_failure() {
        let mut registry = registry();
        let id = registry.accounts[0].id.clone();
        let mut screen = Screen::default();
        screen.open_results(registry.accounts.iter().take(1));
        let why = ErrorCause::KeyringLocked.into();
        assert_eq!(screen.say_failed(vec![(id.clone(), "Mira".to_owned(), why)]).len(), 0);
        let row = |screen: &Screen, registry: &Registry, work: &[Work]| {
            let View::LogOutResults { mut results } = screen.results_view(registry, work) else { panic!() };
            let LogOutRow { outcome, is_in, .. } = results.remove(0);
            (outcome, is_in)
        };
        assert_eq!(row(&screen, &registry, &[]), (Some(LogOutOutcome::StillLoggedIn), true));
        registry.accounts[0].phase = Phase::LoggingOut;
        assert_eq!(row(&screen, &registry, &[Work::LoggingOut(id.clone())]), (None, false), "tried again");
        assert_eq!(row(&screen, &registry, &[]), (Some(LogOutOutcome::Waiting), false));
        registry.accounts[0].phase = Phase::Abandoned;
        assert_eq!(row(&screen, &registry, &[]), (Some(LogOutOutcome::Forgotten), false));
        screen.say_log_out(&recent(id, logged_out(Place::LogIn)));
        assert_eq!(row(&screen, &registry, &[]), (Some(LogOutOutcome::Ended), false), "the keyring is back");
    }

    #[test]
    fn a_row_says_until_when_a_lost_session_may_be_alive() {
        let registry = registry();
        let [first, second, _] = registry.accounts.as_slice() else { panic!("three accounts") };
        let mut screen = Screen::default();
        screen.open_results([first, second].into_iter());
        let lost = LogOut { session: SessionOutcome::Lost, ..logged_out(Place::LogIn) };
        screen.say_log_out(&recent(first.id.clone(), lost));
        screen.say_log_out(&recent(second.id.clone(), logged_out(Place::LogIn)));
        let View::LogOutResults { results } = screen.results_view(&registry, &[]) else { panic!("no page") };
        let until: Vec<_> = results.iter().map(|row| row.alive_until).collect();
        assert_eq!(until, [Some(9), None]);
    }
}
