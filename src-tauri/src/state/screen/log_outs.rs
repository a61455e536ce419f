//! The notice of one log-out, or of several that ended shortly after one another (*Log out of all*, here or
//! in another program): then it lists each outcome.

use accounts::AccountId;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{PendingRevocation, RecentLogOut};
use accounts::model::session_outcome::SessionOutcome;

use super::Screen;
use crate::dto::{ErrorContext, IpcError, LogOutResult, Notice, Outcome, SessionAfterLogOut};

/// Log-outs that are at most this many seconds apart share a notice.
const TOGETHER: i64 = 3;

#[derive(Debug, Clone)]
pub(crate) struct Told {
    account: AccountId,
    at: i64,
    ended: Ended,
}

#[derive(Debug, Clone)]
enum Ended {
    LoggedOut(LogOut),
    Failed(String, IpcError),
}

impl Screen {
    pub(crate) fn say_log_out(&mut self, RecentLogOut { account, at, outcome, .. }: &RecentLogOut) {
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
    pub(crate) fn say_failed(&mut self, failed: &[(AccountId, String, IpcError)]) {
        if self.told.is_empty() || failed.is_empty() {
            return;
        }
        let at = self.told.iter().map(|told| told.at).max().unwrap_or_default();
        self.told.extend(failed.iter().cloned().map(|(account, name, why)| {
            let ended = Ended::Failed(name, why);
            Told { account, at, ended }
        }));
        self.notice = notice(&self.told);
    }

    /// A log-out's outcome has changed: updates its notice, if that is still shown.
    pub(crate) fn revise_log_out(&mut self, before: &LogOut, outcome: &LogOut) {
        let is_said = self.notice.is_some() && self.notice == notice(&self.told);
        for told in &mut self.told {
            match &mut told.ended {
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
        let (account_name, outcome, why) = match &self.ended {
            Ended::LoggedOut(outcome) => (outcome.account_name.clone(), outcome_of(outcome), None),
            Ended::Failed(name, why) => {
                let mut why = why.clone();
                why.context.retain(|context| *context != ErrorContext::StillLoggedIn);
                (name.clone(), Outcome::StillLoggedIn, Some(why))
            }
        };
        let (account, tenant_id) = (self.account.to_string(), self.account.tenant().to_string());
        LogOutResult { account, account_name, tenant_id, outcome, why }
    }
}

fn outcome_of(outcome: &LogOut) -> Outcome {
    match (&outcome.session, &outcome.deletion) {
        _ if outcome.is_back => Outcome::StillLoggedIn,
        (SessionOutcome::Pending, _) => Outcome::Pending,
        (SessionOutcome::Lost, _) => Outcome::Lost,
        (_, Deletion::StillPresent(_)) => Outcome::StillPresent,
        _ if outcome.accepted_until.is_some() => Outcome::Accepted,
        (SessionOutcome::AlreadyInvalid | SessionOutcome::Over | SessionOutcome::Expired, _) => {
            Outcome::AlreadyOver
        }
        (SessionOutcome::Revoked, _) => Outcome::Ended,
    }
}

/// Removes "pending" from the notice of a log-out whose row is gone: the row has shown the end, or the user
/// has discarded it.
pub(crate) fn without_rows(notice: Notice, rows: &[PendingRevocation]) -> Notice {
    let Notice::LoggedOutOfSeveral { mut results } = notice else { return notice };
    let waits = |id: &str| rows.iter().any(|row| !row.is_dead && row.account.to_string() == id);
    for result in results.iter_mut().filter(|result| result.outcome == Outcome::Pending) {
        if !waits(&result.account) {
            result.outcome = Outcome::Here;
        }
    }
    Notice::LoggedOutOfSeveral { results }
}

impl Notice {
    /// `None` where the snapshot itself lists the rest of the log-out.
    fn of_log_out(outcome: &LogOut) -> Option<Self> {
        let account_name = outcome.account_name.clone();
        let unwritten = outcome.unwritten.is_some();
        if outcome.is_back {
            return Some(Self::NotLoggedOut { account_name });
        }
        let session = match outcome.session {
            SessionOutcome::Revoked => SessionAfterLogOut::Ended,
            SessionOutcome::AlreadyInvalid | SessionOutcome::Over | SessionOutcome::Expired => {
                SessionAfterLogOut::AlreadyOver
            }
            SessionOutcome::Pending => SessionAfterLogOut::Pending,
            SessionOutcome::Lost => {
                return Some(Self::SessionLost { account_name, alive_until: outcome.alive_until.0 });
            }
        };
        if let Deletion::StillPresent(_) = outcome.deletion {
            return None;
        }
        let open_in_browser = outcome.destination.open_in_browser.as_ref().map(ToString::to_string);
        let accepted_until = outcome.accepted_until.map(|until| until.0);
        Some(Self::LoggedOut { account_name, session, accepted_until, unwritten, open_in_browser })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use accounts::Timestamp;
    use accounts::model::destination::{Destination, Place};
    use accounts::model::registry_error::{Action, RegistryError};

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

    fn outcomes(screen: &Screen) -> Vec<Outcome> {
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
        screen.say_failed(&[(id(3), "Sakura".to_owned(), why)]);
        assert_eq!(outcomes(&screen), [Outcome::Ended, Outcome::Pending, Outcome::StillLoggedIn]);
        screen.revise_log_out(&pending, &ended);
        assert_eq!(outcomes(&screen), [Outcome::Ended, Outcome::Ended, Outcome::StillLoggedIn]);
        // A later log-out has a notice of its own, and so has one after the notice was dismissed.
        say(&mut screen, 4, 17, &ended);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { .. })));
        screen.notice = None;
        say(&mut screen, 5, 17, &ended);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { .. })));
    }

    #[test]
    fn a_notice_says_pending_only_while_there_is_a_pending_row() {
        let pending = LogOut { session: SessionOutcome::Pending, ..logged_out(Place::LogIn) };
        let mut screen = Screen::default();
        say(&mut screen, 1, 1, &pending);
        say(&mut screen, 2, 1, &pending);
        let notice = screen.notice.take().unwrap();
        assert!(matches!(without_rows(notice, &[]), Notice::LoggedOutOfSeveral { results }
            if results.iter().all(|result| result.outcome == Outcome::Here)));
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
        assert!(matches!(
            screen.notice,
            Some(Notice::LoggedOut { session: SessionAfterLogOut::Pending, .. })
        ));
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
