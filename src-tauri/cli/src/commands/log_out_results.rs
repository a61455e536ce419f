//! The results of log-outs: their exit code, lines and JSON.

use accounts::log_out::error::LogOutError;
use accounts::model::account::Listed;
use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::text::clean;
use accounts::{AccountId, Accounts, EntryName};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::note;
use crate::{json, messages};

/// The log-out of an account, or of the older sessions of a foreign account.
pub(super) struct LoggedOut {
    /// Names it in a failure: the account's ID, or the entry of its older sessions.
    name: String,
    /// `None` for older sessions, which are verified already.
    id: Option<AccountId>,
    pub(super) outcome: Result<LogOut, Failure>,
}

impl LoggedOut {
    pub(super) fn of_account(id: AccountId, outcome: Result<LogOut, LogOutError>) -> Self {
        Self { name: id.to_string(), id: Some(id), outcome: outcome.map_err(Failure::from) }
    }

    pub(super) fn of_foreign(entry: &EntryName, outcome: Result<LogOut, Failure>) -> Self {
        match entry.meaning() {
            Some(Listed::OfAccount(id)) => Self { name: id.to_string(), id: Some(id), outcome },
            _ => Self { name: clean(entry.as_str()), id: None, outcome },
        }
    }
}

/// Replaces each outcome by the latest one that the verification has.
pub(super) async fn verified(accounts: &Accounts, mut outcomes: Vec<LoggedOut>) -> Vec<LoggedOut> {
    let done = outcomes.iter().filter_map(|it| Some((it.id.clone()?, it.outcome.as_ref().ok()?.clone())));
    let verified = accounts.verified(done.collect()).await;
    for (id, latest) in verified {
        let same = |it: &&mut LoggedOut| it.id.as_ref() == Some(&id) && it.outcome.is_ok();
        if let Some(logged_out) = outcomes.iter_mut().find(same) {
            logged_out.outcome = Ok(latest);
        }
    }
    outcomes
}

/// Log-outs for printing. A failure is printed at once.
pub(super) struct Results {
    pub(super) exit: Exit,
    /// The exit code without the pending revocations.
    pub(super) without_pending: Exit,
    pub(super) values: Vec<Value>,
    pub(super) lines: String,
}

impl Results {
    pub(super) fn of(outcomes: Vec<LoggedOut>) -> Self {
        let mut results =
            Self { exit: Exit::Done, without_pending: Exit::Done, values: Vec::new(), lines: String::new() };
        for LoggedOut { name, outcome, .. } in outcomes {
            let exit = match outcome {
                Ok(outcome) => {
                    results.values.push(json::log_out(&outcome));
                    results.lines.push_str(&messages::log_out::lines(&outcome));
                    exit_of(&outcome)
                }
                Err(failure) => {
                    note(messages::log_out::failed(&name, &failure));
                    results.values.push(json!({"account": name, "error": json::error(&failure)}));
                    failure.exit
                }
            };
            results.exit = results.exit.and(exit);
            if exit != Exit::Pending {
                results.without_pending = results.without_pending.and(exit);
            }
        }
        results
    }
}

pub(super) fn exit_of_deletion(deletion: &Deletion) -> Exit {
    match deletion {
        Deletion::StillPresent(_) => Exit::Keyring,
        Deletion::Deleted | Deletion::AlreadyAbsent => Exit::Done,
    }
}

fn exit_of(outcome: &LogOut) -> Exit {
    let keyring = exit_of_deletion(&outcome.deletion);
    let list = if outcome.unwritten.is_some() { Exit::Failed } else { Exit::Done };
    let session = match outcome.session {
        SessionOutcome::Pending => Exit::Pending,
        SessionOutcome::Lost => Exit::Failed,
        SessionOutcome::Revoked
        | SessionOutcome::AlreadyInvalid
        | SessionOutcome::Over
        | SessionOutcome::Expired => Exit::Done,
    };
    keyring.and(list).and(session)
}
