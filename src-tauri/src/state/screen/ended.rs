//! How the log-out of an account ended.

use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::session_outcome::SessionOutcome;

use crate::dto::{ErrorContext, IpcError, LogOutOutcome};

#[derive(Debug, Clone)]
pub(super) enum Ended {
    LoggedOut(LogOut),
    Failed(String, IpcError),
}

impl Ended {
    /// The outcome, and why the account is still logged in.
    pub(super) fn told(&self) -> (LogOutOutcome, Option<IpcError>) {
        match self {
            Self::LoggedOut(outcome) => (outcome_of(outcome), None),
            Self::Failed(_, why) => {
                let mut why = why.clone();
                why.context.retain(|context| *context != ErrorContext::StillLoggedIn);
                (LogOutOutcome::StillLoggedIn, Some(why))
            }
        }
    }
}

pub(super) fn outcome_of(outcome: &LogOut) -> LogOutOutcome {
    match (&outcome.session, &outcome.deletion) {
        _ if outcome.is_back => LogOutOutcome::StillLoggedIn,
        (SessionOutcome::Pending, _) => LogOutOutcome::Pending,
        (SessionOutcome::Lost, _) => LogOutOutcome::Lost,
        (_, Deletion::StillPresent(_)) => LogOutOutcome::StillPresent,
        _ if outcome.accepted_until.is_some() => LogOutOutcome::Accepted,
        (SessionOutcome::AlreadyInvalid | SessionOutcome::Over | SessionOutcome::Expired, _) => {
            LogOutOutcome::AlreadyOver
        }
        (SessionOutcome::Revoked, _) => LogOutOutcome::Ended,
    }
}
