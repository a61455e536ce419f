//! The notice of one log-out, or of several that ended shortly after one another (*Log out of all*, here or
//! in another program): then it lists each outcome.

use accounts::AccountId;
use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::registry::{PendingRevocation, RecentLogOut};

use super::ended::{Ended, outcome_of};
use super::{Open, Screen};
use crate::dto::{IpcError, LogOutOutcome, LogOutResult, Notice};

/// Log-outs that are at most this many seconds apart share a notice.
const TOGETHER: i64 = 3;

#[derive(Debug, Clone)]
pub(crate) struct Told {
    account: AccountId,
    at: i64,
    ended: Ended,
}

impl Screen {
    pub(crate) fn say_log_out(&mut self, RecentLogOut { account, at, outcome, .. }: &RecentLogOut) {
        if self.result_of(account, |row| row.ended = Some(Ended::LoggedOut(outcome.clone()))) {
            return;
        }
        let goes_on =
            self.notice.is_some() && self.told.last().is_some_and(|last| at.0 - last.at <= TOGETHER);
        self.told.retain(|told| goes_on && told.account != *account);
        let ended = Ended::LoggedOut(outcome.clone());
        self.told.push(Told { account: account.clone(), at: at.0, ended });
        self.notice = notice(&self.told);
        self.page = outcome.destination.open_in_browser.clone().filter(|_| self.told.len() == 1);
    }

    pub(crate) fn say_log_out_of_session(&mut self, outcome: &LogOut) {
        self.told.clear();
        self.notice = Notice::of_log_out(outcome);
    }

    /// Reports the accounts that are still logged in after *Log out of all*. The others have been reported.
    /// Returns those that have no row on the result page; all, if it is not open.
    pub(crate) fn say_failed(
        &mut self,
        mut failed: Vec<(AccountId, String, IpcError)>,
    ) -> Vec<(AccountId, String, IpcError)> {
        if self.open == Some(Open::LogOutResults) {
            failed.retain(|(account, name, why)| {
                !self.result_of(account, |row| row.ended = Some(Ended::Failed(name.clone(), why.clone())))
            });
            return failed;
        }
        if self.told.is_empty() || failed.is_empty() {
            return failed;
        }
        let at = self.told.iter().map(|told| told.at).max().unwrap_or_default();
        self.told.extend(failed.iter().cloned().map(|(account, name, why)| {
            let ended = Ended::Failed(name, why);
            Told { account, at, ended }
        }));
        self.notice = notice(&self.told);
        failed
    }

    /// Whether the notice reports the log-out that left this row. Names do not say it: what tells accounts of
    /// one name apart changes.
    pub(crate) fn notice_is_of(&self, row: &PendingRevocation) -> bool {
        let Some(Notice::LoggedOut { account_name, .. }) = &self.notice else { return false };
        match self.told.as_slice() {
            [told] => told.account == row.account,
            _ => *account_name == row.account_name,
        }
    }

    /// A log-out's outcome has changed: updates its notice, if that is still shown.
    pub(crate) fn revise_log_out(&mut self, before: &LogOut, outcome: &LogOut) {
        let is_said = self.notice.is_some() && self.notice == notice(&self.told);
        let on_page = self.results.iter_mut().filter_map(|row| row.ended.as_mut());
        for ended in self.told.iter_mut().map(|told| &mut told.ended).chain(on_page) {
            match ended {
                Ended::LoggedOut(known) if known == before => known.clone_from(outcome),
                _ => {}
            }
        }
        if is_said {
            self.notice = notice(&self.told);
        }
    }
}

fn notice(told: &[Told]) -> Option<Notice> {
    match told {
        [] => None,
        [Told { ended: Ended::LoggedOut(outcome), .. }] => Notice::of_log_out(outcome),
        several => Some(Notice::LoggedOutOfSeveral { results: several.iter().map(Told::to_dto).collect() }),
    }
}

impl Told {
    fn to_dto(&self) -> LogOutResult {
        let account_name = match &self.ended {
            Ended::LoggedOut(outcome) => outcome.account_name.clone(),
            Ended::Failed(name, _) => name.clone(),
        };
        let (outcome, why) = self.ended.told();
        let (account, tenant_id) = (self.account.to_string(), self.account.tenant().to_string());
        LogOutResult { account, account_name, tenant_id, outcome, why }
    }
}

/// Removes "pending" from the notice of a log-out whose row is gone: the row has shown the end, or the user
/// has discarded it.
pub(crate) fn without_rows(notice: Notice, rows: &[PendingRevocation]) -> Notice {
    let Notice::LoggedOutOfSeveral { mut results } = notice else { return notice };
    let waits = |id: &str| rows.iter().any(|row| !row.is_dead && row.account.to_string() == id);
    for result in results.iter_mut().filter(|result| result.outcome == LogOutOutcome::Pending) {
        if !waits(&result.account) {
            result.outcome = LogOutOutcome::Here;
        }
    }
    Notice::LoggedOutOfSeveral { results }
}

