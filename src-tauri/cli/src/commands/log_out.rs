//! `log-out`: of one account, of several or of all, and what `--erase` does afterwards.

use accounts::model::destination::Redirect;
use accounts::model::log_out_outcome::Deletion;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts};
use serde_json::json;

use super::erase::erase_all;
use super::foreign;
use super::log_out_results::{LoggedOut, Results, verified};
use crate::account_argument::{NoChoice, choose};
use crate::arguments;
use crate::failure::{Done, Failure};
use crate::output::{Output, note};
use crate::{json, messages, overview};

/// `named` are the accounts to log out of; `None`: all of them.
pub(super) async fn log_out(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogOut,
    named: Option<Result<Vec<AccountId>, Failure>>,
    output: Output,
) -> Done {
    let mut outcomes: Vec<LoggedOut> = match named {
        None => {
            let all = accounts.log_out_all().await?.into_iter();
            all.map(|(account, done)| LoggedOut::of_account(account.id, done)).collect()
        }
        Some(named) => {
            let mut outcomes = Vec::new();
            for id in named? {
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
        return Err(NoChoice::NotLoggedIn.into());
    }
    let outcomes = verified(accounts, outcomes).await;
    let is_deleted =
        |it: &LoggedOut| it.outcome.as_ref().is_ok_and(|outcome| outcome.deletion == Deletion::Deleted);
    let deleted = outcomes.iter().any(is_deleted);
    let Results { mut exit, without_pending, values, mut lines } = Results::of(outcomes);
    let overview = accounts.overview().await;
    let kept = deleted && overview.store_keeps_deleted();
    if kept {
        lines.push_str(&messages::log_out::kept_in_recycle_bin(&overview));
    }
    let mut value = json!({"loggedOut": values, "keptInRecycleBin": kept});
    if arguments.erase {
        // A refusal does not undo the log-outs.
        match erase_all(accounts, environment, arguments.discard_pending).await {
            // Pending revocations are discarded, as the user asked.
            Ok(erased) => exit = without_pending.and(erased.report(&mut value, &mut lines)),
            Err(failure) => {
                exit = exit.and(failure.exit);
                value["error"] = json::error(&failure);
                note(&failure.message);
            }
        }
    }
    output.done(&value, &lines);
    Ok(exit)
}

/// The accounts of these names; without a name, the active one.
pub(super) async fn named(accounts: &Accounts, names: &[String]) -> Result<Vec<AccountId>, Failure> {
    let registry = overview::read(accounts).await?.registry;
    if names.is_empty() {
        return Ok(vec![choose(&registry, None)?]);
    }
    names.iter().map(|name| choose(&registry, Some(name)).map_err(Failure::from)).collect()
}
