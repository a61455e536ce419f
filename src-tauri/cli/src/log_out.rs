//! `log-out`: of one account, of several, of all; and with `--erase` every trace of ours afterwards.
//!
//! **The guard of `--erase`.** Erasing takes the tokens with it by which a session could still be ended. So nothing is erased
//! unless every account is logged out, and every session is known to be dead or given up by `--discard-pending`.

use accounts::destination::Redirect;
use accounts::environment::Environment;
use accounts::pending::Occasion;
use accounts::ports::Deletion;
use accounts::{AccountId, Accounts, erase};
use serde_json::json;

use crate::arguments;
use crate::choice::{NoChoice, choose};
use crate::commands::readable;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::report::{self, Report};

/// `meant` are the accounts that were named; none: all of them.
pub(crate) async fn log_out(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogOut,
    meant: Option<Result<Vec<AccountId>, Failure>>,
    report: Report,
) -> Done {
    let outcomes = match meant {
        None => accounts.log_out_all().await?.into_iter().map(|(account, done)| (account.id, done)).collect(),
        Some(meant) => {
            let mut outcomes = Vec::new();
            for id in meant? {
                let done = accounts.log_out(&id, &Redirect::Follow).await;
                outcomes.push((id, done));
            }
            outcomes
        }
    };
    let mut exit = Exit::Done;
    let (mut values, mut lines) = (Vec::new(), String::new());
    for (id, outcome) in outcomes {
        match outcome {
            Ok(outcome) => {
                exit = exit.and(report::exit_of(&outcome));
                values.push(report::log_out(&outcome));
                lines.push_str(&report::log_out_lines(&outcome));
            }
            Err(error) => {
                let Failure { exit: code, message } = error.into();
                exit = exit.and(code);
                eprintln!("userfront: {id}: {message}");
                values.push(json!({"account": id, "error": message}));
            }
        }
    }
    if values.is_empty() && !arguments.erase {
        return Err(NoChoice::None(String::new()).into());
    }
    let mut value = json!({"loggedOut": values});
    if arguments.erase {
        let erased = erase_all(accounts, environment, exit, arguments.discard_pending).await?;
        value["erased"] = json!(erased);
        lines.extend([format!("Erased: {} files, and every keyring entry.\n", erased.len())]);
        // What was owed is given up, as it was asked for.
        exit = if exit == Exit::Pending { Exit::Done } else { exit };
    }
    report.say(&value, &lines);
    Ok(exit)
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

/// Only when nothing is lost by it that the user has not said.
async fn erase_all(
    accounts: &Accounts,
    environment: &Environment,
    log_outs: Exit,
    discard_pending: bool,
) -> Result<Vec<String>, Failure> {
    if !matches!(log_outs, Exit::Done | Exit::Pending) {
        let message = "Nothing was erased, since not every account is logged out. Run it again.";
        return Err(Failure::new(log_outs, message));
    }
    // A late answer may settle what is owed, and so may one more try.
    accounts.retry_pending(Occasion::Asked).await?;
    accounts.in_peace().await;
    let owed = readable(accounts).await?.registry.pending.len();
    if owed > 0 && !discard_pending {
        let message = format!(
            "Nothing was erased: {owed} sessions are not known to be dead at Userfront, and erasing their tokens would keep \
             them alive until they expire. Run it again when the server answers, or give --discard-pending."
        );
        return Err(Failure::new(Exit::Pending, message));
    }
    match accounts.erase_entries().await? {
        Deletion::Deleted | Deletion::AlreadyAbsent => {}
        Deletion::StillPresent(entries) => {
            let names: Vec<_> = entries.iter().map(|entry| format!("\n  {entry}")).collect();
            let message = format!("The keyring did not delete:{}", names.concat());
            return Err(Failure::new(Exit::Keyring, message));
        }
    }
    let removed = erase::erase_files(&environment.home);
    let removed =
        removed.map_err(|error| Failure::new(Exit::Failed, format!("A file cannot be removed: {error}.")))?;
    Ok(removed.iter().map(|path| path.display().to_string()).collect())
}
