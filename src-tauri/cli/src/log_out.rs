//! `log-out`: of one account, of several, of all; and with `--erase` every trace of this list afterwards.
//!
//! **The guard of `--erase`.** Erasing takes the tokens with it by which a session could still be ended. So
//! nothing is erased while the registry lists any account, also one that another program is logging in or out
//! just now, and unless every session is known to be dead or given up by `--discard-pending`.

use std::path::PathBuf;

use accounts::log_out::error::LogOutError;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::account::Listed;
use accounts::model::destination::Redirect;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{Account, Phase, Registry};
use accounts::ports::EntryElsewhere;
use accounts::recovery::erase;
use accounts::recovery::erase::{ErasedFiles, LeftFile};
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts, EntryName};
use serde_json::{Value, json};

use crate::arguments;
use crate::choice::{NoChoice, choose};
use crate::commands::readable;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::foreign;
use crate::report::{self, Report};
use crate::tell::tell;

/// `meant` are the accounts that were named; none: all of them.
pub(crate) async fn log_out(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogOut,
    meant: Option<Result<Vec<AccountId>, Failure>>,
    report: Report,
) -> Done {
    let mut outcomes: Vec<LoggedOut> = match meant {
        None => {
            let all = accounts.log_out_all().await?.into_iter();
            all.map(|(account, done)| LoggedOut::of_account(account.id, done)).collect()
        }
        Some(meant) => {
            let mut outcomes = Vec::new();
            for id in meant? {
                let done = accounts.log_out(&id, &Redirect::Follow).await;
                outcomes.push(LoggedOut::of_account(id, done));
            }
            outcomes
        }
    };
    if arguments.erase && arguments.foreign {
        outcomes.extend(foreign::log_out_of_all(accounts, environment).await?);
    }
    if outcomes.is_empty() && !arguments.erase {
        return Err(NoChoice::Nobody.into());
    }
    let outcomes = verified(accounts, outcomes).await;
    let is_deleted =
        |it: &LoggedOut| it.outcome.as_ref().is_ok_and(|outcome| outcome.deletion == Deletion::Deleted);
    let deleted = outcomes.iter().any(is_deleted);
    let Told { mut exit, without_pending, values, mut lines } = Told::of(outcomes);
    let overview = accounts.overview().await;
    let kept = deleted && overview.store_keeps_deleted();
    if kept {
        lines.push_str(&overview.store_name);
        lines.push_str(" keeps deleted entries in its recycle bin. Empty it there.\n");
    }
    let mut value = json!({"loggedOut": values, "keptInRecycleBin": kept});
    if arguments.erase {
        // The log-outs were done, whatever becomes of this.
        match erase_all(accounts, environment, arguments.discard_pending).await {
            // What was owed is given up, as it was asked for.
            Ok(erased) => exit = without_pending.and(report_erased(&erased, &mut value, &mut lines)),
            Err(failure) => {
                exit = exit.and(failure.exit);
                value["error"] = report::error(&failure);
                tell!("userfront: {}", failure.message);
            }
        }
    }
    report.say(&value, &lines);
    Ok(exit)
}

/// What became of one account, or of its older sessions.
pub(crate) struct LoggedOut {
    /// What it is called where it failed: the account's ID, or the entry of its older sessions.
    name: String,
    /// Nothing of older sessions, about which the witnesses have been heard.
    id: Option<AccountId>,
    outcome: Result<LogOut, Failure>,
}

impl LoggedOut {
    fn of_account(id: AccountId, outcome: Result<LogOut, LogOutError>) -> Self {
        Self { name: id.to_string(), id: Some(id), outcome: outcome.map_err(Failure::from) }
    }

    /// Of a foreign entry.
    pub(crate) fn of(entry: &EntryName, outcome: Result<LogOut, Failure>) -> Self {
        match entry.meaning() {
            Some(Listed::OfAccount(id)) => Self { name: id.to_string(), id: Some(id), outcome },
            _ => Self { name: accounts::model::text::clean(entry.as_str()), id: None, outcome },
        }
    }
}