impl Notice {
    /// `None` where the snapshot itself lists the rest of the log-out.
    fn of_log_out(log_out: &LogOut) -> Option<Self> {
        let account_name = log_out.account_name.clone();
        match outcome_of(log_out) {
            LogOutOutcome::StillLoggedIn => Some(Self::NotLoggedOut { account_name }),
            LogOutOutcome::Lost => {
                Some(Self::SessionLost { account_name, alive_until: log_out.alive_until.0 })
            }
            _ if matches!(log_out.deletion, Deletion::StillPresent(_)) => None,
            outcome => Some(Self::LoggedOut {
                account_name,
                outcome,
                accepted_until: log_out.accepted_until.map(|until| until.0),
                unwritten: log_out.unwritten.is_some(),
                open_in_browser: log_out.destination.open_in_browser.as_ref().map(ToString::to_string),
            }),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use accounts::Timestamp;
    use accounts::model::destination::{Destination, Place};
    use accounts::model::reason::Reason;
    use accounts::model::registry_error::{Action, RegistryError};
    use accounts::model::session_outcome::SessionOutcome;

    use super::*;
    use crate::dto::ErrorCause;

    pub(crate) fn logged_out(place: Place) -> LogOut {
        LogOut {
            account_name: "Mira".to_owned(),
            session: SessionOutcome::Revoked,
            alive_until: Timestamp(9),
            deletion: Deletion::Deleted,
            destination: Destination { place, open_in_browser: None },
            accepted_until: None,
            unwritten: None,
            is_back: false,
        }
    }

    pub(crate) fn recent(account: AccountId, outcome: LogOut) -> RecentLogOut {
        RecentLogOut { account, generation: 1, entry: None, at: Timestamp(0), outcome }
    }

    fn id(user: u8) -> AccountId {
        format!("demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c00{user}@test.api.userfront.com").parse().unwrap()
    }

    fn say(screen: &mut Screen, user: u8, at: i64, outcome: &LogOut) {
        screen.say_log_out(&RecentLogOut { at: Timestamp(at), ..recent(id(user), outcome.clone()) });
    }

    fn outcomes(screen: &Screen) -> Vec<LogOutOutcome> {
        match &screen.notice {
            Some(Notice::LoggedOutOfSeveral { results }) => results.iter().map(|it| it.outcome).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn log_outs_within_three_seconds_share_one_notice_with_a_result_each() {
        let ended = logged_out(Place::LogIn);
        let pending = LogOut { session: SessionOutcome::Pending, ..ended.clone() };
        let mut screen = Screen::default();
        say(&mut screen, 1, 10, &ended);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { .. })), "one alone is told as one");
        say(&mut screen, 2, 13, &pending);
        let why = IpcError::from(ErrorCause::KeyringLocked);
        screen.say_failed(vec![(id(3), "Sakura".to_owned(), why)]);
        assert_eq!(
            outcomes(&screen),
            [LogOutOutcome::Ended, LogOutOutcome::Pending, LogOutOutcome::StillLoggedIn]
        );
        screen.revise_log_out(&pending, &ended);
        assert_eq!(
            outcomes(&screen),
            [LogOutOutcome::Ended, LogOutOutcome::Ended, LogOutOutcome::StillLoggedIn]
        );
        // A later log-out has a notice of its own, and so has one after the notice was dismissed.
        say(&mut screen, 4, 17, &ended);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { .. })));
        screen.notice = None;
        say(&mut screen, 5, 17, &ended);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { .. })));
    }

    #[test]
    fn a_notice_belongs_to_the_row_of_its_account_whatever_their_names() {
        let row = |user: u8, name: &str| -> PendingRevocation {
            serde_json::from_value(serde_json::json!({
                "entry": "revoke.demo1234:s@test.api.userfront.com",
                "tenant": {"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null},
                "account": id(user),
                "session": "s",
                "accountName": name,
                "since": 1,
                "sessionEndsAt": 9,
                "reason": Reason::NoAnswerYet,
            }))
            .unwrap()
        };
        let pending = LogOut { session: SessionOutcome::Pending, ..logged_out(Place::LogIn) };
        let mut screen = Screen::default();
        say(&mut screen, 1, 1, &pending);
        assert!(screen.notice_is_of(&row(1, "Mira, demo1234")), "the name has changed since");
        assert!(!screen.notice_is_of(&row(2, "Mira")), "another account of the same name");
    }

    #[test]
    fn a_notice_says_pending_only_while_there_is_a_pending_row() {
        let pending = LogOut { session: SessionOutcome::Pending, ..logged_out(Place::LogIn) };
        let mut screen = Screen::default();
        say(&mut screen, 1, 1, &pending);
        say(&mut screen, 2, 1, &pending);
        let notice = screen.notice.take().unwrap();
        assert!(matches!(without_rows(notice, &[]), Notice::LoggedOutOfSeveral { results }
            if results.iter().all(|result| result.outcome == LogOutOutcome::Here)));
    }

    #[test]
    fn a_verification_result_replaces_the_log_out_notice_unless_dismissed() {
        let before = logged_out(Place::LogIn);
        let after = LogOut { accepted_until: Some(accounts::Timestamp(9)), ..before.clone() };
        let mut screen = Screen::default();
        say(&mut screen, 1, 1, &before);
        screen.revise_log_out(&before, &after);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { accepted_until: Some(9), .. })));
        screen.notice = None;
        screen.revise_log_out(&before, &after);
        assert_eq!(screen.notice, None, "it was dismissed");
    }

    #[test]
    fn an_unwritten_log_out_is_reported_and_revised_when_the_session_is_alive() {
        let full =
            RegistryError::Io { action: Action::Written, detail: "No space left on device".to_owned() };
        let before = LogOut { unwritten: Some(full), ..logged_out(Place::LogIn) };
        let pending = LogOut { session: SessionOutcome::Pending, ..before.clone() };
        let after = LogOut { is_back: true, ..pending.clone() };
        let mut screen = Screen::default();
        say(&mut screen, 1, 1, &pending);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { outcome: LogOutOutcome::Pending, .. })));
        say(&mut screen, 1, 1, &before);
        assert!(
            matches!(screen.notice, Some(Notice::LoggedOut { unwritten: true, .. })),
            "{:?}",
            screen.notice
        );
        screen.revise_log_out(&before, &after);
        assert_eq!(screen.notice, Some(Notice::NotLoggedOut { account_name: "Mira".to_owned() }));
    }
}