/// The same, as far as the verification of those that were logged out knows better.
pub(crate) async fn verified(accounts: &Accounts, mut outcomes: Vec<LoggedOut>) -> Vec<LoggedOut> {
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

/// Log-outs in words; what failed is told at once.
pub(crate) struct Told {
    pub(crate) exit: Exit,
    /// The exit code when what is pending does not count.
    without_pending: Exit,
    pub(crate) values: Vec<Value>,
    pub(crate) lines: String,
}

impl Told {
    pub(crate) fn of(outcomes: Vec<LoggedOut>) -> Self {
        let mut told =
            Self { exit: Exit::Done, without_pending: Exit::Done, values: Vec::new(), lines: String::new() };
        for LoggedOut { name, outcome, .. } in outcomes {
            let exit = match outcome {
                Ok(outcome) => {
                    told.values.push(report::log_out(&outcome));
                    told.lines.push_str(&report::log_out_lines(&outcome));
                    report::exit_of(&outcome)
                }
                Err(failure) => {
                    tell!("userfront: {name}: {}", failure.message);
                    told.values.push(json!({"account": name, "error": report::error(&failure)}));
                    failure.exit
                }
            };
            told.exit = told.exit.and(exit);
            if exit != Exit::Pending {
                told.without_pending = told.without_pending.and(exit);
            }
        }
        told
    }
}

/// The accounts of these names; of none: the active one.
pub(crate) async fn chosen(accounts: &Accounts, names: &[String]) -> Result<Vec<AccountId>, Failure> {
    let registry = readable(accounts).await?.registry;
    if names.is_empty() {
        return Ok(vec![choose(&registry, None)?]);
    }
    let chosen: Result<Vec<_>, _> = names.iter().map(|name| choose(&registry, Some(name))).collect();
    Ok(chosen?)
}

/// What erasing came to.
struct Erased {
    files: ErasedFiles,
    foreign: Vec<EntryName>,
    elsewhere: Vec<EntryElsewhere>,
}

/// Only when nothing is lost by it that the user has not said.
async fn erase_all(
    accounts: &Accounts,
    environment: &Environment,
    discard_pending: bool,
) -> Result<Erased, Failure> {
    // A late answer may settle what is owed, and so may one more try.
    accounts.retry_pending(Occasion::Asked).await?;
    accounts.in_peace().await;
    let overview = readable(accounts).await?;
    if let Some(problem) = overview.registry_problem {
        // The keyring may hold all that says that a session was ended.
        return Err(Failure::new(Exit::Failed, format!("Nothing was erased. {problem}")));
    }
    if let Some(refusal) = why_not_erase(&overview.registry, discard_pending) {
        return Err(refusal);
    }
    let entries = accounts.erase_entries().await?;
    if let Deletion::StillPresent(_) = entries.deletion {
        return Err(Failure::new(Exit::Keyring, report::still_present(&entries.deletion).trim_end()));
    }
    let files = erase::erase_files(&environment.home);
    Ok(Erased { files, foreign: entries.foreign, elsewhere: entries.elsewhere })
}

fn report_erased(erased: &Erased, value: &mut Value, lines: &mut String) -> Exit {
    let Erased { files, foreign, elsewhere } = erased;
    let left = |left: &LeftFile| json!({"path": left.path.display().to_string(), "reason": left.reason});
    let saved = erase::saved_elsewhere();
    value["erased"] = paths(&files.removed);
    value["notErased"] = files.left.iter().map(left).collect();
    value["saved"] = paths(&saved);
    value["foreign"] = json!(foreign);
    value["elsewhere"] = foreign::elsewhere(elsewhere).into();
    lines.extend([format!(
        "Erased: {} files, and every keyring entry of this list of accounts.\n",
        files.removed.len()
    )]);
    for path in &saved {
        lines.extend([format!("You saved {}: it is left.\n", path.display())]);
    }
    for LeftFile { path, reason } in &files.left {
        tell!("userfront: {} could not be removed: {reason}.", path.display());
    }
    if !foreign.is_empty() {
        lines.push_str("These entries are not this list's, and are still in the keyring:\n");
        lines.extend(
            foreign.iter().map(|entry| format!("  {}\n", accounts::model::text::clean(entry.as_str()))),
        );
    }
    lines.push_str(&foreign::elsewhere_lines(elsewhere));
    let is_clean = foreign.is_empty() && elsewhere.is_empty();
    let exit = if files.left.is_empty() { Exit::Done } else { Exit::Failed };
    exit.and(if is_clean { Exit::Done } else { Exit::Keyring })
}

fn paths(paths: &[PathBuf]) -> Value {
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// What would be lost by it: an account that is not logged out, since its tokens would be gone and nobody
/// would name its session; and what is owed, unless that is given up.
fn why_not_erase(registry: &Registry, discard_pending: bool) -> Option<Failure> {
    if !registry.accounts.is_empty() {
        let in_words = |account: &Account| {
            let state = match account.phase {
                Phase::LoggingIn => "is being logged in, or its log-in was cut off",
                Phase::Active => "is logged in",
                Phase::LoggingOut => {
                    "is being logged out, or its log-out waits for the keyring: unlock it first"
                }
                Phase::Abandoned => "was forgotten, and its tokens may be in the keyring: unlock it first",
            };
            format!("\n  {} {state}", account.id)
        };
        let names: String = registry.accounts.iter().map(in_words).collect();
        let message = format!(
            "Nothing was erased, since not every account is logged out. Close the app, and run it again in a moment.{names}"
        );
        return Some(Failure::new(Exit::Failed, message));
    }
    let queued = registry.pending.iter().filter(|row| !row.is_dead && !row.of_another_list).count();
    (queued > 0 && !discard_pending).then(|| {
        let (sessions, them) = match queued {
            1 => ("1 session is".to_owned(), "it"),
            _ => (format!("{queued} sessions are"), "them"),
        };
        let message = format!(
            "Nothing was erased: {sessions} not known to be dead at Userfront, and erasing takes away what can still end \
             {them}. Run it again when the server answers, or give --discard-pending."
        );
        Failure::new(Exit::Pending, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pending(is_dead: &[bool]) -> Registry {
        let row = |is_dead: &bool| {
            json!({
                "entry": "revoke.demo1234:s1@test.api.userfront.com",
                "tenant": {"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null},
                "account": "demo1234:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.api.userfront.com",
                "session": "s1",
                "accountName": "Mira",
                "since": 0,
                "sessionEndsAt": 0,
                "reason": "",
                "isDead": is_dead,
            })
        };
        let rows: Vec<_> = is_dead.iter().map(row).collect();
        serde_json::from_value(json!({"version": 1, "pending": rows})).unwrap()
    }

    #[test]
    fn a_session_that_is_dead_keeps_nothing_from_being_erased_and_is_not_counted() {
        assert!(why_not_erase(&with_pending(&[]), false).is_none());
        assert!(why_not_erase(&with_pending(&[true]), false).is_none());
        let refused = why_not_erase(&with_pending(&[true, false]), false).unwrap();
        assert!(refused.message.contains(" 1 session is not known to be dead"), "{}", refused.message);
        assert!(why_not_erase(&with_pending(&[true, false]), true).is_none());
    }
}
